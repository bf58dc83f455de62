"""Default security groups of VPCs.

CloudFormation has no way to take the rules out of a VPC's default group; templates leave it to a custom resource, which
gets the group or the VPC among its properties.

Source: Amazon VPC User Guide, *Default security groups for your VPCs*.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.logic import MAYBE, NO, Logic, decided, either, under
from stackwarden.resolve.questions import ask
from stackwarden.resolve.values import (
    AttributeHole,
    ListValue,
    MapValue,
    Plain,
    ResourceValue,
    Text,
    Unknown,
    Value,
    cases_of,
)

__all__ = ["is_left_to_custom_resource"]

_CUSTOM: Final = ("Custom::", "AWS::CloudFormation::CustomResource")
_ATTRIBUTES: Final = frozenset({"", "VpcId", "DefaultSecurityGroup"})


def is_left_to_custom_resource(stack: Stack, vpc: Value) -> Logic:
    """Where a custom resource of the template gets a VPC or its default group, and so can empty the group."""
    true, false = FALSE, FALSE
    for guard, plain in cases_of(vpc):
        claim = _is_given(stack, plain.resource.logical_id) if isinstance(plain, ResourceValue) else NO
        true, false = true | (guard & claim.true), false | (guard & claim.false)
    return decided(true, false)


def _is_given(stack: Stack, logical_id: str) -> Logic:
    outcome = NO
    custom = tuple(sorted(name for name in stack.types if name.startswith(_CUSTOM)))
    for resource in stack.resources(custom or _CUSTOM[1:]):
        outcome = either(outcome, under(resource.guard, _has(stack, resource.properties, logical_id)))
    return outcome


def _has(stack: Stack, value: Value, logical_id: str) -> Logic:
    """Where a value, or a part of it, is the VPC or its default group."""
    outcome = NO
    for guard, plain in cases_of(value):
        match plain:
            case MapValue():
                found = NO
                for name in plain.names():
                    found = either(found, _has(stack, plain.get(name), logical_id))
            case ListValue():
                found = NO
                for item in plain.items:
                    found = either(found, under(item.guard, _has(stack, item.value, logical_id)))
            case Unknown() if any(mentioned == logical_id for mentioned, _ in plain.mentions):
                found = MAYBE
            case _:
                found = ask(plain, lambda one: _is_it(one, logical_id), stack.domains)
        outcome = either(outcome, under(guard, found))
    return outcome


def _is_it(plain: Plain, logical_id: str) -> bool:
    match plain:
        case Text(parts=(AttributeHole() as hole,)):
            return hole.logical_id == logical_id and hole.attribute in _ATTRIBUTES
        case _:
            return False
