"""What well-known policies that AWS manages grant.

AWS publishes more than a thousand; no maintained package has them, so this is a table of the powerful ones and of those
that nearly every template attaches. Where `is_whole` is false, the policy grants more than the statements here, none of
it administration of IAM. Source: *AWS Managed Policy Reference Guide*, the page of each policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from stackwarden.iam.made import made_map
from stackwarden.resolve.values import Item, Known, ListValue, MapValue, Value
from stackwarden.template.nodes import Node

__all__ = ["MANAGED", "ManagedPolicy", "Permission", "managed_document", "managed_name"]


@dataclass(frozen=True, slots=True)
class Permission:
    """An `Allow`; `all_but` makes it `NotAction`, `passed_to` limits `iam:PassRole` to services."""

    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("*",)
    all_but: bool = False
    passed_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """What a policy grants; `is_whole` tells that it grants no more."""

    permissions: tuple[Permission, ...]
    is_whole: bool = True


def _grants(*actions: str) -> ManagedPolicy:
    return ManagedPolicy((Permission(actions),))


def _some(*actions: str) -> ManagedPolicy:
    return ManagedPolicy((Permission(actions),), is_whole=False)


_LOGS: Final = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
_INTERFACES: Final = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)
_TRACES: Final = (
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
)
_MANAGED_INSTANCE: Final = (
    "ssm:DescribeAssociation",
    "ssm:GetDeployablePatchSnapshotForInstance",
    "ssm:GetDocument",
    "ssm:DescribeDocument",
    "ssm:GetManifest",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:ListAssociations",
    "ssm:ListInstanceAssociations",
    "ssm:PutInventory",
    "ssm:PutComplianceItems",
    "ssm:PutConfigurePackageResult",
    "ssm:UpdateAssociationStatus",
    "ssm:UpdateInstanceAssociationStatus",
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
)

MANAGED: Final[Mapping[str, ManagedPolicy]] = MappingProxyType(
    {
        "AdministratorAccess": _grants("*"),
        "PowerUserAccess": ManagedPolicy(
            (
                Permission(("iam:*", "organizations:*", "account:*"), all_but=True),
                Permission(
                    (
                        "account:GetAccountInformation",
                        "account:GetGovCloudAccountInformation",
                        "account:GetPrimaryEmail",
                        "account:ListRegions",
                        "iam:CreateServiceLinkedRole",
                        "iam:DeleteServiceLinkedRole",
                        "iam:ListRoles",
                        "organizations:DescribeEffectivePolicy",
                        "organizations:DescribeOrganization",
                    )
                ),
            )
        ),
        "IAMFullAccess": _some("iam:*"),
        "AWSOrganizationsFullAccess": _some("organizations:*"),
        "AWSLambda_FullAccess": ManagedPolicy(
            (Permission(("lambda:*",)), Permission(("iam:PassRole",), passed_to=("lambda.amazonaws.com",))),
            is_whole=False,
        ),
        "SecretsManagerReadWrite": ManagedPolicy(
            (Permission(("secretsmanager:*", "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet")),),
            is_whole=False,
        ),
        "AmazonAPIGatewayAdministrator": ManagedPolicy((Permission(("apigateway:*",), ("arn:aws:apigateway:*::/*",)),)),
        "AmazonAPIGatewayInvokeFullAccess": ManagedPolicy(
            (Permission(("execute-api:Invoke", "execute-api:ManageConnections"), ("arn:aws:execute-api:*:*:*",)),)
        ),
        "AmazonDynamoDBFullAccess": _some("dynamodb:*"),
        "AmazonEC2FullAccess": _some("ec2:*", "elasticloadbalancing:*", "cloudwatch:*", "autoscaling:*"),
        "AmazonKinesisFullAccess": _grants("kinesis:*"),
        "AmazonRDSFullAccess": _some("rds:*"),
        "AmazonS3FullAccess": _grants("s3:*", "s3-object-lambda:*"),
        "AmazonSNSFullAccess": _some("sns:*"),
        "AmazonSQSFullAccess": _grants("sqs:*"),
        "AmazonSSMFullAccess": _some("ssm:*"),
        "AWSCloudFormationFullAccess": _grants("cloudformation:*"),
        "AWSStepFunctionsFullAccess": _some("states:*"),
        "CloudWatchLogsFullAccess": _some("logs:*"),
        "AmazonS3ReadOnlyAccess": _some("s3:Get*", "s3:List*"),
        "AmazonSSMReadOnlyAccess": _grants("ssm:Describe*", "ssm:Get*", "ssm:List*"),
        "AmazonSSMManagedInstanceCore": _grants(*_MANAGED_INSTANCE),
        "AWSXRayDaemonWriteAccess": _grants(*_TRACES),
        "AWSXrayWriteOnlyAccess": _grants(*_TRACES),
        "service-role/AWSLambdaBasicExecutionRole": _grants(*_LOGS),
        "service-role/AWSLambdaVPCAccessExecutionRole": _grants(*_LOGS, *_INTERFACES),
        "service-role/AmazonAPIGatewayPushToCloudWatchLogs": _grants(
            *_LOGS, "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:FilterLogEvents"
        ),
    }
)
"""By name, with the path that is part of the ARN after `policy/`."""


def managed_name(arn: str) -> str | None:
    """The name of the policy that an ARN of an AWS managed policy is for; None for any other text."""
    head, _, rest = arn.partition(":iam::aws:policy/")
    return rest if rest and head.startswith("arn:aws") and head.count(":") == 1 else None


def managed_document(policy: ManagedPolicy, origin: Node) -> MapValue:
    """The policy as a document, all of it written at `origin`."""
    statements = tuple(Item(_statement(permission, origin)) for permission in policy.permissions)
    return made_map({"Statement": ListValue(statements, open=not policy.is_whole, origin=origin)}, origin)


def _statement(permission: Permission, origin: Node) -> MapValue:
    fields: dict[str, Value] = {
        "Effect": Known("Allow", origin),
        "NotAction" if permission.all_but else "Action": _texts(permission.actions, origin),
        "Resource": _texts(permission.resources, origin),
    }
    if permission.passed_to:
        equal = made_map({"iam:PassedToService": _texts(permission.passed_to, origin)}, origin)
        fields["Condition"] = made_map({"StringEquals": equal}, origin)
    return made_map(fields, origin)


def _texts(texts: Iterable[str], origin: Node) -> ListValue:
    return ListValue(tuple(Item(Known(text, origin)) for text in texts), origin=origin)
