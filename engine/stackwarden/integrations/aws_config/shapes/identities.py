"""Roles, users, groups and managed policies."""

from __future__ import annotations

from collections.abc import Mapping

from stackwarden.integrations.aws_config.items import ConfigurationItem, Data, decoded, key_of
from stackwarden.integrations.aws_config.shapes._base import Reshaped, member, of, taken

__all__ = ["identity", "managed_policy"]


def identity(item: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A role, user or group: the lists of inline and attached policies have other names, one for each type."""
    properties = dict(merged)
    inline, attached = (
        _taken_any(merged, "rolePolicyList", "userPolicyList", "groupPolicyList"),
        key_of(merged, "attachedManagedPolicies"),
    )
    if isinstance(inline, list):
        properties["Policies"] = inline
    if isinstance(attached, list):
        properties["ManagedPolicyArns"] = [member(one, "policyArn") for one in attached]
    boundary = taken(merged, "permissionsBoundary")
    if boundary[0]:
        properties["PermissionsBoundary"] = of(boundary[1], "permissionsBoundaryArn")
    if "groupList" in merged:
        properties["Groups"] = merged["groupList"]
    whole = (
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::RolePolicy",
        "AWS::IAM::UserPolicy",
        "AWS::IAM::GroupPolicy",
    )
    return Reshaped(properties, whole=frozenset(whole) if item.resource_type != "AWS::IAM::User" else frozenset())


def _taken_any(merged: Mapping[str, Data], *names: str) -> Data:
    return next((value for name in names if (value := decoded(key_of(merged, name))) is not None), None)


def managed_policy(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A customer managed policy, of which the version that is in force counts."""
    properties = dict(merged)
    versions = key_of(merged, "policyVersionList")
    for one in versions if isinstance(versions, list) else ():
        if of(one, "isDefaultVersion") is True:
            properties["PolicyDocument"] = member(one, "document")
    return Reshaped(properties)
