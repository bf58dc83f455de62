"""The loops (`Fn::ForEach`) of a template as written, and which of their elements made a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence as List
from dataclasses import dataclass
from typing import Final

from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["Loop", "loops_around", "values_in"]

_LOOP: Final = "Fn::ForEach::"
_PLACEHOLDER: Final = re.compile(r"[$&]\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop as written: its key with the key's place, its variable and its collection."""

    key: str
    place: tuple[int, int]
    variable: str
    collection: Node


def loops_around(root: Node, offset: int) -> Iterator[Loop]:
    """The loops around a place, outermost first."""
    current: Node | None = root
    while current is not None:
        following: Node | None = None
        if isinstance(current, Mapping):
            for entry in current:
                if entry.value.start <= offset < entry.value.end:
                    following = entry.value
                    match entry.value:
                        case Sequence(items=[Scalar() as variable, collection, Mapping()]) if entry.key.startswith(
                            _LOOP
                        ):
                            yield Loop(entry.key, (entry.start, entry.end), variable.text, collection)
        elif isinstance(current, Sequence):
            following = next((item for item in current.items if item.start <= offset < item.end), None)
        current = following


def values_in(pattern: str, text: str, loops: List[Loop]) -> list[tuple[Loop, str]]:
    """The values of loop variables that made `text` of a pattern such as `Url${Name}`, in the order of the pattern."""
    named = {loop.variable: loop for loop in loops}
    parts: list[str] = []
    names: list[str] = []
    position = 0
    for match in _PLACEHOLDER.finditer(pattern):
        name = match.group(1)
        if name not in named:
            continue
        parts.append(re.escape(pattern[position : match.start()]))
        parts.append(f"(?P=g{names.index(name)})" if name in names else f"(?P<g{len(names)}>.*)")
        names += [] if name in names else [name]
        position = match.end()
    found = re.fullmatch("".join((*parts, re.escape(pattern[position:]))), text, re.DOTALL) if names else None
    return [] if found is None else [(named[name], value) for name, value in zip(names, found.groups(), strict=True)]
