"""By which names and ARNs a resource is called, made from its own properties.

`{Property}` stands for the property's value, `{AWS::…}` for a pseudo parameter; a resource that lacks one of the
properties gets a generated name, which no literal can spell. Source of the ARN forms: *Service Authorization
Reference*, resource types defined by each service.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["IDENTITIES"]

_ARN: Final = "arn:{AWS::Partition}:"
_HERE: Final = "{AWS::Region}:{AWS::AccountId}:"

IDENTITIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        # A deployment with a StageName makes a stage; the ARN is that stage's, as a deployment is never associated.
        "AWS::ApiGateway::Deployment": (_ARN + "apigateway:{AWS::Region}::/restapis/{RestApiId}/stages/{StageName}",),
        "AWS::ApiGateway::Stage": (_ARN + "apigateway:{AWS::Region}::/restapis/{RestApiId}/stages/{StageName}",),
        "AWS::ApiGatewayV2::Stage": (_ARN + "apigateway:{AWS::Region}::/apis/{ApiId}/stages/{StageName}",),
        "AWS::CloudWatch::Alarm": ("{AlarmName}", _ARN + "cloudwatch:" + _HERE + "alarm:{AlarmName}"),
        "AWS::DynamoDB::Table": ("{TableName}", _ARN + "dynamodb:" + _HERE + "table/{TableName}"),
        "AWS::ECR::Repository": ("{RepositoryName}", _ARN + "ecr:" + _HERE + "repository/{RepositoryName}"),
        "AWS::Events::EventBus": ("{Name}", _ARN + "events:" + _HERE + "event-bus/{Name}"),
        "AWS::Events::Rule": ("{Name}", _ARN + "events:" + _HERE + "rule/{Name}"),
        "AWS::IAM::Group": ("{GroupName}", _ARN + "iam::{AWS::AccountId}:group/{GroupName}"),
        "AWS::IAM::ManagedPolicy": (_ARN + "iam::{AWS::AccountId}:policy/{ManagedPolicyName}",),
        "AWS::IAM::Role": ("{RoleName}", _ARN + "iam::{AWS::AccountId}:role/{RoleName}"),
        "AWS::IAM::User": ("{UserName}", _ARN + "iam::{AWS::AccountId}:user/{UserName}"),
        "AWS::KMS::Alias": ("{AliasName}", _ARN + "kms:" + _HERE + "{AliasName}"),
        "AWS::Kinesis::Stream": ("{Name}", _ARN + "kinesis:" + _HERE + "stream/{Name}"),
        "AWS::KinesisFirehose::DeliveryStream": (
            "{DeliveryStreamName}",
            _ARN + "firehose:" + _HERE + "deliverystream/{DeliveryStreamName}",
        ),
        "AWS::Lambda::Function": ("{FunctionName}", _ARN + "lambda:" + _HERE + "function:{FunctionName}"),
        "AWS::Logs::LogGroup": (
            "{LogGroupName}",
            _ARN + "logs:" + _HERE + "log-group:{LogGroupName}",
            _ARN + "logs:" + _HERE + "log-group:{LogGroupName}:*",
        ),
        "AWS::RDS::DBCluster": ("{DBClusterIdentifier}", _ARN + "rds:" + _HERE + "cluster:{DBClusterIdentifier}"),
        "AWS::RDS::DBInstance": ("{DBInstanceIdentifier}", _ARN + "rds:" + _HERE + "db:{DBInstanceIdentifier}"),
        "AWS::S3::Bucket": ("{BucketName}", _ARN + "s3:::{BucketName}", _ARN + "s3:::{BucketName}/*"),
        "AWS::SNS::Topic": (_ARN + "sns:" + _HERE + "{TopicName}",),
        "AWS::SQS::Queue": (
            _ARN + "sqs:" + _HERE + "{QueueName}",
            "https://sqs.{AWS::Region}.{AWS::URLSuffix}/{AWS::AccountId}/{QueueName}",
        ),
        "AWS::SecretsManager::Secret": ("{Name}",),
        "AWS::StepFunctions::StateMachine": (_ARN + "states:" + _HERE + "stateMachine:{StateMachineName}",),
    }
)
