"""Who is at the other end of a rule."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackwarden.net.peers import is_internal, is_open_to_world, is_same_group
from stackwarden.net.security_groups import egress_rules, ingress_rules
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic

from .stacks import records, rule_of, stack_of

LISTS = """
Inside: {Type: AWS::EC2::PrefixList, Properties: {Entries: [{Cidr: 10.0.0.0/8}, {Cidr: 192.168.0.0/16}]}}
Mixed: {Type: AWS::EC2::PrefixList, Properties: {Entries: [{Cidr: 10.0.0.0/8}, {Cidr: 198.51.100.0/24}]}}
World: {Type: AWS::EC2::PrefixList, Properties: {Entries: [{Cidr: 10.0.0.0/8}, {Cidr: 0.0.0.0/0}]}}
Elsewhere: {Type: AWS::EC2::PrefixList, Properties: {Entries: !Ref Open}}
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 203.0.112.0/20}}
Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: app}}
"""


@pytest.mark.parametrize(
    ("peer", "world", "inside"),
    [
        ("CidrIp: 0.0.0.0/0", YES, NO),
        ("CidrIpv6: '::/0'", YES, NO),
        ("CidrIp: 10.1.0.0/16", NO, YES),
        ("CidrIp: 198.51.100.0/24", NO, NO),
        ("CidrIp: !Ref Open", MAYBE, MAYBE),
        ("CidrIp: !GetAtt Vpc.CidrBlock", NO, NO),
        ("CidrIpv6: !Select [0, !GetAtt Vpc.Ipv6CidrBlocks]", NO, YES),
        ("SourceSecurityGroupId: sg-1", NO, YES),
        ("SourceSecurityGroupName: app", NO, YES),
        ("SourceSecurityGroupId: !GetAtt Group.GroupId", NO, YES),
        ("SourceSecurityGroupId: !ImportValue group", NO, YES),
        ("SourcePrefixListId: pl-1", NO, MAYBE),
        ("SourcePrefixListId: !Ref Inside", NO, YES),
        ("SourcePrefixListId: !GetAtt Mixed.PrefixListId", NO, NO),
        ("SourcePrefixListId: !Ref World", YES, NO),
        ("SourcePrefixListId: !Ref Elsewhere", MAYBE, MAYBE),
        ("Description: nobody", NO, NO),
    ],
)
def test_peers(peer: str, world: Logic, inside: Logic) -> None:
    rule = f"Rule: {{Type: AWS::EC2::SecurityGroupIngress, Properties: {{IpProtocol: tcp, {peer}}}}}"
    stack = stack_of(LISTS + rule)
    [record] = records(ingress_rules(stack))
    assert is_open_to_world(stack, record) == world
    assert is_internal(stack, record) == inside


def test_the_range_of_a_vpc_whose_range_is_a_parameter_is_inside() -> None:
    stack = stack_of(
        "Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Open}}\n"
        "Rule: {Type: AWS::EC2::SecurityGroupIngress, Properties: {IpProtocol: tcp, CidrIp: !GetAtt Vpc.CidrBlock}}"
    )
    [record] = records(ingress_rules(stack))
    assert is_open_to_world(stack, record) == NO
    assert is_internal(stack, record) == YES


def test_a_parameter_that_is_the_range_of_a_vpc_is_inside_where_the_vpc_is_made() -> None:
    stack = stack_of(
        "Vpc: {Type: AWS::EC2::VPC, Condition: IsProd, Properties: {CidrBlock: !Ref Open}}\n"
        "Rule: {Type: AWS::EC2::SecurityGroupIngress, Properties: {IpProtocol: tcp, CidrIp: !Ref Open}}"
    )
    [record] = records(ingress_rules(stack))
    claim = is_open_to_world(stack, record)
    assert claim.false.holds({"Parameters.Stage": "prod"})
    assert claim.unknown.holds({"Parameters.Stage": "test"})
    assert is_internal(stack, record).true.holds({"Parameters.Stage": "prod"})


def test_rules_that_are_not_written_in_the_template_are_unknown() -> None:
    stack = stack_of("Group: {Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupIngress: !Ref Open}}")
    [record] = records(ingress_rules(stack))
    assert is_open_to_world(stack, record) == MAYBE
    assert is_internal(stack, record) == MAYBE


def group(*rules: str) -> str:
    listed = ", ".join(f"{{{rule}}}" for rule in rules)
    return f"Group: {{Type: AWS::EC2::SecurityGroup, Properties: {{SecurityGroupIngress: [{listed}]}}}}"


HALF, REST = "IpProtocol: tcp, CidrIp: 0.0.0.0/1", "IpProtocol: tcp, CidrIp: 128.0.0.0/1"


def alone(rule: str) -> str:
    return f"Rule: {{Type: AWS::EC2::SecurityGroupIngress, Properties: {{{rule}}}}}"


@pytest.mark.parametrize(
    ("resources", "answer"),
    [
        (group(HALF, REST), YES),
        (group(HALF), NO),
        (group(HALF, "IpProtocol: tcp, CidrIp: 128.0.0.0/2"), NO),
        (group(HALF, "IpProtocol: tcp, CidrIp: 128.0.0.0/2", "IpProtocol: tcp, CidrIp: 192.0.0.0/2"), YES),
        (group(HALF, "IpProtocol: -1, CidrIp: 128.0.0.0/1"), YES),
        (group(HALF, "IpProtocol: udp, CidrIp: 128.0.0.0/1"), NO),
        (group(HALF, "IpProtocol: tcp, CidrIpv6: '8000::/1'"), NO),
        (group(HALF, f"{REST}, FromPort: 22, ToPort: 22"), NO),
        (group(f"{HALF}, FromPort: 22, ToPort: 22", f"{REST}, FromPort: 20, ToPort: 25"), YES),
        (group(HALF) + "\n" + alone(f"{REST}, GroupId: !Ref Group"), YES),
        (group(HALF) + "\n" + alone(f"{REST}, GroupId: !GetAtt Group.GroupId"), YES),
        (group(HALF) + "\n" + alone(f"{REST}, GroupId: sg-1"), NO),
    ],
)
def test_rules_of_a_group_are_added_up(resources: str, answer: Logic) -> None:
    stack = stack_of(resources)
    assert is_open_to_world(stack, records(ingress_rules(stack))[0]) == answer


def test_rules_of_one_group_elsewhere_are_added_up() -> None:
    both = alone(f"{HALF}, GroupId: sg-1") + "\n" + alone(f"{REST}, GroupId: sg-1").replace("Rule:", "Other:")
    stack = stack_of(both)
    assert [is_open_to_world(stack, one) for one in records(ingress_rules(stack))] == [YES, YES]


def test_egress_rules_are_added_up_with_egress_rules() -> None:
    egress = group(HALF, REST).replace("SecurityGroupIngress", "SecurityGroupEgress")
    stack = stack_of(egress)
    assert [is_open_to_world(stack, one) for one in records(egress_rules(stack))] == [YES, YES]


def test_a_half_that_is_there_in_production_only() -> None:
    rest = f"{alone(f'{REST}, GroupId: !Ref Group')[:-1]}, Condition: IsProd}}"
    stack = stack_of(f"{group(HALF)}\n{rest}")
    claim = is_open_to_world(stack, records(ingress_rules(stack))[0])
    assert claim.true.holds({"Parameters.Stage": "prod"})
    assert claim.false.holds({"Parameters.Stage": "test"})


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        ("!Ref Group", "!GetAtt Group.GroupId", YES),
        ("!Ref Group", "!Ref Other", NO),
        ("!Ref Group", "sg-1", NO),
        ("sg-1", "sg-1", YES),
        ("sg-1", "sg-2", NO),
        ("!Ref Open", "!Ref Open", YES),
        ("!Ref Open", "sg-1", MAYBE),
        ("!ImportValue group", "!Ref Group", MAYBE),
    ],
)
def test_rules_of_one_group(left: str, right: str, answer: Logic) -> None:
    stack = stack_of(
        "Group: {Type: AWS::EC2::SecurityGroup}\nOther: {Type: AWS::EC2::SecurityGroup}\n"
        f"One: {{Type: AWS::EC2::SecurityGroupIngress, Properties: {{GroupId: {left}}}}}\n"
        f"Two: {{Type: AWS::EC2::SecurityGroupIngress, Properties: {{GroupId: {right}}}}}"
    )
    one, two = records(ingress_rules(stack))
    assert is_same_group(stack, one, two) == answer
    assert is_same_group(stack, two, one) == answer


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 15), min_size=1, max_size=16), st.booleans())
def test_sixteenths_of_the_internet(parts: set[int], merged: bool) -> None:
    ranges = [f"{16 * part}.0.0.0/4" for part in sorted(parts)]
    if merged and {0, 1} <= parts:
        ranges = ["0.0.0.0/3", *ranges[2:]]
    stack = stack_of(group(*(f"IpProtocol: tcp, CidrIp: {one}" for one in ranges)))
    answer = YES if len(parts) == 16 else NO
    assert is_open_to_world(stack, records(ingress_rules(stack))[0]) == answer


def test_a_half_that_a_parameter_gives() -> None:
    stack, record = rule_of("{IpProtocol: tcp, CidrIp: !If [IsProd, 0.0.0.0/0, 10.0.0.0/8]}")
    claim = is_open_to_world(stack, record)
    assert claim.true.holds({"Parameters.Stage": "prod"})
    assert claim.false.holds({"Parameters.Stage": "test"})
