"""Markdown for a pull request or a job's summary: a table of findings, worst first, with the reasons folded away.

A comment on GitHub takes 65,536 characters, so what does not fit is counted and left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from stackwarden.diagnostics import Severity
from stackwarden.report._marked import code, plain
from stackwarden.report._text import plural, tidy
from stackwarden.run.finding import Finding, Report, RuleInfo
from stackwarden.run.when import circumstances

__all__ = ["REPORTER"]

_MOST: Final = 60_000  # characters


@dataclass(frozen=True, slots=True)
class _Markdown:
    name: str = "markdown"

    def render(self, report: Report) -> str:
        shown = [finding for finding in report.shown() if finding.counts]
        fails = [finding for finding in shown if finding.verdict == "fail"]
        lines = [f"## stackwarden: {plural(len(fails), 'finding') if fails else 'no findings'}", ""]
        lines += _summary(report, fails)
        lines += _errors(report)
        lines += [f"> {plain(notice)}\n" for notice in report.notices]
        body, left_out = _fitting(_groups(shown), _MOST - sum(len(line) + 1 for line in lines))
        lines += body
        if left_out:
            lines += [f"{plural(left_out, 'finding')} more; the JSON report has them all.", ""]
        return "\n".join(lines)


def _summary(report: Report, fails: list[Finding]) -> Iterator[str]:
    counts = report.summary()
    yield f"{plural(report.files, 'template')}, {plural(len(report.rules), 'rule')}"
    yield ""
    if fails or counts["maybe"] or counts["waived"]:
        names = [name for name, count in counts.items() if count]
        yield f"| {' | '.join(names)} |"
        yield f"| {' | '.join('---:' for _ in names)} |"
        yield f"| {' | '.join(str(counts[name]) for name in names)} |"
        yield ""


def _errors(report: Report) -> Iterator[str]:
    if not report.errors:
        return
    yield "### Not read in full" if any(error.fatal for error in report.errors) else "### Templates"
    yield ""
    for error in report.errors:
        yield f"- {code(f'{tidy(error.file)}:{error.line}')} {plain(error.message)}"
    yield ""


def _groups(findings: Iterable[Finding]) -> list[tuple[RuleInfo, Severity, bool, list[Finding]]]:
    """Findings of one rule that are equally grave and equally sure, worst first."""
    found: dict[tuple[bool, int, str], list[Finding]] = {}
    for finding in findings:
        key = (finding.verdict == "maybe", -finding.severity, finding.rule.id)
        found.setdefault(key, []).append(finding)
    return [(group[0].rule, group[0].severity, maybe, group) for (maybe, _, _), group in sorted(found.items())]


def _fitting(groups: list[tuple[RuleInfo, Severity, bool, list[Finding]]], room: int) -> tuple[list[str], int]:
    """The lines of as many groups as there is room for, and how many findings are left out."""
    lines: list[str] = []
    left_out = 0
    for rule, severity, maybe, findings in groups:
        block = list(_group(rule, severity, maybe, findings))
        length = sum(len(line) + 1 for line in block)
        if left_out or length > room:
            left_out += len(findings)
        else:
            lines += block
            room -= length
    return lines, left_out


def _group(rule: RuleInfo, severity: Severity, maybe: bool, findings: list[Finding]) -> Iterator[str]:
    word = f"{severity.word}, maybe" if maybe else severity.word
    yield f"### {plain(rule.title)} ({word})"
    yield ""
    yield "| place | resource | what is wrong |"
    yield "| --- | --- | --- |"
    for finding in findings:
        about = circumstances(finding)
        text = f"{plain(finding.message)} _{plain(about)}_" if about else plain(finding.message)
        place = code(f"{tidy(finding.file)}:{finding.place.span.begin.line}")
        yield f"| {place} | {plain(finding.resource)} | {text} |"
    yield ""
    yield f"<details><summary>Why, and how to fix it: <code>{plain(rule.id)}</code></summary>"
    yield ""
    yield from (f"{plain(text)}\n" for text in (rule.because, rule.remediation) if text)
    yield from (f"<{link}>\n" for link in rule.see if link.startswith("https://") and ">" not in link)
    yield "</details>"
    yield ""


REPORTER: Final = _Markdown()
