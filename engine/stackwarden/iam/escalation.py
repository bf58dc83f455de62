"""By which published paths an identity, or the holder of a policy, can get more permissions than it was given.

Statements are judged together, with denials and the permissions boundary. An action that needs a reach counts where
the policy allows it on every name of that kind; a path, a prefix or a single name is a limit. Conditions that leave
only some resources limit too; those about when, from where or with which second factor a request comes do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from stackwarden.globs import glob, matches, overlaps
from stackwarden.graph.references import refers
from stackwarden.graph.stack import Stack
from stackwarden.iam.attachments import POLICY
from stackwarden.iam.conditions import condition_values, is_limited_by, limits
from stackwarden.iam.escalation_paths import PATHS, EscalationPath, Need, Reach
from stackwarden.iam.forms import matches_all_after
from stackwarden.iam.grants import covers_action, has_effect, some
from stackwarden.iam.identities import AWS_MANAGED, boundary_of, held_policies
from stackwarden.iam.meaning import is_unconditional
from stackwarden.iam.patterns import literal_pattern, resource_pattern, variable_symbol
from stackwarden.iam.reach import in_this_stack
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic, both, decided, either, negate, under
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Item,
    Known,
    ListValue,
    ParameterHole,
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

__all__ = ["ESCALATION", "escalations"]

ESCALATION: Final = "iam.Escalation"

_ACTIONS: Final = frozenset(need.action.lower() for path in PATHS for need in path.needs)
_PASSED_TO: Final = "iam:PassedToService"
_CIRCUMSTANCES: Final = frozenset(
    {
        "aws:currenttime",
        "aws:epochtime",
        "aws:federatedprovider",
        "aws:multifactorauthage",
        "aws:multifactorauthpresent",
        "aws:referer",
        "aws:requestedregion",
        "aws:resourceaccount",
        "aws:resourceorgid",
        "aws:resourceorgpaths",
        "aws:securetransport",
        "aws:sourceip",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:tokenissuetime",
        "aws:useragent",
        "aws:userid",
        "aws:username",
        "aws:vpcsourceip",
        _PASSED_TO.lower(),
    }
)
"""Condition keys that say nothing about what an action is done to."""

_USER_NAME: Final = variable_symbol("aws:username")


def escalations(stack: Stack, subject: Value) -> Value:
    """The paths that are open to a role, user, group, or to who holds a policy, as `iam.Escalation` records.

    The list is open where a path hangs on what the template does not determine. Policies that AWS manages count with
    what is known of them.
    """

    def one(plain: Plain) -> Value:
        match plain:
            case ResourceValue():
                return stack.once(f"iam.escalations {plain.resource.logical_id}", lambda: _escalations(stack, plain))
            case Record() if plain.kind == POLICY:
                return _escalations(stack, plain)
            case Unknown() | Text():
                return ListValue((), open=True, origin=plain.origin)
            case _:
                return ListValue((), origin=plain.origin)

    return bind(subject, one)


def _escalations(stack: Stack, subject: Record | ResourceValue) -> Value:
    powers = _Powers(stack, subject)
    items: list[Item] = []
    unknown: Guard = FALSE
    for path in PATHS:
        claim = YES
        for need in path.needs:
            claim = both(claim, powers.has(need))
            if claim is NO:
                break
        if claim.true is not FALSE:
            items.append(Item(_record(path, subject, powers.origin_of(path)), claim.true))
        unknown = unknown | claim.unknown
    found = tuple(items)
    whole = ListValue(found, origin=subject.origin)
    return fold_cases(((unknown, ListValue(found, open=True, origin=subject.origin)), (~unknown, whole)))


def _record(path: EscalationPath, subject: Record | ResourceValue, statement: Record | None) -> Record:
    origin = statement.origin if statement is not None else subject.origin
    actions = ListValue(tuple(Item(Known(need.action, origin)) for need in path.needs), origin=origin)
    fields: dict[str, Value] = {
        "path": Known(path.id, origin),
        "name": Known(path.name, origin),
        "source": Known(path.source, origin),
        "actions": actions,
        "statement": statement if statement is not None else Absent(origin),
    }
    resource = subject if isinstance(subject, ResourceValue) else subject.resource
    return Record(ESCALATION, fields, resource, origin)


class _Powers:
    """What a subject may do of all that the paths need; each need is judged once."""

    def __init__(self, stack: Stack, subject: Record | ResourceValue) -> None:
        self._stack = stack
        self._identity = subject if isinstance(subject, ResourceValue) else None
        held = held_policies(stack, subject)
        self._unknown = held.unknown
        self._statements: list[tuple[Guard, Record, frozenset[str] | None]] = []
        for guard, statement, is_open in _statements(held.policies):
            if statement is None:
                self._unknown = self._unknown | (guard if is_open else FALSE)
            else:
                self._statements.append((guard, statement, _possible(statement)))
        possible = [names for _, _, names in self._statements]
        self._possible = None if None in possible else frozenset().union(*(names for names in possible if names))
        self._known: dict[Need, Logic] = {}
        self._origins: dict[Need, Record] = {}
        self._boundaries: dict[Record, _Powers] = {}

    def has(self, need: Need) -> Logic:
        """Where the subject may do what a path needs."""
        if self._possible is not None and self._unknown is FALSE and need.action.lower() not in self._possible:
            return NO  # as nearly always
        if need not in self._known:
            self._known[need] = self._judge(need)
        return self._known[need]

    def origin_of(self, path: EscalationPath) -> Record | None:
        """The statement that gives the last of the actions of a path, which is the one that is its own."""
        return next((self._origins[need] for need in reversed(path.needs) if need in self._origins), None)

    def _judge(self, need: Need) -> Logic:
        given = NO
        taken = NO
        for guard, statement, possible in self._statements:
            if possible is not None and need.action.lower() not in possible:
                continue
            claim = _covers(self._stack, statement, need, self._identity)
            if claim is NO:
                continue
            allow = both(
                claim, both(has_effect(self._stack, statement, "Allow"), _applies(self._stack, statement, need))
            )
            if allow is not NO:
                self._origins.setdefault(need, statement)
                given = either(given, under(guard, allow))
            deny = both(has_effect(self._stack, statement, "Deny"), is_unconditional(self._stack, statement))
            taken = either(taken, under(guard, both(claim, deny)))
        given = decided(given.true, given.false & ~self._unknown)
        claim = both(given, negate(taken))
        if claim is NO or self._identity is None:
            return claim
        return both(claim, self._within_boundary(self._identity, need))

    def _within_boundary(self, identity: ResourceValue, need: Need) -> Logic:
        outcome = NO
        for guard, boundary in cases_of(boundary_of(self._stack, identity)):
            match boundary:
                case Absent():
                    claim = YES
                case Record():
                    claim = self._powers_of(boundary).has(need)
                case _:
                    claim = MAYBE
            outcome = either(outcome, under(guard, claim))
        return outcome

    def _powers_of(self, boundary: Record) -> _Powers:
        if boundary not in self._boundaries:
            self._boundaries[boundary] = _Powers(self._stack, boundary)
        return self._boundaries[boundary]


def _statements(policies: tuple[Item, ...]) -> Iterator[tuple[Guard, Record | None, bool]]:
    """The statements of policies; without one, whether a policy may have more: AWS's own count with what is known."""
    for policy in policies:
        if not isinstance(policy.value, Record):
            continue
        is_managed = any(
            isinstance(plain, Known) and plain.text == AWS_MANAGED for _, plain in cases_of(policy.value.get("type"))
        )
        for guard, listed in cases_of(policy.value.get("statements")):
            if isinstance(listed, ListValue):
                there = policy.guard & guard
                for item in listed.items:
                    if isinstance(item.value, Record):
                        yield there & item.guard, item.value, False
                yield there, None, listed.open and not is_managed


def _possible(statement: Record) -> frozenset[str] | None:
    """The actions of paths that a statement names; None where it may be about any."""
    found: set[str] = set()
    for _, excepted in cases_of(statement.get("not_actions")):
        if not isinstance(excepted, ListValue) or excepted.items or excepted.open:
            return None
    for _, listed in cases_of(statement.get("actions")):
        if not isinstance(listed, ListValue) or listed.open:
            return None
        for item in listed.items:
            if not isinstance(item.value, Known):
                return None
            found.update(_named(item.value.text.lower()))
    return frozenset(found)


@lru_cache(maxsize=4096)
def _named(pattern: str) -> frozenset[str]:
    written = glob(pattern)
    return frozenset(action for action in _ACTIONS if matches(written, action))


def _covers(stack: Stack, statement: Record, need: Need, identity: ResourceValue | None) -> Logic:
    """Where a statement, whatever its effect, is about the action on all that the path needs it for."""
    claim = covers_action(stack, statement, literal_pattern(need.action.lower()))
    if claim is NO:
        return NO
    reach = need.reach
    if reach is None:
        service = need.action.partition(":")[0]
        named = some(stack, statement.get("resources"), lambda plain: _is_of_service(stack, plain, service))
        return both(claim, either(named, some(stack, statement.get("not_resources"), lambda _: True)))
    on = some(stack, statement.get("resources"), lambda plain: _is_wide(plain, reach))
    if reach.own and identity is not None:
        on = either(on, _is_own(stack, statement, identity))
    excepted = statement.get("not_resources")
    has_exceptions = some(stack, excepted, lambda _: True)
    if has_exceptions is not NO:
        spared = negate(some(stack, excepted, lambda plain: _is_wide(plain, Reach(reach.head))))
        on = either(on, both(has_exceptions, spared))
    return both(claim, on)


def _is_wide(resource: Plain, reach: Reach) -> bool | None:
    """Whether a pattern matches every name after some beginning that a reach describes."""
    pattern = resource_pattern(resource)
    if pattern is None:
        return False
    if reach.own and _USER_NAME in pattern.known:
        return overlaps(pattern.widest, glob(f"{reach.head}*"))
    if not matches_all_after(pattern.widest, reach.head):
        return False
    if matches_all_after(in_this_stack(resource, pattern), reach.head):
        return True
    return None if _has_open_holes(resource) else False


def _is_of_service(stack: Stack, resource: Plain, service: str) -> bool | None:
    """Whether a pattern matches some ARN of a service."""
    pattern = resource_pattern(resource)
    if pattern is None:
        return False
    head = glob(f"arn:aws:{service}:*")
    if isinstance(resource, Text) and isinstance(resource.parts[0], AttributeHole):
        named = stack.resource(resource.parts[0].logical_id)
        return named is not None and _service_of(named) == service
    if not overlaps(pattern.widest, head):
        return False
    return True if overlaps(in_this_stack(resource, pattern), head) else None


def _service_of(resource: ResourceValue) -> str:
    name = resource.resource.resource_type.split("::")[1].lower()
    return "states" if name == "stepfunctions" else name


def _has_open_holes(resource: Plain) -> bool:
    """Whether a pattern has parts that may hold wildcards: neither attributes of resources nor pseudo parameters."""
    if isinstance(resource, Text):
        return any(not isinstance(hole, AttributeHole | ParameterHole) or not hole.token for hole in resource.holes)
    return isinstance(resource, Unknown)


def _is_own(stack: Stack, statement: Record, identity: ResourceValue) -> Logic:
    """Where an element of `Resource` names the identity itself."""
    outcome = NO
    for guard, listed in cases_of(statement.get("resources")):
        if isinstance(listed, ListValue):
            for item in listed.items:
                claim = refers(stack, item.value, identity)
                outcome = either(outcome, under(guard & item.guard, decided(claim.true, ~claim.true)))
    return outcome


def _applies(stack: Stack, statement: Record, need: Need) -> Logic:
    """Where the conditions of a statement do not keep a path from being taken."""
    limited = limits(stack, statement, lambda key: key not in _CIRCUMSTANCES and not key.startswith("aws:principal"))
    claim = negate(limited)
    if claim is NO or not need.services:
        return claim
    restricted = is_limited_by(stack, statement, _PASSED_TO)
    services = condition_values(statement, "StringEquals*", _PASSED_TO)
    like = condition_values(statement, "StringLike*", _PASSED_TO)
    named = either(
        some(stack, services, lambda plain: _is_service(plain, need.services)),
        some(stack, like, lambda plain: _is_service(plain, need.services)),
    )
    return both(claim, either(negate(restricted), named))


def _is_service(value: Plain, services: tuple[str, ...]) -> bool | None:
    match value:
        case Known():
            return any(matches(glob(value.text.lower()), name) for name in services)
        case Text() | Unknown():
            return None
        case _:
            return False
