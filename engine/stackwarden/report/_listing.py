"""What the report for people says, as rich text; `pretty` imports it once it is asked to render."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from stackwarden.diagnostics import Severity
from stackwarden.report._frames import diagnostic_block, frame, paragraph, print_out
from stackwarden.report._text import clean, plural
from stackwarden.run.finding import Finding, Report, RuleInfo
from stackwarden.run.when import circumstances

__all__ = ["Listing"]

_STYLES: Final = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "bold blue",
    Severity.INFO: "bold cyan",
}
_MARKS: Final = {
    Severity.CRITICAL: "red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "blue",
    Severity.INFO: "cyan",
}
_MANY: Final = 20  # findings from which on a group shows only some of them in full
_IN_FULL: Final = 2
_IN_BRIEF: Final = 8
_INDENT: Final = 2


@dataclass(frozen=True, slots=True)
class _Group:
    """Findings of one rule that are equally grave and equally sure."""

    rule: RuleInfo
    severity: Severity
    maybe: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """`colour` allows terminal escapes; `width` is in columns."""

    colour: bool
    width: int

    def render(self, report: Report) -> str:
        shown = [finding for finding in report.shown() if finding.counts]
        groups = _groups(shown)
        by_fingerprint = {finding.fingerprint: finding for finding in shown}
        parts: list[RenderableType] = []
        for group in groups:
            parts += self._group(group, by_fingerprint, many=len(shown) > _MANY)
        parts += self._errors(report)
        parts += _notices(report)
        parts += _summary(report, shown)
        own = [group for group in groups if not group.rule.id.startswith("cfn-lint-")]
        if own:
            parts += _next_step(own[0])
        return print_out(parts, colour=self.colour, width=self.width)

    def _group(self, group: _Group, shown: Mapping[str, Finding], *, many: bool) -> list[RenderableType]:
        rule = group.rule
        word = f"{group.severity.word} (maybe)" if group.maybe else group.severity.word
        head = Text().append(f" {word} " if self.colour else word, _STYLES[group.severity])
        head.append(f"  {clean(rule.id)}", "bold").append(f"  {clean(rule.title)}")
        count = len(group.findings)
        if count > 1:
            head.append(f"  ({count})", "dim")
        parts: list[RenderableType] = [head]
        in_full = min(count, _IN_FULL) if many else count
        for finding in group.findings[:in_full]:
            parts += self._finding(finding, shown)
        parts += _brief(group.findings[in_full:])
        for label, text in (("why", rule.because), ("fix", rule.remediation)):
            if text:
                parts.append(paragraph(Text().append(f"{label}: ", "green").append(clean(text)), _INDENT))
        return [*parts, ""]

    def _finding(self, finding: Finding, shown: Mapping[str, Finding]) -> list[RenderableType]:
        at = finding.place.span.begin
        head = Text().append(f"{clean(finding.file)}:{at.line}:{at.column}", "bold cyan")
        if finding.resource:
            head.append(f"  {clean(finding.resource)}", "bold").append(f"  {clean(finding.resource_type)}", "dim")
        parts: list[RenderableType] = [paragraph(head, _INDENT)]
        style, note = _MARKS[finding.severity], clean(finding.message)
        parts += frame(finding.place.span, style=style, width=self.width, note=note, indent=_INDENT)
        first, _, rest = clean(circumstances(finding)).partition(" ")
        asides = [Text().append(f"{first} ", "magenta").append(rest)] if first else []
        if finding.construct:
            asides.append(Text().append("construct ", "magenta").append(clean(finding.construct)))
        for place in finding.related:
            begin = place.span.begin
            where = f"{clean(place.span.source.name)}:{begin.line}:{begin.column}"
            asides.append(
                Text().append("see ", "magenta").append(where, "cyan").append(f" {clean(place.label)}".rstrip())
            )
        asides += _contained(finding, shown)
        return [*parts, *(paragraph(aside, _INDENT + 2) for aside in asides)]

    def _errors(self, report: Report) -> list[RenderableType]:
        parts: list[RenderableType] = []
        for error in report.errors:
            level = "error" if error.fatal else "warning"
            at = (error.line, error.column)
            parts += diagnostic_block(level, error.file, at, error.message, error.help, error.span, self.width)
        return [*parts, ""] if parts else []


def _groups(findings: list[Finding]) -> list[_Group]:
    """The findings by rule, worst first; a rule about whole paths comes before the rules about their parts."""
    by_rule: dict[tuple[int, bool, str], list[Finding]] = {}
    for finding in findings:
        key = (-finding.severity, finding.verdict == "maybe", finding.rule.id)
        by_rule.setdefault(key, []).append(finding)
    severities = {finding.fingerprint: finding.severity for finding in findings}

    def rank(key: tuple[int, bool, str]) -> tuple[int, bool, bool, str]:
        parts = {part for finding in by_rule[key] for part in finding.parts}
        worst = max((severities[part] for part in parts if part in severities), default=Severity.INFO)
        return min(key[0], -worst), key[1], not parts, key[2]

    return [
        _Group(found[0].rule, found[0].severity, maybe, tuple(found))
        for (_, maybe, _), found in ((key, by_rule[key]) for key in sorted(by_rule, key=rank))
    ]


def _contained(finding: Finding, shown: Mapping[str, Finding]) -> list[Text]:
    """The rules of the findings that one about a whole path is made of."""
    rules = dict.fromkeys(clean(shown[part].rule.id) for part in finding.parts if part in shown)
    return [Text().append("contains ", "magenta").append(", ".join(rules))] if rules else []


def _brief(findings: tuple[Finding, ...]) -> list[RenderableType]:
    """One line each; of very many, the first and how many more there are."""
    parts: list[RenderableType] = []
    for finding in findings[:_IN_BRIEF]:
        at = finding.place.span.begin
        line = Text().append(f"{clean(finding.file)}:{at.line}:{at.column}", "cyan")
        line.append(f"  {clean(finding.message)}")
        if about := circumstances(finding):
            line.append(f"  {clean(about)}", "dim")
        parts.append(paragraph(line, _INDENT))
    rest = findings[_IN_BRIEF:]
    if rest:
        files = plural(len({finding.file for finding in rest}), "file")
        parts.append(paragraph(Text(f"… and {len(rest)} more in {files}; --format json has them all", "dim"), _INDENT))
    return parts


def _notices(report: Report) -> list[RenderableType]:
    notices = [Text().append("note: ", "bold yellow").append(clean(notice)) for notice in report.notices]
    return [*notices, ""] if notices else []


def _summary(report: Report, shown: list[Finding]) -> list[RenderableType]:
    counts = report.summary()
    fails = [finding for finding in shown if finding.verdict == "fail"]
    line = Text()
    if fails:
        noun = "new finding" if report.compared_with else "finding"
        line.append(plural(len(fails), noun), "bold").append(": ")
        words = [(severity, counts[severity.word]) for severity in sorted(Severity, reverse=True)]
        for number, (severity, count) in enumerate((severity, count) for severity, count in words if count):
            line.append(", " if number else "").append(f"{count} {severity.word}", _MARKS[severity])
    else:
        line.append(
            "no new findings" if report.compared_with else "no findings", "bold" if report.errors else "bold green"
        )
    scanned = f"{plural(report.files, 'file')}, {plural(len(report.rules), 'rule')}, {report.duration_ms:.0f} ms"
    line.append(f" ({scanned})", "dim")
    return [line, *_left_out(report, counts)]


def _left_out(report: Report, counts: dict[str, int]) -> list[RenderableType]:
    """What the list above does not show, and the option that shows it."""
    parts = []
    if counts["maybe"] and not report.show_maybe:
        parts.append(f"{counts['maybe']} maybe, which depend on values unknown here (--show-maybe)")
    if counts["waived"]:
        parts.append(f"{counts['waived']} waived")
    if counts.get("known"):
        parts.append(f"{counts['known']} known from {report.compared_with}")
    hidden = sum(f.severity < report.min_severity and f.verdict == "fail" and f.counts for f in report.findings)
    if hidden:
        parts.append(f"{hidden} below {report.min_severity.word} (--min-severity)")
    lines: list[RenderableType] = [Text(f"left out: {'; '.join(parts)}", "dim")] if parts else []
    if report.gone:
        verb = "is" if report.gone == 1 else "are"
        lines.append(Text(f"{plural(report.gone, 'finding')} of {report.compared_with} {verb} gone", "green"))
    unreadable = len({error.file for error in report.errors if error.fatal})
    if unreadable:
        verb = "was" if unreadable == 1 else "were"
        lines.append(Text(f"{plural(unreadable, 'file')} {verb} not read in full, so there may be more", "bold red"))
    return lines


def _next_step(worst: _Group) -> list[RenderableType]:
    rule, file = clean(worst.rule.id), clean(worst.findings[0].file)
    deployed = clean(_outermost(worst.findings[0]))
    lines = [
        Text()
        .append("next: ", "bold")
        .append(f"stackwarden explain {rule} {shlex.quote(deployed)}")
        .append("  shows why", "dim")
    ]
    if not file.endswith(".json"):  # JSON has no comments
        mark = f'      # stackwarden: ignore[{rule}] reason="…"'
        lines.append(Text(mark).append("  on or above its line accepts a finding", "dim"))
    return [*lines]


def _outermost(finding: Finding) -> str:
    """The template to explain a finding on: that of the outermost stack, whose parameters are the open ones."""
    return finding.related[0].span.source.name if finding.through and finding.related else finding.file
