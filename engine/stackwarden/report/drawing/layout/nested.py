"""Boxes in frames within frames: each frame is laid out by itself and is a box of the one around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from stackwarden.report.drawing.layout.layered import layered
from stackwarden.report.drawing.layout.shapes import Layout, Link, Point, Size

__all__ = ["Frame", "Nested", "nested"]

_EDGE: Final = 18.0
_HEAD: Final = 30.0
_SEPARATOR: Final = "/"


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame: its name (`Outer/Inner`), place and size."""

    name: str
    place: Point
    size: Size


@dataclass(frozen=True, slots=True)
class Nested:
    """A layout with its frames, outer ones first."""

    layout: Layout
    frames: tuple[Frame, ...]


@dataclass(slots=True)
class _Group:
    name: str
    members: dict[str, None] = field(default_factory=dict)


def nested(boxes: Mapping[str, Size], frame_of: Mapping[str, str], links: Sequence[Link]) -> Nested:
    """The layout of boxes of which each is in a frame (empty: in none). Links may cross frames."""
    names = {""} | {part for name in frame_of.values() for part in _above(name)}
    groups = {name: _Group(name) for name in sorted(names)}
    for box in boxes:
        groups[frame_of.get(box, "")].members[box] = None
    made: dict[str, Layout] = {}
    for name in sorted(names, key=lambda one: -_depth(one)):
        inner = [one for one in groups if one and _parent(one) == name]
        sizes = {_key(one): _framed(made[one].size) for one in inner}
        sizes.update({box: boxes[box] for box in groups[name].members})
        made[name] = layered(sizes, _lifted(name, frame_of, links))
    places: dict[str, Point] = {}
    routes: dict[Link, tuple[Point, ...]] = {}
    frames: list[Frame] = []
    _unfold("", (0.0, 0.0), made, (places, routes, frames))
    for link in links:
        if link not in routes and link[0] != link[1]:
            routes[link] = _direct(link, boxes, places)
    own = {link: routes[link] for link in links if link in routes}
    return Nested(Layout(places, own, made[""].size), tuple(frames))


def _unfold(
    name: str,
    at: Point,
    made: Mapping[str, Layout],
    into: tuple[dict[str, Point], dict[Link, tuple[Point, ...]], list[Frame]],
) -> None:
    """Puts a frame's layout at its place, and those of the frames within it."""
    places, routes, frames = into
    moved = made[name].moved(at)
    routes.update({link: points for link, points in moved.routes.items() if not any(map(_is_key, link))})
    for key, place in moved.places.items():
        if not _is_key(key):
            places[key] = place
            continue
        inner = key[1:]
        frames.append(Frame(inner, place, _framed(made[inner].size)))
        _unfold(inner, (place[0] + _EDGE, place[1] + _HEAD), made, into)


def _lifted(name: str, frame_of: Mapping[str, str], links: Sequence[Link]) -> list[Link]:
    """The links between what stands directly in a frame: boxes, and the frames that hold the ends."""
    found: dict[Link, None] = {}
    for link in links:
        ends = [_member(name, box, frame_of.get(box, "")) for box in link]
        if ends[0] is not None and ends[1] is not None and (ends[0] != ends[1] or ends[0] == link[0]):
            found[(ends[0], ends[1])] = None
    return list(found)


def _member(name: str, box: str, frame: str) -> str | None:
    if frame == name:
        return box
    prefix = f"{name}{_SEPARATOR}" if name else ""
    if not frame.startswith(prefix):
        return None
    return _key(prefix + frame[len(prefix) :].partition(_SEPARATOR)[0])


def _direct(link: Link, boxes: Mapping[str, Size], places: Mapping[str, Point]) -> tuple[Point, ...]:
    """A link between frames: from edge to edge, out of the side that faces the other end."""
    (x, y), (u, v) = places[link[0]], places[link[1]]
    one, other = boxes[link[0]], boxes[link[1]]
    forwards = x + one.width / 2 <= u + other.width / 2
    start = (x + one.width if forwards else x, y + one.height / 2)
    return (start, (u if forwards else u + other.width, v + other.height / 2))


def _framed(size: Size) -> Size:
    return Size(size.width + 2 * _EDGE, size.height + _HEAD + _EDGE)


def _above(name: str) -> list[str]:
    parts = name.split(_SEPARATOR) if name else []
    return [_SEPARATOR.join(parts[: index + 1]) for index in range(len(parts))]


def _parent(name: str) -> str:
    return name.rpartition(_SEPARATOR)[0]


def _depth(name: str) -> int:
    return len(_above(name))


def _key(name: str) -> str:
    return f"\1{name}"


def _is_key(name: str) -> bool:
    return name.startswith("\1")
