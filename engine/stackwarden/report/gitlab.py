"""GitLab's code quality report: `artifacts:reports:codequality`.

Source: GitLab Docs, *Code Quality*, section *Code Quality report format*.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from stackwarden.diagnostics import Severity
from stackwarden.report._text import tidy
from stackwarden.report.json import dump
from stackwarden.run.finding import FileError, Finding, Report
from stackwarden.run.when import circumstances

__all__ = ["REPORTER"]

_SEVERITIES: Final = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}

Object = dict[str, object]


@dataclass(frozen=True, slots=True)
class _GitLab:
    name: str = "gitlab"

    def render(self, report: Report) -> str:
        entries = [_error(error) for error in report.errors if error.fatal]
        entries += [_finding(finding) for finding in report.shown() if finding.counts]
        return dump(_distinct(entries))


def _finding(finding: Finding) -> Object:
    text = finding.message if finding.verdict == "fail" else f"maybe: {finding.message}"
    about = circumstances(finding)
    return {
        "description": f"{text} ({about})" if about else text,
        "check_name": finding.rule.id,
        "fingerprint": _digest(tidy(finding.file), finding.fingerprint),
        "severity": _SEVERITIES[finding.severity] if finding.verdict == "fail" else "info",
        "location": {"path": tidy(finding.file), "lines": {"begin": finding.place.span.begin.line}},
    }


def _error(error: FileError) -> Object:
    return {
        "description": error.message,
        "check_name": "unreadable-template",
        "fingerprint": _digest(tidy(error.file), error.message),
        "severity": "blocker",
        "location": {"path": tidy(error.file), "lines": {"begin": error.line}},
    }


def _distinct(entries: list[Object]) -> list[Object]:
    """The entries with fingerprints that differ, as GitLab drops an entry whose fingerprint it has seen."""
    seen: dict[object, int] = {}
    for entry in entries:
        fingerprint = entry["fingerprint"]
        seen[fingerprint] = seen.get(fingerprint, 0) + 1
        if seen[fingerprint] > 1:
            entry["fingerprint"] = _digest(str(fingerprint), str(seen[fingerprint]))
    return entries


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


REPORTER: Final = _GitLab()
