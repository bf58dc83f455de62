"""Compute that runs from a description: ECS services and tasks, auto scaling groups, launch templates.

Source: CloudFormation Template Reference, `AWS::ECS::*`, `AWS::AutoScaling::*`, `AWS::EC2::LaunchTemplate`.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.edges import Family, Kind
from stackwarden.graph.relation import Link, Names, family

__all__ = ["FAMILY"]

_TEMPLATE: Final = ("AWS::EC2::LaunchTemplate",)
_CLUSTER: Final = ("AWS::ECS::Cluster",)
_TASK: Final = ("AWS::ECS::TaskDefinition",)
_CONFIGURATION: Final = ("AWS::AutoScaling::LaunchConfiguration",)
_MIXED: Final = "MixedInstancesPolicy.LaunchTemplate"
_SPECIFIED: Final = (
    ("AWS::AutoScaling::AutoScalingGroup", "LaunchTemplate"),
    ("AWS::AutoScaling::AutoScalingGroup", f"{_MIXED}.LaunchTemplateSpecification"),
    ("AWS::AutoScaling::AutoScalingGroup", f"{_MIXED}.Overrides.LaunchTemplateSpecification"),
    ("AWS::EC2::Instance", "LaunchTemplate"),
)

FAMILY: Final[Family] = family(
    "containers",
    (
        Names("AWS::ECS::Service", "Cluster", Kind.PLACED_IN, _CLUSTER),
        Names("AWS::ECS::Service", "TaskDefinition", Kind.RUNS, _TASK),
        Link("AWS::Events::Rule", "Targets.Arn", "Targets.EcsParameters.TaskDefinitionArn", Kind.RUNS, _CLUSTER, _TASK),
        Names("AWS::Events::Rule", "Targets.EcsParameters.TaskDefinitionArn", Kind.RUNS, _TASK),
        Names("AWS::Scheduler::Schedule", "Target.EcsParameters.TaskDefinitionArn", Kind.RUNS, _TASK),
        Names(
            "AWS::ECS::TaskDefinition",
            "Volumes.EFSVolumeConfiguration.FilesystemId",
            Kind.ATTACHED_TO,
            ("AWS::EFS::FileSystem",),
        ),
        *(
            Names(group, f"{specified}.{name}", Kind.RUNS, _TEMPLATE)
            for group, specified in _SPECIFIED
            for name in ("LaunchTemplateId", "LaunchTemplateName")
        ),
        Names("AWS::EKS::Nodegroup", "LaunchTemplate.Id", Kind.RUNS, _TEMPLATE),
        Names("AWS::EKS::Nodegroup", "LaunchTemplate.Name", Kind.RUNS, _TEMPLATE),
        Names("AWS::AutoScaling::AutoScalingGroup", "LaunchConfigurationName", Kind.RUNS, _CONFIGURATION),
    ),
)
