"""A report by a standard as one HTML page: scores and checks by practice, then the findings with their lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from stackwarden.report._text import clean
from stackwarden.report.by_standard._grades import COLUMNS, FORMULA, columns, outside, ran, score, told
from stackwarden.report.drawing.exposures import Exposures
from stackwarden.report.html import Html
from stackwarden.run.finding import Finding, Outcomes, Report
from stackwarden.run.score import Grade, Graded, GradedPractice, GradedRequirement, grade
from stackwarden.run.standards import Standard

__all__ = ["HtmlByStandard"]

_STYLE: Final = """\
.grades, .checks { border-collapse: collapse; margin: .6rem 0 1rem; width: 100%; font-variant-numeric: tabular-nums; }
#standard th, #standard td { border-bottom: 1px solid var(--line); padding: .25rem .6rem; text-align: right; }
#standard th:first-child, #standard td:first-child { text-align: left; }
.grades td:nth-child(2) { white-space: nowrap; }
.grades meter { width: 7rem; vertical-align: middle; margin-right: .5rem; }
.practice { margin: 1.8rem 0; } .practice h3 { font-size: 1rem; margin: .8rem 0 .2rem; }
.practice h2 b, .practice h3 b { float: right; }
.practice ul { margin: .2rem 0; padding-left: 1.2rem; } .unseen { color: var(--faint); }
"""


@dataclass(frozen=True, slots=True)
class HtmlByStandard:
    """The page for a standard; its findings are those of the standard's rules."""

    standard: Standard
    name: str = "html"
    exposures: Exposures | None = None

    def render(self, report: Report) -> str:
        """The page. `report` has outcomes."""
        graded = grade(self.standard, report)
        page = Html(exposures=self.exposures, before=tuple(_before(graded)), style=_STYLE)
        findings = tuple(finding for finding in report.findings if self.standard.selects(finding.rule))
        return page.render(replace(report, findings=findings))


def _before(graded: Graded) -> Iterator[str]:
    standard = graded.standard
    yield '<section id="standard">'
    yield f"<h2>{_text(f'{standard.title} {standard.version}'.strip())}: <b>{score(graded.grade)}</b></h2>"
    yield f'<p>{_text(standard.about)} <a href="{_text(standard.see)}" rel="noreferrer">{_text(standard.see)}</a></p>'
    yield f'<table class="grades"><thead><tr><th>practice</th><th>score</th>{_HEADER}</tr></thead><tbody>'
    for index, practice in enumerate(graded.practices):
        link = f'<a href="#practice-{index}">{_text(practice.practice.title)}</a>'
        yield f"<tr><td>{link}</td><td>{_meter(practice.grade)}</td>{_row(practice.grade.outcomes)}</tr>"
    yield f"<tr><th>all</th><td>{_meter(graded.grade)}</td>{_row(graded.grade.outcomes)}</tr>"
    yield "</tbody></table>"
    yield from (f"<p>{text}</p>" for text in (FORMULA, outside(graded)) if text)
    for index, practice in enumerate(graded.practices):
        yield from _practice(index, practice)
    yield "</section>"


_HEADER: Final = "".join(f"<th>{name}</th>" for name in COLUMNS)


def _meter(made: Grade) -> str:
    if made.score is None:
        return score(made)
    return f'<meter min="0" max="100" low="50" high="90" optimum="100" value="{made.score}"></meter>{score(made)}'


def _row(outcomes: Outcomes) -> str:
    return "".join(f"<td>{count}</td>" for count in columns(outcomes))


def _practice(index: int, practice: GradedPractice) -> Iterator[str]:
    yield f'<section class="practice" id="practice-{index}">'
    yield f"<h2>{_text(practice.practice.title)} <b>{score(practice.grade)}</b></h2>"
    if practice.practice.about:
        yield f"<p>{_text(practice.practice.about)}</p>"
    for one in practice.requirements:
        if one.rules:
            yield from _requirement(one, alone=len(practice.requirements) == 1)
    unseen = [one.requirement for one in practice.requirements if one.requirement.unseen]
    if unseen:
        yield '<div class="unseen"><p>What a template cannot show:</p><ul>'
        yield from (f"<li>{_text(one.id)} {_text(one.title)}: {_text(one.unseen)}</li>" for one in unseen)
        yield "</ul></div>"
    yield "</section>"


def _requirement(one: GradedRequirement, *, alone: bool) -> Iterator[str]:
    if not alone:
        yield f"<h3>{_text(one.requirement.id)} {_text(one.requirement.title)} <b>{score(one.grade)}</b></h3>"
    if one.findings:
        yield "<ul>"
        yield from (_finding(finding) for finding in one.findings)
        yield "</ul>"
    looked = ran(one)
    if not looked:
        yield f"<p>{told(one)}.</p>"
        return
    yield f"<details><summary>{told(one)}</summary>"
    yield f'<table class="checks"><thead><tr><th>rule</th><th>severity</th>{_HEADER}</tr></thead><tbody>'
    for rule, outcomes in looked:
        word = rule.severity.word
        yield f'<tr><td><code>{_text(rule.id)}</code></td><td class="{word}">{word}</td>{_row(outcomes)}</tr>'
    yield "</tbody></table></details>"


def _finding(finding: Finding) -> str:
    word = finding.severity.word
    state = "waived " if finding.waived is not None else "known " if finding.known else ""
    maybe = "maybe " if finding.verdict == "maybe" else ""
    text = f"{_text(finding.resource)}: {_text(finding.message)}" if finding.resource else _text(finding.message)
    link = f'<a href="#f-{_text(finding.fingerprint)}">{text}</a>'
    return f'<li><span class="severity {word}">{word}</span> {state}{maybe}{link}</li>'


def _text(text: str) -> str:
    return escape(clean(text))
