"""A drawing as SVG: boxes with logical id and type, lines with arrow heads, frames around nested stacks.

Colours come from variables that a page may set, with fallbacks for a file of its own, in light and dark. Texts are
measured by a table of widths, as no fonts are at hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final

from stackwarden.report._text import clean
from stackwarden.report.drawing.layout.nested import Frame, nested
from stackwarden.report.drawing.layout.shapes import Link, Point, Size
from stackwarden.report.drawing.picture import Line, Node, Picture, names_of, sentence

__all__ = ["STYLE", "OnPage", "svg"]

_MARGIN: Final = 24.0
_HEIGHT: Final = 46.0
_LEAST, _MOST = 110.0, 250.0
_WIDE: Final = frozenset("MWmw@%")
_THIN: Final = frozenset("ijltfrI.,:;|!'()[] /-")
_NAME_WIDTH, _ABOUT_WIDTH = 7.8, 6.6  # of an ordinary character
_CJK: Final = 0x1100
_LABEL: Final = 112.0
_FEW: Final = 80  # lines up to which all tell their kind; of more, a page tells it on hover
STYLE: Final = """\
.drawing { font: 13px system-ui, sans-serif; color: var(--text, #1c2128); }
.drawing rect { fill: var(--ground, #ffffff); stroke: var(--faint, #59636e); }
.drawing .frame rect { fill: var(--raised, #f3f5f7); stroke-dasharray: 2 3; }
.drawing text { fill: var(--text, #1c2128); stroke: none; }
.drawing .about, .drawing .line text, .drawing .frame text { fill: var(--faint, #59636e); font-size: 11px; }
.drawing .line text { paint-order: stroke; stroke: var(--ground, #ffffff); stroke-width: 4px; }
.drawing path { fill: none; stroke: var(--faint, #59636e); stroke-width: 1.2; }
.drawing marker path { fill: var(--faint, #59636e); stroke: none; }
.drawing .open rect, .drawing .open path { stroke-dasharray: 5 4; }
.drawing .exposed rect, .drawing .exposed path { stroke: var(--exposed, #c0392b); stroke-width: 2.4; }
.drawing marker.hot path { fill: var(--exposed, #c0392b); }
.drawing .exposed .kind { fill: var(--exposed, #c0392b); }
.drawing .badge circle { fill: var(--critical, #8f1d3f); }
.drawing .badge.medium circle { fill: var(--medium, #805300); }
.drawing .badge.low circle, .drawing .badge.info circle { fill: var(--low, #2c5d86); }
.drawing .badge text { fill: var(--ground, #ffffff); font-size: 11px; font-weight: 700; }
@media (prefers-color-scheme: dark) { svg.drawing.alone { --text: #dfe3e8; --ground: #14181d; --raised: #1e242b;
  --faint: #9aa4af; --exposed: #ff8a7a; --critical: #ff8aa8; --medium: #e8b849; --low: #8cc0f0;
  background: #14181d; } }
"""


@dataclass(frozen=True, slots=True)
class OnPage:
    """How a drawing is part of a page: the ids of the page's elements that nodes link to (by the nodes' ids), and what
    its own ids begin with, where the page has several drawings."""

    links: Mapping[str, str]
    prefix: str = ""


def svg(picture: Picture, page: OnPage | None = None) -> str:
    """The drawing as an SVG element: a file of its own, or a part of a page, which brings `STYLE` and the colours."""
    boxes = {node.id: Size(_width(node), _HEIGHT) for node in picture.nodes}
    frames = {node.id: node.frame for node in picture.nodes}
    links = list(dict.fromkeys((line.source, line.target) for line in picture.lines))
    made = nested(boxes, frames, links)
    anchors = {name: _text(link) for name, link in page.links.items()} if page is not None else {}
    prefix = page.prefix if page is not None else ""
    size = made.layout.size
    width, height = size.width + 2 * _MARGIN, size.height + 2 * _MARGIN
    start = f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing{" alone" if page is None else ""}" '
    role = "group" if anchors else "img"  # what is in an image cannot be chosen by key
    parts = [
        f'{start}viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" role="{role}">',
        f"<title>{_text(picture.title)}</title>",
        *((f"<style>\n{STYLE}</style>",) if page is None else ()),
        f"<defs>{_marker(f'{prefix}end', '')}{_marker(f'{prefix}end-exposed', ' hot')}</defs>",
        f'<g transform="translate({_MARGIN:.0f} {_MARGIN:.0f})">',
        *(_frame(frame) for frame in made.frames),
        *_lines(picture, made.layout.routes, anchors, prefix),
        *(_node(one, made.layout.places[one.id], boxes[one.id], anchors.get(one.id, "")) for one in picture.nodes),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts)


def _frame(frame: Frame) -> str:
    x, y = frame.place
    label = _text(frame.name.rpartition("/")[2])
    rect = f'<rect x="{x:.0f}" y="{y:.0f}" width="{frame.size.width:.0f}" height="{frame.size.height:.0f}" rx="10"/>'
    return f'<g class="frame">{rect}<text x="{x + 12:.0f}" y="{y + 19:.0f}">{label}</text></g>'


def _node(node: Node, place: Point, size: Size, anchor: str) -> str:
    x, y = place
    classes = _classes("node", node.what, open=node.what != "resource" or bool(node.when), exposed=node.exposed)
    told = (node.id, node.about, *((f"when {node.when}",) if node.when else ()))
    title = "\n".join(map(_text, told))
    rect = f'<rect x="{x:.0f}" y="{y:.0f}" width="{size.width:.0f}" height="{size.height:.0f}" rx="7"/>'
    room = size.width - 20
    name = f'<text class="name" x="{x + 10:.0f}" y="{y + 20:.0f}">{_text(_cut(node.label, room, _NAME_WIDTH))}</text>'
    about = (
        f'<text class="about" x="{x + 10:.0f}" y="{y + 36:.0f}">{_text(_cut(_about(node), room, _ABOUT_WIDTH))}</text>'
    )
    inner = f"<title>{title}</title>{rect}{name}{about}{_badge(node, x + size.width, y)}"
    if not anchor:
        return f'<g class="{classes}">{inner}</g>'
    return f'<a class="{classes}" href="#{anchor}" data-node="{anchor}">{inner}</a>'


def _badge(node: Node, x: float, y: float) -> str:
    """How many findings there are, in the colour of the worst."""
    if not node.findings:
        return ""
    worst = max(finding.severity for finding in node.findings)
    text = f'<text x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle">{len(node.findings)}</text>'
    return f'<g class="badge {worst.word}"><circle cx="{x:.0f}" cy="{y:.0f}" r="10"/>{text}</g>'


def _lines(
    picture: Picture, routes: Mapping[Link, tuple[Point, ...]], anchors: Mapping[str, str], prefix: str
) -> Iterator[str]:
    """Lines between the same nodes share a path, and their words stand one below the other."""
    told = len(picture.lines) <= _FEW
    names = names_of(picture)
    groups: dict[Link, list[Line]] = {}
    for line in picture.lines:
        groups.setdefault((line.source, line.target), []).append(line)
    for link, lines in groups.items():
        points = routes.get(link)
        if points is None:
            continue  # a loop says nothing that the node does not
        classes = _classes("line", open=all(line.dashed for line in lines), exposed=any(line.exposed for line in lines))
        head = "end-exposed" if any(line.exposed for line in lines) else "end"
        title = "\n".join(_text(sentence(line, names)) for line in lines)
        ends = f' data-from="{anchors[link[0]]}" data-to="{anchors[link[1]]}"' if anchors.keys() >= {*link} else ""
        path = f'<path d="{_curve(points)}" marker-end="url(#{prefix}{head})"/>'
        yield f'<g class="{classes}"{ends}><title>{title}</title>{path}{_labels(lines, points) if told else ""}</g>'


def _labels(lines: list[Line], points: tuple[Point, ...]) -> str:
    """Kinds, and settings under them where a line is not always there, in the gap after the first node."""
    (x, y), (u, v) = points[0], points[1]
    rows = [row for line in lines for row in (line.words, f"when {line.when}" if line.when else "") if row]
    middle, level = (x + u) / 2, (y + v) / 2 - 6 * (len(rows) - 1) + 4
    return "".join(
        f'<text class="kind" x="{middle:.0f}" y="{level + 12 * index:.0f}" text-anchor="middle">'
        f"{_text(_cut(row, _LABEL, _ABOUT_WIDTH))}</text>"
        for index, row in enumerate(dict.fromkeys(rows))
    )


def _curve(points: tuple[Point, ...]) -> str:
    parts = [f"M{points[0][0]:.0f} {points[0][1]:.0f}"]
    for (x, y), (u, v) in pairwise(points):
        middle = (x + u) / 2
        flat = abs(y - v) < 1
        parts.append(f"L{u:.0f} {v:.0f}" if flat else f"C{middle:.0f} {y:.0f} {middle:.0f} {v:.0f} {u:.0f} {v:.0f}")
    return " ".join(parts)


def _width(node: Node) -> float:
    wanted = max(_length(node.label, _NAME_WIDTH), _length(_about(node), _ABOUT_WIDTH)) + 24
    return min(max(wanted, _LEAST), _MOST)


def _length(text: str, each: float) -> float:
    """About how wide a text is; CJK characters are as wide as high."""
    return sum(
        each * (1.9 if ord(char) > _CJK else 1.35 if char in _WIDE else 0.6 if char in _THIN else 1.0) for char in text
    )


def _cut(text: str, room: float, each: float) -> str:
    if _length(text, each) <= room:
        return text
    while text and _length(text, each) > room - 1.5 * each:
        text = text[:-1]
    return f"{text}…"


def _about(node: Node) -> str:
    """The type without its vendor, and the settings under which the node is there: `Lambda Function · when …`."""
    about = node.about.removeprefix("AWS::").replace("::", " ")
    return f"{about} · when {node.when}" if node.when else about


def _classes(*names: str, **flags: bool) -> str:
    return " ".join((*names, *(name for name, on in flags.items() if on)))


def _text(text: str) -> str:
    """Text of an element or attribute: no markup, and no character that XML does not allow."""
    return escape("".join(char for char in clean(text) if _is_xml(ord(char))))


def _is_xml(code: int) -> bool:
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _marker(name: str, more: str) -> str:
    shape = '<path d="M0 0 L8 4 L0 8 z"/>'
    return (
        f'<marker id="{name}" class="head{more}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        f'markerUnits="userSpaceOnUse" orient="auto">{shape}</marker>'
    )
