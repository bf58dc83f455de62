"""Public subnets: by association, route table, route and gateway."""

from __future__ import annotations

import pytest

from stackwarden.net.subnets import is_public_subnet, public_subnets
from stackwarden.resolve.guards import TRUE
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic
from stackwarden.resolve.values import AttributeHole, Known, ResourceValue, Text, Unknown

from .stacks import resource_of, stack_of

NETWORK = """
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc}}
Gateway: {Type: AWS::EC2::InternetGateway}
Nat: {Type: AWS::EC2::NatGateway}
Attachment: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {InternetGatewayId: !Ref Gateway, VpcId: !Ref Vpc}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
"""
TO_IPV6 = "DestinationIpv6CidrBlock: '::/0'"
LINK = "{Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}"


def route(target: str, to: str = "DestinationCidrBlock: 0.0.0.0/0", table: str = "!Ref Table") -> str:
    return f"Route: {{Type: AWS::EC2::Route, Properties: {{RouteTableId: {table}, {to}, {target}}}}}"


@pytest.mark.parametrize(
    ("resources", "answer"),
    [
        (f"Link: {LINK}\n{route('GatewayId: !Ref Gateway')}", YES),
        (f"Link: {LINK}\n{route('GatewayId: igw-1')}", YES),
        (f"Link: {LINK}\n{route('GatewayId: !GetAtt Attachment.InternetGatewayId')}", YES),
        (f"Link: {LINK}\n{route('GatewayId: !GetAtt Gateway.InternetGatewayId')}", YES),
        (f"Link: {LINK}\n{route('GatewayId: !Ref Gateway', TO_IPV6)}", YES),
        (f"Link: {LINK}\n{route('GatewayId: !Ref Gateway', 'DestinationCidrBlock: 0.0.0.0/1')}", YES),
        (f"Link: {LINK}\n{route('GatewayId: !Ref Gateway', 'DestinationCidrBlock: 198.51.100.0/24')}", NO),
        (f"Link: {LINK}\n{route('GatewayId: !ImportValue gateway')}", MAYBE),
        (f"Link: {LINK}\n{route('GatewayId: vgw-1')}", NO),
        (f"Link: {LINK}\n{route('NatGatewayId: !Ref Nat')}", NO),
        (f"Link: {LINK}\n{route('EgressOnlyInternetGatewayId: eigw-1', TO_IPV6)}", NO),
        (f"Link: {LINK}\n{route('GatewayId: !Ref Gateway', table='rtb-1')}", NO),
        (f"Link: {LINK}", NO),
        (route("GatewayId: !Ref Gateway"), NO),
        (f"Link: {LINK.replace('!Ref Table', 'rtb-1')}", MAYBE),
        (f"Link: {LINK.replace('!Ref Table', 'rtb-1')}\n{route('GatewayId: !Ref Gateway', table='rtb-1')}", YES),
        (f"Link: {LINK.replace('!Ref Table', 'rtb-1')}\n{route('GatewayId: !Ref Gateway', table='rtb-2')}", MAYBE),
        (f"Link: {LINK.replace('!Ref Subnet', 'subnet-1')}\n{route('GatewayId: !Ref Gateway')}", NO),
    ],
)
def test_public_subnets(resources: str, answer: Logic) -> None:
    stack = stack_of(NETWORK + resources)
    assert is_public_subnet(stack, resource_of(stack, "Subnet")) == answer


def test_the_main_route_table_of_another_vpc_is_not_seen() -> None:
    stack = stack_of("Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1}}")
    assert is_public_subnet(stack, resource_of(stack, "Subnet")) == MAYBE
    [item] = public_subnets(stack).items
    assert isinstance(item.value, Unknown)
    assert item.value.mentions == (("Subnet", ""),)


def test_a_subnet_by_its_id() -> None:
    stack = stack_of(f"{NETWORK}Link: {LINK}\n{route('GatewayId: !Ref Gateway')}")
    assert is_public_subnet(stack, Text((AttributeHole("Subnet", ""),))) == YES
    assert is_public_subnet(stack, Known("subnet-1")) == MAYBE
    [item] = public_subnets(stack).items
    assert isinstance(item.value, ResourceValue)
    assert item.guard is TRUE


def test_a_route_in_production_only() -> None:
    conditional = f"{route('GatewayId: !Ref Gateway')[:-1]}, Condition: IsProd}}"
    stack = stack_of(f"{NETWORK}Link: {LINK}\n{conditional}")
    claim = is_public_subnet(stack, resource_of(stack, "Subnet"))
    assert claim.true.holds({"Parameters.Stage": "prod"})
    assert claim.false.holds({"Parameters.Stage": "test"})
