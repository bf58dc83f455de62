"""Logs and their destinations.

Source: CloudFormation Template Reference, the logging properties of each type below.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.graph.edges import Edge, Family, Kind
from stackwarden.graph.follow import ends, follow
from stackwarden.graph.relation import Link, Names, family
from stackwarden.graph.relations.types import LOG_GROUPS
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import Guard
from stackwarden.resolve.logic import both, under
from stackwarden.resolve.questions import ask
from stackwarden.resolve.values import Known, MapValue, Plain, ResourceValue, Text, Unknown

__all__ = ["FAMILY"]

_BUCKET: Final = ("AWS::S3::Bucket",)
_STREAM: Final = ("AWS::KinesisFirehose::DeliveryStream",)
_ALL: Final = (*LOG_GROUPS, *_BUCKET, *_STREAM)
_DESTINATIONS: Final = (
    ("AWS::ApiGateway::Deployment", "StageDescription.AccessLogSetting.DestinationArn", (*LOG_GROUPS, *_STREAM)),
    ("AWS::ApiGateway::Stage", "AccessLogSetting.DestinationArn", (*LOG_GROUPS, *_STREAM)),
    ("AWS::ApiGatewayV2::Stage", "AccessLogSettings.DestinationArn", LOG_GROUPS),
    ("AWS::CloudFront::Distribution", "DistributionConfig.Logging.Bucket", _BUCKET),
    ("AWS::CloudTrail::Trail", "CloudWatchLogsLogGroupArn", LOG_GROUPS),
    ("AWS::CloudTrail::Trail", "S3BucketName", _BUCKET),
    ("AWS::CodeBuild::Project", "LogsConfig.CloudWatchLogs.GroupName", LOG_GROUPS),
    ("AWS::CodeBuild::Project", "LogsConfig.S3Logs.Location", _BUCKET),
    ("AWS::Config::DeliveryChannel", "S3BucketName", _BUCKET),
    ("AWS::EC2::FlowLog", "LogDestination", _ALL),
    ("AWS::EC2::FlowLog", "LogGroupName", LOG_GROUPS),
    ("AWS::ECS::TaskDefinition", "ContainerDefinitions.LogConfiguration.Options.awslogs-group", LOG_GROUPS),
    ("AWS::ElasticLoadBalancing::LoadBalancer", "AccessLoggingPolicy.S3BucketName", _BUCKET),
    ("AWS::KinesisFirehose::DeliveryStream", "ExtendedS3DestinationConfiguration.BucketARN", _BUCKET),
    ("AWS::Lambda::Function", "LoggingConfig.LogGroup", LOG_GROUPS),
    ("AWS::OpenSearchService::Domain", "LogPublishingOptions.*.CloudWatchLogsLogGroupArn", LOG_GROUPS),
    ("AWS::Redshift::Cluster", "LoggingProperties.BucketName", _BUCKET),
    ("AWS::S3::Bucket", "LoggingConfiguration.DestinationBucketName", _BUCKET),
    (
        "AWS::StepFunctions::StateMachine",
        "LoggingConfiguration.Destinations.CloudWatchLogsLogGroup.LogGroupArn",
        LOG_GROUPS,
    ),
)
_LOGGED: Final = ("AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::NetworkInterface", "AWS::EC2::TransitGateway")

_TABLE: Final[Family] = family(
    "logs",
    (
        *(Names(source, path, Kind.LOGS_TO, targets) for source, path, targets in _DESTINATIONS),
        Link(
            "AWS::WAFv2::LoggingConfiguration",
            "ResourceArn",
            "LogDestinationConfigs",
            Kind.LOGS_TO,
            ("AWS::WAFv2::WebACL",),
            _ALL,
        ),
        Link("AWS::EC2::FlowLog", "ResourceId", "LogDestination", Kind.LOGS_TO, _LOGGED, _ALL),
        Link("AWS::EC2::FlowLog", "ResourceId", "LogGroupName", Kind.LOGS_TO, _LOGGED, LOG_GROUPS),
    ),
)

_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_BUCKET_ATTRIBUTES: Final = ("access_logs.s3.bucket", "connection_logs.s3.bucket")


def _edges(stack: Stack) -> Iterator[Edge]:
    yield from _TABLE.make(stack)
    for balancer in stack.resources((_BALANCER,)):
        for guard, attribute in follow(balancer.properties, ("LoadBalancerAttributes",), balancer.guard):
            if isinstance(attribute, MapValue):
                yield from _attribute(stack, balancer, guard, attribute)


def _attribute(stack: Stack, balancer: ResourceValue, guard: Guard, attribute: MapValue) -> Iterator[Edge]:
    """A load balancer names the bucket of its logs as the value of an attribute."""
    is_bucket = ask(attribute.get("Key"), _names_a_bucket, stack.domains)
    own, path = balancer.resource.logical_id, "LoadBalancerAttributes.Value"
    for inner, plain in follow(attribute.get("Value"), (), guard):
        for end, claim in ends(stack, plain, _BUCKET):
            there = under(inner, both(is_bucket, claim))
            yield Edge(own, end, Kind.LOGS_TO, there, own, path, plain.origin)


def _names_a_bucket(key: Plain) -> bool | None:
    match key:
        case Known():
            return key.text in _BUCKET_ATTRIBUTES
        case Text() | Unknown():
            return None
        case _:
            return False


FAMILY: Final = Family("logs", _TABLE.kinds, _edges)
