"""Protocols and ports of rules.

A rule has all ports where its protocol is -1, a range of them where it is TCP or UDP (all where the range is left out),
and none otherwise: ICMP has types, other protocols have nothing of the kind.

Sources: CloudFormation Template Reference, `AWS::EC2::SecurityGroup Ingress` and `AWS::EC2::NetworkAclEntry`; IANA,
*Assigned Internet Protocol Numbers*.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.net.intervals import Intervals, intervals
from stackwarden.net.reading import of_rules
from stackwarden.resolve.guards import Guard
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.questions import ask_all, settle
from stackwarden.resolve.reading import read
from stackwarden.resolve.values import (
    Absent,
    Known,
    Plain,
    Record,
    Text,
    Unknown,
    Value,
    bind,
    fold_cases,
)

__all__ = [
    "ALL_PORTS",
    "ask_of_rule",
    "covers_ports",
    "covers_rule",
    "is_all_traffic",
    "opens",
    "port_count",
    "port_in",
    "ports_in_words",
    "ports_of",
    "protocol",
    "protocol_name",
]

ALL_PORTS: Final = intervals([(0, 65535)])
_NONE: Final = intervals(())
_ALL: Final = "all"
_WITH_PORTS: Final = frozenset({"tcp", "udp"})
_NAMES: Final = {"-1": _ALL, "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
_RANGE: Final = re.compile(r"\s*([0-9]{1,5})\s*(?:-\s*([0-9]{1,5})\s*)?", re.ASCII)
_FIELDS: Final = ("protocol", "from_port", "to_port")


def ask_of_rule(
    stack: Stack, rule: Value, names: tuple[str, ...], test: Callable[..., bool | None], *more: Value
) -> Logic:
    """Where a test of some fields of a rule, and of further values, answers yes and where no; a non-rule: unknown."""
    return of_rules(rule, lambda record: ask_all((*(record.get(name) for name in names), *more), test, stack.domains))


def port_in(stack: Stack, rule: Value, port: Value) -> Logic:
    """Where a rule is about traffic to a port."""
    return ask_of_rule(stack, rule, _FIELDS, _port_in, port)


def opens(stack: Stack, rule: Value, ports: Value) -> Logic:
    """Where a rule is about traffic to one port at least of a range such as `9200-9300` (or `22`)."""
    return ask_of_rule(stack, rule, _FIELDS, _opens, ports)


def covers_ports(stack: Stack, rule: Value, first: Value, last: Value) -> Logic:
    """Where a rule is about traffic to every port from `first` to `last`."""
    return ask_of_rule(stack, rule, _FIELDS, _covers_ports, first, last)


def covers_rule(stack: Stack, wider: Value, narrower: Value) -> Logic:
    """Where a rule is about all traffic that another one is about, whoever is at the other end."""
    others = tuple(read(narrower, name) for name in _FIELDS)
    return ask_of_rule(stack, wider, _FIELDS, _covers_rule, *others)


def is_all_traffic(stack: Stack, rule: Value) -> Logic:
    """Where a rule is about every protocol, and so about every port."""
    return ask_of_rule(stack, rule, ("protocol",), _is_all)


def protocol(stack: Stack, rule: Value) -> Value:
    """The protocol of a rule by its name: `all`, `tcp`, `udp`, `icmp`, `icmpv6`; others as they are written."""
    return bind(rule, lambda plain: _protocol(stack, plain))


def port_count(stack: Stack, rule: Value) -> Value:
    """How many ports a rule is about: 0 for protocols without ports; unknown where the ports are."""
    return _of_ports(stack, rule, lambda ports: Known(ports.size()))


def ports_in_words(stack: Stack, rule: Value) -> Value:
    """The ports of a rule as a text: `22`, `8000-8080`, `0-65535`; absent where the protocol has none."""
    return _of_ports(stack, rule, lambda ports: Known(_written(ports)) if ports.ranges else Absent())


def ports_of(protocol: Plain, first: Plain, last: Plain) -> Intervals | None:
    """The ports of a rule; None where they are not known."""
    name = protocol_name(protocol)
    if name is None:
        return None
    if name == _ALL:
        return ALL_PORTS
    if name not in _WITH_PORTS:
        return _NONE
    if isinstance(first, Absent) and isinstance(last, Absent):
        return ALL_PORTS
    low, high = _number(first), _number(last)
    if low is None or high is None:
        return None
    return ALL_PORTS if (low, high) == (-1, -1) else intervals([(low, high)])


def protocol_name(protocol: Plain) -> str | None:
    """A protocol in lower case, by its name where it has one; `""` where it is absent, None where it is not known."""
    match protocol:
        case Known():
            written = protocol.text.strip().lower()
            return _NAMES.get(written, written)
        case Unknown() | Text():
            return None
        case _:
            return ""


def _port_in(protocol: Plain, first: Plain, last: Plain, port: Plain) -> bool | None:
    wanted = _number(port)
    return None if wanted is None else _meets(protocol, first, last, (wanted, wanted))


def _opens(protocol: Plain, first: Plain, last: Plain, ports: Plain) -> bool | None:
    found = _RANGE.fullmatch(ports.text) if isinstance(ports, Known) else None
    if found is None:
        return None if isinstance(ports, Text | Unknown) else False
    return _meets(protocol, first, last, (int(found.group(1)), int(found.group(2) or found.group(1))))


def _meets(protocol: Plain, first: Plain, last: Plain, wanted: tuple[int, int]) -> bool | None:
    ports = ports_of(protocol, first, last)
    if ports is not None:
        return ports.meets(intervals([wanted]))
    low, high = _number(first), _number(last)
    apart = (low is not None and wanted[1] < low) or (high is not None and -1 < high < wanted[0])
    return False if apart and protocol_name(protocol) is not None else None


def _covers_ports(protocol: Plain, first: Plain, last: Plain, begin: Plain, end: Plain) -> bool | None:
    least, most = _number(begin), _number(end)
    if least is None or most is None:
        return None
    ports = ports_of(protocol, first, last)
    if ports is not None:
        return bool(ports.ranges) and ports.covers(intervals([(least, most)]))
    low, high = _number(first), _number(last)
    misses = (low is not None and least < low) or (high is not None and -1 < high < most)
    return False if misses and protocol_name(protocol) is not None else None


def _covers_rule(*fields: Plain) -> bool | None:
    wide, narrow = protocol_name(fields[0]), protocol_name(fields[3])
    if wide == _ALL:
        return True
    if wide is None or narrow is None:
        return None
    if wide != narrow:
        return False
    mine, other = ports_of(*fields[:3]), ports_of(*fields[3:])
    return None if mine is None or other is None else mine.covers(other)


def _is_all(protocol: Plain) -> bool | None:
    name = protocol_name(protocol)
    return None if name is None else name == _ALL


def _protocol(stack: Stack, rule: Plain) -> Value:
    if not isinstance(rule, Record):
        return Unknown("the rule is not written in the template", rule.origin)
    named: list[tuple[Guard, Value]] = []
    for guard, plain in settle(rule.get("protocol"), stack.domains):
        name = protocol_name(plain)
        named.append((guard, plain if name is None or isinstance(plain, Absent) else Known(name, plain.origin)))
    return fold_cases(named)


def _of_ports(stack: Stack, rule: Value, body: Callable[[Intervals], Plain]) -> Value:
    def one(plain: Plain) -> Value:
        if not isinstance(plain, Record):
            return Unknown("the rule is not written in the template", plain.origin)
        cases: list[tuple[Guard, Value]] = []
        protocols, firsts, lasts = (settle(plain.get(name), stack.domains) for name in _FIELDS)
        for guard, name in protocols:
            for inner, first in firsts:
                for innermost, last in lasts:
                    ports = ports_of(name, first, last)
                    value = Unknown("the ports are not known", first.origin) if ports is None else body(ports)
                    cases.append((guard & inner & innermost, value))
        return fold_cases(cases)

    return bind(rule, one)


def _written(ports: Intervals) -> str:
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ports.ranges)


def _number(plain: Plain) -> int | None:
    if not isinstance(plain, Known):
        return None
    try:
        return int(plain.text)
    except ValueError:
        return None
