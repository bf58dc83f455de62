"""Reading what stands in values, whatever they depend on: properties, keys and fields, and whether they are there."""

from __future__ import annotations

from typing import Final, assert_never

from stackwarden.resolve.questions import can_equal
from stackwarden.resolve.values import (
    Absent,
    Cases,
    Known,
    ListValue,
    MapValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    bind,
)

__all__ = ["BOOLEANS", "at", "boolean", "first_of", "is_present", "is_true", "of_no_text", "read"]

BOOLEANS: Final = {True: ("true", "True", "TRUE"), False: ("false", "False", "FALSE")}
"""How a boolean is spelled where CloudFormation takes a string for one."""


def read(value: Value, name: str) -> Value:
    """A property, key or field; absent of what has none, unknown of what is unknown."""
    match value:
        case MapValue() | Record():
            return value.get(name)
        case ResourceValue():
            return read(value.properties, name)
        case Cases():
            return bind(value, lambda plain: read(plain, name))
        case Unknown() | Text():
            mentions = value.mentions if isinstance(value, Unknown) else value.mentions()
            return Unknown("part of a value that is not known", value.origin, mentions, written=False)
        case Absent():
            return value
        case Known() | ListValue():
            return Absent(value.origin)
        case _:
            assert_never(value)


def at(value: Value, *path: str) -> Value:
    """What stands under a path of keys."""
    for name in path:
        value = read(value, name)
    return value


def first_of(owner: Value, *paths: tuple[str, ...]) -> Value:
    """What stands under the first of several paths that is not absent, case by case."""
    first, *others = paths
    value = at(owner, *first)
    if not others:
        return value
    return bind(value, lambda plain: first_of(owner, *others) if isinstance(plain, Absent) else plain)


def is_present(plain: Plain) -> bool | None:
    """Whether there is a value; a part of an unknown value may be missing."""
    match plain:
        case Absent():
            return False
        case Unknown():
            return True if plain.written else None
        case _:
            return True


def boolean(plain: Known) -> bool | None:
    """A scalar read as a boolean; None where it is none."""
    if isinstance(plain.data, bool):
        return plain.data
    return next((answer for answer, words in BOOLEANS.items() if plain.text in words), None)


def is_true(plain: Plain) -> bool | None:
    """Whether a value is the boolean true."""
    match plain:
        case Known():
            return boolean(plain) is True
        case Text():
            return None if any(can_equal(plain, word) for word in BOOLEANS[True]) else False
        case Unknown():
            return None
        case _:
            return False


def of_no_text(plain: Plain) -> Value:
    """What a function of texts gives for anything but a known text."""
    match plain:
        case Text():
            return Unknown("the text is not wholly known", plain.origin, plain.mentions())
        case Unknown():
            return plain
        case _:
            return Absent(plain.origin)
