"""One self-contained HTML file: every finding with its lines, to be filtered and searched, printed, and read anywhere.

It reads well without JavaScript, which only filters. Nothing in it is loaded from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

import stackwarden
from stackwarden.diagnostics import Severity, code_frame
from stackwarden.report._static import static
from stackwarden.report._text import clean, plural, tidy
from stackwarden.report.drawing import LEGEND, OnPage, Picture, node_of, page_style, svg
from stackwarden.report.drawing.exposures import Exposures
from stackwarden.run.finding import FileError, Finding, Place, Report, RuleInfo
from stackwarden.run.when import circumstances

__all__ = ["REPORTER", "Html"]

_MOST_LINES: Final = 12
_FEW: Final = 8


@dataclass(frozen=True, slots=True)
class Html:
    """A report as a page, with the drawings that `exposures` collected while the scan ran.

    `before` are lines of HTML that stand before the findings, `style` is CSS for them.
    """

    name: str = "html"
    exposures: Exposures | None = None
    before: tuple[str, ...] = ()
    style: str = ""

    def render(self, report: Report) -> str:
        """The whole page."""
        shown = sorted(report.shown(maybe=True), key=_rank)
        anchors = _anchors(shown)
        drawings = (
            list(self.exposures.pictures(one for one in shown if one.counts)) if self.exposures is not None else []
        )
        return "\n".join(
            (
                "<!doctype html>",
                '<html lang="en">',
                "<head>",
                '<meta charset="utf-8">',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                "<title>stackwarden report</title>",
                f"<style>\n{static(__package__, 'report.css')}{page_style() if drawings else ''}{self.style}</style>",
                "</head>",
                "<body>",
                *_head(report, shown),
                *_errors(report),
                *_notices(report),
                *self.before,
                *_filters(shown),
                *_exposures(drawings, dict(zip(map(id, shown), anchors, strict=True))),
                '<main id="findings">',
                *(line for one, anchor in zip(shown, anchors, strict=True) for line in _finding(one, anchor)),
                "</main>",
                f"<script>\n{static(__package__, 'report.js')}</script>",
                "</body>",
                "</html>",
                "",
            )
        )


def _rank(finding: Finding) -> tuple[bool, bool, int, str]:
    """New failures first, worst first; then maybes; what does not count comes last."""
    return not finding.counts, finding.verdict == "maybe", -finding.severity, finding.rule.id


def _head(report: Report, shown: list[Finding]) -> Iterator[str]:
    fails = sum(finding.counts and finding.verdict == "fail" for finding in shown)
    noun = "new finding" if report.compared_with else "finding"
    yield "<header>"
    yield f"<h1>{plural(fails, noun) if fails else f'no {noun}s'}</h1>"
    scanned = f"{plural(report.files, 'template')}, {plural(len(report.rules), 'rule')}"
    yield f"<p>{scanned} · stackwarden {stackwarden.__version__}</p>"
    counts = report.summary()
    yield '<ul class="counts">'
    for word, count in counts.items():
        if count or word in ("critical", "high"):
            yield f'<li class="{word}"><b>{count}</b> {word}</li>'
    yield "</ul>"
    if report.compared_with:
        yield f"<p>Compared with {_text(report.compared_with)}; {plural(report.gone, 'finding')} of it gone.</p>"
    yield "</header>"


def _errors(report: Report) -> Iterator[str]:
    if report.errors:
        heading = f"<h2>Not read in full, or told by the way ({len(report.errors)})</h2>"
        yield f'<details class="errors"{_open(len(report.errors))}><summary>{heading}</summary><ul>'
        yield from (_error(error) for error in report.errors)
        yield "</ul></details>"


def _open(count: int) -> str:
    """The attribute of a list that is unfolded from the start: one that leaves room for the findings."""
    return " open" if count <= _FEW else ""


def _error(error: FileError) -> str:
    advice = f" <i>{_text(error.help)}</i>" if error.help else ""
    place = f"{tidy(error.file)}:{error.line}:{error.column}"
    return f"<li><code>{_text(place)}</code> {_text(error.message)}{advice}</li>"


def _notices(report: Report) -> Iterator[str]:
    if report.notices:
        yield "<section><ul>"
        yield from (f"<li>{_text(notice)}</li>" for notice in report.notices)
        yield "</ul></section>"


def _filters(shown: list[Finding]) -> Iterator[str]:
    """Choices over what there is; hidden until the script shows them."""
    yield '<form id="filters" role="search" hidden>'
    yield '<label>Search <input type="search" id="words" placeholder="rule, resource, file, words"></label>'
    severities = [word for word in Severity.words() if any(one.severity.word == word for one in shown)]
    yield _choice("severity", "Severity", severities)
    yield _choice("verdict", "Verdict", sorted({one.verdict for one in shown}))
    yield _choice("state", "State", sorted({_state(one) for one in shown}))
    yield _choice("pack", "Pack", sorted({one.rule.pack for one in shown}))
    yield _choice("file", "File", sorted({tidy(one.file) for one in shown}))
    yield '<button type="button" id="subject" title="Show all" hidden></button>'
    yield f'<output id="count">{plural(len(shown), "finding")}</output>'
    yield "</form>"
    yield '<p id="none" hidden>No finding is like that.</p>'


def _choice(name: str, label: str, words: Iterable[str]) -> str:
    options = "".join(f'<option value="{_text(word)}">{_text(word)}</option>' for word in words)
    return f'<label>{label} <select id="{name}"><option value="">any</option>{options}</select></label>'


def _state(finding: Finding) -> str:
    if finding.waived is not None:
        return "waived"
    return "known" if finding.known else "open"


def _anchors(shown: list[Finding]) -> list[str]:
    """An id for each finding by its fingerprint, which those of copies of a template share."""
    counts: dict[str, int] = {}
    anchors: list[str] = []
    for finding in shown:
        count = counts[finding.fingerprint] = counts.get(finding.fingerprint, 0) + 1
        anchors.append(f"f-{finding.fingerprint}{f'-{count}' if count > 1 else ''}")
    return anchors


def _exposures(drawings: list[tuple[Picture, tuple[str, ...]]], anchors: Mapping[int, str]) -> Iterator[str]:
    """For each template whose code strangers get to a drawing to unfold; its nodes link to their gravest finding."""
    if not drawings:
        return
    heading = f"<h2>What strangers get to: {plural(len(drawings), 'drawing')}</h2>"
    yield f'<details id="exposure"{_open(len(drawings))}><summary>{heading}</summary>{LEGEND}'
    certain_first = sorted(drawings, key=lambda drawing: not any(node.exposed for node in drawing[0].nodes))
    for number, (picture, environments) in enumerate(certain_first):
        links = {node.id: anchors[id(min(node.findings, key=_rank))] for node in picture.nodes if node.findings}
        findings = sum(len(node.findings) for node in picture.nodes)
        resources = sum(node.exposed and node.what == "resource" for node in picture.nodes)
        reached = f"{plural(resources, 'resource')} on a path" if resources else "perhaps"
        where = f" in {_text(', '.join(environments))}" if environments else ""
        file = _text(tidy(picture.title))
        yield f'<details class="exposure" data-file="{file}"{" open" if len(drawings) == 1 else ""}>'
        yield f"<summary>{file}{where} <small>{reached}, {plural(findings, 'finding')}</small></summary>"
        yield f'<div tabindex="0">{svg(picture, OnPage(links, f"d{number}-"))}</div>'
        yield "</details>"
    yield "</details>"


def _finding(finding: Finding, anchor: str) -> Iterator[str]:
    rule = finding.rule
    data = {
        "severity": finding.severity.word,
        "verdict": finding.verdict,
        "state": _state(finding),
        "pack": rule.pack,
        "file": tidy(finding.file),
        "subject": node_of(finding),
        "words": " ".join(
            (rule.id, rule.title, finding.resource, finding.resource_type, finding.file, finding.message)
        ),
    }
    attributes = " ".join(
        f'data-{name}="{_text(value.lower() if name == "words" else value)}"' for name, value in data.items()
    )
    yield f'<article id="{_text(anchor)}" class="{_state(finding)}" {attributes}>'
    maybe = " <i>maybe</i>" if finding.verdict == "maybe" else ""
    word = finding.severity.word
    yield f'<h2><span class="severity {word}">{word}</span>{maybe} {_text(rule.title)}</h2>'
    begin = finding.place.span.begin
    place = f"{tidy(finding.file)}:{begin.line}:{begin.column}"
    subject = f" <b>{_text(finding.resource)}</b> {_text(finding.resource_type)}" if finding.resource else ""
    yield f'<p class="place"><code>{_text(place)}</code>{subject} <code>{_text(rule.id)}</code></p>'
    yield f'<p class="message">{_text(finding.message)}</p>'
    yield from _circumstances(finding)
    yield _frame(finding.place)
    yield from _related(finding)
    yield from _reasons(rule)
    yield "</article>"


def _circumstances(finding: Finding) -> Iterator[str]:
    about = circumstances(finding)
    if about:
        yield f"<p>{_text(about)}</p>"
    if finding.construct:
        yield f"<p>construct <code>{_text(finding.construct)}</code></p>"
    if finding.waived is not None:
        until = f", until {_text(finding.waived.until)}" if finding.waived.until else ""
        owner = f", owner {_text(finding.waived.owner)}" if finding.waived.owner else ""
        why = f"{_text(finding.waived.reason)}{until}{owner}"
        yield f"<p>waived at <code>{_text(finding.waived.source)}</code>: {why}</p>"


def _frame(place: Place) -> str:
    """The lines around a place with their numbers, the marked ones set off."""
    frame = code_frame(place.span, most=_MOST_LINES)
    rows = []
    for offset, (line, mark) in enumerate(zip(frame.lines, frame.marks, strict=True)):
        code = _text(line)
        if mark is not None:
            left, right = mark
            code = f"{_text(line[:left])}<mark>{_text(line[left:right]) or ' '}</mark>{_text(line[right:])}"
        rows.append(f'<span class="line"><i>{frame.first + offset}</i>{code}</span>')
    return f"<pre><code>{chr(10).join(rows)}</code></pre>"


def _related(finding: Finding) -> Iterator[str]:
    if not finding.related:
        return
    yield '<ol class="related">'
    for place in finding.related:
        begin = place.span.begin
        where = f"{tidy(place.span.source.name)}:{begin.line}:{begin.column}"
        yield f"<li>{_text(place.label)} <code>{_text(where)}</code></li>"
    yield "</ol>"


def _reasons(rule: RuleInfo) -> Iterator[str]:
    yield "<details><summary>Why, and how to fix it</summary>"
    yield from (f"<p>{_text(text)}</p>" for text in (rule.because, rule.remediation) if text)
    for link in rule.see:
        if link.startswith("https://"):
            yield f'<p><a href="{_text(link)}" rel="noreferrer">{_text(link)}</a></p>'
    maps = "; ".join(f"{name}: {', '.join(ids)}" for name, ids in rule.maps.items() if ids)
    if maps:
        yield f'<p class="maps">{_text(maps)}</p>'
    yield "</details>"


def _text(text: str) -> str:
    return escape(clean(text))


REPORTER: Final = Html()
