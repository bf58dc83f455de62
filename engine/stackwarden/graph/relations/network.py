"""The network: VPCs, subnets, routes, gateways, endpoints, security groups and what is in them.

Source: CloudFormation Template Reference, `AWS::EC2::*` and the network properties of each type below.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.edges import Family, Kind
from stackwarden.graph.relation import Link, Names, Relation, family
from stackwarden.graph.relations.types import GROUPS

__all__ = ["FAMILY"]

_VPC: Final = ("AWS::EC2::VPC",)
_SUBNET: Final = ("AWS::EC2::Subnet",)
_TABLE: Final = ("AWS::EC2::RouteTable",)
_GATEWAY: Final = ("AWS::EC2::InternetGateway",)
_ROUTES: Final = (
    ("CarrierGatewayId", ("AWS::EC2::CarrierGateway",)),
    ("EgressOnlyInternetGatewayId", ("AWS::EC2::EgressOnlyInternetGateway",)),
    ("GatewayId", (*_GATEWAY, "AWS::EC2::VPNGateway")),
    ("InstanceId", ("AWS::EC2::Instance",)),
    ("LocalGatewayId", ()),
    ("NatGatewayId", ("AWS::EC2::NatGateway",)),
    ("NetworkInterfaceId", ("AWS::EC2::NetworkInterface",)),
    ("TransitGatewayId", ("AWS::EC2::TransitGateway",)),
    ("VpcEndpointId", ("AWS::EC2::VPCEndpoint",)),
    ("VpcPeeringConnectionId", ("AWS::EC2::VPCPeeringConnection",)),
)
_INTERFACES: Final = (
    # resource type, security groups, subnets (empty: none)
    ("AWS::ApiGatewayV2::VpcLink", "SecurityGroupIds", "SubnetIds"),
    ("AWS::AutoScaling::AutoScalingGroup", "", "VPCZoneIdentifier"),
    ("AWS::AutoScaling::LaunchConfiguration", "SecurityGroups", ""),
    ("AWS::CodeBuild::Project", "VpcConfig.SecurityGroupIds", "VpcConfig.Subnets"),
    ("AWS::DMS::ReplicationInstance", "VpcSecurityGroupIds", ""),
    ("AWS::DocDB::DBCluster", "VpcSecurityGroupIds", ""),
    ("AWS::EC2::Instance", "NetworkInterfaces.GroupSet", "NetworkInterfaces.SubnetId"),
    ("AWS::EC2::Instance", "SecurityGroupIds", "SubnetId"),
    ("AWS::EC2::Instance", "SecurityGroups", ""),
    (
        "AWS::EC2::LaunchTemplate",
        "LaunchTemplateData.NetworkInterfaces.Groups",
        "LaunchTemplateData.NetworkInterfaces.SubnetId",
    ),
    ("AWS::EC2::LaunchTemplate", "LaunchTemplateData.SecurityGroupIds", ""),
    ("AWS::EC2::NatGateway", "", "SubnetId"),
    ("AWS::EC2::NetworkInterface", "GroupSet", "SubnetId"),
    ("AWS::EC2::VPCEndpoint", "SecurityGroupIds", "SubnetIds"),
    (
        "AWS::ECS::Service",
        "NetworkConfiguration.AwsvpcConfiguration.SecurityGroups",
        "NetworkConfiguration.AwsvpcConfiguration.Subnets",
    ),
    ("AWS::EFS::MountTarget", "SecurityGroups", "SubnetId"),
    ("AWS::EKS::Cluster", "ResourcesVpcConfig.SecurityGroupIds", "ResourcesVpcConfig.SubnetIds"),
    ("AWS::EKS::Nodegroup", "RemoteAccess.SourceSecurityGroups", "Subnets"),
    ("AWS::ElastiCache::CacheCluster", "VpcSecurityGroupIds", ""),
    ("AWS::ElastiCache::ReplicationGroup", "SecurityGroupIds", ""),
    ("AWS::ElastiCache::ServerlessCache", "SecurityGroupIds", "SubnetIds"),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "SecurityGroups", "Subnets"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "SecurityGroups", "Subnets"),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "", "SubnetMappings.SubnetId"),
    ("AWS::Lambda::Function", "VpcConfig.SecurityGroupIds", "VpcConfig.SubnetIds"),
    ("AWS::MSK::Cluster", "BrokerNodeGroupInfo.SecurityGroups", "BrokerNodeGroupInfo.ClientSubnets"),
    ("AWS::MemoryDB::Cluster", "SecurityGroupIds", ""),
    ("AWS::Neptune::DBCluster", "VpcSecurityGroupIds", ""),
    ("AWS::OpenSearchService::Domain", "VPCOptions.SecurityGroupIds", "VPCOptions.SubnetIds"),
    ("AWS::RDS::DBCluster", "VpcSecurityGroupIds", ""),
    ("AWS::RDS::DBInstance", "VPCSecurityGroups", ""),
    ("AWS::RDS::DBProxy", "VpcSecurityGroupIds", "VpcSubnetIds"),
    ("AWS::Redshift::Cluster", "VpcSecurityGroupIds", ""),
    ("AWS::SageMaker::NotebookInstance", "SecurityGroupIds", "SubnetId"),
)
_IN_VPC: Final = (
    "EC2::NetworkAcl",
    "EC2::RouteTable",
    "EC2::SecurityGroup",
    "EC2::Subnet",
    "EC2::VPCEndpoint",
    "EC2::VPCPeeringConnection",
    "ElasticLoadBalancingV2::TargetGroup",
)


def _interfaces() -> tuple[Relation, ...]:
    rows: list[Relation] = []
    for source, groups, subnets in _INTERFACES:
        if groups:
            rows.append(Names(source, groups, Kind.IN_GROUP, GROUPS))
        if subnets:
            rows.append(Names(source, subnets, Kind.PLACED_IN, _SUBNET))
    for source in ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"):
        rows.append(Names(source, "DBSubnetGroupName", Kind.PLACED_IN, ("AWS::RDS::DBSubnetGroup",)))
    for source in ("AWS::RDS::DBSubnetGroup", "AWS::ElastiCache::SubnetGroup", "AWS::Redshift::ClusterSubnetGroup"):
        rows.append(Names(source, "SubnetIds", Kind.PLACED_IN, _SUBNET))
    return tuple(rows)


FAMILY: Final[Family] = family(
    "network",
    (
        *(Names(f"AWS::{source}", "VpcId", Kind.PART_OF, _VPC) for source in _IN_VPC),
        *(Link("AWS::EC2::Route", "RouteTableId", path, Kind.ROUTES_TO, _TABLE, types) for path, types in _ROUTES),
        Link("AWS::EC2::SubnetRouteTableAssociation", "SubnetId", "RouteTableId", Kind.ROUTES_TO, _SUBNET, _TABLE),
        Link(
            "AWS::EC2::SubnetNetworkAclAssociation",
            "SubnetId",
            "NetworkAclId",
            Kind.ATTACHED_TO,
            _SUBNET,
            ("AWS::EC2::NetworkAcl",),
        ),
        Link("AWS::EC2::VPCGatewayAttachment", "InternetGatewayId", "VpcId", Kind.ATTACHED_TO, _GATEWAY, _VPC),
        Link(
            "AWS::EC2::VPCGatewayAttachment", "VpnGatewayId", "VpcId", Kind.ATTACHED_TO, ("AWS::EC2::VPNGateway",), _VPC
        ),
        Names("AWS::EC2::VPCEndpoint", "RouteTableIds", Kind.ROUTES_TO, _TABLE, reverse=True),
        Names("AWS::EC2::VPCEndpoint", "ServiceName", Kind.ROUTES_TO, ("AWS::EC2::VPCEndpointService",)),
        Names("AWS::EC2::EIP", "InstanceId", Kind.ATTACHED_TO, ("AWS::EC2::Instance",)),
        Names("AWS::EC2::NetworkAclEntry", "NetworkAclId", Kind.PART_OF, ("AWS::EC2::NetworkAcl",)),
        Names(
            "AWS::EC2::SecurityGroup",
            "SecurityGroupIngress.SourceSecurityGroupId",
            Kind.MAY_CONNECT,
            GROUPS,
            reverse=True,
        ),
        Names("AWS::EC2::SecurityGroup", "SecurityGroupEgress.DestinationSecurityGroupId", Kind.MAY_CONNECT, GROUPS),
        Link("AWS::EC2::SecurityGroupIngress", "SourceSecurityGroupId", "GroupId", Kind.MAY_CONNECT, GROUPS, GROUPS),
        Link(
            "AWS::EC2::SecurityGroupEgress", "GroupId", "DestinationSecurityGroupId", Kind.MAY_CONNECT, GROUPS, GROUPS
        ),
        Names("AWS::EC2::SecurityGroupIngress", "GroupId", Kind.PART_OF, GROUPS),
        Names("AWS::EC2::SecurityGroupEgress", "GroupId", Kind.PART_OF, GROUPS),
        *_interfaces(),
    ),
)
