"""Buckets, queues, topics, event buses and functions that anyone may send to, by a policy or an access control list.

Sources: Amazon S3 User Guide, *Canned ACL* and *Blocking public access*; AWS Lambda Developer Guide, *Using
resource-based policies*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from stackwarden.apis.reading import elements, is_among
from stackwarden.exposure.entry import Entry
from stackwarden.exposure.hops import hop
from stackwarden.exposure.walk import code_behind
from stackwarden.graph.references import refers
from stackwarden.graph.stack import Stack
from stackwarden.iam.attachments import resource_policies
from stackwarden.iam.conditions import is_limited_by
from stackwarden.iam.grants import may_grant
from stackwarden.iam.principals import is_public
from stackwarden.resolve.logic import NO, YES, Logic, both, either, negate, under
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Known, Record, ResourceValue

__all__ = ["SENDERS", "open_senders"]

_BUCKET: Final = "AWS::S3::Bucket"


@dataclass(frozen=True, slots=True)
class _Sending:
    """How a policy says that something may be sent: the property that names to what, and the action."""

    kind: str
    path: str
    target: str
    action: str


_POLICIES: Final = {
    "AWS::S3::BucketPolicy": _Sending("bucket", "Bucket", _BUCKET, "s3:PutObject"),
    "AWS::SQS::QueuePolicy": _Sending("queue", "Queues", "AWS::SQS::Queue", "sqs:SendMessage"),
    "AWS::SQS::QueueInlinePolicy": _Sending("queue", "Queue", "AWS::SQS::Queue", "sqs:SendMessage"),
    "AWS::SNS::TopicPolicy": _Sending("topic", "Topics", "AWS::SNS::Topic", "sns:Publish"),
    "AWS::SNS::TopicInlinePolicy": _Sending("topic", "TopicArn", "AWS::SNS::Topic", "sns:Publish"),
    "AWS::Events::EventBusPolicy": _Sending("event-bus", "EventBusName", "AWS::Events::EventBus", "events:PutEvents"),
    "AWS::Lambda::Permission": _Sending("function", "FunctionName", "AWS::Lambda::Function", "lambda:InvokeFunction"),
}
SENDERS: Final = (*_POLICIES, _BUCKET)
_BY_URL: Final = "lambda:InvokedViaFunctionUrl"


def open_senders(stack: Stack) -> Iterator[Entry]:
    """What anyone may send to, with the code that handles what is sent."""
    for bucket in stack.resources((_BUCKET,)):
        open_list = is_among(stack, at(bucket, "AccessControl"), "PublicReadWrite")
        claim = under(
            bucket.guard, both(open_list, negate(_blocks(stack, bucket, "BlockPublicAcls", "IgnorePublicAcls")))
        )
        step = hop(f"{bucket.resource.logical_id} lets everyone write objects", bucket, bucket.origin, bucket)
        yield from _entry(stack, "bucket", bucket, claim, step)
    for item in resource_policies(stack).items:
        policy = item.value
        if isinstance(policy, Record) and policy.resource is not None:
            sending = _POLICIES.get(policy.resource.resource.resource_type)
            if sending is not None:
                for guard, statement in elements(policy.get("statements"), item.guard)[0]:
                    if isinstance(statement, Record):
                        claim = under(guard, _lets_everyone(stack, statement, sending))
                        yield from _of_statement(stack, policy.resource, statement, sending, claim)


def _of_statement(
    stack: Stack, policy: ResourceValue, statement: Record, sending: _Sending, claim: Logic
) -> Iterator[Entry]:
    for target in stack.resources((sending.target,)) if claim is not NO else ():
        there = under(target.guard, both(claim, refers(stack, at(policy, sending.path), target)))
        if sending.target == _BUCKET:
            there = both(there, negate(_blocks(stack, target, "BlockPublicPolicy", "RestrictPublicBuckets")))
        step = hop(f"everyone may {sending.action} on {target.resource.logical_id}", policy, statement.origin, target)
        yield from _entry(stack, sending.kind, target, there, step)


def _entry(stack: Stack, kind: str, source: ResourceValue, claim: Logic, step: Record) -> Iterator[Entry]:
    code = () if claim is NO else code_behind(stack, source)
    if code:
        yield Entry(Known(kind), source.resource.logical_id, source, claim, step, code)


def _lets_everyone(stack: Stack, statement: Record, sending: _Sending) -> Logic:
    """Where a statement lets everyone send. A permission that is for function URLs alone opens no other way."""
    claim = both(is_public(stack, statement), may_grant(stack, statement, sending.action))
    return both(claim, negate(is_limited_by(stack, statement, _BY_URL)))


def _blocks(stack: Stack, bucket: ResourceValue, *names: str) -> Logic:
    """Where a bucket's own settings keep it from being public."""
    outcome = negate(YES)
    for name in names:
        switched = is_among(stack, at(bucket, "PublicAccessBlockConfiguration", name), "true", "True")
        outcome = either(outcome, switched)
    return outcome
