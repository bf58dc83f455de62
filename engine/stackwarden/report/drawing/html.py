"""A drawing as one self-contained page: the SVG, and below it a list of the nodes with their findings.

It reads without JavaScript: a node links to its entry in the list. With it, a click shows the entry beside the drawing
and what the node is joined to. Nothing is loaded from elsewhere, and only the page's own script may run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from html import escape
from typing import Final

from stackwarden.report._static import static
from stackwarden.report._text import clean, plural
from stackwarden.report.drawing.picture import Line, Node, Picture, names_of, sentence
from stackwarden.report.drawing.svg import STYLE, OnPage, svg
from stackwarden.run.finding import Finding
from stackwarden.run.when import circumstances

__all__ = ["LEGEND", "html", "page_style"]


def html(picture: Picture) -> str:
    """The page of a drawing."""
    names = names_of(picture)
    script = static(__package__, "drawing.js")
    style = static(__package__, "drawing.css") + page_style()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_digest(script)}'"
    resources = sum(node.what == "resource" for node in picture.nodes)
    findings = sum(len(node.findings) for node in picture.nodes)
    about = f"{plural(resources, 'resource')}, {plural(len(picture.lines), 'line')}, {plural(findings, 'finding')}"
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_text(picture.title)}</title>",
            f"<style>\n{style}</style>",
            "</head>",
            "<body>",
            f"<header><h1>{_text(picture.title)}</h1><p>{about}</p>{LEGEND}",
            f"{_ZOOM}</header>",
            '<div id="drawing" tabindex="0" role="group" aria-label="Drawing">',
            svg(picture, OnPage({node.id: f"node-{number}" for number, node in enumerate(picture.nodes)})),
            "</div>",
            '<aside id="shown" hidden aria-live="polite"><button aria-label="Close">×</button><div></div></aside>',
            "<main>",
            "<h2>Resources</h2>",
            *(line for number, node in enumerate(picture.nodes) for line in _entry(number, node, picture, names)),
            "</main>",
            f"<script>\n{script}</script>",
            "</body>",
            "</html>",
            "",
        )
    )


_ZOOM: Final = (
    '<p id="zoom" hidden><button data-zoom="out">−</button> <button data-zoom="in">+</button> '
    '<button data-zoom="fit">fit</button></p>'
)
LEGEND: Final = (
    '<p class="legend"><span class="solid">always there</span> <span class="dashed">under some settings, or not in '
    'the template</span> <span class="hot">strangers get there</span></p>'
)


def page_style() -> str:
    """The style of drawings and of their legend on a page that has variables for its colours."""
    return static(__package__, "legend.css") + STYLE


def _digest(script: str) -> str:
    """The hash of the script as it stands between its tags, for the page's policy (CSP Level 3)."""
    return base64.b64encode(hashlib.sha256(f"\n{script}".encode()).digest()).decode()


def _entry(number: int, node: Node, picture: Picture, names: Mapping[str, str]) -> Iterator[str]:
    yield f'<section id="node-{number}">'
    yield f"<h3>{_text(names[node.id])} <small>{_text(node.about)}</small></h3>"
    if node.when:
        yield f"<p>There when {_text(node.when)}.</p>"
    if node.findings:
        yield '<ul class="findings">'
        for finding in sorted(node.findings, key=lambda one: (one.verdict == "maybe", -one.severity)):
            yield _finding(finding)
        yield "</ul>"
    lines = [line for line in picture.lines if node.id in (line.source, line.target)]
    if lines:
        yield '<ul class="lines">'
        yield from (f"<li{_exposed(line)}>{_text(sentence(line, names))}</li>" for line in lines)
        yield "</ul>"
    yield "</section>"


def _finding(finding: Finding) -> str:
    begin = finding.place.span.begin
    maybe = " (maybe)" if finding.verdict == "maybe" else ""
    badge = f'<b class="severity {finding.severity.word}">{finding.severity.word}{maybe}</b>'
    about = circumstances(finding)
    where = f"{finding.file}:{begin.line}:{begin.column}"
    text = f"{finding.message} — {finding.rule.id}, {where}{f' ({about})' if about else ''}"
    return f"<li>{badge} {_text(text)}</li>"


def _exposed(line: Line) -> str:
    return ' class="hot"' if line.exposed else ""


def _text(text: str) -> str:
    return escape(clean(text))
