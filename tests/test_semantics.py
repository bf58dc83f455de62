"""The examples of `docs/semantics.md` come out as their comments say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stackwarden.run.discover import discover
from stackwarden.run.scan import scan_source
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.run.templates import TemplateFiles
from stackwarden.run.when import when_in_words
from stackwarden.source import Source

PAGE = Path(__file__).parents[1] / "docs" / "semantics.md"
FILE = re.compile(r"^--- # (\S+)\n", re.MULTILINE)
"""What stands before a further file of the same run."""
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=lambda text: text.splitlines()[0].removeprefix("# "))
def test_the_page_says_what_happens(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stated = dict(re.findall(r"^# (\w+): (.+)$", text, re.MULTILINE))
    assert stated, "an example says what comes of it"
    session = open_session(SessionOptions(rules=("lambda-url-auth-none",)))
    assert isinstance(session, Session)
    main, *others = FILE.split(text)
    for name, content in zip(others[::2], others[1::2], strict=True):
        Path(name).write_text(content, encoding="utf-8")
    files = discover((".",)).files
    scanned = scan_source(Source("t.yaml", main), session, templates=TemplateFiles(files))
    assert not scanned.errors
    found = dict.fromkeys(stated, "passes")
    for finding in scanned.findings:
        settings = f" when {when_in_words(finding.when)}" if finding.when else ""
        found[finding.resource] = "maybe" if finding.verdict == "maybe" else f"fails{settings}"
    assert found == stated
