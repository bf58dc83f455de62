"""What a statement allows or denies: actions and resources as patterns, with `NotAction` and `NotResource`.

Source: IAM User Guide, *IAM JSON policy elements: Action*, *NotAction*, *Resource*, *NotResource*. Actions are not
case-sensitive. Conditions are not looked at here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from stackwarden.graph.stack import Stack
from stackwarden.iam.names import with_made_up_names
from stackwarden.iam.patterns import Pattern, action_pattern, covers, literal_pattern, meets, resource_pattern
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic, both, decided, either, negate, under
from stackwarden.resolve.questions import Test, ask
from stackwarden.resolve.values import Absent, Known, ListValue, Plain, Record, Text, Unknown, Value, cases_of

__all__ = [
    "covers_action",
    "covers_resource",
    "grants",
    "has_effect",
    "is_on_every_resource",
    "is_on_everything",
    "may_grant",
    "meets_action",
    "meets_resource",
    "of_statements",
    "some",
]

Effect = Literal["Allow", "Deny"]
_Relation = Callable[[Pattern, Pattern], bool | None]
_Reading = Callable[[Plain], Pattern | None]

_EVERYTHING: Final = literal_pattern("*")


def grants(stack: Stack, statement: Value, pattern: str) -> Logic:
    """Where a statement allows every action that `pattern` (such as `s3:*` or `*:*`) stands for.

    Inclusion of the languages of the wildcard patterns, not of prefixes. A statement with `NotAction` allows the
    pattern where none of its exceptions overlaps it.
    """
    wanted = literal_pattern(pattern.lower())
    return of_statements(
        statement, lambda one: both(has_effect(stack, one, "Allow"), covers_action(stack, one, wanted))
    )


def may_grant(stack: Stack, statement: Value, pattern: str) -> Logic:
    """Where a statement allows at least one text that `pattern` stands for: the languages overlap.

    With `NotAction` it does unless an exception covers the whole pattern.
    """
    wanted = literal_pattern(pattern.lower())
    return of_statements(statement, lambda one: both(has_effect(stack, one, "Allow"), meets_action(stack, one, wanted)))


def has_effect(stack: Stack, statement: Record, effect: Effect) -> Logic:
    """Where a statement has the given effect, which is case-sensitive."""

    def test(plain: Plain) -> bool | None:
        match plain:
            case Known():
                return plain.text == effect
            case Text() | Unknown():
                return None
            case _:
                return False

    return ask(statement.get("effect"), test, stack.domains)


def covers_action(stack: Stack, statement: Record, wanted: Pattern) -> Logic:
    """Where a statement is about every action of `wanted`, whatever its effect."""
    return _element(stack, statement, ("actions", "not_actions"), action_pattern, wanted, covers, meets)


def meets_action(stack: Stack, statement: Record, wanted: Pattern) -> Logic:
    """Where a statement is about some action of `wanted`."""
    return _element(stack, statement, ("actions", "not_actions"), action_pattern, wanted, meets, covers)


def covers_resource(stack: Stack, statement: Record, wanted: Pattern) -> Logic:
    """Where a statement is about every resource of `wanted`; one without resources (a trust policy) always is."""
    if _has_no_resource(statement):
        return YES
    return _element(stack, statement, ("resources", "not_resources"), resource_pattern, wanted, covers, meets)


def meets_resource(stack: Stack, statement: Record, wanted: Pattern) -> Logic:
    """Where a statement is about some resource of `wanted`."""
    if _has_no_resource(statement):
        return YES
    return _element(stack, statement, ("resources", "not_resources"), resource_pattern, wanted, meets, covers)


def is_on_everything(stack: Stack, statement: Record) -> Logic:
    """Where a statement is about every resource that there is."""
    return covers_resource(stack, statement, _EVERYTHING)


def is_on_every_resource(stack: Stack, statement: Value) -> Logic:
    """`is_on_everything` of a value."""
    return of_statements(statement, lambda one: is_on_everything(stack, one))


def some(stack: Stack, value: Value, test: Test) -> Logic:
    """Where some element of a list passes a test; unknown where an open list has none that does."""
    outcome = NO
    for guard, plain in cases_of(value):
        claim = NO
        if isinstance(plain, ListValue):
            for item in plain.items:
                answer = ask(item.value, test, stack.domains)
                claim = either(claim, under(item.guard, answer))
                if claim is YES:
                    break
            if plain.open:
                claim = decided(claim.true, FALSE)
        outcome = either(outcome, under(guard, claim))
    return outcome


def of_statements(value: Value, claim_of: Callable[[Record], Logic]) -> Logic:
    """The claim about a statement, case by case; unknown where the statement is."""
    outcome = NO
    for guard, plain in cases_of(value):
        match plain:
            case Record():
                outcome = either(outcome, under(guard, claim_of(plain)))
            case Unknown() | Text():
                outcome = either(outcome, under(guard, MAYBE))
            case _:
                pass
    return outcome


def _element(
    stack: Stack,
    statement: Record,
    fields: tuple[str, str],
    read: _Reading,
    wanted: Pattern,
    relation: _Relation,
    exception: _Relation,
) -> Logic:
    """`relation` of an element of the first field, or `exception` of none of those of the second, which excepts.

    For covering, an exception must not meet what is wanted; for meeting, it must not cover it.
    """
    named = _related(stack, statement.get(fields[0]), read, wanted, relation)
    exceptions = statement.get(fields[1])
    if _is_empty(exceptions):
        return named
    excepted = _related(stack, exceptions, read, wanted, exception)
    has_exceptions = some(stack, exceptions, lambda _: True)
    return either(named, both(has_exceptions, negate(excepted)))


def _related(stack: Stack, value: Value, read: _Reading, wanted: Pattern, relation: _Relation) -> Logic:
    def test(plain: Plain) -> bool | None:
        pattern = read(with_made_up_names(stack, plain))
        return False if pattern is None else relation(pattern, wanted)

    return some(stack, value, test)


def _has_no_resource(statement: Record) -> bool:
    return _is_empty(statement.get("resources")) and _is_empty(statement.get("not_resources"))


def _is_empty(value: Value) -> bool:
    return all(
        isinstance(plain, Absent) or (isinstance(plain, ListValue) and not plain.items and not plain.open)
        for _, plain in cases_of(value)
    )
