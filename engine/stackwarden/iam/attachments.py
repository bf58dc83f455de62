"""Where CloudFormation lets one write policies, and whose they are.

Source: CloudFormation Template Reference, the resource types of each table below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.iam.document import statements
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    ListValue,
    MapValue,
    Record,
    ResourceValue,
    Value,
    cases_of,
)

__all__ = ["IDENTITY_TYPES", "POLICY", "RESOURCE_TYPES", "identity_policies", "resource_policies", "trust_policies"]

POLICY: Final = "iam.Policy"

_INLINE: Final = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")
_DOCUMENTS: Final = MappingProxyType(
    {
        "AWS::IAM::Policy": "PolicyDocument",
        "AWS::IAM::ManagedPolicy": "PolicyDocument",
        "AWS::IAM::RolePolicy": "PolicyDocument",
        "AWS::IAM::UserPolicy": "PolicyDocument",
        "AWS::IAM::GroupPolicy": "PolicyDocument",
        "AWS::SSO::PermissionSet": "InlinePolicy",
    }
)
_RESOURCE_DOCUMENTS: Final = MappingProxyType(
    {
        "AWS::ApiGateway::RestApi": "Policy",
        "AWS::ECR::Repository": "RepositoryPolicyText",
        "AWS::EFS::FileSystem": "FileSystemPolicy",
        "AWS::Events::EventBus": "Policy",
        "AWS::KMS::Key": "KeyPolicy",
        "AWS::OpenSearchService::Domain": "AccessPolicies",
        "AWS::S3::AccessPoint": "Policy",
        "AWS::S3::BucketPolicy": "PolicyDocument",
        "AWS::SNS::TopicPolicy": "PolicyDocument",
        "AWS::SQS::QueuePolicy": "PolicyDocument",
        "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
    }
)
IDENTITY_TYPES: Final = (*_INLINE, *_DOCUMENTS)
RESOURCE_TYPES: Final = tuple(_RESOURCE_DOCUMENTS)


def identity_policies(stack: Stack) -> ListValue:
    """Policies that say what an identity may do, inline and managed, as `iam.Policy` records."""
    return stack.once("iam.identity_policies", lambda: ListValue(tuple(_identity_policies(stack))))


def resource_policies(stack: Stack) -> ListValue:
    """Policies that say who may use a resource, as `iam.Policy` records."""
    return stack.once("iam.resource_policies", lambda: ListValue(tuple(_documents(stack, _RESOURCE_DOCUMENTS))))


def trust_policies(stack: Stack) -> ListValue:
    """Policies that say who may assume a role, as `iam.Policy` records."""
    trusted = {"AWS::IAM::Role": "AssumeRolePolicyDocument"}
    return stack.once("iam.trust_policies", lambda: ListValue(tuple(_documents(stack, trusted))))


def _identity_policies(stack: Stack) -> Iterator[Item]:
    for resource in stack.resources(IDENTITY_TYPES):
        if resource.resource.resource_type in _INLINE:
            yield from _inline(resource)
        else:
            yield from _document(resource, _DOCUMENTS[resource.resource.resource_type])


def _documents(stack: Stack, properties: Mapping[str, str]) -> Iterator[Item]:
    for resource in stack.resources(properties):
        yield from _document(resource, properties[resource.resource.resource_type])


def _document(resource: ResourceValue, name: str) -> Iterator[Item]:
    for guard, properties in cases_of(resource.properties):
        if isinstance(properties, MapValue):
            label = properties.get(
                "ManagedPolicyName" if "Managed" in resource.resource.resource_type else "PolicyName"
            )
            yield from _policy(properties.get(name), label, resource, resource.guard & guard)


def _inline(resource: ResourceValue) -> Iterator[Item]:
    for guard, properties in cases_of(resource.properties):
        if not isinstance(properties, MapValue):
            continue
        for inner, listed in cases_of(properties.get("Policies")):
            if not isinstance(listed, ListValue):
                continue
            for item in listed.items:
                for last, entry in cases_of(item.value):
                    under = resource.guard & guard & inner & item.guard & last
                    if isinstance(entry, MapValue) and under is not FALSE:
                        yield from _policy(entry.get("PolicyDocument"), entry.get("PolicyName"), resource, under)


def _policy(document: Value, name: Value, resource: ResourceValue, under: Guard) -> Iterator[Item]:
    for guard, plain in cases_of(document):
        there = under & guard
        if isinstance(plain, Absent) or there is FALSE:
            continue
        fields: dict[str, Value] = {
            "name": name,
            "document": plain,
            "statements": statements(plain, resource),
            "owner": resource,
            "type": Known(resource.resource.resource_type),
        }
        yield Item(Record(POLICY, fields, resource, plain.origin), there)
