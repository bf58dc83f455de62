"""Load balancers: balancer → listener → rule → target group → targets.

Source: CloudFormation Template Reference, `AWS::ElasticLoadBalancingV2::*` and `AWS::ElasticLoadBalancing::*`.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.edges import Family, Kind
from stackwarden.graph.relation import Names, Relation, family
from stackwarden.graph.relations.types import BALANCERS, FUNCTIONS

__all__ = ["FAMILY"]

_V2: Final = "AWS::ElasticLoadBalancingV2::"
_GROUPS: Final = (f"{_V2}TargetGroup",)
_INSTANCE: Final = ("AWS::EC2::Instance",)
_POOL: Final = ("AWS::Cognito::UserPool",)


def _actions(listener: str, actions: str) -> tuple[Relation, ...]:
    return (
        Names(listener, f"{actions}.TargetGroupArn", Kind.ROUTES_TO, _GROUPS),
        Names(listener, f"{actions}.ForwardConfig.TargetGroups.TargetGroupArn", Kind.ROUTES_TO, _GROUPS),
        Names(listener, f"{actions}.AuthenticateCognitoConfig.UserPoolArn", Kind.AUTHORIZED_BY, _POOL),
    )


FAMILY: Final[Family] = family(
    "balancers",
    (
        Names(f"{_V2}Listener", "LoadBalancerArn", Kind.ROUTES_TO, BALANCERS, reverse=True),
        Names(f"{_V2}ListenerRule", "ListenerArn", Kind.ROUTES_TO, (f"{_V2}Listener",), reverse=True),
        *_actions(f"{_V2}Listener", "DefaultActions"),
        *_actions(f"{_V2}ListenerRule", "Actions"),
        Names(f"{_V2}TargetGroup", "Targets.Id", Kind.ROUTES_TO, (*_INSTANCE, *FUNCTIONS, *BALANCERS)),
        Names("AWS::ElasticLoadBalancing::LoadBalancer", "Instances", Kind.ROUTES_TO, _INSTANCE),
        Names("AWS::ECS::Service", "LoadBalancers.TargetGroupArn", Kind.ROUTES_TO, _GROUPS, reverse=True),
        Names("AWS::ECS::Service", "LoadBalancers.LoadBalancerName", Kind.ROUTES_TO, BALANCERS, reverse=True),
        Names("AWS::AutoScaling::AutoScalingGroup", "TargetGroupARNs", Kind.ROUTES_TO, _GROUPS, reverse=True),
        Names("AWS::AutoScaling::AutoScalingGroup", "LoadBalancerNames", Kind.ROUTES_TO, BALANCERS, reverse=True),
    ),
)
