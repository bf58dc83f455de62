"""What a place of a deployed template holds, and when two such values are equal: three-valued, and plain otherwise.

What an assignment leaves open stays open: a parameter that takes *any other value* is a hole in a text, and a missing
key of a map is undetermined.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

Data = None | bool | int | str | list["Data"] | dict[str, "Data"]

__all__ = [
    "MISSING",
    "OTHER",
    "Data",
    "Fields",
    "Hole",
    "Items",
    "Link",
    "Missing",
    "Pieces",
    "Undetermined",
    "Value",
    "can_be",
    "equals",
    "piece_together",
]

OTHER: Final = "\0other"
"""In an assignment: a value that is none of the known ones."""


@dataclass(frozen=True, slots=True)
class Missing:
    """No value."""


@dataclass(frozen=True, slots=True)
class Undetermined:
    """A value of which nothing is known; `written` is false where it may be missing too."""

    written: bool = True


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a text that may be anything but `excluded`, as far as its pattern goes.

    A hole that is not `fixed` may be another value at each place where it stands.
    """

    name: str
    excluded: frozenset[str] = frozenset()
    pattern: str = ".*"
    fixed: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """`Ref` (no attribute) or `Fn::GetAtt` of a resource."""

    logical_id: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text with at least one part that is not literal."""

    parts: tuple[str | Hole | Link, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `more`: there may be elements that nobody knows."""

    items: tuple[Value, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """A map."""

    entries: tuple[tuple[str, Value], ...]

    def get(self, name: str) -> Value:
        return dict(self.entries).get(name, MISSING)


Value = str | int | Missing | Undetermined | Pieces | Items | Fields
MISSING: Final = Missing()


def equals(left: Value, right: Value) -> bool | None:
    """Equality as texts. Texts with holes are equal if they are the same, and may be where no known end differs."""
    match left, right:
        case (Missing(), _) | (_, Missing()):
            return False
        case str() | int(), str() | int():
            return str(left) == str(right)
        case (str() | int() as known, Pieces() as text) | (Pieces() as text, str() | int() as known):
            return None if can_be(text, str(known)) else False
        case Pieces(), Pieces():
            if left == right and all(part.fixed for part in left.parts if isinstance(part, Hole)):
                return True
            return None if _ends_agree(left.parts, right.parts) else False
        case (Undetermined(), _) | (_, Undetermined()):
            return None
        case _:
            return None if isinstance(left, Pieces) or isinstance(right, Pieces) else False


def _ends_agree(left: tuple[object, ...], right: tuple[object, ...]) -> bool:
    first, other = left[0], right[0]
    if isinstance(first, str) and isinstance(other, str) and not (first.startswith(other) or other.startswith(first)):
        return False
    last, final = left[-1], right[-1]
    return not (isinstance(last, str) and isinstance(final, str) and not (last.endswith(final) or final.endswith(last)))


def piece_together(values: list[Value]) -> Value:
    """The text of several values."""
    parts: list[str | Hole | Link] = []
    for index, value in enumerate(values):
        for part in value.parts if isinstance(value, Pieces) else (_as_part(value, index),):
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            elif part != "":
                parts.append(part)
    if all(isinstance(part, str) for part in parts):
        return "".join(cast("list[str]", parts))
    return Pieces(tuple(parts))


def _as_part(value: Value, index: int) -> str | Hole:
    return str(value) if isinstance(value, str | int) else Hole(f"part {index}", fixed=False)


@lru_cache(maxsize=100_000)
def can_be(text: Pieces, wanted: str) -> bool:
    """Whether some values of the holes make exactly `wanted`; a resource's name is not empty."""
    return _fits(text.parts, wanted, {})


def _fits(parts: tuple[str | Hole | Link, ...], wanted: str, bound: dict[str, str]) -> bool:
    if not parts:
        return wanted == ""
    part, rest = parts[0], parts[1:]
    if isinstance(part, str):
        return wanted.startswith(part) and _fits(rest, wanted[len(part) :], bound)
    if isinstance(part, Link):
        return any(
            _fits(rest, wanted[length:], bound)
            for length in range(1, len(wanted) + 1)
            if part.attribute != "Arn" or wanted.startswith("arn:")
        )
    for length in range(len(wanted) + 1):
        chosen = wanted[:length]
        if chosen in part.excluded or (part.fixed and bound.get(part.name, chosen) != chosen):
            continue
        if re.fullmatch(part.pattern, chosen) is None:
            continue
        if _fits(rest, wanted[length:], {**bound, part.name: chosen}):
            return True
    return False
