"""Lambda and Step Functions: aliases, versions, URLs, permissions, event sources, destinations, definitions.

Source: CloudFormation Template Reference, `AWS::Lambda::*` and `AWS::StepFunctions::*`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.graph.edges import Edge, Family, Kind
from stackwarden.graph.follow import ends
from stackwarden.graph.leaves import Leaf, leaves
from stackwarden.graph.relation import Link, Names, family
from stackwarden.graph.relations.types import FUNCTIONS, QUEUES, STATE_MACHINES
from stackwarden.graph.stack import Stack
from stackwarden.resolve.logic import under

__all__ = ["FAMILY"]

_SOURCES: Final = (
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
    "AWS::Cognito::UserPool",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::Events::Rule",
    "AWS::IoT::TopicRule",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::Scheduler::Schedule",
    "AWS::SecretsManager::Secret",
)
_STREAMS: Final = (
    *QUEUES,
    "AWS::AmazonMQ::Broker",
    "AWS::DocDB::DBCluster",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::Kinesis::Stream",
    "AWS::Kinesis::StreamConsumer",
    "AWS::MSK::Cluster",
    "AWS::MSK::ServerlessCluster",
)
_LETTERS: Final = (*QUEUES, "AWS::SNS::Topic", "AWS::Events::EventBus", *FUNCTIONS)
_TASKS: Final = (
    *FUNCTIONS,
    *QUEUES,
    *STATE_MACHINES,
    "AWS::DynamoDB::Table",
    "AWS::ECS::TaskDefinition",
    "AWS::Events::EventBus",
    "AWS::SNS::Topic",
    "AWS::StepFunctions::Activity",
)

_TASK_KEYS: Final = frozenset({"FunctionName", "QueueUrl", "Resource", "StateMachineArn", "TableName", "TopicArn"})
_MACHINE: Final = "AWS::StepFunctions::StateMachine"

_TABLE: Final[Family] = family(
    "functions",
    (
        Names("AWS::Lambda::Alias", "FunctionName", Kind.INVOKES, FUNCTIONS),
        Names("AWS::Lambda::Alias", "FunctionVersion", Kind.RUNS, FUNCTIONS),
        Names("AWS::Lambda::Version", "FunctionName", Kind.INVOKES, FUNCTIONS),
        Names("AWS::Lambda::Url", "TargetFunctionArn", Kind.INVOKES, FUNCTIONS),
        Names("AWS::Lambda::Function", "Layers", Kind.RUNS, ("AWS::Lambda::LayerVersion",)),
        Names("AWS::Lambda::Function", "DeadLetterConfig.TargetArn", Kind.INVOKES, _LETTERS),
        Names("AWS::Lambda::Function", "FileSystemConfigs.Arn", Kind.ATTACHED_TO, ("AWS::EFS::AccessPoint",)),
        Link(
            "AWS::Lambda::EventInvokeConfig",
            "FunctionName",
            "DestinationConfig.OnFailure.Destination",
            Kind.INVOKES,
            FUNCTIONS,
            _LETTERS,
        ),
        Link(
            "AWS::Lambda::EventInvokeConfig",
            "FunctionName",
            "DestinationConfig.OnSuccess.Destination",
            Kind.INVOKES,
            FUNCTIONS,
            _LETTERS,
        ),
        Link("AWS::Lambda::Permission", "SourceArn", "FunctionName", Kind.MAY_INVOKE, _SOURCES, FUNCTIONS),
        Link("AWS::Lambda::EventSourceMapping", "EventSourceArn", "FunctionName", Kind.INVOKES, _STREAMS, FUNCTIONS),
        Names("AWS::StepFunctions::StateMachineAlias", "RoutingConfiguration.StateMachineVersionArn", Kind.RUNS),
        Names("AWS::StepFunctions::StateMachineVersion", "StateMachineArn", Kind.RUNS, STATE_MACHINES),
        Names("AWS::StepFunctions::StateMachine", "DefinitionSubstitutions.*", Kind.INVOKES, _TASKS),
        Names("AWS::StepFunctions::StateMachine", "DefinitionString", Kind.INVOKES, _TASKS),
    ),
)


def _edges(stack: Stack) -> Iterator[Edge]:
    yield from _TABLE.make(stack)
    for machine in stack.resources((_MACHINE,)):
        for leaf in leaves(stack, machine):
            if leaf.path[0] == "Definition" and (leaf.mentions() or leaf.path[-1] in _TASK_KEYS):
                yield from _called(stack, machine.resource.logical_id, leaf)


def _called(stack: Stack, machine: str, leaf: Leaf) -> Iterator[Edge]:
    """What a definition that is written as an object calls, however deep its states are nested."""
    for end, claim in ends(stack, leaf.plain, _TASKS):
        there = under(leaf.guard, claim)
        yield Edge(machine, end, Kind.INVOKES, there, machine, ".".join(leaf.path), leaf.plain.origin)


FAMILY: Final = Family("functions", _TABLE.kinds, _edges)
