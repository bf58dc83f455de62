"""SARIF 2.1.0 (OASIS), in the shape that GitHub code scanning takes in.

Of a `maybe` the standard says `kind: open`, whose level is `none`; `properties.verdict` repeats it for readers that
know only levels. Lines and columns count from 1, columns in code points, and the end column is exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final
from urllib.parse import quote

import stackwarden
from stackwarden.diagnostics import Severity
from stackwarden.report._line_hash import line_hashes
from stackwarden.report._when import when_as_data
from stackwarden.report.json import dump
from stackwarden.run.finding import FileError, Finding, Fix, Place, Report, RuleInfo, Waived
from stackwarden.run.when import circumstances
from stackwarden.source import Span

__all__ = ["REPORTER"]

Object = dict[str, object]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
# GitHub reads above 9.0 as critical, from 7.0 as high, from 4.0 as medium and the rest as low
_SECURITY_SEVERITY: Final = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.5",
}
_MOST_TAGS: Final = 10  # that GitHub keeps for a rule
_LONGEST_DESCRIPTION: Final = 1024  # that GitHub keeps of a short or full description


@dataclass(frozen=True, slots=True)
class _Sarif:
    name: str = "sarif"

    def render(self, report: Report) -> str:
        rules = {rule.id: rule for rule in (*report.rules, *(finding.rule for finding in report.shown()))}
        driver: Object = {
            "name": "stackwarden",
            "semanticVersion": stackwarden.__version__,
            "rules": [_rule(rule) for rule in rules.values()],
        }
        run: Object = {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "invocations": [_invocation(report)],
            "results": _results(report.shown(), {rule_id: index for index, rule_id in enumerate(rules)}),
        }
        return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: RuleInfo) -> Object:
    properties: Object = {
        "category": rule.category,
        "maps": {name: list(ids) for name, ids in rule.maps.items()},
        "pack": rule.pack,
        "precision": "high",
        "problem.severity": _problem_severity(rule.severity),
        "security-severity": _SECURITY_SEVERITY[rule.severity],
        "severity": rule.severity.word,
        "tags": list(dict.fromkeys(filter(None, ("security", rule.category, *rule.tags))))[:_MOST_TAGS],
    }
    descriptor: Object = {
        "id": rule.id,
        "shortDescription": {"text": rule.title[:_LONGEST_DESCRIPTION]},
        "fullDescription": {"text": (rule.because or rule.title)[:_LONGEST_DESCRIPTION]},
        "help": {"text": _help(rule), "markdown": _help(rule, markdown=True)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": properties,
    }
    if rule.see:
        descriptor["helpUri"] = rule.see[0]
    return descriptor


def _problem_severity(severity: Severity) -> str:
    level = _LEVELS[severity]
    return "recommendation" if level == "note" else level


def _help(rule: RuleInfo, *, markdown: bool = False) -> str:
    parts = [f"**{rule.title}**" if markdown else rule.title, rule.because, rule.remediation]
    if rule.see:
        parts.append("\n".join(f"- <{link}>" if markdown else link for link in rule.see))
    return "\n\n".join(part for part in parts if part)


def _results(findings: Iterable[Finding], indices: Mapping[str, int]) -> list[Object]:
    findings = tuple(findings)
    hashes: dict[str, list[str]] = {}
    results = [_result(finding, indices[finding.rule.id], hashes) for finding in findings]
    if any(finding.waived for finding in findings):  # the standard: where one result has suppressions, all have
        for finding, result in zip(findings, results, strict=True):
            result["suppressions"] = [] if finding.waived is None else [_suppression(finding.waived)]
    return results


def _result(finding: Finding, rule_index: int, hashes: dict[str, list[str]]) -> Object:
    fails = finding.verdict == "fail"
    condition = circumstances(finding)
    properties: Object = {
        "path": list(finding.place.path),
        "resourceType": finding.resource_type,
        "severity": finding.severity.word,
        "verdict": finding.verdict,
        "when": when_as_data(finding.when),
    }
    message = finding.message or finding.rule.title
    location = _location(finding.place.span, finding.file)
    if finding.resource:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.resource, "kind": "resource"}]
    result: Object = {
        "ruleId": finding.rule.id,
        "ruleIndex": rule_index,
        "kind": "fail" if fails else "open",
        "level": _LEVELS[finding.severity] if fails else "none",
        "message": {"text": f"{message} ({condition})" if condition else message},
        "locations": [location],
        "partialFingerprints": {
            "primaryLocationLineHash": _line_hash(finding.place.span, hashes),
            "stackwarden/v1": finding.fingerprint,
        },
        "properties": properties,
    }
    if finding.known is not None:
        result["baselineState"] = "unchanged" if finding.known else "new"
    if finding.parts:
        properties["parts"] = list(finding.parts)
    if finding.related:
        result["relatedLocations"] = [
            _related(number, place, finding) for number, place in enumerate(finding.related, start=1)
        ]
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix, finding)]
    return result


def _line_hash(span: Span, hashes: dict[str, list[str]]) -> str:
    source = span.source
    if source.name not in hashes:
        hashes[source.name] = line_hashes(source.text)
    return hashes[source.name][span.begin.line - 1]  # both agree on what a line is


def _location(span: Span, file: str) -> Object:
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(file)}, "region": _region(span)}}


def _region(span: Span) -> Object:
    begin, finish = span.begin, span.finish
    return {
        "startLine": begin.line,
        "startColumn": begin.column,
        "endLine": finish.line,
        "endColumn": finish.column,
    }


def _uri(file: str) -> str:
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), errors="replace")


def _file_of(span: Span, finding: Finding) -> str:
    """A place may lie in another file than the finding (a nested stack); sources are named as they were given."""
    return span.source.name or finding.file


def _related(number: int, place: Place, finding: Finding) -> Object:
    location = _location(place.span, _file_of(place.span, finding))
    return {"id": number, "message": {"text": place.label or "related"}, **location}


def _fix(fix: Fix, finding: Finding) -> Object:
    by_file: dict[str, list[Object]] = {}
    for edit in fix.edits:
        replacement: Object = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        by_file.setdefault(_file_of(edit.span, finding), []).append(replacement)
    changes = [
        {"artifactLocation": {"uri": _uri(file)}, "replacements": replacements}
        for file, replacements in by_file.items()
    ]
    return {"description": {"text": finding.rule.remediation or finding.rule.title}, "artifactChanges": changes}


def _suppression(waived: Waived) -> Object:
    properties: Object = {"source": waived.source, "until": waived.until}
    if waived.owner is not None:
        properties["owner"] = waived.owner
    return {"kind": waived.kind, "justification": waived.reason, "status": "accepted", "properties": properties}


def _invocation(report: Report) -> Object:
    invocation: Object = {"executionSuccessful": not any(error.fatal for error in report.errors)}
    if report.errors:
        invocation["toolExecutionNotifications"] = [_notification(error) for error in report.errors]
    if report.notices:
        invocation["toolConfigurationNotifications"] = [
            {"level": "warning", "message": {"text": notice}} for notice in report.notices
        ]
    return invocation


def _notification(error: FileError) -> Object:
    location: Object = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(error.file)},
            "region": {"startLine": error.line, "startColumn": error.column},
        }
    }
    text = f"{error.message}; {error.help}" if error.help else error.message
    return {"level": "error" if error.fatal else "warning", "message": {"text": text}, "locations": [location]}


REPORTER: Final = _Sarif()
