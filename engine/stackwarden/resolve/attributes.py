"""What `Ref` and `Fn::GetAtt` of a resource give where that follows from the resource's own properties.

`{Property}` stands for the property's value, `{Property|default}` for the default where that is absent, `{AWS::…}` for
a pseudo parameter. Where the property that names the resource is absent, CloudFormation makes up the name and the
attribute stays unknown. Source: CloudFormation Template Reference, *Return values* of each resource type; the forms of
ARNs from the *Service Authorization Reference*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Known,
    MapValue,
    ParameterHole,
    Plain,
    ResourceValue,
    Text,
    Value,
    bind,
    make_text,
)

__all__ = ["ATTRIBUTES", "placeholders", "spelled"]

_ARN: Final = "arn:{AWS::Partition}:"
_HERE: Final = "{AWS::Region}:{AWS::AccountId}:"

ATTRIBUTES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "AWS::ApiGateway::Stage": {"": "{StageName}"},
        "AWS::ApiGatewayV2::Stage": {"": "{StageName}"},
        "AWS::Athena::WorkGroup": {"": "{Name}"},
        "AWS::CloudTrail::Trail": {"": "{TrailName}", "Arn": _ARN + "cloudtrail:" + _HERE + "trail/{TrailName}"},
        "AWS::CloudWatch::Alarm": {"": "{AlarmName}", "Arn": _ARN + "cloudwatch:" + _HERE + "alarm:{AlarmName}"},
        "AWS::CodeBuild::Project": {"": "{Name}", "Arn": _ARN + "codebuild:" + _HERE + "project/{Name}"},
        "AWS::CodePipeline::Pipeline": {"": "{Name}"},
        "AWS::DynamoDB::Table": {"": "{TableName}", "Arn": _ARN + "dynamodb:" + _HERE + "table/{TableName}"},
        "AWS::EC2::Subnet": {"CidrBlock": "{CidrBlock}"},
        "AWS::EC2::VPC": {"CidrBlock": "{CidrBlock}"},
        "AWS::ECR::Repository": {
            "": "{RepositoryName}",
            "Arn": _ARN + "ecr:" + _HERE + "repository/{RepositoryName}",
            "RepositoryUri": "{AWS::AccountId}.dkr.ecr.{AWS::Region}.{AWS::URLSuffix}/{RepositoryName}",
        },
        "AWS::ECS::Cluster": {"": "{ClusterName}", "Arn": _ARN + "ecs:" + _HERE + "cluster/{ClusterName}"},
        "AWS::Events::EventBus": {
            "": "{Name}",
            "Name": "{Name}",
            "Arn": _ARN + "events:" + _HERE + "event-bus/{Name}",
        },
        "AWS::IAM::Group": {"": "{GroupName}", "Arn": _ARN + "iam::{AWS::AccountId}:group{Path|/}{GroupName}"},
        "AWS::IAM::ManagedPolicy": {
            "": _ARN + "iam::{AWS::AccountId}:policy{Path|/}{ManagedPolicyName}",
            "PolicyArn": _ARN + "iam::{AWS::AccountId}:policy{Path|/}{ManagedPolicyName}",
        },
        "AWS::IAM::Role": {"": "{RoleName}", "Arn": _ARN + "iam::{AWS::AccountId}:role{Path|/}{RoleName}"},
        "AWS::IAM::User": {"": "{UserName}", "Arn": _ARN + "iam::{AWS::AccountId}:user{Path|/}{UserName}"},
        "AWS::KMS::Alias": {"": "{AliasName}"},
        "AWS::Kinesis::Stream": {"": "{Name}", "Arn": _ARN + "kinesis:" + _HERE + "stream/{Name}"},
        "AWS::KinesisFirehose::DeliveryStream": {
            "": "{DeliveryStreamName}",
            "Arn": _ARN + "firehose:" + _HERE + "deliverystream/{DeliveryStreamName}",
        },
        "AWS::Lambda::Function": {"": "{FunctionName}", "Arn": _ARN + "lambda:" + _HERE + "function:{FunctionName}"},
        "AWS::Logs::LogGroup": {"": "{LogGroupName}", "Arn": _ARN + "logs:" + _HERE + "log-group:{LogGroupName}:*"},
        "AWS::S3::Bucket": {
            "": "{BucketName}",
            "Arn": _ARN + "s3:::{BucketName}",
            "DomainName": "{BucketName}.s3.{AWS::URLSuffix}",
            "RegionalDomainName": "{BucketName}.s3.{AWS::Region}.{AWS::URLSuffix}",
        },
        "AWS::SNS::Topic": {
            "": _ARN + "sns:" + _HERE + "{TopicName}",
            "TopicArn": _ARN + "sns:" + _HERE + "{TopicName}",
            "TopicName": "{TopicName}",
        },
        "AWS::SQS::Queue": {
            "": "https://sqs.{AWS::Region}.{AWS::URLSuffix}/{AWS::AccountId}/{QueueName}",
            "QueueUrl": "https://sqs.{AWS::Region}.{AWS::URLSuffix}/{AWS::AccountId}/{QueueName}",
            "Arn": _ARN + "sqs:" + _HERE + "{QueueName}",
            "QueueName": "{QueueName}",
        },
        "AWS::SSM::Parameter": {"": "{Name}", "Type": "{Type}", "Value": "{Value}"},
        "AWS::StepFunctions::StateMachine": {
            "": _ARN + "states:" + _HERE + "stateMachine:{StateMachineName}",
            "Arn": _ARN + "states:" + _HERE + "stateMachine:{StateMachineName}",
            "Name": "{StateMachineName}",
        },
    }
)

_PLACEHOLDER: Final = re.compile(r"\{([^}]+)\}")


@lru_cache(maxsize=1024)
def placeholders(form: str) -> tuple[tuple[str, bool], ...]:
    """The parts of a form, in order: (text, False) or (property or pseudo parameter, True)."""
    parts: list[tuple[str, bool]] = []
    position = 0
    for match in _PLACEHOLDER.finditer(form):
        if match.start() > position:
            parts.append((form[position : match.start()], False))
        parts.append((match.group(1), True))
        position = match.end()
    if position < len(form):
        parts.append((form[position:], False))
    return tuple(parts)


def spelled(resource: ResourceValue, attribute: str) -> Value | None:
    """An attribute (empty: what `Ref` gives) as it follows from the properties; None where nothing is known of it.

    Where the name is made up in some cases, these are the attribute itself, which is not spellable.
    """
    form = ATTRIBUTES.get(resource.resource.resource_type, {}).get(attribute)
    properties = resource.properties
    if form is None or not isinstance(properties, MapValue):
        return None
    made_up = Text((AttributeHole(resource.resource.logical_id, attribute, spellable=False),))
    parts = placeholders(form)
    name = next(text for text, is_placeholder in parts if is_placeholder and _is_name(text))

    def with_name(plain: Plain) -> Value:
        if not isinstance(plain, Known | Text):
            return made_up
        return make_text([_part(text, is_placeholder, plain, properties) for text, is_placeholder in parts])

    value = bind(properties.get(name), with_name)
    return None if value == made_up else value


def _is_name(placeholder: str) -> bool:
    return not placeholder.startswith("AWS::") and "|" not in placeholder


def _part(text: str, is_placeholder: bool, name: Plain, properties: MapValue) -> str | ParameterHole | Value:
    if not is_placeholder:
        return text
    if text.startswith("AWS::"):
        return ParameterHole(text, token=True)
    if _is_name(text):
        return name
    property_name, _, default = text.partition("|")
    return bind(properties.get(property_name), lambda plain: Known(default) if isinstance(plain, Absent) else plain)
