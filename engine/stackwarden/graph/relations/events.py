"""Events: rules, schedules, pipes, subscriptions and notifications, and whom they call.

Source: CloudFormation Template Reference, `AWS::Events::*`, `AWS::Scheduler::Schedule`, `AWS::Pipes::Pipe`,
`AWS::SNS::*`, `AWS::S3::Bucket`, `AWS::Logs::SubscriptionFilter`.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.edges import Family, Kind
from stackwarden.graph.relation import Link, Names, family
from stackwarden.graph.relations.types import FUNCTIONS, LOG_GROUPS, QUEUES, TARGETS

__all__ = ["FAMILY"]

_TOPIC: Final = ("AWS::SNS::Topic",)
_BUS: Final = ("AWS::Events::EventBus",)
_SUBSCRIBERS: Final = (*FUNCTIONS, *QUEUES, "AWS::KinesisFirehose::DeliveryStream")
_NOTICES: Final = "NotificationConfiguration"

FAMILY: Final[Family] = family(
    "events",
    (
        Names("AWS::Events::Rule", "EventBusName", Kind.INVOKES, _BUS, reverse=True),
        Names("AWS::Events::Rule", "Targets.Arn", Kind.INVOKES, TARGETS),
        Names("AWS::Events::Rule", "Targets.DeadLetterConfig.Arn", Kind.INVOKES, QUEUES),
        Names("AWS::Scheduler::Schedule", "Target.Arn", Kind.INVOKES, TARGETS),
        Names("AWS::Scheduler::Schedule", "Target.DeadLetterConfig.Arn", Kind.INVOKES, QUEUES),
        Names(
            "AWS::Pipes::Pipe",
            "Source",
            Kind.INVOKES,
            (*QUEUES, "AWS::DynamoDB::Table", "AWS::Kinesis::Stream"),
            reverse=True,
        ),
        Names("AWS::Pipes::Pipe", "Enrichment", Kind.INVOKES, TARGETS),
        Names("AWS::Pipes::Pipe", "Target", Kind.INVOKES, TARGETS),
        Names("AWS::SNS::Topic", "Subscription.Endpoint", Kind.INVOKES, _SUBSCRIBERS),
        Link("AWS::SNS::Subscription", "TopicArn", "Endpoint", Kind.INVOKES, _TOPIC, _SUBSCRIBERS),
        Names("AWS::S3::Bucket", f"{_NOTICES}.LambdaConfigurations.Function", Kind.INVOKES, FUNCTIONS),
        Names("AWS::S3::Bucket", f"{_NOTICES}.QueueConfigurations.Queue", Kind.INVOKES, QUEUES),
        Names("AWS::S3::Bucket", f"{_NOTICES}.TopicConfigurations.Topic", Kind.INVOKES, _TOPIC),
        Names("AWS::SQS::Queue", "RedrivePolicy.deadLetterTargetArn", Kind.INVOKES, QUEUES),
        Names("AWS::CloudWatch::Alarm", "AlarmActions", Kind.INVOKES, (*_TOPIC, *FUNCTIONS)),
        Names("AWS::SecretsManager::RotationSchedule", "RotationLambdaARN", Kind.INVOKES, FUNCTIONS),
        Names("AWS::CloudFormation::CustomResource", "ServiceToken", Kind.INVOKES, (*FUNCTIONS, *_TOPIC)),
        Names("Custom::*", "ServiceToken", Kind.INVOKES, (*FUNCTIONS, *_TOPIC)),
        Link(
            "AWS::Logs::SubscriptionFilter",
            "LogGroupName",
            "DestinationArn",
            Kind.INVOKES,
            LOG_GROUPS,
            (*FUNCTIONS, "AWS::Kinesis::Stream", "AWS::KinesisFirehose::DeliveryStream", "AWS::Logs::Destination"),
        ),
    ),
)
