"""Security groups, network ACLs and tables of routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from stackwarden.integrations.aws_config.items import ConfigurationItem, Data, key_of
from stackwarden.integrations.aws_config.shapes._base import SELF, UNKNOWN, Reshaped, Whole, member, of, taken

__all__ = [
    "ACL_OF_SUBNET",
    "EGRESS",
    "ENTRY",
    "INGRESS",
    "ROUTE",
    "ROUTES_OF_SUBNET",
    "network_acl",
    "route_table",
    "security_group",
]

INGRESS: Final = "AWS::EC2::SecurityGroupIngress"
EGRESS: Final = "AWS::EC2::SecurityGroupEgress"
ENTRY: Final = "AWS::EC2::NetworkAclEntry"
ACL_OF_SUBNET: Final = "AWS::EC2::SubnetNetworkAclAssociation"
ROUTE: Final = "AWS::EC2::Route"
ROUTES_OF_SUBNET: Final = "AWS::EC2::SubnetRouteTableAssociation"


def security_group(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A security group, whose permissions list several ranges and groups each."""
    properties = dict(merged)
    sides = (
        ("ipPermissions", "SecurityGroupIngress", "Source"),
        ("ipPermissionsEgress", "SecurityGroupEgress", "Destination"),
    )
    for name, target, peer in sides:
        told, permissions = taken(merged, name)
        if told:
            properties[target] = _rules(permissions, peer) or _NOWHERE[peer]
    return Reshaped(properties, whole=frozenset((INGRESS, EGRESS)))


_NOWHERE: Final[Mapping[str, list[Data]]] = MappingProxyType(
    {"Source": [], "Destination": [Whole({"IpProtocol": "-1", "CidrIp": "127.0.0.1/32"})]}
)
"""What a template says of a group without rules: without egress rules, CloudFormation would add one to everywhere."""


def _rules(permissions: Data, peer: str) -> Data:
    """The rules that permissions of a security group are: one for each range, group and list."""
    if not isinstance(permissions, list):
        return UNKNOWN
    made: list[Data] = []
    for permission in permissions:
        if not isinstance(permission, Mapping):
            return UNKNOWN
        common = Whole({"IpProtocol": str(key_of(permission, "ipProtocol"))})
        for name, target in (("fromPort", "FromPort"), ("toPort", "ToPort")):
            port = key_of(permission, name)
            if port is not None:
                common[target] = port
        for ranges, inner, target in (
            ("ipv4Ranges", "cidrIp", "CidrIp"),
            ("ipv6Ranges", "cidrIpv6", "CidrIpv6"),
            ("userIdGroupPairs", "groupId", f"{peer}SecurityGroupId"),
            ("prefixListIds", "prefixListId", f"{peer}PrefixListId"),
        ):
            listed = key_of(permission, ranges)
            for one in listed if isinstance(listed, list) else ():
                description = of(one, "description")
                said = {"Description": description} if description else {}
                made.append(Whole({**common, target: member(one, inner), **said}))
    return made


def network_acl(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A network ACL, whose entries CloudFormation keeps apart, but for the last one, which denies the rest."""
    told, entries = taken(merged, "entries")
    told = told and taken(merged, "associations")[0]
    beside = tuple((ENTRY, _entry(one)) for one in entries if _is_own(one)) if isinstance(entries, list) else ()
    subnets = _subnets(merged, ACL_OF_SUBNET, "NetworkAclId")
    return Reshaped(merged, (*beside, *subnets), frozenset((ENTRY, ACL_OF_SUBNET)) if told else frozenset())


def _subnets(merged: Mapping[str, Data], kind: str, owner: str) -> Iterator[tuple[str, Mapping[str, Data]]]:
    """The associations with subnets that a network ACL or a table of routes tells."""
    listed = taken(merged, "associations")[1]
    for one in listed if isinstance(listed, list) else ():
        subnet = of(one, "subnetId")
        if subnet is not None:
            yield kind, {owner: SELF, "SubnetId": subnet}


def _is_own(entry: Data) -> bool:
    number = of(entry, "ruleNumber")
    return isinstance(number, int) and number <= _LAST_OWN


_LAST_OWN: Final = 32766
"""The greatest number that an entry may have; the default one has the next."""


def _entry(entry: Data) -> Mapping[str, Data]:
    made = {
        "NetworkAclId": SELF,
        "RuleNumber": of(entry, "ruleNumber"),
        "Protocol": of(entry, "protocol"),
        "RuleAction": of(entry, "ruleAction"),
        "Egress": of(entry, "egress"),
        "CidrBlock": of(entry, "cidrBlock"),
        "Ipv6CidrBlock": of(entry, "ipv6CidrBlock"),
    }
    ports = of(entry, "portRange")
    if isinstance(ports, Mapping):
        made["PortRange"] = {"From": key_of(ports, "from"), "To": key_of(ports, "to")}
    return {name: value for name, value in made.items() if value is not None}


def route_table(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A table of routes, which CloudFormation keeps apart; the route inside of the VPC it does not have."""
    told, routes = taken(merged, "routes")
    told = told and taken(merged, "associations")[0]
    beside = (
        tuple((ROUTE, _route(one)) for one in routes if of(one, "gatewayId") != "local")
        if isinstance(routes, list)
        else ()
    )
    subnets = _subnets(merged, ROUTES_OF_SUBNET, "RouteTableId")
    return Reshaped(merged, (*beside, *subnets), frozenset((ROUTE, ROUTES_OF_SUBNET)) if told else frozenset())


def _route(route: Data) -> Mapping[str, Data]:
    names = (
        *("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"),
        *("egressOnlyInternetGatewayId", "gatewayId", "instanceId", "natGatewayId", "networkInterfaceId"),
        *("transitGatewayId", "vpcPeeringConnectionId"),
    )
    told = {name[0].upper() + name[1:]: of(route, name) for name in names}
    return {"RouteTableId": SELF, **{name: value for name, value in told.items() if value is not None}}
