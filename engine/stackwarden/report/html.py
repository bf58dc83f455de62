"""One self-contained HTML file: every finding with its lines, to be filtered and searched, printed, and read anywhere.

It reads well without JavaScript, which only filters. Nothing in it is loaded from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Final

import stackwarden
from stackwarden.diagnostics import Severity, code_frame
from stackwarden.report._text import clean, plural, tidy
from stackwarden.run.finding import FileError, Finding, Place, Report, RuleInfo
from stackwarden.run.when import circumstances

__all__ = ["REPORTER", "Html"]

_MOST_LINES: Final = 12


@dataclass(frozen=True, slots=True)
class Html:
    """The report as a page; `before` are lines of HTML that stand before the findings, `style` is CSS for them."""

    name: str = "html"
    before: tuple[str, ...] = ()
    style: str = ""

    def render(self, report: Report) -> str:
        shown = sorted(report.shown(maybe=True), key=_rank)
        return "\n".join(
            (
                "<!doctype html>",
                '<html lang="en">',
                "<head>",
                '<meta charset="utf-8">',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                "<title>stackwarden report</title>",
                f"<style>\n{_static('report.css')}{self.style}</style>",
                "</head>",
                "<body>",
                *_head(report, shown),
                *_errors(report),
                *_notices(report),
                *self.before,
                *_filters(shown),
                '<main id="findings">',
                *(line for finding in shown for line in _finding(finding)),
                "</main>",
                f"<script>\n{_static('report.js')}</script>",
                "</body>",
                "</html>",
                "",
            )
        )


def _static(name: str) -> str:
    return (files(__package__) / "static" / name).read_text(encoding="utf-8")


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
        yield '<section class="errors"><h2>Not read in full, or told by the way</h2><ul>'
        yield from (_error(error) for error in report.errors)
        yield "</ul></section>"


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


def _finding(finding: Finding) -> Iterator[str]:
    rule = finding.rule
    data = {
        "severity": finding.severity.word,
        "verdict": finding.verdict,
        "state": _state(finding),
        "pack": rule.pack,
        "file": tidy(finding.file),
        "words": " ".join(
            (rule.id, rule.title, finding.resource, finding.resource_type, finding.file, finding.message)
        ),
    }
    attributes = " ".join(
        f'data-{name}="{_text(value.lower() if name == "words" else value)}"' for name, value in data.items()
    )
    yield f'<article id="f-{_text(finding.fingerprint)}" class="{_state(finding)}" {attributes}>'
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
