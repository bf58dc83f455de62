"""Module `net`: address ranges, ports, security group rules."""

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
from stackwarden.language.types import ANY, NUMBER, STRING, RecordType
from stackwarden.net import cidr, security_groups
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.values import Absent, Known, Plain, Text, Unknown, Value

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]

_RULE: Final = RecordType(security_groups.RULE)


def _prefix_length(plain: Plain) -> Value:
    """The prefix length of an address range: 8 for `10.0.0.0/8`; absent where the text is no range."""
    length = cidr.prefix_length(plain)
    if length is not None:
        return Known(length, plain.origin)
    if isinstance(plain, Text | Unknown):
        return Unknown("the address range is not known", plain.origin)
    return Absent(plain.origin)


def _port_in(stack: Stack, arguments: Arguments) -> Logic:
    """Whether a security group rule lets traffic to a port pass; protocol -1 means every port."""
    return security_groups.port_in(stack, arguments[0], arguments[1])


BUILTINS: Final[tuple[Function | Predicate, ...]] = (
    predicate("net.is_world", (("cidr", STRING),), cidr.is_world),
    function("net.prefix_length", (("cidr", STRING),), NUMBER, _prefix_length),
    Predicate("net.port_in", (("rule", _RULE), ("port", NUMBER)), _port_in, _port_in.__doc__ or ""),
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
            ("description", STRING),
            ("group", ANY),
        ),
        "A rule of a security group; `cidr` is its IPv4 or IPv6 range, `peer` a group or prefix list.",
    ),
)
