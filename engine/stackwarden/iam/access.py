"""What statements give access to, by the actions that AWS defines: levels, names, elements without effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache, partial

from stackwarden.globs import Glob, glob, includes, matches
from stackwarden.graph.stack import Stack
from stackwarden.iam.actions import LEVELS, ActionFacts, facts_of, matching_actions, service_actions, services
from stackwarden.iam.forms import fits
from stackwarden.iam.grants import has_effect, of_statements, some
from stackwarden.iam.names import with_made_up_names
from stackwarden.iam.patterns import (
    ANYTHING,
    Pattern,
    action_pattern,
    covers,
    literal_pattern,
    resource_pattern,
)
from stackwarden.resolve.guards import FALSE, Guard, any_of
from stackwarden.resolve.logic import NO, YES, Logic, both, decided, either, negate
from stackwarden.resolve.questions import ask, settle
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    ListValue,
    Plain,
    Record,
    Text,
    Unknown,
    Value,
    bind,
    cases_of,
)

__all__ = [
    "access_level",
    "access_levels",
    "actions_of",
    "can_name_resources",
    "has_access",
    "is_service_wildcard",
    "unknown_actions",
    "unsupported_resources",
]

_Trait = Callable[[ActionFacts], bool]


def access_level(action: Plain) -> Value:
    """The access level of an action (`s3:GetObject`); absent where AWS defines no such action."""
    match action:
        case Known():
            facts = facts_of(action.text)
            return Absent(action.origin) if facts is None else Known(facts.level, action.origin)
        case Text() | Unknown():
            return Unknown("the action is not known", action.origin)
        case _:
            return Absent(action.origin)


def access_levels(pattern: Plain) -> Value:
    """The access levels of the actions that a pattern (`s3:Put*`) stands for, as a list."""
    match pattern:
        case Known():
            text = pattern.text.lower()
            there = (level for level in LEVELS if _includes(text, _of_level(level)))
            return ListValue(tuple(Item(Known(level, pattern.origin)) for level in there), origin=pattern.origin)
        case Text() | Unknown():
            return Unknown("the actions are not known", pattern.origin)
        case _:
            return ListValue((), origin=pattern.origin)


def actions_of(stack: Stack, statement: Value) -> Value:
    """The actions that a statement is about, wildcards and `NotAction` written out, as AWS spells them."""
    return bind(statement, lambda plain: _actions(stack, plain) if isinstance(plain, Record) else ListValue(()))


def has_access(stack: Stack, statement: Value, level: str) -> Logic:
    """Where a statement allows an action of the given access level."""
    wanted = _of_level(level)

    def one(record: Record) -> Logic:
        allow = has_effect(stack, record, "Allow")
        if allow is NO:
            return NO
        named = some(stack, record.get("actions"), lambda action: _stands_for(action, wanted))
        return both(allow, either(named, _all_but(stack, record, wanted)))

    return of_statements(statement, one)


def can_name_resources(stack: Stack, action: Value) -> Logic:
    """Where an action, or one that a pattern stands for, can be limited to resources.

    Source: *Service Authorization Reference*, the column of resource types. An action that AWS does not define cannot.
    """
    return ask(action, lambda plain: _stands_for(plain, _has_resources), stack.domains)


def is_service_wildcard(stack: Stack, statement: Value) -> Logic:
    """Where a statement allows every action of some service, or of all (`s3:*`, `*`)."""

    def one(record: Record) -> Logic:
        return both(has_effect(stack, record, "Allow"), some(stack, record.get("actions"), _is_whole_service))

    return of_statements(statement, one)


def unknown_actions(stack: Stack, statement: Value) -> Value:
    """The elements of `Action` and `NotAction` that stand for no action that AWS defines."""

    def find(plain: Plain) -> Value:
        if not isinstance(plain, Record):
            return ListValue(())
        items: list[Item] = []
        for field in ("actions", "not_actions"):
            items.extend(_where(stack, plain.get(field), lambda action: _is_defined(action) is False))
        return ListValue(tuple(items), origin=plain.origin)

    return bind(statement, find)


def unsupported_resources(stack: Stack, statement: Value) -> Value:
    """The actions named in full to which no element of `Resource` applies, so that the statement has no effect on them.

    Actions that know no resources need `*`; others need an ARN of a type that they know.
    """

    def find(plain: Plain) -> Value:
        if not isinstance(plain, Record):
            return ListValue(())
        has_resources = some(stack, plain.get("resources"), lambda _: True)
        if has_resources is NO:
            return ListValue((), origin=plain.origin)
        items: list[Item] = []
        for guard, action in _elements(stack, plain.get("actions")):
            facts = facts_of(action.text) if isinstance(action, Known) else None
            if facts is not None:
                applies = some(stack, plain.get("resources"), partial(_applies, stack, facts))
                there = guard & applies.false & has_resources.true
                items.extend([Item(action, there)] if there is not FALSE else [])
        return ListValue(tuple(items), origin=plain.origin)

    return bind(statement, find)


def _applies(stack: Stack, facts: ActionFacts, resource: Plain) -> bool | None:
    """Whether an element of `Resource` may be a resource of the action."""
    pattern = resource_pattern(with_made_up_names(stack, resource))
    if pattern is None:
        return False
    if not facts.arns:  # an action without resource types is allowed where everything is
        return covers(pattern, ANYTHING)
    if any(fits(pattern.known, arn) for arn in facts.arns):
        return True
    return None if not pattern.is_settled and any(fits(pattern.widest, arn) for arn in facts.arns) else False


def _actions(stack: Stack, statement: Record) -> Value:
    items: list[Item] = []
    is_open = False
    for guard, action in _elements(stack, statement.get("actions")):
        if isinstance(action, Known):
            items.extend(Item(Known(name, action.origin), guard) for name in _names(action.text.lower()))
        else:
            is_open = is_open or isinstance(action, Text | Unknown)
    excepted = some(stack, statement.get("not_actions"), lambda _: True)
    if excepted is not NO:
        items.extend(_other_actions(stack, statement, excepted.true))
        is_open = is_open or excepted.unknown is not FALSE
    return ListValue(tuple(items), open=is_open, origin=statement.origin)


def _other_actions(stack: Stack, statement: Record, there: Guard) -> Iterator[Item]:
    """All actions but those that `NotAction` names."""
    is_excepted = _exceptions(stack, statement)
    for facts in matching_actions(glob("*")):
        guard = there & is_excepted(facts).false
        if guard is not FALSE:
            yield Item(Known(facts.name, statement.origin), guard)


def _all_but(stack: Stack, statement: Record, wanted: _Trait) -> Logic:
    """Where `NotAction` leaves an action of the trait."""
    outcome = NO
    if some(stack, statement.get("not_actions"), lambda _: True) is NO:
        return outcome
    is_excepted = _exceptions(stack, statement)
    for facts in matching_actions(glob("*")):
        if wanted(facts):
            outcome = either(outcome, negate(is_excepted(facts)))
            if outcome is YES:
                break
    return outcome


def _exceptions(stack: Stack, statement: Record) -> Callable[[ActionFacts], Logic]:
    """Where `NotAction` of a statement names an action. Its known elements are read once, as there are many actions."""
    listed = statement.get("not_actions")
    known: list[tuple[Guard, Glob]] = []
    for guard, action in _elements(stack, listed):
        if not isinstance(action, Known):
            return lambda facts: some(stack, listed, partial(_covers, literal_pattern(facts.name.lower())))
        known.append((guard, glob(action.text.lower())))
    is_open = any(isinstance(plain, ListValue) and plain.open for _, plain in cases_of(listed))

    def one(facts: ActionFacts) -> Logic:
        name = facts.name.lower()
        there = any_of(guard for guard, pattern in known if matches(pattern, name))
        return decided(there, FALSE if is_open else ~there)

    return one


def _covers(wanted: Pattern, plain: Plain) -> bool | None:
    pattern = action_pattern(plain)
    return False if pattern is None else covers(pattern, wanted)


@cache
def _of_level(level: str) -> _Trait:
    return lambda facts: facts.level == level


def _has_resources(facts: ActionFacts) -> bool:
    return bool(facts.arns)


def _stands_for(action: Plain, wanted: _Trait) -> bool | None:
    """Whether an element of `Action` stands for an action of some trait."""
    match action:
        case Known():
            return _includes(action.text.lower(), wanted)
        case Text() | Unknown():
            pattern = action_pattern(action)
            there = pattern is not None and any(wanted(facts) for facts in matching_actions(pattern.widest))
            return None if there else False
        case _:
            return False


def _is_whole_service(action: Plain) -> bool | None:
    match action:
        case Known():
            return _covers_a_service(action.text.lower())
        case Text() | Unknown():
            pattern = action_pattern(action)
            there = pattern is not None and any(includes(pattern.widest, glob(f"{name}:*")) for name in services())
            return None if there else False
        case _:
            return False


def _is_defined(action: Plain) -> bool | None:
    match action:
        case Known():
            return any(True for _ in matching_actions(glob(action.text.lower())))
        case Text() | Unknown():
            return None
        case _:
            return False


def _where(stack: Stack, value: Value, test: Callable[[Plain], bool | None]) -> Iterator[Item]:
    """The elements of a list that pass a test for certain."""
    for guard, plain in _elements(stack, value):
        if test(plain):
            yield Item(plain, guard)


def _elements(stack: Stack, value: Value) -> Iterator[tuple[Guard, Plain]]:
    """The elements of a list, parameters with known values filled in."""
    for guard, listed in cases_of(value):
        if isinstance(listed, ListValue):
            for item in listed.items:
                for inner, plain in settle(item.value, stack.domains):
                    there = guard & item.guard & inner
                    if there is not FALSE and not isinstance(plain, Absent):
                        yield there, plain


@lru_cache(maxsize=4096)
def _includes(pattern: str, wanted: _Trait) -> bool:
    return any(wanted(facts) for facts in matching_actions(glob(pattern)))


@lru_cache(maxsize=1024)
def _names(pattern: str) -> tuple[str, ...]:
    return tuple(facts.name for facts in matching_actions(glob(pattern)))


@lru_cache(maxsize=4096)
def _covers_a_service(pattern: str) -> bool:
    """Whether a pattern stands for all of the actions of a service, by its form or by what AWS defines."""
    written = glob(pattern)
    service, colon, _ = pattern.partition(":")
    if "*" not in pattern:
        return False
    if not colon or "*" in service or "?" in service:
        return any(includes(written, glob(f"{prefix}:*")) for prefix in services())
    known = service_actions(service)
    return includes(written, glob(f"{service}:*")) or (
        bool(known) and all(matches(written, f"{service}:{key}") for key in known)
    )
