"""How far statements reach: which actions they allow on every resource of a kind.

That is `*`, or a pattern that holds all names of a resource type in some account and region at least, such as
`arn:aws:dynamodb:*:*:table/*` and `arn:aws:s3:::*/*`. A prefix or a path is a limit, and so is a parameter within an
ARN. The resource types of an action are those of the *Service Authorization Reference*; an action without any is
allowed on `*` only. Conditions are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final

from stackwarden.globs import ANY, STAR, Glob, Wild, glob, includes
from stackwarden.graph.stack import Stack
from stackwarden.iam.actions import facts_of, matching_actions
from stackwarden.iam.grants import covers_action, has_effect, of_statements, some
from stackwarden.iam.patterns import Pattern, hole_symbol, literal_pattern, resource_pattern
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import NO, Logic, both, either, negate
from stackwarden.resolve.questions import Test, settle
from stackwarden.resolve.values import (
    Hole,
    Item,
    Known,
    ListValue,
    ParameterHole,
    Plain,
    Record,
    Text,
    Unknown,
    Value,
    bind,
    cases_of,
    fold_cases,
)

__all__ = ["actions_on_all", "grants_on_all", "in_this_stack"]

_NAMES: Final = 5
"""How many colons of an ARN come before its names."""
_OWN: Final = frozenset({"AWS::AccountId", "AWS::Partition", "AWS::Region"})


def grants_on_all(stack: Stack, statement: Value, action: str) -> Logic:
    """Where a statement allows an action (`s3:GetObject`) on every resource of a kind that the action is about.

    An action that AWS does not define counts like one without resource types.
    """
    facts = facts_of(action)
    forms = facts.arns if facts is not None else ()
    wanted = literal_pattern(action.lower())

    def one(record: Record) -> Logic:
        claim = both(has_effect(stack, record, "Allow"), covers_action(stack, record, wanted))
        return claim if claim is NO else both(claim, _is_on_all(stack, record, forms))

    return of_statements(statement, one)


def actions_on_all(stack: Stack, statement: Value, level: str) -> Value:
    """The elements of `Action`, as written, that allow something of an access level on every resource of a kind.

    Actions without resource types do not count, as they cannot be limited; `NotAction` gives no element. The list is
    open where there may be more.
    """
    return bind(statement, lambda plain: _actions_on_all(stack, plain, level))


def _actions_on_all(stack: Stack, statement: Plain, level: str) -> Value:
    if not isinstance(statement, Record):
        return ListValue((), open=isinstance(statement, Unknown | Text), origin=statement.origin)
    allow = has_effect(stack, statement, "Allow")
    items: list[Item] = []
    unknown: Guard = FALSE
    for guard, listed in cases_of(statement.get("actions")):
        if isinstance(listed, ListValue) and allow is not NO:
            for there, action in _elements(stack, listed, guard):
                claim = both(allow, _reach_of(stack, statement, action, level))
                items.extend([Item(action, there & claim.true)] if there & claim.true is not FALSE else [])
                unknown = unknown | (there & claim.unknown)
            if listed.open:
                unknown = unknown | (guard & ~_may_be_on_all(stack, statement).false)
    found = ListValue(tuple(items), origin=statement.origin)
    return fold_cases(((unknown, replace(found, open=True)), (~unknown, found)))


def _elements(stack: Stack, listed: ListValue, guard: Guard) -> Iterator[tuple[Guard, Plain]]:
    """The elements of a list, parameters with known values filled in."""
    for item in listed.items:
        for inner, plain in settle(item.value, stack.domains):
            there = guard & item.guard & inner
            if there is not FALSE:
                yield there, plain


def _reach_of(stack: Stack, statement: Record, action: Plain, level: str) -> Logic:
    match action:
        case Known():
            forms = _forms(action.text.lower(), level)
            return _is_on_all(stack, statement, forms) if forms else NO
        case Text() | Unknown():
            return _may_be_on_all(stack, statement)
        case _:
            return NO


@lru_cache(maxsize=1024)
def _forms(pattern: str, level: str) -> tuple[str, ...]:
    """The forms of all resources that actions of a level know, of those that a pattern stands for."""
    known = (facts.arns for facts in matching_actions(glob(pattern)) if facts.level == level)
    return tuple(dict.fromkeys(form for arns in known for form in arns))


def _is_on_all(stack: Stack, statement: Record, forms: tuple[str, ...]) -> Logic:
    """Where a statement is about every resource of one of some forms; without forms, about every resource there is."""
    return _reaches(stack, statement, partial(_is_wide, forms=forms))


def _may_be_on_all(stack: Stack, statement: Record) -> Logic:
    """Where a statement has some pattern that every name of a kind may match."""
    return _reaches(stack, statement, lambda plain: None if _ends_openly(resource_pattern(plain)) else False)


def _ends_openly(pattern: Pattern | None) -> bool:
    return pattern is not None and pattern.widest[-1:] == (STAR,)


def _reaches(stack: Stack, statement: Record, test: Test) -> Logic:
    """Where an element of `Resource` passes a test, or there is `NotResource` and none of its elements does."""
    named = some(stack, statement.get("resources"), test)
    excepted = statement.get("not_resources")
    has_exceptions = some(stack, excepted, lambda _: True)
    return either(named, both(has_exceptions, negate(some(stack, excepted, test))))


def _is_wide(resource: Plain, forms: tuple[str, ...]) -> bool | None:
    """Whether a pattern matches every name of one of some forms."""
    pattern = resource_pattern(resource)
    if pattern is None:
        return False
    known = in_this_stack(resource, pattern)
    if any(includes(known, wanted) for wanted in _every_name(known, forms)):
        return True
    may_be = _begins_openly(resource) and any(includes(pattern.widest, wanted) for wanted in _every_name(known, forms))
    return None if may_be else False


def _begins_openly(resource: Plain) -> bool:
    """Whether a text may begin with anything, so that all of it may be a wildcard."""
    if isinstance(resource, Text):
        first = resource.parts[0]
        return not isinstance(first, str) and not first.token
    return isinstance(resource, Unknown)


def in_this_stack(resource: Plain, pattern: Pattern) -> Glob:
    """The pattern with the stack's own account, region and partition as any text."""
    holes: tuple[Hole, ...] = resource.holes if isinstance(resource, Text) else ()
    own = {hole_symbol(hole) for hole in holes if isinstance(hole, ParameterHole) and hole.variable in _OWN}
    return tuple(STAR if symbol in own else symbol for symbol in pattern.known)


@lru_cache(maxsize=4096)
def _every_name(pattern: Glob, forms: tuple[str, ...]) -> tuple[Glob, ...]:
    """The patterns of all names of some forms, in the region and account of a pattern where it has them."""
    if not forms:
        return ((STAR,),)
    written = _split(pattern)
    return tuple(_in_place_of(form, written) for form in forms)


def _in_place_of(form: str, written: list[Glob]) -> Glob:
    symbols: list[str | Wild] = []
    for index, part in enumerate(form.split(":", _NAMES)):
        if index:
            symbols.append(":")
        if index < _NAMES and part == "*":
            symbols.extend(_some_text(written[index]) if index < len(written) else ())
        else:
            symbols.extend(glob(part.replace("%", "*")))
    return tuple(symbols)


def _some_text(part: Glob) -> Glob:
    """A text that a part of an ARN matches."""
    return tuple("a" if symbol is ANY else symbol for symbol in part if symbol is not STAR)


def _split(pattern: Glob) -> list[Glob]:
    """A pattern split at its first colons."""
    parts: list[Glob] = []
    rest = pattern
    while len(parts) < _NAMES and ":" in rest:
        index = rest.index(":")
        parts.append(rest[:index])
        rest = rest[index + 1 :]
    return [*parts, rest]
