"""What a role may do to what matters: everything, more than it was given, or something to stores of data.

An action counts where a statement names it, no denial without conditions takes it back and the permissions boundary
allows it. Source: IAM User Guide, *Policy evaluation logic*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from stackwarden.exposure.stores import LEVELS, STORES, Level, Store
from stackwarden.graph.follow import follow, wording
from stackwarden.graph.stack import Stack
from stackwarden.iam.allowances import ends_of
from stackwarden.iam.escalation import escalations
from stackwarden.iam.grants import covers_action, has_effect, is_on_everything, meets_action
from stackwarden.iam.meaning import allows, statements_of
from stackwarden.iam.names import with_made_up_names
from stackwarden.iam.patterns import Pattern, action_pattern, literal_pattern, meets
from stackwarden.resolve.guards import FALSE, Guard, any_of
from stackwarden.resolve.logic import NO, YES, Logic, both, decided, either, negate, under
from stackwarden.resolve.values import (
    Item,
    Known,
    ListValue,
    OpaqueHole,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    cases_of,
)

__all__ = ["Power", "Powers", "powers_of"]

_EVERYTHING: Final = Known("*")
_ALL_ACTIONS: Final = Known("*:*")
_HOLE: Final = re.compile(r"\$\{[^}]*\}")
_MOST_ACTIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Power:
    """Something that a role may do. `what` says it in words: `dynamodb:PutItem on Orders`.

    `target` is the resource, where it is one of the template; `statement` the statement that allows it; `is_wide`
    tells what is allowed on every resource of a kind.
    """

    level: Level
    what: str
    actions: tuple[str, ...]
    target: Value
    is_wide: bool
    statement: Record
    claim: Logic


@dataclass(frozen=True, slots=True)
class Powers:
    """The powers of a role, the worst first, and where it may have others that the template does not show."""

    found: tuple[Power, ...]
    unknown: Guard


@dataclass(frozen=True, slots=True)
class _Target:
    """What an element of `Resource` stands for: its words, the resource that it names, and the element itself.

    `element` is None where denials cannot be compared with it: an import, and what `NotResource` leaves.
    """

    words: str
    element: Plain | None
    value: Value
    claim: Logic
    is_wide: bool


def powers_of(stack: Stack, role: ResourceValue) -> Powers:
    """What a role may do, worked out once for each role."""
    return stack.once(f"exposure.powers {role.resource.logical_id}", lambda: _powers(stack, role))


def _powers(stack: Stack, role: ResourceValue) -> Powers:
    items, unknown = statements_of(stack, role)
    found: list[Power] = []
    for item in items:
        if isinstance(item.value, Record):
            statement = item.value
            allow = under(item.guard, has_effect(stack, statement, "Allow"))
            if allow.true is not FALSE:
                found.extend(_of_statement(stack, role, statement, allow))
    found.extend(_escalating(stack, role, any_of(power.claim.true for power in found if power.level == "admin")))
    possible = [power for power in found if power.claim.true is not FALSE]
    for power in found:
        unknown = unknown | power.claim.unknown
    return Powers(tuple(sorted(possible, key=lambda power: LEVELS.index(power.level))), unknown)


def _of_statement(stack: Stack, role: ResourceValue, statement: Record, allow: Logic) -> Iterator[Power]:
    everything = both(covers_action(stack, statement, literal_pattern("*:*")), is_on_everything(stack, statement))
    if everything is not NO:
        claim = both(allow, both(everything, allows(stack, role, _ALL_ACTIONS, _EVERYTHING)))
        yield Power("admin", "do everything in the account", ("*",), Known("everything"), True, statement, claim)
        allow = both(allow, negate(claim))
    for store in STORES:
        rest = allow
        for level in ("administer", "write", "send", "read"):
            named = [name for name in store.actions(level) if _names(stack, statement, name) is not NO]
            if not named:
                continue
            done = NO
            for power in _on_targets(stack, role, statement, rest, (store, level, named)):
                done = either(done, power.claim)
                yield power
            rest = both(rest, negate(done))


def _names(stack: Stack, statement: Record, action: str) -> Logic:
    return meets_action(stack, statement, literal_pattern(action.lower()))


def _on_targets(
    stack: Stack, role: ResourceValue, statement: Record, allow: Logic, about: tuple[Store, Level, list[str]]
) -> Iterator[Power]:
    store, level, names = about
    actions = _written(statement, names)
    shown = ", ".join((*actions[:_MOST_ACTIONS], *(("…",) if len(actions) > _MOST_ACTIONS else ())))
    for target in _targets(stack, statement, store):
        if level == "read" and not target.is_wide:
            continue
        claim = NO
        for name in names:
            claim = either(claim, both(_names(stack, statement, name), _may(stack, role, name, target.element)))
        claim = both(allow, both(target.claim, claim))
        if claim is not NO:
            yield Power(level, f"{shown} on {target.words}", actions, target.value, target.is_wide, statement, claim)


def _may(stack: Stack, role: ResourceValue, action: str, element: Plain | None) -> Logic:
    return YES if element is None else allows(stack, role, Known(action), with_made_up_names(stack, element))


def _targets(stack: Stack, statement: Record, store: Store) -> Iterator[_Target]:
    """What a statement is about, as far as that is a store of the kind or may be one."""
    for guard, plain in follow(statement.get("resources"), ()):
        sure = under(guard, YES)
        if not isinstance(plain, Known | Text):
            if isinstance(plain, Unknown) and plain.written:
                yield from _named(stack, store, plain, guard)
            continue
        written = _HOLE.sub("_", wording(plain)).split(":", 5)
        if written == ["*"] or (len(written) == 6 and written[2] in store.services and written[5] in store.any_name):
            yield _Target(f"every {store.noun}", plain, Known(f"every {store.noun}"), sure, True)
        elif len(written) < 3 or written[2] in store.services:
            yield from _named(stack, store, plain, guard)
    excepted = any_of(guard for guard, _ in follow(statement.get("not_resources"), ()))
    words = f"every {store.noun} but some"
    yield _Target(words, None, Known(words), under(excepted, YES), True)


def _named(stack: Stack, store: Store, plain: Known | Text | Unknown, guard: Guard) -> Iterator[_Target]:
    found = False
    for end, claim in ends_of(stack, plain, ()):
        resource = stack.resource(end) if isinstance(end, str) else None
        if resource is None or claim.true is FALSE:
            continue
        found = True
        if resource.resource.resource_type.startswith(store.namespace):
            there = under(guard, decided(claim.true, ~claim.true))
            yield _Target(resource.resource.logical_id, plain, resource, there, False)
    if not found:
        is_opaque = isinstance(plain, Unknown) or (
            isinstance(plain, Text) and any(isinstance(hole, OpaqueHole) for hole in plain.holes)
        )
        words = f"a {store.noun} elsewhere" if is_opaque else wording(plain) if isinstance(plain, Known | Text) else ""
        element = None if is_opaque else plain
        yield _Target(words, element, Known(words, plain.origin), under(guard, YES), False)


def _written(statement: Record, names: list[str]) -> tuple[str, ...]:
    """The actions as the statement writes them, of those that cover some of `names`; those of `NotAction` by name."""
    patterns = [literal_pattern(name.lower()) for name in names]
    found: list[str] = []
    for _, plain in follow(statement.get("actions"), ()):
        own = action_pattern(plain) if isinstance(plain, Known | Text) else None
        if own is not None and isinstance(plain, Known | Text) and _meets_some(own, patterns):
            found.append(wording(plain))
    return tuple(dict.fromkeys(found)) or tuple(names)


def _meets_some(own: Pattern, patterns: list[Pattern]) -> bool:
    return any(meets(own, pattern) is not False for pattern in patterns)


def _escalating(stack: Stack, role: ResourceValue, admin: Guard) -> Iterator[Power]:
    """The published ways in which a role can give itself more permissions, where it does not have all of them."""
    for guard, listed in cases_of(escalations(stack, role)):
        for item in listed.items if isinstance(listed, ListValue) else ():
            yield from _escalation(item, guard & ~admin)


def _escalation(item: Item, guard: Guard) -> Iterator[Power]:
    record = item.value
    statement = record.get("statement") if isinstance(record, Record) else Unknown("not a record")
    if not isinstance(record, Record) or not isinstance(statement, Record):
        return
    actions = record.get("actions")
    words = (
        [one.value.text for one in actions.items if isinstance(one.value, Known)]
        if isinstance(actions, ListValue)
        else []
    )
    what = f"give itself more permissions by {', '.join(words)}"
    yield Power("escalate", what, tuple(words), Known("itself"), False, statement, under(guard & item.guard, YES))
