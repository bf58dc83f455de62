"""A report by a standard as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from stackwarden.report._marked import code, plain
from stackwarden.report._text import plural, tidy
from stackwarden.report.by_standard._grades import COLUMNS, FORMULA, columns, outside, ran, score, told
from stackwarden.run.finding import Finding, Outcomes, Report
from stackwarden.run.score import Graded, GradedPractice, GradedRequirement, grade
from stackwarden.run.standards import Standard
from stackwarden.run.when import circumstances

__all__ = ["MarkdownByStandard"]

_MOST: Final = 60_000  # characters; a comment on GitHub takes 65,536


@dataclass(frozen=True, slots=True)
class MarkdownByStandard:
    """The practices of a standard, as many as there is room for, after a table of all scores."""

    standard: Standard
    name: str = "markdown"

    def render(self, report: Report) -> str:
        """The text. `report` has outcomes."""
        graded = grade(self.standard, report)
        lines = list(_head(graded, report))
        end = list(_end(graded))
        room = _MOST - sum(len(line) + 1 for line in (*lines, *end))
        left_out = 0
        for practice in graded.practices:
            block = list(_practice(practice))
            length = sum(len(line) + 1 for line in block)
            if length > room:
                left_out += 1
                continue
            lines += block
            room -= length
        if left_out:
            lines += [f"{plural(left_out, 'practice')} did not fit; the JSON report has them all.", ""]
        return "\n".join((*lines, *end))


def _head(graded: Graded, report: Report) -> Iterator[str]:
    standard = graded.standard
    yield f"## {plain(f'{standard.title} {standard.version}'.strip())}: {score(graded.grade)}"
    yield ""
    yield f"{plural(report.files, 'template')}, {plural(len(report.rules), 'rule')}. <{standard.see}>"
    yield ""
    if standard.about:
        yield plain(standard.about)
        yield ""
    for error in report.errors:
        yield f"- {code(f'{tidy(error.file)}:{error.line}')} {plain(error.message)}"
    if report.errors:
        yield ""
    yield f"| practice | score | {_HEADER} |"
    yield f"| --- | ---: | {_LINE} |"
    for practice in graded.practices:
        yield f"| {plain(practice.practice.title)} | {score(practice.grade)} | {_row(practice.grade.outcomes)} |"
    yield f"| **all** | **{score(graded.grade)}** | {_row(graded.grade.outcomes)} |"
    yield ""


_HEADER: Final = " | ".join(COLUMNS)
_LINE: Final = "---: | ---: | ---: | ---:"


def _row(outcomes: Outcomes) -> str:
    return " | ".join(str(count) for count in columns(outcomes))


def _practice(practice: GradedPractice) -> Iterator[str]:
    yield f"### {plain(practice.practice.title)}: {score(practice.grade)}"
    yield ""
    if practice.practice.about:
        yield plain(practice.practice.about)
        yield ""
    unseen = []
    for one in practice.requirements:
        if one.rules:
            yield from _requirement(one, alone=len(practice.requirements) == 1)
        if one.requirement.unseen:
            unseen.append(f"- {plain(_name(one))}: {plain(one.requirement.unseen)}")
    if unseen:
        yield "What a template cannot show:"
        yield ""
        yield from unseen
        yield ""


def _name(one: GradedRequirement) -> str:
    return f"{one.requirement.id} {one.requirement.title}"


def _requirement(one: GradedRequirement, *, alone: bool) -> Iterator[str]:
    """A requirement; the practice's title is enough where it is the only one."""
    if not alone:
        yield f"#### {plain(_name(one))}: {score(one.grade)}"
        yield ""
    if one.findings:
        yield "| severity | place | resource | what is wrong |"
        yield "| --- | --- | --- | --- |"
        yield from (_finding(finding) for finding in one.findings)
        yield ""
    looked = ran(one)
    if looked:
        yield f"<details><summary>{told(one)}</summary>"
        yield ""
        yield f"| rule | severity | {_HEADER} |"
        yield f"| --- | --- | {_LINE} |"
        yield from (f"| {code(rule.id)} | {rule.severity.word} | {_row(outcomes)} |" for rule, outcomes in looked)
        yield ""
        yield "</details>"
    else:
        yield f"{told(one)}."
    yield ""


def _finding(finding: Finding) -> str:
    about = circumstances(finding)
    notes = [finding.severity.word]
    notes += ["maybe"] if finding.verdict == "maybe" else []
    notes += ["waived"] if finding.waived is not None else ["known"] if finding.known else []
    text = f"{plain(finding.message)} _{plain(about)}_" if about else plain(finding.message)
    place = code(f"{tidy(finding.file)}:{finding.place.span.begin.line}")
    return f"| {', '.join(notes)} | {place} | {plain(finding.resource)} | {text} |"


def _end(graded: Graded) -> Iterator[str]:
    yield from (f"{text}\n" for text in (outside(graded), FORMULA) if text)
