"""Every scalar in the properties of a resource, walked once: its guard, its place and its value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.values import Absent, Known, ListValue, MapValue, ResourceValue, Text, Unknown, Value, cases_of

__all__ = ["Leaf", "leaves"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that is neither a list nor a map; `path` are the keys to it, and `guard` is where it is there."""

    path: tuple[str, ...]
    guard: Guard
    plain: Known | Text | Unknown

    def mentions(self) -> tuple[str, ...]:
        """The logical ids of the resources that go into the value."""
        match self.plain:
            case Known():
                return ()
            case Text():
                return tuple(dict.fromkeys(logical_id for logical_id, _ in self.plain.mentions()))
            case Unknown():
                return tuple(dict.fromkeys(logical_id for logical_id, _ in self.plain.mentions))


def leaves(stack: Stack, resource: ResourceValue) -> tuple[Leaf, ...]:
    """The leaves of a resource's properties that may name something: all but numbers and booleans."""
    key = f"leaves {resource.resource.logical_id} {resource.resource.resource_type}"
    return stack.once(key, lambda: tuple(_walk(resource.properties, (), resource.guard)))


def _walk(value: Value, path: tuple[str, ...], guard: Guard) -> Iterator[Leaf]:
    for inner, plain in cases_of(value):
        there = guard & inner
        if there is FALSE:
            continue
        match plain:
            case Known():
                if isinstance(plain.data, str):
                    yield Leaf(path, there, plain)
            case Text() | Unknown():
                yield Leaf(path, there, plain)
            case ListValue():
                for item in plain.items:
                    yield from _walk(item.value, path, there & item.guard)
            case MapValue():
                for name in plain.names():
                    yield from _walk(plain.get(name), (*path, name), there)
            case Absent():
                pass
            case _:
                pass
