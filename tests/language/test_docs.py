"""The reference of the language: its rules are good ones, and the pages made from code are current."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import stackwarden
from stackwarden.run.examples import run_examples

_ROOT = Path(__file__).parents[2]
_FENCED = re.compile(r"^```warden\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PAGES = ("language.md", "graph.md")
_SNIPPETS = [
    snippet for page in _PAGES for snippet in _FENCED.findall((_ROOT / "docs" / page).read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("number", range(len(_SNIPPETS)))
def test_rules_on_the_page_are_good(number: int, tmp_path: Path) -> None:
    path = tmp_path / "snippet.warden"
    path.write_text(_SNIPPETS[number], encoding="utf-8")
    result = run_examples([str(path)])
    assert [one.message() for one in (*result.diagnostics, *result.failures)] == []
    assert result.rules == 1


def test_there_are_snippets() -> None:
    assert len(_SNIPPETS) >= 3


def test_pages_made_from_code_are_current() -> None:
    environment = {"PYTHONPATH": str(Path(stackwarden.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, str(_ROOT / ".ci" / "docs"), "--check"],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
