"""Rules of security groups, inline and stand-alone, as records of one shape.

Source: CloudFormation Template Reference, `AWS::EC2::SecurityGroup`, `AWS::EC2::SecurityGroupIngress`,
`AWS::EC2::SecurityGroupEgress`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.questions import ask_all
from stackwarden.resolve.values import (
    Absent,
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
    bind,
    cases_of,
)

__all__ = ["RULE", "egress_rules", "ingress_rules", "port_in"]

RULE: Final = "net.Rule"

Direction = Literal["Ingress", "Egress"]
_PEERS: Final = {
    "Ingress": ("SourceSecurityGroupId", "SourcePrefixListId"),
    "Egress": ("DestinationSecurityGroupId", "DestinationPrefixListId"),
}
_WITH_PORTS: Final = frozenset({"tcp", "udp", "6", "17"})
_ALL: Final = "-1"
_FIELDS: Final = ("cidr", "protocol", "from_port", "to_port", "peer", "description")


def ingress_rules(stack: Stack) -> ListValue:
    """All ingress rules of the template as `net.Rule` records."""
    return stack.once("net.ingress_rules", lambda: _rules(stack, "Ingress"))


def egress_rules(stack: Stack) -> ListValue:
    """All egress rules of the template as `net.Rule` records."""
    return stack.once("net.egress_rules", lambda: _rules(stack, "Egress"))


def port_in(stack: Stack, rule: Value, port: Value) -> Logic:
    """Where a rule lets traffic to a port pass.

    Protocol -1 means all ports; TCP and UDP have a range, whose absence means all ports; others have no ports.
    """
    true: Guard = FALSE
    false: Guard = FALSE
    for guard, plain in cases_of(rule):
        if not isinstance(plain, Record):
            continue
        parts = (plain.get("protocol"), plain.get("from_port"), plain.get("to_port"), port)
        claim = ask_all(parts, _port_in, stack.domains)
        true = true | (guard & claim.true)
        false = false | (guard & claim.false)
    return Logic(true, false)


def _port_in(protocol: Plain, first: Plain, last: Plain, port: Plain) -> bool | None:
    if not isinstance(protocol, Known):
        return None
    if protocol.text == _ALL:
        return True
    if protocol.text.lower() not in _WITH_PORTS:
        return False
    if isinstance(first, Absent) and isinstance(last, Absent):
        return True
    wanted, low, high = _number(port), _number(first), _number(last)
    if wanted is None:
        return None
    if (low is not None and wanted < low) or (high is not None and wanted > high):
        return False
    if low == -1 and high == -1:
        return True
    return True if low is not None and high is not None else None


def _number(plain: Plain) -> int | None:
    if not isinstance(plain, Known):
        return None
    try:
        return int(plain.text)
    except ValueError:
        return None


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
                items.append(Item(_rule(properties, group, resource, direction), under))
            else:
                inline = properties.get(f"SecurityGroup{direction}")
                items.extend(_inline(inline, resource, direction, under))
    return ListValue(tuple(items))


def _inline(value: Value, group: ResourceValue, direction: Direction, under: Guard) -> Iterator[Item]:
    for guard, plain in cases_of(value):
        there = under & guard
        if there is FALSE:
            continue
        match plain:
            case ListValue():
                for item in plain.items:
                    yield from _inline(item.value, group, direction, there & item.guard)
            case MapValue():
                yield Item(_rule(plain, group, group, direction), there)
            case Unknown() | Text():
                unknown = Unknown("the rule is not written in the template", plain.origin, written=False)
                fields: dict[str, Value] = dict.fromkeys(_FIELDS, unknown)
                yield Item(Record(RULE, {**fields, "group": group}, group, plain.origin), there)
            case _:
                pass


def _rule(properties: MapValue, group: Value, resource: ResourceValue, direction: Direction) -> Record:
    fields: dict[str, Value] = {
        "cidr": _first(properties, ("CidrIp", "CidrIpv6")),
        "protocol": properties.get("IpProtocol"),
        "from_port": properties.get("FromPort"),
        "to_port": properties.get("ToPort"),
        "peer": _first(properties, _PEERS[direction]),
        "description": properties.get("Description"),
        "group": group,
    }
    return Record(RULE, fields, resource, properties.origin)


def _first(properties: MapValue, names: tuple[str, ...]) -> Value:
    """The first of several properties that is not absent, case by case."""
    first, *others = names
    value = properties.get(first)
    if not others:
        return value
    return bind(value, lambda plain: _first(properties, tuple(others)) if isinstance(plain, Absent) else plain)
