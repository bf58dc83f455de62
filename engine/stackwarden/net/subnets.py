"""Public subnets: those whose route table sends traffic for the internet to an internet gateway.

A subnet without an association has its VPC's main route table. CloudFormation cannot add routes to that of a VPC that
it made itself, so such a subnet is not public; of other VPCs nothing can be seen. NAT gateways and egress-only internet
gateways let nobody in and do not count.

Source: Amazon VPC User Guide, *Internet gateways* and *Route tables*.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.references import refers
from stackwarden.graph.stack import Stack
from stackwarden.net.cidr import is_wide
from stackwarden.net.reading import is_same_id, property_of, resources_named
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.logic import MAYBE, NO, Logic, both, decided, either, negate, under
from stackwarden.resolve.questions import ask, ask_both
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Item,
    Known,
    ListValue,
    Plain,
    ResourceValue,
    Text,
    Unknown,
    Value,
    cases_of,
)

__all__ = ["SUBNET", "is_public_subnet", "public_subnets"]

SUBNET: Final = "AWS::EC2::Subnet"
_ASSOCIATION: Final = "AWS::EC2::SubnetRouteTableAssociation"
_TABLE: Final = "AWS::EC2::RouteTable"
_ROUTE: Final = "AWS::EC2::Route"
_GATEWAY: Final = "AWS::EC2::InternetGateway"
_VPC: Final = "AWS::EC2::VPC"


def public_subnets(stack: Stack) -> ListValue:
    """The template's public subnets; one of which this is not known stands as an unknown element."""
    return stack.once("net.public_subnets", lambda: _public_subnets(stack))


def _public_subnets(stack: Stack) -> ListValue:
    items: list[Item] = []
    for subnet in stack.resources((SUBNET,)):
        claim = _is_public(stack, subnet)
        if (there := subnet.guard & claim.true) is not FALSE:
            items.append(Item(subnet, there))
        if (open_ := subnet.guard & claim.unknown) is not FALSE:
            mentions = ((subnet.resource.logical_id, ""),)
            items.append(Item(Unknown("its route table is not known", subnet.origin, mentions), open_))
    return ListValue(tuple(items))


def is_public_subnet(stack: Stack, subnet: Value) -> Logic:
    """Where a subnet, given as a resource or by its id, is public; unknown for one that is not in the template."""
    true, false = FALSE, FALSE
    for guard, plain in cases_of(subnet):
        claim = _of_plain(stack, plain)
        true, false = true | (guard & claim.true), false | (guard & claim.false)
    return decided(true, false)


def _of_plain(stack: Stack, subnet: Plain) -> Logic:
    match subnet:
        case ResourceValue():
            return _is_public(stack, subnet) if subnet.resource.resource_type == SUBNET else NO
        case Absent():
            return NO
        case _:
            found, known = NO, NO
            for resource, named in resources_named(stack, subnet, (SUBNET,)):
                known = either(known, named)
                found = either(found, both(named, _is_public(stack, resource)))
            return either(found, both(negate(known), MAYBE))


def _is_public(stack: Stack, subnet: ResourceValue) -> Logic:
    return stack.once(f"net.public {subnet.resource.logical_id}", lambda: _by_routes(stack, subnet))


def _by_routes(stack: Stack, subnet: ResourceValue) -> Logic:
    outcome, associated = NO, NO
    for link in stack.resources((_ASSOCIATION,)):
        here = under(link.guard, refers(stack, property_of(link, "SubnetId"), subnet))
        if here is NO:
            continue
        associated = either(associated, here)
        outcome = either(outcome, both(here, _leads_out(stack, property_of(link, "RouteTableId"))))
    own_vpc = NO
    for _, named in resources_named(stack, property_of(subnet, "VpcId"), (_VPC,)):
        own_vpc = either(own_vpc, named)
    by_main_table = both(both(negate(associated), negate(own_vpc)), MAYBE)
    return either(outcome, by_main_table)


def _leads_out(stack: Stack, table: Value) -> Logic:
    """Where a route table has a route to the internet; unknown for one of another stack whose routes are not here."""
    outcome, known = NO, NO
    for resource, named in resources_named(stack, table, (_TABLE,)):
        known = either(known, named)
        outcome = either(outcome, both(named, _has_way_out(stack, resource)))
    elsewhere = both(negate(known), either(_has_way_out_by_id(stack, table), MAYBE))
    return either(outcome, elsewhere)


def _has_way_out(stack: Stack, table: ResourceValue) -> Logic:
    def make() -> Logic:
        outcome = NO
        for route in stack.resources((_ROUTE,)):
            of_table = under(route.guard, refers(stack, property_of(route, "RouteTableId"), table))
            if of_table is not NO:
                outcome = either(outcome, both(of_table, _is_way_out(stack, route)))
        return outcome

    return stack.once(f"net.way out {table.resource.logical_id}", make)


def _has_way_out_by_id(stack: Stack, table: Value) -> Logic:
    outcome = NO
    for route in stack.resources((_ROUTE,)):
        same = under(route.guard, ask_both(property_of(route, "RouteTableId"), table, is_same_id, stack.domains))
        if same is not NO:
            outcome = either(outcome, both(same, _is_way_out(stack, route)))
    return outcome


def _is_way_out(stack: Stack, route: ResourceValue) -> Logic:
    wide = NO
    for name in ("DestinationCidrBlock", "DestinationIpv6CidrBlock"):
        wide = either(wide, ask(property_of(route, name), is_wide, stack.domains))
    return both(wide, ask(property_of(route, "GatewayId"), lambda gateway: _is_gateway(stack, gateway), stack.domains))


def _is_gateway(stack: Stack, gateway: Plain) -> bool | None:
    match gateway:
        case Known():
            return gateway.text.startswith("igw-")
        case Text(parts=(AttributeHole() as hole, *_)):
            resource = stack.resource(hole.logical_id)
            if resource is None:
                return None
            return hole.attribute == "InternetGatewayId" or resource.resource.resource_type == _GATEWAY
        case Text() | Unknown():
            return None
        case _:
            return False
