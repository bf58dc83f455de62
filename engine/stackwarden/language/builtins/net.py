"""Module `net`: address ranges, ports, rules of security groups and network ACLs, public subnets, exposure."""

from __future__ import annotations

from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.language.builtins._record import (
    Arguments,
    Collection,
    Function,
    Predicate,
    RecordKind,
    function,
    predicate,
)
from stackwarden.language.types import ANY, NUMBER, STRING, RecordType, ResourceType
from stackwarden.net import acls, cidr, default_groups, exposure, peers, ports, security_groups, subnets
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.values import Absent, Known, Plain, Text, Unknown, Value

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]

_RULE: Final = RecordType(security_groups.RULE)
_SUBNET: Final = ResourceType((subnets.SUBNET,))


def _prefix_length(plain: Plain) -> Value:
    """The prefix length of an address range: 8 for `10.0.0.0/8`; absent where the text is no range."""
    length = cidr.prefix_length(plain)
    if length is not None:
        return Known(length, plain.origin)
    if isinstance(plain, Text | Unknown):
        return Unknown("the address range is not known", plain.origin)
    return Absent(plain.origin)


def _port_in(stack: Stack, arguments: Arguments) -> Logic:
    """Whether a rule is about traffic to a port; protocol -1 means every port, ICMP none."""
    return ports.port_in(stack, arguments[0], arguments[1])


def _opens(stack: Stack, arguments: Arguments) -> Logic:
    """Whether a rule is about traffic to at least one port of a range that is written `22` or `9200-9300`."""
    return ports.opens(stack, arguments[0], arguments[1])


def _covers_ports(stack: Stack, arguments: Arguments) -> Logic:
    """Whether a rule is about traffic to every port from the first to the last."""
    return ports.covers_ports(stack, arguments[0], arguments[1], arguments[2])


def _covers_traffic(stack: Stack, arguments: Arguments) -> Logic:
    """Whether a rule is about all traffic (protocol and ports) that another one is about, whoever the other end is."""
    return ports.covers_rule(stack, arguments[0], arguments[1])


def _is_all_traffic(stack: Stack, arguments: Arguments) -> Logic:
    """Whether a rule is about all protocols, and so about all ports."""
    return ports.is_all_traffic(stack, arguments[0])


def _protocol(stack: Stack, arguments: Arguments) -> Value:
    """The protocol of a rule by its name: `all` (-1), `tcp` (6), `udp` (17), `icmp` (1), `icmpv6` (58), or a number."""
    return ports.protocol(stack, arguments[0])


def _ports(stack: Stack, arguments: Arguments) -> Value:
    """The ports of a rule as a text, for messages: `22`, `8000-8080`, `0-65535`; absent for ICMP and the like."""
    return ports.ports_in_words(stack, arguments[0])


def _port_count(stack: Stack, arguments: Arguments) -> Value:
    """How many ports a rule is about; 0 for ICMP and the like."""
    return ports.port_count(stack, arguments[0])


def _is_open_to_world(stack: Stack, arguments: Arguments) -> Logic:
    """Whether the whole internet is a rule's other end: its range, a prefix list of the template, or rules together.

    Rules of one group that let the same traffic pass are added up: `0.0.0.0/1` and `128.0.0.0/1` are everyone.
    """
    return peers.is_open_to_world(stack, arguments[0])


def _is_same_group(stack: Stack, arguments: Arguments) -> Logic:
    """Whether two rules belong to the same security group, or two entries to the same network ACL."""
    return peers.is_same_group(stack, arguments[0], arguments[1])


def _is_internal(stack: Stack, arguments: Arguments) -> Logic:
    """Whether a rule's other end is inside: a group, private addresses, or a range of a VPC; also by a prefix list."""
    return peers.is_internal(stack, arguments[0])


def _is_public_subnet(stack: Stack, arguments: Arguments) -> Logic:
    """Whether a subnet's route table leads to an internet gateway; unknown where the table is not in the template."""
    return subnets.is_public_subnet(stack, arguments[0])


def _is_exposed(stack: Stack, arguments: Arguments) -> Logic:
    """Whether the internet reaches an instance, load balancer or database: public address, route, and open group."""
    return exposure.is_exposed(stack, arguments[0])


def _is_left_to_custom_resource(stack: Stack, arguments: Arguments) -> Logic:
    """Whether a custom resource of the template gets a VPC or its default security group, and so can empty it."""
    return default_groups.is_left_to_custom_resource(stack, arguments[0])


_VPC: Final = ResourceType(("AWS::EC2::VPC",))
_OWNER: Final = ResourceType((*security_groups.RULE_TYPES, acls.ENTRY_TYPE))
_ONE_RULE: Final = (("rule", _RULE),)

BUILTINS: Final[tuple[Function | Predicate, ...]] = (
    predicate("net.is_world", (("cidr", STRING),), cidr.is_world),
    predicate("net.is_wide", (("cidr", STRING),), cidr.is_wide),
    predicate("net.is_private_range", (("cidr", STRING),), cidr.is_private),
    predicate("net.covers", (("outer", STRING), ("inner", STRING)), cidr.covers),
    function("net.prefix_length", (("cidr", STRING),), NUMBER, _prefix_length),
    Predicate("net.port_in", (*_ONE_RULE, ("port", NUMBER)), _port_in, _port_in.__doc__ or ""),
    Predicate("net.opens", (*_ONE_RULE, ("ports", STRING)), _opens, _opens.__doc__ or ""),
    Predicate(
        "net.covers_ports",
        (*_ONE_RULE, ("first", NUMBER), ("last", NUMBER)),
        _covers_ports,
        _covers_ports.__doc__ or "",
    ),
    Predicate(
        "net.covers_traffic",
        (("wider", _RULE), ("narrower", _RULE)),
        _covers_traffic,
        _covers_traffic.__doc__ or "",
    ),
    Predicate("net.is_all_traffic", _ONE_RULE, _is_all_traffic, _is_all_traffic.__doc__ or ""),
    Function("net.protocol", _ONE_RULE, STRING, _protocol, _protocol.__doc__ or ""),
    Function("net.ports", _ONE_RULE, STRING, _ports, _ports.__doc__ or ""),
    Function("net.port_count", _ONE_RULE, NUMBER, _port_count, _port_count.__doc__ or ""),
    Predicate("net.is_open_to_world", _ONE_RULE, _is_open_to_world, _is_open_to_world.__doc__ or ""),
    Predicate("net.is_same_group", (*_ONE_RULE, ("other", _RULE)), _is_same_group, _is_same_group.__doc__ or ""),
    Predicate("net.is_internal", _ONE_RULE, _is_internal, _is_internal.__doc__ or ""),
    Predicate("net.is_public_subnet", (("subnet", _SUBNET),), _is_public_subnet, _is_public_subnet.__doc__ or ""),
    Predicate(
        "net.is_left_to_custom_resource",
        (("vpc", _VPC),),
        _is_left_to_custom_resource,
        _is_left_to_custom_resource.__doc__ or "",
    ),
    Predicate("net.is_exposed", (("resource", ResourceType(())),), _is_exposed, _is_exposed.__doc__ or ""),
)

COLLECTIONS: Final = (
    Collection(
        "net.ingress_rules",
        _RULE,
        security_groups.ingress_rules,
        ("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"),
        "Ingress rules of security groups, inline and stand-alone alike.",
    ),
    Collection(
        "net.egress_rules",
        _RULE,
        security_groups.egress_rules,
        ("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupEgress"),
        "Egress rules of security groups, inline and stand-alone alike.",
    ),
    Collection(
        "net.acl_entries",
        _RULE,
        acls.acl_entries,
        (acls.ENTRY_TYPE,),
        "Entries of network ACLs, of both directions.",
    ),
    Collection(
        "net.public_subnets",
        _SUBNET,
        subnets.public_subnets,
        (subnets.SUBNET,),
        "Subnets whose route table leads to an internet gateway.",
    ),
)

RECORDS: Final = (
    RecordKind(
        security_groups.RULE,
        (
            ("cidr", STRING),
            ("protocol", STRING),
            ("from_port", NUMBER),
            ("to_port", NUMBER),
            ("peer", ANY),
            ("peer_group", ANY),
            ("prefix_list", ANY),
            ("description", STRING),
            ("group", ANY),
            ("owner", _OWNER),
            ("direction", STRING),
            ("action", STRING),
            ("number", NUMBER),
        ),
        "A rule of a security group (`group`), or an entry of a network ACL, which has an `action` (`allow` or `deny`)"
        " and a `number`. `cidr` is an IPv4 or IPv6 range, `peer` a group or prefix list, `direction` is `ingress` or"
        " `egress`, `owner` the resource that the rule is written in.",
    ),
)
