"""cfn-lint's own findings in our report, with our waivers, levels and formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Protocol, cast

from stackwarden.config import Settings
from stackwarden.diagnostics import Severity
from stackwarden.run.finding import FileError, Finding, Place, Report, RuleInfo
from stackwarden.run.scan import current_date
from stackwarden.run.waivers import apply_waivers
from stackwarden.source import Position, Source, Span
from stackwarden.template.load import load
from stackwarden.template.model import Template

__all__ = ["with_lint"]

_SEVERITIES: Final = {"E": Severity.MEDIUM, "W": Severity.LOW, "I": Severity.INFO}
"""By the first letter of an id: an error keeps a template from being deployed, which endangers nobody."""


class _Rule(Protocol):
    id: str
    shortdesc: str
    description: str
    source_url: str


class _Match(Protocol):
    rule: _Rule
    message: str
    linenumber: int
    columnnumber: int
    linenumberend: int
    columnnumberend: int


def with_lint(report: Report, settings: Settings | None) -> Report:
    """The report with what cfn-lint finds in each template that was scanned."""
    findings: list[Finding] = []
    errors: list[FileError] = []
    rules: dict[str, RuleInfo] = {}
    for name, source in report.sources.items():
        found = tuple(_of_source(source, rules))
        template = load(source)
        if found and isinstance(template, Template):
            found, problems = apply_waivers(
                template, found, settings.waivers if settings is not None else (), current_date()
            )
            errors.extend(one for one in problems if one not in report.errors)
        findings.extend(replace(one, file=name) for one in found)
    order = {name: index for index, name in enumerate(report.sources)}
    together = sorted(
        (*report.findings, *findings), key=lambda one: (order.get(one.file, -1), one.place.span.start, one.rule.id)
    )
    return replace(
        report, findings=tuple(together), rules=(*report.rules, *rules.values()), errors=(*report.errors, *errors)
    )


def _of_source(source: Source, rules: dict[str, RuleInfo]) -> Iterator[Finding]:
    template = load(source)
    counts: dict[str, int] = {}
    for match in _lint(source.text):
        rule = rules.setdefault(match.rule.id, _rule_info(match.rule))
        span = _span(source, match)
        resource, resource_type = _resource_at(template, span) if isinstance(template, Template) else ("", "")
        key = f"{rule.id} {resource} {' '.join(span.text.split())} {match.message}"
        counts[key] = counts.get(key, 0) + 1
        yield Finding(
            rule=rule,
            severity=rule.severity,
            verdict="fail",
            when=None,
            file=source.name,
            resource=resource,
            resource_type=resource_type,
            place=Place(("Resources", resource) if resource else (), span),
            message=match.message,
            fingerprint=f"{key} {counts[key]}",
        )


def _lint(text: str) -> Sequence[_Match]:
    from cfnlint.api import lint  # half a second, for this option alone
    from cfnlint.config import ManualArgs

    matches: Iterable[_Match] = cast("Iterable[_Match]", lint(text, config=ManualArgs()))
    return sorted(matches, key=lambda one: (one.linenumber, one.columnnumber, one.rule.id, one.message))


def _rule_info(rule: _Rule) -> RuleInfo:
    return RuleInfo(
        id=f"cfn-lint-{rule.id}",
        title=rule.shortdesc,
        severity=_SEVERITIES.get(rule.id[:1], Severity.LOW),
        category="lint",
        pack="cfn-lint",
        because=rule.description,
        remediation="",
        see=(rule.source_url,) if rule.source_url.startswith("https://") else (),
        tags=(),
        maps={"cfn-lint": (rule.id,)},
        resources=(),
        fixable=False,
        source="cfn-lint",
    )


def _span(source: Source, match: _Match) -> Span:
    start = _offset(source, match.linenumber, match.columnnumber)
    return Span(source, start, max(start, _offset(source, match.linenumberend, match.columnnumberend)))


def _offset(source: Source, line: int, column: int) -> int:
    last = len(source.line_starts)
    return source.offset(Position(max(1, min(line, last)), max(1, column)))


def _resource_at(template: Template, span: Span) -> tuple[str, str]:
    """The resource that a place is in: its logical id and type; empty for a place outside of resources."""
    for resource in (*template.written.values(), *template.resources.values()):
        if resource.key[0] <= span.start < resource.node.end:
            return resource.logical_id, resource.resource_type
    return "", ""
