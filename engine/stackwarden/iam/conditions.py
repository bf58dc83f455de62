"""The condition block of a statement: which values a key is compared with, and whether that limits the statement.

Names of condition keys and operators are not case-sensitive. Source: IAM User Guide, *IAM JSON policy elements:
Condition*, *Condition operators* and *Set operators for multi-valued context keys*.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from stackwarden.arn import parse_arn
from stackwarden.globs import glob, matches
from stackwarden.graph.stack import Stack
from stackwarden.iam.document import as_list
from stackwarden.resolve.guards import FALSE, Guard, any_of
from stackwarden.resolve.logic import NO, YES, Logic, both, decided, either, under
from stackwarden.resolve.questions import ask, can_equal
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    ListValue,
    MapValue,
    Plain,
    Record,
    Text,
    Unknown,
    Value,
    cases_of,
)

__all__ = ["compared_keys", "condition_values", "is_limited_by", "limits"]

_EXACT: Final = frozenset({"stringequals", "stringequalsignorecase"})
_PATTERNS: Final = frozenset({"stringlike", "arnequals", "arnlike"})
_ADDRESSES: Final = "ipaddress"
_OTHERS: Final = frozenset(
    {"bool", "dateequals", "numericequals", "numericlessthan", "numericlessthanequals", "binaryequals"}
)
_SEPARATOR: Final = re.compile("[/:]")


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One value that a condition compares a key with; both in lower case, `operator` without `ForAnyValue:`."""

    guard: Guard
    operator: str
    key: str
    value: Value


def condition_values(statement: Value, operator: str, key: str) -> ListValue:
    """The values that a statement compares condition keys with, by operators that match the glob `operator`.

    `key` is a glob too (`*:sub`). `ForAnyValue:` before an operator does not count. The list is open where conditions
    are not known.
    """
    wanted = glob(operator.lower())
    found, unknown = _comparisons(statement, _is_like(key))
    items = tuple(Item(one.value, one.guard) for one in found if matches(wanted, one.operator))
    return ListValue(items, open=unknown is not FALSE)


def is_limited_by(stack: Stack, statement: Value, key: str) -> Logic:
    """Where a condition makes a statement apply only for some values of a condition key that matches the glob `key`.

    Operators that ask for equality, likeness or a number below some other do; negated ones, `…IfExists` and
    `ForAllValues:` do not, as they also hold for a request without the key, nor does a pattern of nothing but `*`, or
    an ARN of any name in any account.
    """
    return limits(stack, statement, _is_like(key))


def limits(stack: Stack, statement: Value, wanted: Callable[[str], bool]) -> Logic:
    """Where a condition on one of the wanted keys (in lower case) makes a statement apply only for some values of it.

    All the values that a key is compared with have to limit: one of them is enough for a request to pass. An address
    range limits where it does not hold every address.
    """
    found, unknown = _comparisons(statement, wanted)
    if not found:
        return NO if unknown is FALSE else decided(FALSE, ~unknown)
    outcome = NO
    for block in _blocks(found):
        claim = YES
        for one in block:
            claim = both(claim, _unless(one.guard, _limits(stack, one)))
        there = any_of(one.guard for one in block)
        outcome = either(outcome, under(there, claim))
    return decided(outcome.true, outcome.false & ~unknown)


def _is_like(key: str) -> Callable[[str], bool]:
    """Whether a condition key in lower case matches a glob of any case."""
    pattern = glob(key.lower())
    return lambda written: matches(pattern, written)


def compared_keys(statement: Value) -> tuple[tuple[tuple[Guard, str], ...], Guard]:
    """The condition keys that a statement compares with anything, in lower case, and where there may be more."""
    found, unknown = _comparisons(statement, lambda _: True)
    keys: dict[str, Guard] = {}
    for one in found:
        keys[one.key] = keys.get(one.key, FALSE) | one.guard
    return tuple((guard, key) for key, guard in keys.items()), unknown


def _blocks(found: list[_Comparison]) -> Iterator[list[_Comparison]]:
    """The comparisons of each operator with each key: their values are alternatives."""
    blocks: dict[tuple[str, str], list[_Comparison]] = {}
    for one in found:
        blocks.setdefault((one.operator, one.key), []).append(one)
    yield from blocks.values()


def _limits(stack: Stack, one: _Comparison) -> Logic:
    if one.operator in _EXACT:
        return YES
    if one.operator in _PATTERNS:
        return ask(one.value, _is_narrow, stack.domains)
    if one.operator == _ADDRESSES:
        return ask(one.value, _is_some_addresses, stack.domains)
    return YES if one.operator in _OTHERS else NO


def _unless(guard: Guard, claim: Logic) -> Logic:
    """The claim where the guard holds, true elsewhere."""
    return decided(~guard | claim.true, guard & claim.false)


def _is_narrow(pattern: Plain) -> bool | None:
    match pattern:
        case Known():
            return not _is_anything(pattern.text)
        case Text():
            return None if can_equal(pattern, "*") else True
        case Unknown():
            return None
        case _:
            return False


def _is_anything(pattern: str) -> bool:
    """Whether a pattern is all wildcards, or an ARN of any account whose names are."""
    if pattern.strip("*?") == "":
        return True
    arn = parse_arn(pattern)
    if arn is None:
        return pattern.startswith("arn:") and pattern.removeprefix("arn:").replace("aws", "").strip(":*?") == ""
    if arn.account_id.strip("*?") or (arn.service == "s3" and arn.resource.strip("*?")):
        return False
    names = _SEPARATOR.split(arn.resource)
    return all(name.strip("*?") == "" for name in (names[1:] if len(names) > 1 else names))


def _is_some_addresses(value: Plain) -> bool | None:
    match value:
        case Known():
            return not value.text.strip().endswith("/0")
        case Text():
            return None
        case Unknown():
            return None
        case _:
            return False


def _comparisons(statement: Value, wanted: Callable[[str], bool]) -> tuple[list[_Comparison], Guard]:
    """What the statement compares wanted keys with, and where there may be more that the template does not tell."""
    found: list[_Comparison] = []
    unknown: Guard = FALSE
    if isinstance(statement, Record) and isinstance(statement.get("conditions"), Absent):  # as most statements are
        return found, unknown
    for guard, plain in cases_of(statement):
        if not isinstance(plain, Record):
            unknown = unknown | guard
            continue
        for inner, block in cases_of(plain.get("conditions")):
            unknown = unknown | _operators(block, wanted, guard & inner, found)
    return found, unknown


def _operators(block: Plain, wanted: Callable[[str], bool], under: Guard, found: list[_Comparison]) -> Guard:
    if not isinstance(block, MapValue):
        return under if isinstance(block, Unknown | Text) else FALSE
    unknown = under if block.open else FALSE
    for name in block.names():
        operator = name.lower().removeprefix("foranyvalue:")
        for guard, keys in cases_of(block.get(name)):
            there = under & guard
            if isinstance(keys, Unknown | Text) or (isinstance(keys, MapValue) and keys.open):
                unknown = unknown | there
            if isinstance(keys, MapValue):
                for written in keys.names():
                    if wanted(written.lower()):
                        at = _At(there, operator, written.lower())
                        unknown = unknown | _values(keys.get(written), at, found)
    return unknown


@dataclass(frozen=True, slots=True)
class _At:
    """Where values of a condition stand: under which operator and key."""

    guard: Guard
    operator: str
    key: str


def _values(value: Value, at: _At, found: list[_Comparison]) -> Guard:
    unknown: Guard = FALSE
    for guard, listed in cases_of(as_list(value)):
        if isinstance(listed, ListValue):
            found.extend(
                _Comparison(there, at.operator, at.key, item.value)
                for item in listed.items
                if (there := at.guard & guard & item.guard) is not FALSE
            )
            unknown = unknown | (at.guard & guard if listed.open else FALSE)
    return unknown
