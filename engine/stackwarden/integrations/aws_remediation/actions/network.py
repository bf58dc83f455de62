"""Security groups, subnets, endpoint services, load balancers, firewalls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from stackwarden.graph.stack import Excerpt
from stackwarden.integrations.aws_api import Clients, call
from stackwarden.integrations.aws_remediation.actions._action import (
    ANY,
    Action,
    Permission,
    Refused,
    Step,
    Target,
    current,
    one_call,
)
from stackwarden.run.excerpt import judge
from stackwarden.source import Source

__all__ = ["ACTIONS"]

_GROUP: Final = "arn:{partition}:ec2:{region}:{account}:security-group/{id}"
_SUBNET: Final = "arn:{partition}:ec2:{region}:{account}:subnet/{id}"
_SERVICE: Final = "arn:{partition}:ec2:{region}:{account}:vpc-endpoint-service/{id}"
_BALANCER: Final = "arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{id}"
_FIREWALL: Final = "arn:{partition}:network-firewall:{region}:{account}:firewall/{id}"
_WORLD: Final = ("0.0.0.0/0", "::/0")
_WHOLE: Final = Excerpt(frozenset(("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")))


def _ingress(target: Target, clients: Clients) -> list[Step]:
    """Revokes the rules of a group that are open to the world and that the policy, asked about each alone, faults."""
    if not target.resource_id.startswith("sg-"):
        raise Refused(f"`{target.resource_id}` is not the id of a security group")
    faulty = [
        str(rule["SecurityGroupRuleId"])
        for rule in _rules(target, clients)
        if not rule.get("IsEgress") and _range(rule) in _WORLD and _is_faulty(target, rule)
    ]
    if not faulty:
        return []
    return one_call(
        "ec2", "revoke_security_group_ingress", GroupId=target.resource_id, SecurityGroupRuleIds=sorted(faulty)
    )


def _rules(target: Target, clients: Clients) -> Iterator[Mapping[str, Any]]:
    filters = [{"Name": "group-id", "Values": [target.resource_id]}]
    page: dict[str, object] = {"Filters": filters}
    while True:
        told = call(clients("ec2"), "describe_security_group_rules", **page)
        yield from told.get("SecurityGroupRules", ())
        if not told.get("NextToken"):
            return
        page["NextToken"] = told["NextToken"]


def _range(rule: Mapping[str, Any]) -> str:
    return str(rule.get("CidrIpv4") or rule.get("CidrIpv6") or "")


def _is_faulty(target: Target, rule: Mapping[str, Any]) -> bool:
    """Whether the policy fails for a group that has this one rule."""
    protocol = str(rule["IpProtocol"])
    written: dict[str, object] = {"IpProtocol": protocol}
    written["CidrIpv6" if rule.get("CidrIpv6") else "CidrIp"] = _range(rule)
    if protocol != "-1":
        written.update(FromPort=rule["FromPort"], ToPort=rule["ToPort"])
    properties: dict[str, object] = {"GroupDescription": "asked about one rule", "SecurityGroupIngress": [written]}
    properties["Fn::Transform"] = {"Name": "ConfigurationItem"}
    group = {"Type": target.resource_type, "Properties": properties}
    source = Source(target.resource_id, json.dumps({"Resources": {"Group": group}}))
    judged = judge(source, target.session, _WHOLE, rules=(target.rule,))
    return any(one.verdict == "fail" for one in judged.findings)


def _subnet(target: Target, clients: Clients) -> list[Step]:
    told = cast("dict[str, Any]", current(clients, "ec2", "describe_subnets", SubnetIds=[target.resource_id]))
    if not told["Subnets"][0].get("MapPublicIpOnLaunch"):
        return []
    return one_call("ec2", "modify_subnet_attribute", SubnetId=target.resource_id, MapPublicIpOnLaunch={"Value": False})


def _service(target: Target, clients: Clients) -> list[Step]:
    told = cast(
        "dict[str, Any]",
        current(clients, "ec2", "describe_vpc_endpoint_service_configurations", ServiceIds=[target.resource_id]),
    )
    if told["ServiceConfigurations"][0].get("AcceptanceRequired"):
        return []
    return one_call(
        "ec2", "modify_vpc_endpoint_service_configuration", ServiceId=target.resource_id, AcceptanceRequired=True
    )


def _balancer(target: Target, clients: Clients) -> list[Step]:
    wanted = cast("Mapping[str, str]", target.values["LoadBalancerAttributes+"])
    told = cast(
        "dict[str, Any]",
        current(clients, "elbv2", "describe_load_balancer_attributes", LoadBalancerArn=target.resource_id),
    )
    if any(one["Key"] == wanted["Key"] and one.get("Value") == wanted["Value"] for one in told["Attributes"]):
        return []
    return one_call(
        "elbv2",
        "modify_load_balancer_attributes",
        LoadBalancerArn=target.resource_id,
        Attributes=[{"Key": wanted["Key"], "Value": wanted["Value"]}],
    )


def _firewall(target: Target, clients: Clients) -> list[Step]:
    told = cast(
        "dict[str, Any]",
        current(clients, "network-firewall", "describe_firewall", FirewallArn=target.resource_id),
    )
    operations = {
        "DeleteProtection": "update_firewall_delete_protection",
        "SubnetChangeProtection": "update_subnet_change_protection",
    }
    return [
        Step("network-firewall", operations[name], {"FirewallArn": target.resource_id, name: value})
        for name, value in target.values.items()
        if told["Firewall"].get(name) is not value
    ]


def _permissions(resource: str, reads: tuple[str, ...], writes: tuple[str, ...]) -> tuple[Permission, ...]:
    """EC2 and ELB describe without knowing resources."""
    return Permission(reads, ANY), Permission(writes, resource.replace("{id}", ANY), writes=True, tagged=True)


ACTIONS: Final = (
    Action(
        "AWS::EC2::SecurityGroup",
        _GROUP,
        _permissions(_GROUP, ("ec2:DescribeSecurityGroupRules",), ("ec2:RevokeSecurityGroupIngress",)),
        _ingress,
        rules=("ec2-sg-ingress-admin-ports-open", "ec2-sg-ingress-sensitive-ports-open"),
    ),
    Action(
        "AWS::EC2::Subnet",
        _SUBNET,
        _permissions(_SUBNET, ("ec2:DescribeSubnets",), ("ec2:ModifySubnetAttribute",)),
        _subnet,
        ("MapPublicIpOnLaunch",),
    ),
    Action(
        "AWS::EC2::VPCEndpointService",
        _SERVICE,
        _permissions(
            _SERVICE,
            ("ec2:DescribeVpcEndpointServiceConfigurations",),
            ("ec2:ModifyVpcEndpointServiceConfiguration",),
        ),
        _service,
        ("AcceptanceRequired",),
    ),
    Action(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        _BALANCER,
        _permissions(
            _BALANCER,
            ("elasticloadbalancing:DescribeLoadBalancerAttributes",),
            ("elasticloadbalancing:ModifyLoadBalancerAttributes",),
        ),
        _balancer,
        ("LoadBalancerAttributes+",),
    ),
    Action(
        "AWS::NetworkFirewall::Firewall",
        _FIREWALL,
        (
            Permission(("network-firewall:DescribeFirewall",), _FIREWALL.replace("{id}", ANY)),
            Permission(
                (
                    "network-firewall:UpdateFirewallDeleteProtection",
                    "network-firewall:UpdateSubnetChangeProtection",
                ),
                _FIREWALL.replace("{id}", ANY),
                writes=True,
                tagged=True,
            ),
        ),
        _firewall,
        ("DeleteProtection", "SubnetChangeProtection"),
    ),
)
