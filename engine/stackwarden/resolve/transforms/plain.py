"""Nodes as plain Python data that remembers where it comes from, and back.

Libraries that transform templates take dicts, lists and strings. Ours are subclasses that carry their node, so that
what passes through a library unchanged, or copied, still has the author's place.
"""

from __future__ import annotations

from typing import Any

from stackwarden.template.nodes import Entry, Mapping, Node, Scalar, Sequence

__all__ = ["at_place_of", "first_place", "to_node", "to_plain"]


class _Text(str):
    """A string with the scalar that it comes from; a key, and what was made of one, has only a place."""

    __slots__ = ("node", "place")
    node: Scalar | None
    place: tuple[int, int]

    def __deepcopy__(self, _: object) -> _Text:
        return self

    def __copy__(self) -> _Text:
        return self

    def lower(self) -> str:
        """In lower case, at the same place: a method of an event becomes the key of its operation so."""
        return at_place_of(self, super().lower())


class _Dict(dict[str, Any]):
    """A mapping with the node that it comes from."""

    __slots__ = ("node",)
    node: Mapping

    def __deepcopy__(self, memo: dict[int, object]) -> _Dict:
        from copy import deepcopy

        copied = _Dict((key, deepcopy(value, memo)) for key, value in self.items())
        copied.node = self.node
        return copied


class _List(list[Any]):
    """A list with the node that it comes from."""

    __slots__ = ("node",)
    node: Sequence

    def __deepcopy__(self, memo: dict[int, object]) -> _List:
        from copy import deepcopy

        copied = _List(deepcopy(value, memo) for value in self)
        copied.node = self.node
        return copied


def to_plain(node: Node) -> Any:
    """The data of a node; strings, dicts and lists carry the node."""
    match node:
        case Scalar():
            return _text(node.data, node, (node.start, node.end)) if isinstance(node.data, str) else node.data
        case Sequence():
            made = _List(to_plain(item) for item in node.items)
            made.node = node
            return made
        case Mapping():
            entries = _Dict((_text(entry.key, None, (entry.start, entry.end)), to_plain(entry.value)) for entry in node)
            entries.node = node
            return entries


def to_node(data: Any, place: tuple[int, int]) -> Node:
    """A node for plain data; what carries no place of its own gets that of what it stands in, at last `place`."""
    match data:
        case _Text():
            return data.node or Scalar(str(data), str(data), True, *data.place)
        case dict():
            origin = _origin(data)
            if isinstance(origin, Mapping):
                return _mapping(data, (origin.start, origin.end), origin)
            return _mapping(data, _inner_place(data, place), None)
        case list():
            origin = _origin(data)
            own = (origin.start, origin.end) if origin is not None else place
            return Sequence([to_node(item, own) for item in data], *own)
        case str():
            return Scalar(str(data), str(data), True, *place)
        case bool() | int() | float() | None:
            return Scalar(data, _written(data), False, *place)
        case _:
            return Scalar(str(data), str(data), True, *place)


def at_place_of(written: str, text: str) -> str:
    """`text` at the place where the author wrote what it was made of, if that is known."""
    if text == written or not isinstance(written, _Text):
        return written if text == written else text
    return _text(text, None, written.place)


def first_place(data: Any) -> tuple[int, int] | None:
    """The first place that the author wrote in some data, None where nothing of it is the author's."""
    match data:
        case _Text():
            return data.place
        case dict() | list() if (origin := _origin(data)) is not None:
            return origin.start, origin.end
        case dict():
            found = (first_place(value) for value in data.values())
        case list():
            found = (first_place(value) for value in data)
        case _:
            return None
    return next((place for place in found if place is not None), None)


def _origin(data: object) -> Mapping | Sequence | None:
    """The node that data comes from; a copy that a library makes by the type alone has none."""
    return getattr(data, "node", None) if isinstance(data, _Dict | _List) else None


def _text(text: str, node: Scalar | None, place: tuple[int, int]) -> _Text:
    made = _Text(text)
    made.node = node
    made.place = place
    return made


def _written(data: bool | int | float | None) -> str:
    if isinstance(data, bool):
        return "true" if data else "false"
    return "" if data is None else str(data)


def _mapping(data: dict[str, Any], place: tuple[int, int], origin: Mapping | None) -> Mapping:
    entries: dict[str, Entry] = {}
    for key, value in data.items():
        start, end = key.place if isinstance(key, _Text) else place
        name = str(key)
        written = origin.entries.get(name) if origin is not None else None
        if written is not None and isinstance(written.value, Scalar) and _is_same(written.value, value):
            node: Node = written.value  # numbers and booleans carry no place of their own
        else:
            node = to_node(value, (start, end) if isinstance(key, _Text) else place)
        entries[name] = Entry(name, node, start, end)
    return Mapping(entries, *place)


def _is_same(node: Scalar, value: object) -> bool:
    return type(node.data) is type(value) and node.data == value


def _inner_place(data: dict[str, Any], place: tuple[int, int]) -> tuple[int, int]:
    """A function that the library made around one of the author's values stands where that value does."""
    if len(data) == 1:
        (key,) = data
        if key == "Ref" or key.startswith("Fn::"):
            return first_place(data) or place
    return place
