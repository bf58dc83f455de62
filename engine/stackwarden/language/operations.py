"""What the operators of the language do with values: reading, comparing, walking over lists.

Tests answer True, False or None (unknown) for plain values. An absent value equals nothing, is ordered with nothing
and is in nothing; scalars are read by the kind that the checker chose, as CloudFormation coerces them ("true" is true
where a boolean is expected).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, assert_never

from stackwarden.globs import glob, includes, matches, overlaps
from stackwarden.language.ir import Kind
from stackwarden.regex import Regex, compile_regex
from stackwarden.resolve.guards import FALSE, TRUE, Guard, how_many
from stackwarden.resolve.logic import NO, YES, Logic
from stackwarden.resolve.questions import can_equal, cannot_contain, same_text, text_glob
from stackwarden.resolve.reading import BOOLEANS, boolean
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
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
    cases_of,
    fold_cases,
)

__all__ = [
    "count",
    "element",
    "elements",
    "equal",
    "is_empty",
    "is_like",
    "less",
    "matches_pattern",
    "number",
    "substring",
    "truth_value",
]


_MOST_DIGITS: Final = 300  # of an integer; Python refuses to read very long ones
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)


def element(value: Value, index: int) -> Value:
    """The element of a list at an index; negative ones count from the end; absent where there is none."""

    def pick(plain: Plain) -> Value:
        match plain:
            case ListValue():
                if plain.open or any(item.guard is not TRUE for item in plain.items):
                    return Unknown("the list is not wholly known", plain.origin, written=False)
                there = -len(plain.items) <= index < len(plain.items)
                return plain.items[index].value if there else Absent(plain.origin)
            case Unknown() | Text():
                return Unknown("part of a value that is not known", plain.origin, written=False)
            case _:
                return Absent(plain.origin)

    return bind(value, pick)


def elements(value: Value) -> tuple[list[tuple[Guard, Value]], Guard]:
    """The elements with their guards, and where there may be elements that the template does not determine.

    A single value counts as a list of one, as CloudFormation takes it; an attribute may be a longer list.
    """
    if isinstance(value, ListValue) and not value.open:
        return [(item.guard, item.value) for item in value.items if item.guard is not FALSE], FALSE
    found: list[tuple[Guard, Value]] = []
    unknown: Guard = FALSE
    for guard, plain in cases_of(value):
        match plain:
            case ListValue():
                for item in plain.items:
                    there = guard & item.guard
                    if there is not FALSE:
                        found.append((there, item.value))
                if plain.open:
                    unknown = unknown | guard
            case Unknown():
                unknown = unknown | guard
            case Absent():
                pass
            case Text(parts=(AttributeHole(attribute=attribute),)) if attribute:
                found.append((guard, plain))
                unknown = unknown | guard  # some attributes are lists
            case _:
                found.append((guard, plain))
    return found, unknown


def count(value: Value) -> Value:
    """How many elements a list has, case by case."""
    found, unknown = elements(value)
    counts = how_many(guard for guard, _ in found)
    known = ((under & ~unknown, Known(length)) for length, under in counts.items())
    return fold_cases((*known, (unknown, Unknown("the list is not wholly known"))))


def truth_value(claim: Logic) -> Value:
    """A truth as a value."""
    if claim is YES:
        return Known(True)
    if claim is NO:
        return Known(False)
    return fold_cases(((claim.true, Known(True)), (claim.false, Known(False)), (claim.unknown, Unknown("not decided"))))


def is_empty(plain: Plain) -> bool | None:
    """Whether a value is absent, an empty string, an empty list or an empty map; conditional elements: unknown."""
    match plain:
        case Absent():
            return True
        case Known():
            return plain.text == ""
        case Text():
            return None if can_equal(plain, "") else False
        case MapValue():
            return None if plain.open and not plain.names() else not plain.names()
        case ListValue():
            if any(item.guard is TRUE for item in plain.items):
                return False
            return None if plain.open or any(item.guard is not FALSE for item in plain.items) else True
        case Unknown():
            return None
        case ResourceValue() | Record():
            return False
        case _:
            assert_never(plain)


def number(plain: Plain) -> float | None:
    """A scalar read as a number, or None: a number, or a string that is written as JSON writes numbers."""
    if not isinstance(plain, Known) or isinstance(plain.data, bool):
        return None
    if isinstance(plain.data, int | float):
        return plain.data
    written = plain.text.strip()
    if not _NUMBER.fullmatch(written):
        return None
    return int(written) if len(written) <= _MOST_DIGITS and written.lstrip("+-").isdecimal() else float(written)


def equal(kind: Kind) -> Callable[[Plain, Plain], bool | None]:
    """The test for equality of values that are read as `kind`."""
    return _EQUAL[kind]


def _equal_booleans(left: Plain, right: Plain) -> bool | None:
    match left, right:
        case Known(), Known():
            return boolean(left) is not None and boolean(left) == boolean(right)
        case (Known() as known, Text() as text) | (Text() as text, Known() as known):
            words = BOOLEANS[wanted] if (wanted := boolean(known)) is not None else ()
            return None if any(can_equal(text, word) for word in words) else False
        case _:
            return _equal_any(left, right)


def _equal_words(left: Plain, right: Plain) -> bool | None:
    """Equality of strings whose case does not matter."""
    if isinstance(left, Known) and isinstance(right, Known):
        return left.text.casefold() == right.text.casefold()
    return _unknown_or_false(left, right)


def _equal_numbers(left: Plain, right: Plain) -> bool | None:
    if isinstance(left, Known) and isinstance(right, Known):
        return number(left) is not None and number(left) == number(right)
    return _unknown_or_false(left, right)


def _equal_any(left: Plain, right: Plain) -> bool | None:
    match left, right:
        case Known(), Known():
            return left.text == right.text
        case (Known() as known, Text() as text) | (Text() as text, Known() as known):
            return None if can_equal(text, known.text) else False
        case Text(), Text():
            return same_text(left, right)
        case ResourceValue(), ResourceValue():
            return left.resource.logical_id == right.resource.logical_id
        case ListValue(), ListValue():
            return _equal_lists(left, right)
        case _:
            return _unknown_or_false(left, right)


_EQUAL: Final[Mapping[Kind, Callable[[Plain, Plain], bool | None]]] = {
    "boolean": _equal_booleans,
    "number": _equal_numbers,
    "string": _equal_any,
    "word": _equal_words,
    "any": _equal_any,
}


def _equal_lists(left: ListValue, right: ListValue) -> bool | None:
    if left.open or right.open or any(item.guard is not TRUE for item in (*left.items, *right.items)):
        return None
    if len(left.items) != len(right.items):
        return False
    answers: list[bool | None] = []
    for mine, other in zip(left.items, right.items, strict=True):
        if isinstance(mine.value, Cases) or isinstance(other.value, Cases):
            answers.append(None)
        else:
            answers.append(_equal_any(mine.value, other.value))
    return False if False in answers else None if None in answers else True


def _unknown_or_false(left: Plain, right: Plain) -> bool | None:
    """No for an absent side or sides of different make; unknown where one is not determined."""
    if isinstance(left, Absent) or isinstance(right, Absent):
        return False
    return None if isinstance(left, Unknown | Text) or isinstance(right, Unknown | Text) else False


def less(kind: Kind, *, or_equal: bool) -> Callable[[Plain, Plain], bool | None]:
    """The test for order of values that are read as `kind`: numbers by size, strings by code points."""

    def test(left: Plain, right: Plain) -> bool | None:
        if isinstance(left, Known) and isinstance(right, Known):
            if kind == "string":
                return left.text <= right.text if or_equal else left.text < right.text
            low, high = number(left), number(right)
            if low is None or high is None:
                return False
            return low <= high if or_equal else low < high
        return _unknown_or_false(left, right)

    return test


def substring(part: Plain, text: Plain) -> bool | None:
    """Whether a text holds a part."""
    match part, text:
        case Known(), Known():
            return part.text in text.text
        case Known(), Text():
            return True if any(part.text in piece for piece in text.parts if isinstance(piece, str)) else None
        case _:
            return _unknown_or_false(part, text)


def is_like(pattern: str) -> Callable[[Plain], bool | None]:
    """The test for a glob over the whole text."""
    wanted = glob(pattern)
    needed = frozenset(symbol for symbol in wanted if isinstance(symbol, str))

    def test(plain: Plain) -> bool | None:
        match plain:
            case Known():
                return matches(wanted, plain.text)
            case Text():
                possible = text_glob(plain)
                if not overlaps(wanted, possible) or any(cannot_contain(plain, char) for char in needed):
                    return False
                return True if includes(wanted, possible) else None
            case Unknown():
                return None
            case _:
                return False

    return test


_NO_ANCHOR: Final = re.compile(r"\\[^bBAz]|\[\^")
"""What looks like an anchor but is none: escaped characters, and `[^` of a class."""
_ANCHOR: Final = re.compile(r"[\^$]|\\[bBAz]")


def matches_pattern(pattern: str) -> Callable[[Plain], bool | None]:
    """The test for a regular expression, searched in linear time (RE2).

    Of a text with holes only the literal parts are known: a pattern without anchors that is found in one of them
    is found in the whole.
    """
    local = _ANCHOR.search(_NO_ANCHOR.sub("", pattern)) is None

    def test(plain: Plain) -> bool | None:
        match plain:
            case Known():
                return _compiled(pattern).search(plain.text) is not None
            case Text():
                found = local and any(
                    _compiled(pattern).search(part) is not None for part in plain.parts if isinstance(part, str)
                )
                return True if found else None
            case Unknown():
                return None
            case _:
                return False

    return test


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Regex:
    compiled = compile_regex(pattern)
    if isinstance(compiled, str):
        raise ValueError(f"the checker let a bad pattern pass: {compiled}")
    return compiled
