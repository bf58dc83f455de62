"""Entries of network ACLs, as records of the shape that rules of security groups have.

Source: CloudFormation Template Reference, `AWS::EC2::NetworkAclEntry` (`Egress` is false by default).
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.net.security_groups import RULE
from stackwarden.net.vpc_ranges import written_range
from stackwarden.resolve.questions import settle
from stackwarden.resolve.reading import BOOLEANS, first_of, read
from stackwarden.resolve.values import (
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
    fold_cases,
)

__all__ = ["ENTRY_TYPE", "acl_entries"]

ENTRY_TYPE: Final = "AWS::EC2::NetworkAclEntry"


def acl_entries(stack: Stack) -> ListValue:
    """All entries of network ACLs as `net.Rule` records: `group` is the ACL, `number` the rule number."""
    return stack.once("net.acl_entries", lambda: _entries(stack))


def _entries(stack: Stack) -> ListValue:
    items: list[Item] = []
    for resource in stack.resources((ENTRY_TYPE,)):
        for guard, properties in cases_of(resource.properties):
            if isinstance(properties, MapValue):
                items.append(Item(_entry(stack, properties, resource), guard & resource.guard))
    return ListValue(tuple(items))


def _entry(stack: Stack, properties: MapValue, resource: ResourceValue) -> Record:
    ports = properties.get("PortRange")
    fields: dict[str, Value] = {
        "cidr": written_range(stack, first_of(properties, ("CidrBlock",), ("Ipv6CidrBlock",))),
        "protocol": properties.get("Protocol"),
        "from_port": read(ports, "From"),
        "to_port": read(ports, "To"),
        "group": properties.get("NetworkAclId"),
        "owner": resource,
        "direction": _direction(stack, properties.get("Egress")),
        "action": properties.get("RuleAction"),
        "number": properties.get("RuleNumber"),
    }
    return Record(RULE, fields, resource, properties.origin)


def _direction(stack: Stack, egress: Value) -> Value:
    return fold_cases((guard, _way(plain)) for guard, plain in settle(egress, stack.domains))


def _way(egress: Plain) -> Value:
    match egress:
        case Known():
            return Known("egress" if egress.text in BOOLEANS[True] else "ingress", egress.origin)
        case Text() | Unknown():
            return Unknown("the direction is not known", egress.origin)
        case _:
            return Known("ingress", egress.origin)
