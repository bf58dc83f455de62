"""Roles: what runs as them, and the policies attached to them, written on either side.

Source: CloudFormation Template Reference, `AWS::IAM::*` and the role property of each type below.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.edges import Family, Kind
from stackwarden.graph.relation import Names, Relation, family
from stackwarden.graph.relations.types import ROLES

__all__ = ["FAMILY"]

_PROFILE: Final = ("AWS::IAM::InstanceProfile",)
_MANAGED: Final = ("AWS::IAM::ManagedPolicy",)
_OWNERS: Final = (
    ("Roles", ROLES),
    ("Users", ("AWS::IAM::User",)),
    ("Groups", ("AWS::IAM::Group",)),
)
_ROLE_PROPERTIES: Final = (
    ("AWS::ApiGateway::Account", "CloudWatchRoleArn"),
    ("AWS::AppRunner::Service", "InstanceConfiguration.InstanceRoleArn"),
    ("AWS::Batch::ComputeEnvironment", "ServiceRole"),
    ("AWS::CloudTrail::Trail", "CloudWatchLogsRoleArn"),
    ("AWS::CodeBuild::Project", "ServiceRole"),
    ("AWS::CodePipeline::Pipeline", "RoleArn"),
    ("AWS::Config::ConfigurationRecorder", "RoleARN"),
    ("AWS::EC2::FlowLog", "DeliverLogsPermissionArn"),
    ("AWS::ECS::Service", "Role"),
    ("AWS::ECS::TaskDefinition", "ExecutionRoleArn"),
    ("AWS::ECS::TaskDefinition", "TaskRoleArn"),
    ("AWS::EKS::Cluster", "RoleArn"),
    ("AWS::EKS::Nodegroup", "NodeRole"),
    ("AWS::EMR::Cluster", "ServiceRole"),
    ("AWS::Events::Rule", "RoleArn"),
    ("AWS::Events::Rule", "Targets.RoleArn"),
    ("AWS::Glue::Crawler", "Role"),
    ("AWS::Glue::Job", "Role"),
    ("AWS::IoT::TopicRule", "TopicRulePayload.Actions.*.RoleArn"),
    ("AWS::KinesisFirehose::DeliveryStream", "ExtendedS3DestinationConfiguration.RoleARN"),
    ("AWS::Lambda::Function", "Role"),
    ("AWS::Pipes::Pipe", "RoleArn"),
    ("AWS::RDS::DBCluster", "AssociatedRoles.RoleArn"),
    ("AWS::RDS::DBInstance", "MonitoringRoleArn"),
    ("AWS::Redshift::Cluster", "IamRoles"),
    ("AWS::S3::Bucket", "ReplicationConfiguration.Role"),
    ("AWS::SageMaker::Model", "ExecutionRoleArn"),
    ("AWS::SageMaker::NotebookInstance", "RoleArn"),
    ("AWS::Scheduler::Schedule", "Target.RoleArn"),
    ("AWS::StepFunctions::StateMachine", "RoleArn"),
    ("AWS::Synthetics::Canary", "ExecutionRoleArn"),
)


def _attachments() -> tuple[Relation, ...]:
    rows: list[Relation] = []
    for policy in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        rows.extend(Names(policy, path, Kind.HAS_POLICY, types, reverse=True) for path, types in _OWNERS)
    rows.append(Names("AWS::IAM::RolePolicy", "RoleName", Kind.HAS_POLICY, ROLES, reverse=True))
    rows.append(Names("AWS::IAM::UserPolicy", "UserName", Kind.HAS_POLICY, ("AWS::IAM::User",), reverse=True))
    rows.append(Names("AWS::IAM::GroupPolicy", "GroupName", Kind.HAS_POLICY, ("AWS::IAM::Group",), reverse=True))
    for owner in ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"):
        rows.append(Names(owner, "ManagedPolicyArns", Kind.HAS_POLICY, _MANAGED))
    return tuple(rows)


FAMILY: Final[Family] = family(
    "roles",
    (
        *(Names(source, path, Kind.RUNS_AS, ROLES) for source, path in _ROLE_PROPERTIES),
        Names("AWS::IAM::InstanceProfile", "Roles", Kind.RUNS_AS, ROLES),
        Names("AWS::EC2::Instance", "IamInstanceProfile", Kind.RUNS_AS, _PROFILE),
        Names("AWS::EC2::LaunchTemplate", "LaunchTemplateData.IamInstanceProfile.Arn", Kind.RUNS_AS, _PROFILE),
        Names("AWS::EC2::LaunchTemplate", "LaunchTemplateData.IamInstanceProfile.Name", Kind.RUNS_AS, _PROFILE),
        Names("AWS::AutoScaling::LaunchConfiguration", "IamInstanceProfile", Kind.RUNS_AS, _PROFILE),
        Names("AWS::IAM::User", "Groups", Kind.PART_OF, ("AWS::IAM::Group",)),
        *_attachments(),
    ),
)
