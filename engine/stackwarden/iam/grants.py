"""What a statement allows."""

from __future__ import annotations

from stackwarden.globs import Glob, glob, includes, overlaps
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.logic import NO, Logic, both, either, under
from stackwarden.resolve.questions import Test, ask
from stackwarden.resolve.values import Known, ListValue, Plain, Record, Text, Unknown, Value, cases_of

__all__ = ["grants"]


def grants(stack: Stack, statement: Value, pattern: str) -> Logic:
    """Where a statement allows every action that `pattern` (such as `s3:*` or `*:*`) stands for.

    Inclusion of the languages of the wildcard patterns, not of prefixes; actions are case-insensitive. A statement
    with `NotAction` allows the pattern where none of its exceptions overlaps it. Conditions are not looked at.
    """
    wanted = glob(pattern.lower())
    outcome = NO
    for guard, plain in cases_of(statement):
        if isinstance(plain, Record):
            claim = both(_allows(stack, plain), _covers(stack, plain, wanted))
            outcome = either(outcome, under(guard, claim))
    return outcome


def _allows(stack: Stack, statement: Record) -> Logic:
    return ask(statement.get("effect"), _is_allow, stack.domains)


def _is_allow(effect: Plain) -> bool | None:
    match effect:
        case Known():
            return effect.text == "Allow"
        case Text() | Unknown():
            return None
        case _:
            return False


def _covers(stack: Stack, statement: Record, wanted: Glob) -> Logic:
    named = _some(stack, statement.get("actions"), lambda action: _compare(action, wanted, inclusion=True))
    exceptions = statement.get("not_actions")
    if all(isinstance(plain, ListValue) and not plain.items and not plain.open for _, plain in cases_of(exceptions)):
        return named
    excepted = _some(stack, exceptions, lambda action: _compare(action, wanted, inclusion=False))
    has_exceptions = _some(stack, exceptions, lambda _: True)
    return either(named, both(has_exceptions, Logic(excepted.false, excepted.true)))


def _some(stack: Stack, value: Value, test: Test) -> Logic:
    outcome = NO
    for guard, plain in cases_of(value):
        claim = NO
        if isinstance(plain, ListValue):
            for item in plain.items:
                answer = ask(item.value, test, stack.domains)
                claim = either(claim, under(item.guard, answer))
            if plain.open:
                claim = Logic(claim.true, FALSE)
        outcome = either(outcome, under(guard, claim))
    return outcome


def _compare(action: Plain, wanted: Glob, *, inclusion: bool) -> bool | None:
    match action:
        case Known():
            pattern = glob(action.text.lower())
            return includes(pattern, wanted) if inclusion else overlaps(pattern, wanted)
        case Text():
            widest = _widest(action)
            return None if (includes if inclusion else overlaps)(widest, wanted) else False
        case Unknown():
            return None
        case _:
            return False


def _widest(action: Text) -> Glob:
    """The pattern that allows whatever the action may allow: a hole is any text."""
    return glob("".join(part if isinstance(part, str) else "*" for part in action.parts).lower())
