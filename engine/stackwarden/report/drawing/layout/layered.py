"""Boxes and links, laid out: what hangs together in layers, one such part beside or below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from stackwarden.report.drawing.layout.heights import heights_of
from stackwarden.report.drawing.layout.layers import layers_of, without_circles
from stackwarden.report.drawing.layout.order import Ordered, ordered
from stackwarden.report.drawing.layout.shapes import Layout, Link, Point, Size

__all__ = ["layered"]

_ACROSS: Final = 120.0  # between layers, room for links and their words
_BETWEEN: Final = 22.0  # between boxes of a layer
_APART: Final = 44.0  # between parts that do not hang together
_WIDTH: Final = 1500.0  # from which on a new row of parts begins


def layered(boxes: Mapping[str, Size], links: Sequence[Link]) -> Layout:
    """The layout of boxes, by id, and of links between them; links to themselves have no route."""
    parts = [_part(names, boxes, links) for names in _together(boxes, links)]
    return _packed(sorted(parts, key=lambda part: -len(part.places)))


def _together(boxes: Mapping[str, Size], links: Sequence[Link]) -> list[list[str]]:
    """The ids in groups that links hold together, in order."""
    near: dict[str, list[str]] = {name: [] for name in boxes}
    for source, target in links:
        near[source].append(target)
        near[target].append(source)
    group: dict[str, int] = {}
    groups: list[list[str]] = []
    for start in boxes:
        if start in group:
            continue
        todo = [start]
        group[start] = len(groups)
        for name in todo:
            for other in near[name]:
                if other not in group:
                    group[other] = len(groups)
                    todo.append(other)
        groups.append([name for name in boxes if group.get(name) == len(groups)])
    return groups


def _part(names: Sequence[str], boxes: Mapping[str, Size], links: Sequence[Link]) -> Layout:
    known = set(names)
    own = [link for link in links if link[0] in known]
    straight = without_circles(names, own)
    made = ordered(names, straight, layers_of(names, straight))
    middles = heights_of(made, {name: boxes[name].height for name in names}, _BETWEEN)
    widths = [max((boxes[name].width for name in row if name in boxes), default=0.0) for row in made.rows]
    lefts = [sum(widths[:index]) + _ACROSS * index for index in range(len(widths))]
    places: dict[str, Point] = {}
    spots: dict[str, tuple[float, float, float]] = {}
    for row, left, width in zip(made.rows, lefts, widths, strict=True):
        for name in row:
            size = boxes.get(name, Size(width, 0.0))
            at = left + (width - size.width) / 2
            spots[name] = (at, at + size.width, middles[name])
            if name in boxes:
                places[name] = (at, middles[name] - size.height / 2)
    routes = {link: _route(link, made, spots) for link in own if link[0] != link[1]}
    bottom = max((y + boxes[name].height for name, (_, y) in places.items()), default=0.0)
    bottom = max([bottom, *(y for points in routes.values() for _, y in points)])
    return Layout(places, routes, Size(lefts[-1] + widths[-1], bottom))


def _route(link: Link, made: Ordered, spots: Mapping[str, tuple[float, float, float]]) -> tuple[Point, ...]:
    """From the right edge of the source to the left edge of the target; the other way round where it was turned."""
    backwards = link not in made.chains
    chain = made.chains[(link[1], link[0])] if backwards else made.chains[link]
    first, *inner, last = chain
    points: list[Point] = [(spots[first][1], spots[first][2])]
    for name in inner:
        left, right, y = spots[name]
        points += [(left, y), (right, y)]
    points.append((spots[last][0], spots[last][2]))
    return tuple(reversed(points)) if backwards else tuple(points)


def _packed(parts: Sequence[Layout]) -> Layout:
    """Parts in rows from left to right."""
    places: dict[str, Point] = {}
    routes: dict[Link, tuple[Point, ...]] = {}
    limit = max([_WIDTH, *(part.size.width for part in parts)])
    x = y = row = width = 0.0
    for part in parts:
        if x and x + part.size.width > limit:
            x, y, row = 0.0, y + row + _APART, 0.0
        moved = part.moved((x, y))
        places.update(moved.places)
        routes.update(moved.routes)
        width = max(width, x + part.size.width)
        row = max(row, part.size.height)
        x += part.size.width + _APART
    return Layout(places, routes, Size(width, y + row))
