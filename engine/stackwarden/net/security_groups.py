"""Rules of security groups, inline and stand-alone, as records of one shape, which entries of network ACLs share.

`direction` is `ingress` or `egress`; `action` is `allow` always, and `number` absent, for a security group.

Source: CloudFormation Template Reference, `AWS::EC2::SecurityGroup`, `AWS::EC2::SecurityGroupIngress`,
`AWS::EC2::SecurityGroupEgress`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from stackwarden.graph.stack import Stack
from stackwarden.net.vpc_ranges import written_range
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.reading import first_of
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
)

__all__ = ["RULE", "RULE_TYPES", "Direction", "egress_rules", "ingress_rules"]

RULE: Final = "net.Rule"

Direction = Literal["Ingress", "Egress"]
_GROUPS: Final = {
    "Ingress": (("SourceSecurityGroupId",), ("SourceSecurityGroupName",)),
    "Egress": (("DestinationSecurityGroupId",),),
}
_LISTS: Final = {"Ingress": "SourcePrefixListId", "Egress": "DestinationPrefixListId"}
RULE_TYPES: Final = ("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
_FIELDS: Final = ("cidr", "protocol", "from_port", "to_port", "peer", "peer_group", "prefix_list", "description")


def ingress_rules(stack: Stack) -> ListValue:
    """All ingress rules of the template as `net.Rule` records."""
    return stack.once("net.ingress_rules", lambda: _rules(stack, "Ingress"))


def egress_rules(stack: Stack) -> ListValue:
    """All egress rules of the template as `net.Rule` records."""
    return stack.once("net.egress_rules", lambda: _rules(stack, "Egress"))


def _rules(stack: Stack, direction: Direction) -> ListValue:
    items: list[Item] = []
    types = ("AWS::EC2::SecurityGroup", f"AWS::EC2::SecurityGroup{direction}")
    for resource in stack.resources(types):
        for guard, properties in cases_of(resource.properties):
            if not isinstance(properties, MapValue):
                continue
            under = guard & resource.guard
            if resource.resource.resource_type == types[1]:
                group = properties.get("GroupId")
                items.append(Item(_rule(stack, properties, group, resource, direction), under))
            else:
                inline = properties.get(f"SecurityGroup{direction}")
                items.extend(_inline(stack, inline, resource, direction, under))
    return ListValue(tuple(items))


def _inline(stack: Stack, value: Value, group: ResourceValue, direction: Direction, under: Guard) -> Iterator[Item]:
    for guard, plain in cases_of(value):
        there = under & guard
        if there is FALSE:
            continue
        match plain:
            case ListValue():
                for item in plain.items:
                    yield from _inline(stack, item.value, group, direction, there & item.guard)
                if plain.open:
                    yield Item(_unwritten(plain, group, direction), there)
            case MapValue():
                yield Item(_rule(stack, plain, group, group, direction), there)
            case Unknown() | Text():
                yield Item(_unwritten(plain, group, direction), there)
            case _:
                pass


def _unwritten(plain: Plain, group: ResourceValue, direction: Direction) -> Record:
    unknown = Unknown("the rule is not written in the template", plain.origin, written=False)
    fields: dict[str, Value] = dict.fromkeys(_FIELDS, unknown)
    return Record(RULE, {**fields, "group": group, "owner": group, **_constants(direction)}, group, plain.origin)


def _rule(stack: Stack, properties: MapValue, group: Value, resource: ResourceValue, direction: Direction) -> Record:
    fields: dict[str, Value] = {
        "cidr": written_range(stack, first_of(properties, ("CidrIp",), ("CidrIpv6",))),
        "protocol": properties.get("IpProtocol"),
        "from_port": properties.get("FromPort"),
        "to_port": properties.get("ToPort"),
        "peer": first_of(properties, *_GROUPS[direction], (_LISTS[direction],)),
        "peer_group": first_of(properties, *_GROUPS[direction]),
        "prefix_list": properties.get(_LISTS[direction]),
        "description": properties.get("Description"),
        "group": group,
        "owner": resource,
        **_constants(direction),
    }
    return Record(RULE, fields, resource, properties.origin)


def _constants(direction: Direction) -> dict[str, Value]:
    return {"direction": Known(direction.lower()), "action": Known("allow")}
