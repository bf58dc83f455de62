"""The condition block of a statement: which values a key is compared with, and whether that limits the statement.

Names of condition keys and operators are not case-sensitive. Source: IAM User Guide, *IAM JSON policy elements:
Condition*, *Condition operators* and *Set operators for multi-valued context keys*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stackwarden.globs import glob, matches
from stackwarden.graph.stack import Stack
from stackwarden.iam.document import as_list
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import NO, Logic, either, under
from stackwarden.resolve.questions import ask, can_equal
from stackwarden.resolve.values import Item, Known, ListValue, MapValue, Plain, Record, Text, Unknown, Value, cases_of

__all__ = ["condition_values", "is_limited_by"]

_EXACT: Final = frozenset({"stringequals", "stringequalsignorecase"})
_PATTERNS: Final = frozenset({"stringlike", "arnequals", "arnlike"})


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One value that a condition compares a key with; `operator` in lower case, without `ForAnyValue:`."""

    guard: Guard
    operator: str
    value: Value


def condition_values(statement: Value, operator: str, key: str) -> ListValue:
    """The values that a statement compares the condition key `key` with, by operators that match the glob `operator`.

    `ForAnyValue:` before an operator does not count. The list is open where conditions are not known.
    """
    wanted = glob(operator.lower())
    found, unknown = _comparisons(statement, key.lower())
    items = tuple(Item(one.value, one.guard) for one in found if matches(wanted, one.operator))
    return ListValue(items, open=unknown is not FALSE)


def is_limited_by(stack: Stack, statement: Value, key: str) -> Logic:
    """Where a condition makes a statement apply only for some values of the condition key `key`.

    Operators that ask for equality or likeness do; negated ones, `…IfExists` and `ForAllValues:` do not, as they
    also hold for a request without the key, nor does a pattern of nothing but `*`.
    """
    found, unknown = _comparisons(statement, key.lower())
    outcome = NO
    for one in found:
        if one.operator in _EXACT:
            outcome = either(outcome, Logic(one.guard, ~one.guard))
        elif one.operator in _PATTERNS:
            answer = ask(one.value, _is_narrow, stack.domains)
            outcome = either(outcome, under(one.guard, answer))
    return Logic(outcome.true, outcome.false & ~unknown)


def _is_narrow(pattern: Plain) -> bool | None:
    match pattern:
        case Known():
            return pattern.text.strip("*") != ""
        case Text():
            return None if can_equal(pattern, "*") else True
        case Unknown():
            return None
        case _:
            return False


def _comparisons(statement: Value, key: str) -> tuple[list[_Comparison], Guard]:
    """What the statement compares the key with, and where there may be more that the template does not tell."""
    found: list[_Comparison] = []
    unknown: Guard = FALSE
    for guard, plain in cases_of(statement):
        if not isinstance(plain, Record):
            unknown = unknown | guard
            continue
        for inner, block in cases_of(plain.get("conditions")):
            unknown = unknown | _operators(block, key, guard & inner, found)
    return found, unknown


def _operators(block: Plain, key: str, under: Guard, found: list[_Comparison]) -> Guard:
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
                    if written.lower() == key:
                        unknown = unknown | _values(keys.get(written), operator, there, found)
    return unknown


def _values(value: Value, operator: str, under: Guard, found: list[_Comparison]) -> Guard:
    unknown: Guard = FALSE
    for guard, listed in cases_of(as_list(value)):
        if isinstance(listed, ListValue):
            found.extend(
                _Comparison(there, operator, item.value)
                for item in listed.items
                if (there := under & guard & item.guard) is not FALSE
            )
            unknown = unknown | (under & guard if listed.open else FALSE)
    return unknown
