"""The same fault is found however a template says it: with resources, with SAM, in an OpenAPI definition, nested.

Each file in `faults/` is one fault: the `rule` that finds it, and the forms that can express it. A form has

- `template`, and where it needs them `child` (`child.yaml`, a nested stack) and `definition` (`openapi.yaml`);
- `at`, the logical id of the resource that fails, or a list of them, and `line`, the line that the finding points at;
- `mended`, the replacements of text after which the rule finds nothing more. A nested stack is mended in its parent;
- `rule`, where another rule than that of the other forms is about it.

A form that cannot express the fault says why in `cannot`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from stackwarden.run.discover import discover
from stackwarden.run.finding import Finding, Report
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session

_FAULTS = Path(__file__).parent / "faults"
_FORMS = ("cloudformation", "sam", "openapi", "nested")
_WRITTEN_IN = {
    "cloudformation": "Type: AWS::",
    "sam": "Type: AWS::Serverless::",
    "openapi": "paths:",
    "nested": "TemplateURL: child.yaml",
}
"""What shows that a template is of a form."""
_PACKS = {"api-security", "iam", "network", "logging", "serverless"}


@dataclass(frozen=True)
class Form:
    """One way to write a fault. `files` are texts by name, the template to scan first."""

    fault: str
    name: str
    rule: str
    files: Mapping[str, str]
    at: tuple[str, ...]
    line: str
    mended: Mapping[str, str]

    @property
    def through(self) -> tuple[str, ...]:
        return ("Child",) if "child.yaml" in self.files else ()

    def mended_files(self) -> Mapping[str, str]:
        """The files without the fault. Each replacement has one place; of a nested stack that is in the parent."""
        files = dict(self.files)
        for old, new in self.mended.items():
            (name,) = (name for name, text in files.items() if old in text)
            assert files[name].count(old) == 1, f"{old!r} stands in several places"
            assert name == "template.yaml" or not self.through, f"{old!r} is not the parent's"
            files[name] = files[name].replace(old, new)
        return files


def _forms(path: Path) -> Iterator[Form]:
    fault = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, form in fault.items():
        if name == "rule" or set(form) == {"cannot"}:
            continue
        named = {"template.yaml": "template", "child.yaml": "child", "openapi.yaml": "definition"}
        files = {file: form.pop(key) for file, key in named.items() if key in form}
        at = form.pop("at")
        yield Form(
            fault=path.stem,
            name=name,
            rule=form.pop("rule", fault["rule"]),
            files=files,
            at=tuple(sorted(at if isinstance(at, list) else [at])),
            line=form.pop("line"),
            mended=form.pop("mended"),
        )
        assert not form, f"{path.name}: {name} has the unknown keys {sorted(form)}"


_FILES = sorted(_FAULTS.glob("*.yaml"))
_ALL = [form for path in _FILES for form in _forms(path)]
of_every_form = pytest.mark.parametrize("form", _ALL, ids=lambda form: f"{form.fault}-{form.name.replace(' ', '-')}")
of_every_fault = pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def session() -> Session:
    opened = open_session(SessionOptions(rules=tuple(sorted({form.rule for form in _ALL}))))
    assert isinstance(opened, Session)
    return opened


@pytest.fixture
def scanned(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scan:
    monkeypatch.chdir(tmp_path)
    return Scan(session)


@dataclass(frozen=True)
class Scan:
    """Scans files in the working folder."""

    session: Session

    def __call__(self, files: Mapping[str, str]) -> Report:
        for name, text in files.items():
            Path(name).write_text(text, encoding="utf-8")
        report = scan(self.session, discover(("template.yaml",)).files)
        assert [error.message for error in report.errors] == []
        return report


def _of(report: Report, rule: str) -> list[Finding]:
    """What a rule says from the severity on that is shown, maybes too."""
    return [finding for finding in report.shown(maybe=True) if finding.rule.id == rule]


@of_every_form
def test_the_fault_is_found(form: Form, scanned: Scan) -> None:
    report = scanned(form.files)
    found = _of(report, form.rule)
    assert tuple(sorted(one.resource for one in found)) == form.at
    for one in found:
        assert (one.verdict, one.when, one.through) == ("fail", None, form.through), one.message
        assert (one.file == "child.yaml") == bool(form.through)
    lines = {_line(one) for one in found}
    assert lines == {form.line}


def _line(finding: Finding) -> str:
    """The line on which the place of a finding begins, without what surrounds it."""
    span = finding.place.span
    return span.source.line(span.begin.line).strip()


@of_every_form
def test_the_mended_form_passes(form: Form, scanned: Scan) -> None:
    assert [one.message for one in _of(scanned(form.mended_files()), form.rule)] == []


@of_every_fault
def test_every_form_is_there_or_says_why_not(path: Path) -> None:
    fault = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [name for name in fault if name in ("rule", *_FORMS)] == ["rule", *_FORMS]
    assert "cannot" not in fault["cloudformation"] and "cannot" not in fault["nested"]
    for name, form in fault.items():
        if "cannot" in form and name != "rule":
            assert set(form) == {"cannot"} and form["cannot"].strip() and "\n" not in form["cannot"].strip()
        elif name in _FORMS:
            text = form["template"] + form.get("definition", "")
            assert _WRITTEN_IN[name] in text, f"{name} is not written as such"


def test_there_are_faults_of_every_pack(session: Session) -> None:
    packs = {rule.id: rule.pack for rule in session.rules}
    assert len(_FILES) >= 25
    assert {packs[form.rule] for form in _ALL} >= _PACKS
