"""What an identity or a policy allows: its statements taken together, denials and the permissions boundary included.

Source: IAM User Guide, *Policy evaluation logic*. A statement that allows counts whatever its conditions; one that
denies counts only without any. Policies that the template does not show may allow more; that they might also deny what
others allow is left out of account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stackwarden.graph.names import literal_names
from stackwarden.graph.stack import Stack
from stackwarden.iam.attachments import POLICY
from stackwarden.iam.document import STATEMENT
from stackwarden.iam.grants import covers_action, covers_resource, has_effect, of_statements
from stackwarden.iam.identities import boundary_of, held_policies
from stackwarden.iam.names import with_made_up_names
from stackwarden.iam.patterns import Pattern, action_pattern, resource_pattern
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic, both, decided, either, negate, under
from stackwarden.resolve.questions import settle
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Item,
    Known,
    ListValue,
    MapValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    cases_of,
)

__all__ = ["allowed", "allows", "is_unconditional", "is_without_conditions", "statements_of"]


def allows(stack: Stack, subject: Value, action: Value, resource: Value) -> Logic:
    """Where a subject (statement, policy, identity, or a list of them) may do every `action` to every `resource`.

    The action is a text, the resource an ARN or a resource of the template, which is meant by any of its names; texts
    may have wildcards and holes.
    """
    outcome = NO
    for guard, plain in cases_of(subject):
        claim = NO
        for action_guard, wanted_action in settle(action, stack.domains):
            actions = action_pattern(wanted_action)
            if actions is None:
                continue
            for resource_guard, resources in _wanted(stack, resource):
                there = action_guard & resource_guard
                if there is not FALSE:
                    claim = either(claim, under(there, allowed(stack, plain, actions, resources)))
        outcome = either(outcome, under(guard, claim))
    return outcome


def _wanted(stack: Stack, resource: Value) -> Iterator[tuple[Guard, Pattern]]:
    """The ARNs that a resource is meant by, as patterns."""
    for guard, plain in settle(resource, stack.domains):
        if isinstance(plain, ResourceValue):
            for name in (*_made_up(stack, plain), *literal_names(stack, plain)):
                for inner, spelled in settle(name, stack.domains):
                    pattern = resource_pattern(spelled)
                    if pattern is not None and _is_arn(spelled):
                        yield guard & inner, pattern
            continue
        pattern = resource_pattern(plain)
        if pattern is not None:
            yield guard, pattern


def _made_up(stack: Stack, resource: ResourceValue) -> Iterator[Plain]:
    """The ARN of a resource whose name CloudFormation makes up, by `Ref` or by `Fn::GetAtt`."""
    for attribute in ("", "Arn"):
        hole = AttributeHole(resource.resource.logical_id, attribute, spellable=True)
        if stack.domains.spelled(hole) is None:
            yield with_made_up_names(stack, Text((hole,)))


def _is_arn(name: Plain) -> bool:
    match name:
        case Known():
            return name.text.startswith("arn:")
        case Text(parts=(str() as first, *_)):
            return first.startswith("arn:")
        case Text(parts=(AttributeHole() as hole,)):
            return hole.spellable  # its form is not known
        case _:
            return False


def allowed(stack: Stack, subject: Plain, actions: Pattern, resources: Pattern) -> Logic:
    """Where a subject may do every one of `actions` to every one of `resources`."""
    if isinstance(subject, Unknown | Text):
        return MAYBE
    found, unknown = statements_of(stack, subject)
    given = _some(found, lambda one: _covers(stack, one, actions, resources, "Allow"))
    given = decided(given.true, given.false & ~unknown)
    taken = _some(
        found, lambda one: both(is_unconditional(stack, one), _covers(stack, one, actions, resources, "Deny"))
    )
    claim = both(given, negate(taken))
    if isinstance(subject, ResourceValue) and claim.true is not FALSE:
        claim = both(claim, _within_boundary(stack, subject, actions, resources))
    return claim


def statements_of(stack: Stack, subject: Plain) -> tuple[list[Item], Guard]:
    """The statements of a statement, policy, identity or list of them, and where there may be more."""
    items: list[Item] = []
    unknown: Guard = FALSE
    for policy in _policies(stack, subject):
        if isinstance(policy.value, Record) and policy.value.kind == STATEMENT:
            items.append(policy)
            continue
        for guard, listed in cases_of(policy.value.get("statements") if isinstance(policy.value, Record) else Absent()):
            if isinstance(listed, ListValue):
                there = policy.guard & guard
                items.extend(Item(item.value, item.guard & there) for item in listed.items)
                unknown = unknown | (there if listed.open else FALSE)
    if isinstance(subject, ResourceValue):
        unknown = unknown | held_policies(stack, subject).unknown
    elif isinstance(subject, ListValue) and subject.open:
        unknown = TRUE
    return items, unknown


def is_unconditional(_: Stack, statement: Record) -> Logic:
    """Where a statement has no conditions."""
    outcome = NO
    for guard, plain in cases_of(statement.get("conditions")):
        match plain:
            case Absent():
                claim = YES
            case MapValue():
                claim = MAYBE if plain.open else NO if plain.names() else YES
            case Unknown() | Text():
                claim = MAYBE
            case _:
                claim = NO
        outcome = either(outcome, under(guard, claim))
    return outcome


def is_without_conditions(stack: Stack, statement: Value) -> Logic:
    """`is_unconditional` of a value."""
    return of_statements(statement, lambda one: is_unconditional(stack, one))


def _policies(stack: Stack, subject: Plain) -> Iterator[Item]:
    match subject:
        case Record() if subject.kind in (POLICY, STATEMENT):
            yield Item(subject)
        case ResourceValue():
            yield from held_policies(stack, subject).policies
        case ListValue():
            for item in subject.items:
                for guard, plain in cases_of(item.value):
                    for policy in _policies(stack, plain):
                        yield Item(policy.value, item.guard & guard & policy.guard)
        case _:
            pass


def _some(items: list[Item], claim_of: Callable[[Record], Logic]) -> Logic:
    outcome = NO
    for item in items:
        if isinstance(item.value, Record):
            outcome = either(outcome, under(item.guard, claim_of(item.value)))
    return outcome


def _covers(stack: Stack, statement: Record, actions: Pattern, resources: Pattern, effect: str) -> Logic:
    claim = covers_action(stack, statement, actions)
    if claim is NO:
        return NO
    claim = both(claim, has_effect(stack, statement, "Deny" if effect == "Deny" else "Allow"))
    return claim if claim is NO else both(claim, covers_resource(stack, statement, resources))


def _within_boundary(stack: Stack, identity: ResourceValue, actions: Pattern, resources: Pattern) -> Logic:
    outcome = NO
    for guard, boundary in cases_of(boundary_of(stack, identity)):
        claim = YES if isinstance(boundary, Absent) else allowed(stack, boundary, actions, resources)
        outcome = either(outcome, under(guard, claim))
    return outcome
