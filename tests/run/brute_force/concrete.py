"""A template under one assignment of its parameters, evaluated plainly: no guards, no cases, written from the docs.

Templates are the plain data that their JSON text holds. What an assignment leaves open stays three-valued: a
parameter that takes *any other value* is a hole in a text, and an import or a missing key of a map is undetermined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
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
    "World",
    "can_be",
    "known_values",
    "piece_together",
    "worlds",
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
    """A part of a text that may be anything but `excluded`."""

    name: str
    excluded: frozenset[str] = frozenset()


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


def known_values(template: Mapping[str, Data]) -> dict[str, tuple[tuple[str, ...], bool]]:
    """Parameter → its known values, and whether there are no others."""
    found: dict[str, tuple[tuple[str, ...], bool]] = {}
    for name, declared in _section(template, "Parameters").items():
        assert isinstance(declared, dict)
        allowed = declared.get("AllowedValues")
        if isinstance(allowed, list):
            found[name] = (tuple(str(value) for value in allowed), True)
            continue
        values = [str(declared["Default"])] if "Default" in declared else []
        values.extend(_compared(name, _section(template, "Conditions")))
        values.extend(_looked_up(name, template))
        found[name] = (tuple(dict.fromkeys(values)), False)
    return found


def _section(template: Mapping[str, Data], name: str) -> dict[str, Data]:
    section = template.get(name, {})
    assert isinstance(section, dict)
    return section


def _functions(data: Data, name: str) -> Iterator[list[Data]]:
    if isinstance(data, list):
        for item in data:
            yield from _functions(item, name)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == name:
                assert isinstance(value, list)
                yield value
            yield from _functions(value, name)


def _compared(name: str, conditions: Data) -> Iterator[str]:
    for sides in _functions(conditions, "Fn::Equals"):
        if {"Ref": name} in sides:
            yield from (str(side) for side in sides if not isinstance(side, dict | list))


def _looked_up(name: str, template: Mapping[str, Data]) -> Iterator[str]:
    for found, first, second in _functions(dict(template), "Fn::FindInMap"):
        rows = cast("dict[str, dict[str, Data]]", _section(template, "Mappings")[str(found)])
        if first == {"Ref": name}:
            yield from rows
        if second == {"Ref": name}:
            for row in rows.values():
                yield from row


@dataclass(frozen=True, slots=True)
class World:
    """A template under one assignment. `facts` decides the comparisons that no parameter's known values decide."""

    template: Mapping[str, Data] = field(repr=False)
    known: Mapping[str, tuple[tuple[str, ...], bool]] = field(repr=False)
    assignment: Mapping[str, str]
    facts: Mapping[str, bool]

    def resource(self, logical_id: str) -> Mapping[str, Data]:
        return cast("dict[str, Data]", _section(self.template, "Resources")[logical_id])

    def deployed(self, logical_id: str) -> bool:
        condition = self.resource(logical_id).get("Condition")
        return condition is None or self.condition(str(condition))

    def resources(self, resource_type: str) -> list[str]:
        """The logical ids of the resources of a type that are there."""
        found = _section(self.template, "Resources")
        return [
            logical_id
            for logical_id in found
            if self.resource(logical_id)["Type"] == resource_type and self.deployed(logical_id)
        ]

    def properties(self, logical_id: str) -> Value:
        resource = self.resource(logical_id)
        return self.value(resource["Properties"]) if "Properties" in resource else MISSING

    def condition(self, name: str) -> bool:
        return self.holds(_section(self.template, "Conditions")[name])

    def holds(self, claim: Data) -> bool:
        """Whether a condition function is true."""
        assert isinstance(claim, dict)
        ((function, argument),) = claim.items()
        if function == "Condition":
            return self.condition(str(argument))
        assert isinstance(argument, list)
        match function:
            case "Fn::And":
                return all(self.holds(one) for one in argument)
            case "Fn::Or":
                return any(self.holds(one) for one in argument)
            case "Fn::Not":
                return not self.holds(argument[0])
            case "Fn::Equals":
                same = equals(self.value(argument[0]), self.value(argument[1]))
                return self.facts[fact_of(argument)] if same is None else same
        raise AssertionError(function)

    def value(self, data: Data) -> Value:
        """What a place of the template holds."""
        match data:
            case None:
                return MISSING
            case bool():
                return "true" if data else "false"
            case str() | int():
                return data
            case list():
                values = (self.value(item) for item in data)
                return Items(tuple(value for value in values if not isinstance(value, Missing)))
        if len(data) == 1:
            ((function, argument),) = data.items()
            if function == "Ref" or function.startswith("Fn::"):
                return self._function(function, argument)
        return Fields(tuple((key, self.value(entry)) for key, entry in data.items()))

    def _function(self, function: str, argument: Data) -> Value:
        match function, argument:
            case "Ref", str(name):
                return self._reference(name)
            case "Fn::If", [str(name), then, otherwise]:
                return self.value(then if self.condition(name) else otherwise)
            case "Fn::Sub", str(text):
                return self._substituted(text)
            case "Fn::Join", [str(delimiter), items]:
                listed = self.value(items)
                if not isinstance(listed, Items) or listed.more:
                    return Undetermined()
                parts: list[Value] = []
                for item in listed.items:
                    parts.extend((delimiter, item) if parts else (item,))
                return piece_together(parts)
            case "Fn::Split", [str(delimiter), text]:
                whole = self.value(text)
                return Items(tuple(whole.split(delimiter))) if isinstance(whole, str) else Undetermined()
            case "Fn::Select", [index, items]:
                listed, position = self.value(items), self.value(index)
                if not isinstance(listed, Items) or listed.more or isinstance(position, Pieces):
                    return Undetermined()
                number = int(cast("str | int", position))
                return listed.items[number] if number < len(listed.items) else Undetermined()
            case "Fn::FindInMap", [str(name), first, second]:
                rows = cast("dict[str, dict[str, Data]]", _section(self.template, "Mappings")[name])
                row = rows.get(str(self.value(first)), {})
                key = str(self.value(second))
                return self.value(row[key]) if key in row else Undetermined()
            case "Fn::GetAtt", [str(logical_id), str(attribute)]:
                return Pieces((Link(logical_id, attribute),))
            case "Fn::ImportValue", _:
                return Pieces((Hole(f"import {argument}"),))
        raise AssertionError(function, argument)

    def _reference(self, name: str) -> Value:
        if name == "AWS::NoValue":
            return MISSING
        declared = _section(self.template, "Parameters").get(name)
        if not isinstance(declared, dict):
            return Pieces((Link(name),))
        value = self.assignment[name]
        if declared["Type"] == "CommaDelimitedList":
            return Items((), more=True) if value == OTHER else Items(tuple(part.strip() for part in value.split(",")))
        return Pieces((Hole(name, frozenset(self.known[name][0])),)) if value == OTHER else value

    def _substituted(self, text: str) -> Value:
        parts: list[Value] = []
        for piece in re.split(r"(\$\{[^}]*\})", text):
            if not piece.startswith("${"):
                parts.append(piece)
            elif "." in piece:
                logical_id, _, attribute = piece[2:-1].partition(".")
                parts.append(Pieces((Link(logical_id, attribute),)))
            else:
                parts.append(self._reference(piece[2:-1]))
        return piece_together(parts)


def worlds(template: Mapping[str, Data]) -> list[World]:
    """The template under every assignment that it allows."""
    known = known_values(template)
    domains = [(*values, *(() if closed else (OTHER,))) for values, closed in known.values()]
    facts = sorted({fact_of(sides) for sides in _functions(_section(template, "Conditions"), "Fn::Equals")})
    found: list[World] = []
    for values in product(*domains):
        assignment = dict(zip(known, values, strict=True))
        world = World(template, known, assignment, {})
        open_facts = [fact for fact in facts if _is_open(world, fact)]
        for answers in product((True, False), repeat=len(open_facts)):
            found.append(World(template, known, assignment, dict(zip(open_facts, answers, strict=True))))
    return found


_SIDES: dict[str, list[Data]] = {}


def fact_of(sides: list[Data]) -> str:
    """The name of the fact that two values are equal, in either order."""
    name = " = ".join(sorted(repr(side) for side in sides))
    _SIDES[name] = sides
    return name


def _is_open(world: World, fact: str) -> bool:
    left, right = _SIDES[fact]
    return equals(world.value(left), world.value(right)) is None


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
            holes = [part for part in left.parts if isinstance(part, Hole)]
            if left == right and not any(hole.name.startswith(("?", "import")) for hole in holes):
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
    return str(value) if isinstance(value, str | int) else Hole(f"?{index}")


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
        if chosen in part.excluded or bound.get(part.name, chosen) != chosen:
            continue
        if _fits(rest, wanted[length:], {**bound, part.name: chosen}):
            return True
    return False
