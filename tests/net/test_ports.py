"""Ports and protocols of rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.net import ports
from stackwarden.net.intervals import intervals
from stackwarden.net.ports import covers_ports, covers_rule, is_all_traffic, opens, port_in, ports_of
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic
from stackwarden.resolve.values import Absent, Known, Unknown, Value

from .stacks import rule_of


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22}", YES),
        ("{IpProtocol: TCP, FromPort: 0, ToPort: 65535}", YES),
        ("{IpProtocol: 6, FromPort: 22, ToPort: 80}", YES),
        ("{IpProtocol: 17, FromPort: 20, ToPort: 22}", YES),
        ("{IpProtocol: tcp, FromPort: 23, ToPort: 80}", NO),
        ("{IpProtocol: -1}", YES),
        ("{IpProtocol: -1, FromPort: 80, ToPort: 80}", YES),
        ("{IpProtocol: all}", YES),
        ("{IpProtocol: tcp}", YES),
        ("{IpProtocol: tcp, FromPort: -1, ToPort: -1}", YES),
        ("{IpProtocol: icmp, FromPort: 22, ToPort: 22}", NO),
        ("{IpProtocol: 47}", NO),
        ("{IpProtocol: !Ref Open, FromPort: 80, ToPort: 80}", MAYBE),
        ("{IpProtocol: tcp, FromPort: !Ref Open, ToPort: 80}", MAYBE),
        ("{IpProtocol: tcp, FromPort: !Ref Open, ToPort: 21}", NO),
        ("{IpProtocol: tcp, FromPort: 23, ToPort: !Ref Open}", NO),
    ],
)
def test_a_port(rule: str, answer: Logic) -> None:
    stack, record = rule_of(rule)
    assert port_in(stack, record, Known(22)) == answer


@pytest.mark.parametrize(
    ("rule", "wanted", "answer"),
    [
        ("{IpProtocol: tcp, FromPort: 9250, ToPort: 9250}", "9200-9300", YES),
        ("{IpProtocol: tcp, FromPort: 9000, ToPort: 9200}", "9200-9300", YES),
        ("{IpProtocol: tcp, FromPort: 9000, ToPort: 9199}", "9200-9300", NO),
        ("{IpProtocol: tcp, FromPort: 9301, ToPort: 9400}", "9200 - 9300", NO),
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22}", "22", YES),
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22}", "ssh", NO),
        ("{IpProtocol: icmp}", "0-65535", NO),
        ("{IpProtocol: tcp, FromPort: !Ref Open, ToPort: 9199}", "9200-9300", NO),
        ("{IpProtocol: tcp, FromPort: !Ref Open, ToPort: 9200}", "9200-9300", MAYBE),
    ],
)
def test_a_port_of_a_range(rule: str, wanted: str, answer: Logic) -> None:
    stack, record = rule_of(rule)
    assert opens(stack, record, Known(wanted)) == answer


@pytest.mark.parametrize(
    ("rule", "answer"),
    [
        ("{IpProtocol: tcp, FromPort: 80, ToPort: 90}", YES),
        ("{IpProtocol: tcp, FromPort: 81, ToPort: 90}", NO),
        ("{IpProtocol: tcp, FromPort: 80, ToPort: 89}", NO),
        ("{IpProtocol: -1}", YES),
        ("{IpProtocol: icmp, FromPort: 0, ToPort: 100}", NO),
        ("{IpProtocol: tcp, FromPort: 80, ToPort: !Ref Open}", MAYBE),
        ("{IpProtocol: tcp, FromPort: 85, ToPort: !Ref Open}", NO),
    ],
)
def test_every_port_of_a_range(rule: str, answer: Logic) -> None:
    stack, record = rule_of(rule)
    assert covers_ports(stack, record, Known(80), Known(90)) == answer


def test_a_port_that_a_parameter_decides() -> None:
    stack, record = rule_of("{IpProtocol: tcp, FromPort: !Ref Port, ToPort: !Ref Port}")
    claim = port_in(stack, record, Known(22))
    assert claim.true.holds({"Parameters.Port": "22"})
    assert claim.false.holds({"Parameters.Port": "443"})


def test_all_traffic() -> None:
    for rule, answer in (("-1", YES), ("all", YES), ("tcp", NO), ("!Ref Protocol", NO), ("!Ref Open", MAYBE)):
        stack, record = rule_of(f"{{IpProtocol: {rule}}}")
        assert is_all_traffic(stack, record) == answer


def shown(value: Value) -> list[str]:
    """The cases of a value as words."""
    plains = [plain for _, plain in value.cases] if not isinstance(value, Known | Absent | Unknown) else [value]  # type: ignore[union-attr]
    return [plain.text if isinstance(plain, Known) else type(plain).__name__ for plain in plains]


@pytest.mark.parametrize(
    ("rule", "protocol", "written", "count"),
    [
        ("{IpProtocol: 6, FromPort: 22, ToPort: 22}", ["tcp"], ["22"], ["1"]),
        ("{IpProtocol: UDP, FromPort: 80, ToPort: 89}", ["udp"], ["80-89"], ["10"]),
        ("{IpProtocol: -1}", ["all"], ["0-65535"], ["65536"]),
        ("{IpProtocol: icmp, FromPort: 8, ToPort: -1}", ["icmp"], ["Absent"], ["0"]),
        ("{IpProtocol: 58}", ["icmpv6"], ["Absent"], ["0"]),
        ("{IpProtocol: 50}", ["50"], ["Absent"], ["0"]),
        ("{IpProtocol: tcp, FromPort: !Ref Port, ToPort: 443}", ["tcp"], ["22-443", "443"], ["422", "1"]),
        ("{IpProtocol: !Ref Protocol, FromPort: 53, ToPort: 53}", ["tcp", "udp"], ["53", "53"], ["1", "1"]),
        ("{IpProtocol: tcp, FromPort: !Ref Open, ToPort: 53}", ["tcp"], ["Unknown"], ["Unknown"]),
    ],
)
def test_in_words(rule: str, protocol: list[str], written: list[str], count: list[str]) -> None:
    stack, record = rule_of(rule)
    for body, wanted in ((ports.protocol, protocol), (ports.ports_in_words, written), (ports.port_count, count)):
        assert shown(body(stack, record)) == wanted


PORTS = st.integers(0, 12)
PROTOCOLS = st.sampled_from(["tcp", "6", "udp", "-1", "icmp"])
RULES = st.tuples(PROTOCOLS, PORTS, PORTS)


def packets(rule: tuple[str, int, int]) -> set[tuple[str, int]]:
    """The (protocol, port) pairs that a rule lets pass; ICMP counts as port -1."""
    name = {"6": "tcp"}.get(rule[0], rule[0])
    if name == "-1":
        return {(one, port) for one in ("tcp", "udp") for port in range(13)} | {("icmp", -1)}
    return {("icmp", -1)} if name == "icmp" else {(name, port) for port in range(rule[1], rule[2] + 1)}


def in_template(rule: tuple[str, int, int]) -> str:
    return f'{{IpProtocol: "{rule[0]}", FromPort: {rule[1]}, ToPort: {rule[2]}}}'


@given(RULES, RULES)
def test_one_rule_covers_another_as_its_packets_do(left: tuple[str, int, int], right: tuple[str, int, int]) -> None:
    if left[1] > left[2] or right[1] > right[2]:
        return
    stack, mine = rule_of(in_template(left))
    _, other = rule_of(in_template(right))
    wider = packets(right) <= packets(left) and (right[0] != "-1" or left[0] == "-1")
    assert covers_rule(stack, mine, other) == (YES if wider else NO)


@given(RULES, PORTS, PORTS)
def test_ranges_against_single_ports(rule: tuple[str, int, int], first: int, last: int) -> None:
    if rule[1] > rule[2] or first > last:
        return
    stack, record = rule_of(in_template(rule))
    single = [port_in(stack, record, Known(port)) == YES for port in range(first, last + 1)]
    assert opens(stack, record, Known(f"{first}-{last}")) == (YES if any(single) else NO)
    assert covers_ports(stack, record, Known(first), Known(last)) == (YES if all(single) else NO)


def test_no_ports_are_asked_for() -> None:
    stack, record = rule_of("{IpProtocol: -1}")
    assert opens(stack, record, Absent()) == NO
    assert opens(stack, record, Unknown("an import")) == MAYBE


def test_what_is_no_rule_is_unknown() -> None:
    stack, _ = rule_of("{IpProtocol: tcp}")
    assert port_in(stack, Unknown("an import"), Known(22)) == MAYBE
    assert ports_of(Known("tcp"), Known("a"), Known("b")) is None
    assert ports_of(Known("tcp"), Known(1), Known(2)) == intervals([(1, 2)])
