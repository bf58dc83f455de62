"""Groups of resource types that several relations name."""

from __future__ import annotations

from typing import Final

__all__ = ["BALANCERS", "FUNCTIONS", "GROUPS", "LOG_GROUPS", "QUEUES", "REST", "ROLES", "STATE_MACHINES", "TARGETS"]

FUNCTIONS: Final = ("AWS::Lambda::Function", "AWS::Lambda::Alias", "AWS::Lambda::Version")
QUEUES: Final = ("AWS::SQS::Queue",)
STATE_MACHINES: Final = (
    "AWS::StepFunctions::StateMachine",
    "AWS::StepFunctions::StateMachineAlias",
    "AWS::StepFunctions::StateMachineVersion",
)
ROLES: Final = ("AWS::IAM::Role",)
GROUPS: Final = ("AWS::EC2::SecurityGroup",)
BALANCERS: Final = ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer")
LOG_GROUPS: Final = ("AWS::Logs::LogGroup",)
REST: Final = ("AWS::ApiGateway::RestApi",)
TARGETS: Final = (
    *FUNCTIONS,
    *QUEUES,
    *STATE_MACHINES,
    "AWS::ApiGateway::RestApi",
    "AWS::Batch::JobQueue",
    "AWS::CodeBuild::Project",
    "AWS::CodePipeline::Pipeline",
    "AWS::ECS::Cluster",
    "AWS::Events::ApiDestination",
    "AWS::Events::EventBus",
    "AWS::Kinesis::Stream",
    "AWS::KinesisFirehose::DeliveryStream",
    "AWS::Logs::LogGroup",
    "AWS::SNS::Topic",
)
"""What events are delivered to."""
