"""Entries of network ACLs."""

from __future__ import annotations

import pytest

from stackwarden.graph.stack import Stack
from stackwarden.net.acls import acl_entries
from stackwarden.net.ports import port_in
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic
from stackwarden.resolve.values import Known, Record, Unknown

from .stacks import records, stack_of


def entry(properties: str) -> tuple[Stack, Record]:
    stack = stack_of(f"Entry: {{Type: AWS::EC2::NetworkAclEntry, Properties: {properties}}}")
    [record] = records(acl_entries(stack))
    return stack, record


def test_the_fields_of_an_entry() -> None:
    _, record = entry("{NetworkAclId: acl-1, RuleNumber: 100, RuleAction: deny, Protocol: 6, CidrBlock: 10.0.0.0/8}")
    wanted: dict[str, str | int] = {
        "group": "acl-1",
        "number": 100,
        "action": "deny",
        "cidr": "10.0.0.0/8",
        "direction": "ingress",
    }
    for name, data in wanted.items():
        assert record.get(name) == Known(data)


def test_the_direction() -> None:
    assert entry("{Egress: true}")[1].get("direction") == Known("egress")
    assert entry("{Egress: 'false'}")[1].get("direction") == Known("ingress")
    assert isinstance(entry("{Egress: !Ref Open}")[1].get("direction"), Unknown)


@pytest.mark.parametrize(
    ("properties", "answer"),
    [
        ("{Protocol: -1}", YES),
        ("{Protocol: 6, PortRange: {From: 20, To: 25}}", YES),
        ("{Protocol: 6, PortRange: {From: 23, To: 25}}", NO),
        ("{Protocol: 6}", YES),
        ("{Protocol: 1, Icmp: {Code: -1, Type: 8}}", NO),
        ("{Protocol: 6, PortRange: !Ref Open}", MAYBE),
    ],
)
def test_ports_of_an_entry(properties: str, answer: Logic) -> None:
    stack = stack_of(f"Entry: {{Type: AWS::EC2::NetworkAclEntry, Properties: {properties}}}")
    [record] = records(acl_entries(stack))
    assert port_in(stack, record, Known(22)) == answer
