"""What the items of some resource types look like, where names alone do not say it.

A type whose item lacks things moves them to where CloudFormation has them; everything else is matched by name. A
resource that CloudFormation keeps apart (the policy of a bucket) stands beside, and its type counts as whole: the
item tells all of it.

Sources: the schemas of configuration items that AWS publishes for queries (awslabs/aws-config-resource-schema); API
references of the services, whose shapes the items have.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from stackwarden.integrations.aws_config.items import ConfigurationItem, Data
from stackwarden.integrations.aws_config.shapes import apis, identities, network, storage
from stackwarden.integrations.aws_config.shapes._base import SELF, UNKNOWN, Reshape, Reshaped, Whole

__all__ = ["BESIDE", "CAMEL_CASED", "SELF", "UNKNOWN", "Reshaped", "Whole", "cfn_type", "config_type", "reshape"]

_TOPIC_POLICY: Final = "AWS::SNS::TopicPolicy"
_QUEUE_POLICY: Final = "AWS::SQS::QueuePolicy"

_TYPES: Final = MappingProxyType({"AWS::IAM::Policy": "AWS::IAM::ManagedPolicy"})
"""Types that AWS Config calls by another name than CloudFormation."""

BESIDE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "AWS::S3::Bucket": (storage.BUCKET_POLICY,),
        "AWS::ApiGateway::Stage": (apis.ACL_LINK, apis.OLD_ACL_LINK),
        "AWS::SNS::Topic": (_TOPIC_POLICY,),
        "AWS::SQS::Queue": (_QUEUE_POLICY,),
        "AWS::EC2::SecurityGroup": (network.INGRESS, network.EGRESS),
        "AWS::EC2::NetworkAcl": (network.ENTRY, network.ACL_OF_SUBNET),
        "AWS::EC2::RouteTable": (network.ROUTE, network.ROUTES_OF_SUBNET),
    }
)
"""The types of CloudFormation that the item of a type tells besides its own."""


def cfn_type(config_type: str) -> str:
    """CloudFormation's name for a type of AWS Config."""
    return _TYPES.get(config_type, config_type)


def config_type(resource_type: str) -> str:
    """The type of AWS Config whose items tell a type of CloudFormation."""
    for name, own in _TYPES.items():
        if own == resource_type:
            return name
    return next((name for name, beside in BESIDE.items() if resource_type in beside), resource_type)


def reshape(item: ConfigurationItem) -> Reshaped:
    """An item's properties where CloudFormation has them, by names whose case does not count yet."""
    merged: dict[str, Data] = {**item.supplementary, **item.configuration}
    renames = _RENAMES.get(item.resource_type, {})
    for name, target in renames.items():
        found = next((key for key in merged if key.lower() == name.lower()), None)
        if found is not None:
            merged[target] = merged.pop(found)
    return _RESHAPES.get(item.resource_type, _plain)(item, merged)


def _plain(item: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    return Reshaped(merged, whole=frozenset(BESIDE.get(item.resource_type, ())))


_RESHAPES: Final[Mapping[str, Reshape]] = MappingProxyType(
    {
        "AWS::S3::Bucket": storage.bucket,
        "AWS::EC2::SecurityGroup": network.security_group,
        "AWS::EC2::NetworkAcl": network.network_acl,
        "AWS::EC2::RouteTable": network.route_table,
        "AWS::IAM::Role": identities.identity,
        "AWS::IAM::User": identities.identity,
        "AWS::IAM::Group": identities.identity,
        "AWS::IAM::Policy": identities.managed_policy,
        "AWS::ApiGateway::Stage": apis.stage,
        "AWS::ApiGatewayV2::Stage": apis.stage_v2,
        "AWS::Lambda::Function": apis.function,
        "AWS::DynamoDB::Table": storage.table,
        "AWS::RDS::DBInstance": storage.database,
        "AWS::SNS::Topic": storage.with_policy(_TOPIC_POLICY, "Topics"),
        "AWS::SQS::Queue": storage.with_policy(_QUEUE_POLICY, "Queues"),
    }
)

CAMEL_CASED: Final = frozenset(
    {
        *_RESHAPES.keys() - {"AWS::SNS::Topic", "AWS::SQS::Queue"},
        *("AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::EIP", "AWS::EC2::Instance", "AWS::EC2::Subnet"),
        *("AWS::Elasticsearch::Domain", "AWS::Redshift::Cluster"),
    }
)
"""Types whose recorded items have names in camel case, so that CloudFormation's names tell a proposed resource."""

_RENAMES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "AWS::ApiGateway::Stage": {"accessLogSettings": "AccessLogSetting", "canarySettings": "CanarySetting"},
        "AWS::CloudTrail::Trail": {"logFileValidationEnabled": "EnableLogFileValidation", "name": "TrailName"},
        "AWS::EC2::SecurityGroup": {"description": "GroupDescription"},
        "AWS::IAM::Policy": {"policyName": "ManagedPolicyName"},
        "AWS::KMS::Key": {"KeyRotationStatus": "EnableKeyRotation", "Policy": "KeyPolicy"},
        "AWS::RDS::DBInstance": {
            "iAMDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
            "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
            "performanceInsightsEnabled": "EnablePerformanceInsights",
        },
        "AWS::RDS::DBCluster": {
            "iAMDatabaseAuthenticationEnabled": "EnableIAMDatabaseAuthentication",
            "enabledCloudwatchLogsExports": "EnableCloudwatchLogsExports",
        },
    }
)
"""Properties that CloudFormation calls differently, by resource type."""
