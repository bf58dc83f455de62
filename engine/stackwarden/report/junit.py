"""JUnit XML (the Surefire style that AWS CodeBuild, GitLab and Jenkins read).

One test case for each rule and resource that has a finding, and one for each template that could not be read;
what passes is not listed, as a CodeBuild report keeps 500 cases. CodeBuild rejects a suite whose `tests` is
less than `failures` + `errors` + `skipped`, so each case has exactly one outcome and the counts are sums of outcomes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from stackwarden.run.finding import FileError, Finding, Report
from stackwarden.run.when import circumstances

__all__ = ["REPORTER"]

Outcome = Literal["failure", "error", "skipped"]

# what XML 1.0 (W3C, production 2, `Char`) does not allow, even as a reference
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTES: Final = {**_IN_TEXT, ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}
_RANK: Final[dict[Outcome, int]] = {"error": 0, "failure": 1, "skipped": 2}


@dataclass(frozen=True, slots=True)
class _Case:
    """A test case: `type` and `message` are attributes of its outcome, `text` the body."""

    name: str
    outcome: Outcome
    type: str
    message: str
    text: str


@dataclass(frozen=True, slots=True)
class _Junit:
    name: str = "junit"

    def render(self, report: Report) -> str:
        suites = _suites(report)
        counts = _counts(case for cases in suites.values() for case in cases)
        top = {"name": "stackwarden", **counts, "time": f"{report.duration_ms / 1000:.3f}"}
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites{_attributes(top)}>"]
        for file, cases in suites.items():
            lines.append(f"  <testsuite{_attributes({'name': file, **_counts(cases), 'time': '0.000'})}>")
            lines += [_element(file, case) for case in cases]
            lines.append("  </testsuite>")
        return "\n".join([*lines, "</testsuites>", ""])


def _suites(report: Report) -> dict[str, list[_Case]]:
    """Cases by file, in the report's order; within a file errors first, then failures, then what is skipped."""
    suites: dict[str, list[_Case]] = {}
    by_subject: dict[tuple[str, str, str], list[Finding]] = {}
    for number, error in enumerate((error for error in report.errors if error.fatal), start=1):
        suites.setdefault(error.file, []).append(_unreadable(error, number))
    for finding in report.shown():
        by_subject.setdefault((finding.file, finding.rule.id, finding.resource), []).append(finding)
    for (file, rule, resource), findings in by_subject.items():
        suites.setdefault(file, []).append(_case(f"{rule} {resource}".rstrip(), findings))
    return {file: sorted(cases, key=lambda case: _RANK[case.outcome]) for file, cases in suites.items()}


def _unreadable(error: FileError, number: int) -> _Case:
    text = f"{error.file}:{error.line}:{error.column}\n{error.message}"
    return _Case(
        f"template {number}", "error", "unreadable", error.message, f"{text}\n{error.help}" if error.help else text
    )


def _case(name: str, findings: list[Finding]) -> _Case:
    """One case for the findings of a rule about a resource: it fails where any of them counts."""
    failing = [finding for finding in findings if finding.verdict == "fail" and finding.counts]
    if failing:
        first = max(failing, key=lambda finding: finding.severity)
        return _Case(name, "failure", first.severity.word, first.message, "\n\n".join(map(_body, failing)))
    first = findings[0]
    kind = "waived" if first.waived else "known" if first.known else "maybe"
    return _Case(name, "skipped", kind, f"{kind}: {first.waived.reason if first.waived else first.message}", "")


def _body(finding: Finding) -> str:
    at = finding.place.span.begin
    condition = circumstances(finding)
    lines = [f"{finding.file}:{at.line}:{at.column}", finding.message]
    if condition:
        lines.append(condition)
    lines += filter(None, (finding.rule.because, finding.rule.remediation))
    return "\n".join(lines)


def _counts(cases: Iterable[_Case]) -> dict[str, str]:
    outcomes = [case.outcome for case in cases]
    return {
        "tests": str(len(outcomes)),
        "failures": str(outcomes.count("failure")),
        "errors": str(outcomes.count("error")),
        "skipped": str(outcomes.count("skipped")),
    }


def _element(file: str, case: _Case) -> str:
    kind = {} if case.outcome == "skipped" else {"type": case.type}
    head = f"    <testcase{_attributes({'classname': file, 'name': case.name, 'time': '0.000'})}>"
    outcome = (
        f"      <{case.outcome}{_attributes({'message': case.message, **kind})}>{_escape(case.text)}</{case.outcome}>"
    )
    return f"{head}\n{outcome}\n    </testcase>"


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f' {name}="{_escape(value, _IN_ATTRIBUTES)}"' for name, value in values.items())


def _escape(text: str, table: Mapping[int, str] = _IN_TEXT) -> str:
    return _NO_XML.sub("\ufffd", text).translate(table)


REPORTER: Final = _Junit()
