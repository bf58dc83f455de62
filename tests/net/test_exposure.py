"""What the internet reaches."""

from __future__ import annotations

import pytest

from stackwarden.net.exposure import is_exposed
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic

from .stacks import resource_of, stack_of

NETWORK = """
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc}}
Mapping: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, MapPublicIpOnLaunch: true}}
Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, MapPublicIpOnLaunch: true}}
Gateway: {Type: AWS::EC2::InternetGateway}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
Route:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
One: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Table}}
Two: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Mapping, RouteTableId: !Ref Table}}
Everyone: {Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupIngress: {IpProtocol: tcp, CidrIp: 0.0.0.0/0}}}
Closed: {Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupIngress: {IpProtocol: tcp, CidrIp: 10.0.0.0/8}}}
"""


def interface(subnet: str, group: str, more: str) -> str:
    return f"{{NetworkInterfaces: [{{SubnetId: {subnet}, GroupSet: [{group}]{more}}}]}}"


ASKED = ", AssociatePublicIpAddress: true"


@pytest.mark.parametrize(
    ("properties", "answer"),
    [
        (interface("!Ref Public", "!Ref Everyone", ASKED), YES),
        (interface("!Ref Public", "!GetAtt Everyone.GroupId", ASKED), YES),
        (interface("!Ref Public", "!Ref Closed", ASKED), NO),
        (interface("!Ref Public", "!ImportValue group", ASKED), MAYBE),
        (interface("!Ref Public", "!Ref Everyone", ""), NO),
        (interface("!Ref Mapping", "!Ref Everyone", ""), YES),
        (interface("!Ref Mapping", "!Ref Everyone", ", AssociatePublicIpAddress: false"), NO),
        (interface("!Ref Private", "!Ref Everyone", ASKED), NO),
        (interface("subnet-1", "!Ref Everyone", ASKED), MAYBE),
        ("{SubnetId: !Ref Mapping, SecurityGroupIds: [!Ref Everyone]}", YES),
        ("{SubnetId: !Ref Mapping, SecurityGroupIds: [!Ref Closed, !Ref Everyone]}", YES),
        ("{SubnetId: !Ref Mapping, SecurityGroupIds: [!Ref Closed]}", NO),
        ("{SubnetId: !Ref Mapping}", NO),
        ("{SubnetId: !Ref Public, SecurityGroupIds: [!Ref Everyone]}", NO),
        ("{SecurityGroups: [!Ref Everyone]}", MAYBE),
        ("{NetworkInterfaces: !Ref Stage}", MAYBE),
    ],
)
def test_instances(properties: str, answer: Logic) -> None:
    stack = stack_of(f"{NETWORK}Server: {{Type: AWS::EC2::Instance, Properties: {properties}}}")
    assert is_exposed(stack, resource_of(stack, "Server")) == answer


def test_an_elastic_address() -> None:
    stack = stack_of(
        f"{NETWORK}Server:\n"
        "  Type: AWS::EC2::Instance\n"
        "  Properties: {SubnetId: !Ref Public, SecurityGroupIds: [!Ref Everyone]}\n"
        "Address: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref Server}}"
    )
    assert is_exposed(stack, resource_of(stack, "Server")) == YES


@pytest.mark.parametrize(
    ("kind", "properties", "answer"),
    [
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "{SecurityGroups: [!Ref Everyone]}", YES),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "{SecurityGroups: [!Ref Closed]}", NO),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "{SecurityGroups: [!Ref Everyone], Scheme: internal}", NO),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "{Type: network}", YES),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "{Type: application}", NO),
        ("AWS::ElasticLoadBalancing::LoadBalancer", "{SecurityGroups: [!Ref Everyone]}", YES),
        ("AWS::RDS::DBInstance", "{PubliclyAccessible: true, VPCSecurityGroups: [!Ref Everyone]}", YES),
        ("AWS::RDS::DBInstance", "{PubliclyAccessible: true, VPCSecurityGroups: [!Ref Closed]}", NO),
        ("AWS::RDS::DBInstance", "{VPCSecurityGroups: [!Ref Everyone]}", NO),
        ("AWS::RDS::DBCluster", "{PubliclyAccessible: 'true', VpcSecurityGroupIds: [!Ref Everyone]}", YES),
        ("AWS::Redshift::Cluster", "{PubliclyAccessible: true, VpcSecurityGroupIds: [!Ref Everyone]}", YES),
        ("AWS::DMS::ReplicationInstance", "{VpcSecurityGroupIds: [!Ref Everyone]}", YES),
        ("AWS::DMS::ReplicationInstance", "{PubliclyAccessible: false, VpcSecurityGroupIds: [!Ref Everyone]}", NO),
        ("AWS::SQS::Queue", "{}", NO),
    ],
)
def test_load_balancers_and_databases(kind: str, properties: str, answer: Logic) -> None:
    stack = stack_of(f"{NETWORK}Thing: {{Type: {kind}, Properties: {properties}}}")
    assert is_exposed(stack, resource_of(stack, "Thing")) == answer
