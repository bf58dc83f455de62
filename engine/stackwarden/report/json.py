"""The JSON report, version 1, described in `docs/reports.md`. A change that breaks a reader is a new version."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

import stackwarden
from stackwarden.report._when import when_as_data
from stackwarden.run.finding import FileError, Finding, Fix, Place, Report, Waived
from stackwarden.source import Position

__all__ = ["REPORTER", "Object", "as_data", "dump"]

_VERSION: Final = "1"

Object = dict[str, object]


def dump(data: object) -> str:
    """`data` as indented JSON text that any encoding of Unicode can hold, with a line end."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # lone surrogates, which a JSON template may hold as `\ud800`
        text = json.dumps(data, indent=2)
    return text + "\n"


@dataclass(frozen=True, slots=True)
class _Json:
    name: str = "json"

    def render(self, report: Report) -> str:
        return dump(as_data(report))


def as_data(report: Report) -> Object:
    """The report as it is written."""
    return {
        "version": _VERSION,
        "tool": {"name": "stackwarden", "version": stackwarden.__version__},
        "files": report.files,
        "rules": len(report.rules),
        "duration_ms": round(report.duration_ms),
        "findings": [_finding(finding) for finding in report.shown(maybe=True)],
        "errors": [_error(error) for error in report.errors],
        "summary": report.summary(),
    }


def _finding(finding: Finding) -> Object:
    begin, finish = finding.place.span.begin, finding.place.span.finish
    rule = finding.rule
    return {
        "rule": rule.id,
        "title": rule.title,
        "severity": finding.severity.word,
        "category": rule.category,
        "pack": rule.pack,
        "verdict": finding.verdict,
        "when": when_as_data(finding.when),
        **({"through": list(finding.through)} if finding.through else {}),
        **({"construct": finding.construct} if finding.construct else {}),
        **({"environments": list(finding.environments)} if finding.environments else {}),
        "file": finding.file,
        "line": begin.line,
        "column": begin.column,
        "end_line": finish.line,
        "end_column": finish.column,
        "resource": finding.resource,
        "resource_type": finding.resource_type,
        "path": list(finding.place.path),
        "message": finding.message,
        "because": rule.because,
        "remediation": rule.remediation,
        "maps": {name: list(ids) for name, ids in rule.maps.items()},
        "fingerprint": finding.fingerprint,
        "related": [_related(place, finding) for place in finding.related],
        **({"parts": list(finding.parts)} if finding.parts else {}),
        "fix": _fix(finding.fix),
        "waived": _waived(finding.waived),
        **({} if finding.known is None else {"known": finding.known}),
    }


def _related(place: Place, finding: Finding) -> Object:
    begin, finish = place.span.begin, place.span.finish
    return {
        "file": place.span.source.name or finding.file,
        "line": begin.line,
        "column": begin.column,
        "end_line": finish.line,
        "end_column": finish.column,
        "label": place.label,
    }


def _fix(fix: Fix | None) -> Object | None:
    if fix is None:
        return None
    edits = [{"start": _pair(edit.span.begin), "end": _pair(edit.span.finish), "text": edit.text} for edit in fix.edits]
    return {"edits": edits}


def _pair(position: Position) -> list[int]:
    return [position.line, position.column]


def _waived(waived: Waived | None) -> Object | None:
    if waived is None:
        return None
    owner = {} if waived.owner is None else {"owner": waived.owner}
    return {"reason": waived.reason, "until": waived.until, "source": waived.source, **owner}


def _error(error: FileError) -> Object:
    return {"file": error.file, "line": error.line, "column": error.column, "message": error.message}


REPORTER: Final = _Json()
