"""From a node to the place that people see: keys and indices from the top, and the span to mark."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.run.finding import Place
from stackwarden.source import Span
from stackwarden.template.model import Template
from stackwarden.template.nodes import Entry, Mapping, Node, Scalar, Sequence, is_function

__all__ = ["included_at", "place_of", "resource_place", "stands_in", "template_with"]

_SMALL: Final = 32
_Step = tuple[str | int, Node, tuple[int, int] | None]
"""The key or index of a child, the child, and the place of the key."""


def place_of(template: Template, node: Node, label: str = "") -> Place:
    """The place of a node: a scalar or function is marked itself, of anything larger its key.

    A node that the author gave an anchor stands where the anchor is. `Properties` and whole resources are marked at
    the logical id.
    """
    path: list[str | int] = []
    key: tuple[int, int] | None = None
    current: Node = template.root
    for step in _way(template, node):
        name, following, place = step
        path.append(name)
        key = place if place is not None else key if isinstance(current, Mapping) else None
        current = following
    if current is not node:
        own = _key_at(current, node)
        if own is not None:
            path.append(own.key)
            key = (own.start, own.end)
    if len(path) == 3 and path[0] == "Resources" and path[2] == "Properties" and not is_function(node):
        resource = template.written.get(str(path[1])) or template.resources.get(str(path[1]))
        key = resource.key if resource is not None else key
    span = _span(template, node, key)
    return Place(tuple(path), span, label)


def resource_place(template: Template, logical_id: str, label: str = "") -> Place:
    """The place of a resource: its logical id."""
    resource = template.resources.get(logical_id) or template.written[logical_id]
    start, end = resource.key
    return Place(("Resources", logical_id), template.source.span(start, end), label)


def stands_in(template: Template, node: Node) -> bool:
    """Whether a node is one of the template's own as written, not one of another template or made by a transform."""
    current: Node = template.root
    for _, following, _ in _way(template, node):
        current = following
    return current is node


def included_at(template: Template, node: Node) -> Iterator[Span]:
    """The places where the snippets are included that a node stands in, the innermost first."""
    inclusion = template.inclusion(node)
    while inclusion is not None:
        yield template.source.span(*inclusion.at)
        inclusion = template.inclusion(inclusion.holder)


def template_with(stack: Stack, own: Template, node: Node) -> Template:
    """The template of a stack that a node stands in: nearly always the subject's own."""
    if len(stack.resolvers) == 1 or stands_in(own, node):
        return own
    others = (resolver.template for resolver in stack.resolvers)
    return next((template for template in others if stands_in(template, node)), own)


def _span(template: Template, node: Node, key: tuple[int, int] | None) -> Span:
    if isinstance(node, Scalar) or is_function(node) or key is None:
        end = template.source.text.find("\n", node.start, node.end)
        return template.source.span(node.start, node.end if end < 0 or isinstance(node, Scalar) else end)
    return template.source.span(*key)


def _key_at(current: Node, node: Node) -> Entry | None:
    """The entry at whose key a node stands: what a transform adds points at what it was made for."""
    if not isinstance(current, Mapping):
        return None
    return next((entry for entry in current if entry.start <= node.start and node.end <= entry.end), None)


def _way(template: Template, node: Node) -> Iterator[_Step]:
    """The steps from the root as far as they lead to a node: through the objects that snippets were put into."""
    stations = [node]
    while (inclusion := template.inclusion(stations[-1])) is not None:
        stations.append(inclusion.holder)
    current: Node = template.root
    for station in reversed(stations):
        while current is not station:
            step = _step(current, station)
            if step is None:
                return
            yield step
            current = step[1]


def _step(current: Node, node: Node) -> _Step | None:
    """The child of `current` that is, or holds, `node`."""
    match current:
        case Mapping():
            near = _entry_before(current, node.start)
            if near is not None and (near.value is node or _holds(near.value, node)):
                return near.key, near.value, (near.start, near.end)
            for entry in current:
                if entry.value is node:
                    return entry.key, entry.value, (entry.start, entry.end)
            for entry in current:
                if _holds(entry.value, node):
                    return entry.key, entry.value, (entry.start, entry.end)
        case Sequence():
            for index, item in enumerate(current.items):
                if item is node or _holds(item, node):
                    return index, item, None
        case Scalar():
            pass
    return None


def _holds(outer: Node, node: Node) -> bool:
    return outer.start <= node.start and node.end <= outer.end


def _entry_before(mapping: Mapping, offset: int) -> Entry | None:
    """The last entry of a large mapping whose key starts at or before an offset; a small one is searched as it is."""
    if len(mapping.entries) <= _SMALL:
        return None
    starts, entries = _in_order(mapping)
    index = bisect_right(starts, offset) - 1
    return entries[index] if index >= 0 else None


@lru_cache(maxsize=16)
def _in_order(mapping: Mapping) -> tuple[list[int], list[Entry]]:
    entries = sorted(mapping, key=lambda entry: entry.start)
    return [entry.start for entry in entries], entries
