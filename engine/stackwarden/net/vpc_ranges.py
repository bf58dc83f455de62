"""Ranges of the template's own VPCs, however a rule spells them.

`Fn::GetAtt` of a VPC's `CidrBlock` is the range that the VPC is given. The other way round, a parameter that a VPC or
subnet of the template has as its range cannot be everyone: no VPC is larger than a /16.

Source: Amazon VPC User Guide, *VPC CIDR blocks*.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.net.reading import property_of
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.values import (
    AttributeHole,
    Hole,
    Known,
    Plain,
    Text,
    Value,
    bind,
    cases_of,
    fold_cases,
    with_origin,
)

__all__ = ["written_range"]

_HOLDERS: Final = ("AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::VPCCidrBlock")
_RANGE: Final = "CidrBlock"

_Parts = tuple[str | Hole, ...]


def written_range(stack: Stack, value: Value) -> Value:
    """An address range, with the ranges of the template's VPCs in place of what stands for them."""
    return bind(value, lambda plain: _written_range(stack, plain))


def _written_range(stack: Stack, plain: Plain) -> Value:
    match plain:
        case Text(parts=(AttributeHole(attribute="CidrBlock", logical_id=logical_id),)):
            network = stack.resource(logical_id)
            block = None if network is None else property_of(network, _RANGE)
            return with_origin(block, plain.origin) if isinstance(block, Known) and plain.origin else plain
        case Text():
            return _of_vpc(stack, plain)
        case _:
            return plain


def _of_vpc(stack: Stack, text: Text) -> Value:
    found = _ranges(stack).get(text.parts)
    if found is None:
        return text
    guard, logical_id = found
    return fold_cases(((guard, Text((AttributeHole(logical_id, _RANGE),), text.origin)), (~guard, text)))


def _ranges(stack: Stack) -> dict[_Parts, tuple[Guard, str]]:
    """The ranges that only the deployment knows of VPCs and subnets, and where there is one with that range."""
    return stack.once("net.vpc ranges", lambda: _find_ranges(stack))


def _find_ranges(stack: Stack) -> dict[_Parts, tuple[Guard, str]]:
    found: dict[_Parts, tuple[Guard, str]] = {}
    for holder in stack.present(_HOLDERS):
        for guard, plain in cases_of(property_of(holder, _RANGE)):
            if isinstance(plain, Text):
                there = guard & holder.guard
                before, logical_id = found.get(plain.parts, (FALSE, holder.resource.logical_id))
                found[plain.parts] = (before | there, logical_id)
    return found
