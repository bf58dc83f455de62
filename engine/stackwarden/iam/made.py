"""Objects that no template writes as such, made of values: policies in JSON text, statements in other words."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnlyMapping

from stackwarden.resolve.values import Absent, MapValue, Value
from stackwarden.template.nodes import Entry, Mapping, Node, Scalar

__all__ = ["made_map"]


class _Made:
    """Resolves the nodes that stand for given values."""

    __slots__ = ("_values",)

    def __init__(self, values: dict[int, Value]) -> None:
        self._values = values

    def resolve(self, node: Node) -> Value:
        return self._values[id(node)]


def made_map(values: ReadOnlyMapping[str, Value], origin: Node, *, is_open: bool = False) -> MapValue:
    """A mapping of the given values, all of which count as written at `origin`; absent ones are left out."""
    entries: dict[str, Entry] = {}
    by_node: dict[int, Value] = {}
    for key, value in values.items():
        if isinstance(value, Absent):
            continue
        node = Scalar(None, "", False, origin.start, origin.end)
        entries[key] = Entry(key, node, origin.start, origin.end)
        by_node[id(node)] = value
    made = MapValue(Mapping(entries, origin.start, origin.end), _Made(by_node), is_open=is_open)
    made.origin = origin
    return made
