"""Buckets, tables, databases, topics and queues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stackwarden.integrations.aws_config.items import ConfigurationItem, Data, key_of
from stackwarden.integrations.aws_config.shapes._base import (
    POLICIES,
    SELF,
    UNKNOWN,
    Reshape,
    Reshaped,
    member,
    of,
    renamed,
    taken,
)

__all__ = ["BUCKET_POLICY", "bucket", "database", "table", "with_policy"]

BUCKET_POLICY: Final = "AWS::S3::BucketPolicy"


def bucket(item: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A bucket, whose settings stand in the supplementary configuration."""
    properties: dict[str, Data] = {"BucketName": item.resource_name or item.resource_id}
    for name, target in (
        ("PublicAccessBlockConfiguration", "PublicAccessBlockConfiguration"),
        ("BucketWebsiteConfiguration", "WebsiteConfiguration"),
        ("ObjectLockConfiguration", "ObjectLockConfiguration"),
    ):
        told, value = taken(merged, name)
        if told:
            properties[target] = value
    told, rules = taken(merged, "ServerSideEncryptionConfiguration", "rules")
    if told:
        properties["BucketEncryption"] = {"ServerSideEncryptionConfiguration": _encryption(rules)} if rules else None
    told, status = taken(merged, "BucketVersioningConfiguration", "status")
    if told:
        properties["VersioningConfiguration"] = {"Status": status} if status in ("Enabled", "Suspended") else None
    told, logging = taken(merged, "BucketLoggingConfiguration")
    if told:
        names = {"destinationBucketName": "DestinationBucketName", "logFilePrefix": "LogFilePrefix"}
        properties["LoggingConfiguration"] = None if logging is None else renamed(logging, names)
    told, rules = taken(merged, "BucketCrossOriginConfiguration", "rules")
    if told:
        properties["CorsConfiguration"] = {"CorsRules": rules} if rules else None
    told, acl = taken(merged, "AccessControlList")
    if told:
        properties["AccessControl"] = _canned(acl)
    told, text = taken(merged, "BucketPolicy", "policyText")
    beside: tuple[tuple[str, Mapping[str, Data]], ...] = ()
    if told and text is not None:
        beside = ((BUCKET_POLICY, {"Bucket": SELF, "PolicyDocument": text}),)
    return Reshaped(properties, beside, POLICIES if told else frozenset())


def _encryption(rules: Data) -> Data:
    names = {
        "applyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault",
        "bucketKeyEnabled": "BucketKeyEnabled",
    }
    return [renamed(rule, names) for rule in rules] if isinstance(rules, list) else UNKNOWN


_EVERYONE: Final = ("AllUsers", "http://acs.amazonaws.com/groups/global/AllUsers")
_SIGNED_IN: Final = ("AuthenticatedUsers", "http://acs.amazonaws.com/groups/global/AuthenticatedUsers")


def _canned(acl: Data) -> Data:
    """The canned ACL that a list of grants is; unknown where it is none of those that open a bucket, or close it."""
    grants = of(acl, "grantList")
    owner = of(of(acl, "owner"), "id")
    if not isinstance(grants, list):
        return UNKNOWN
    others: set[tuple[str, str]] = set()
    for grant in grants:
        grantee, permission = of(grant, "grantee"), str(of(grant, "permission"))
        if isinstance(grantee, Mapping):
            if key_of(grantee, "id") != owner or permission != "FullControl":
                return UNKNOWN
        elif grantee in (*_EVERYONE, *_SIGNED_IN):
            others.add(("all" if grantee in _EVERYONE else "signed in", permission))
        else:
            return UNKNOWN
    canned = {
        frozenset[tuple[str, str]](): "Private",
        frozenset({("all", "Read")}): "PublicRead",
        frozenset({("all", "Read"), ("all", "Write")}): "PublicReadWrite",
        frozenset({("signed in", "Read")}): "AuthenticatedRead",
    }
    return canned.get(frozenset(others), UNKNOWN)


def table(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A table, with the state of its backups and its encryption as settings."""
    properties = dict(merged)
    told, status = taken(
        merged, "ContinuousBackupsDescription", "pointInTimeRecoveryDescription", "pointInTimeRecoveryStatus"
    )
    if told:
        properties["PointInTimeRecoverySpecification"] = {"PointInTimeRecoveryEnabled": status == "ENABLED"}
    told, encryption = taken(merged, "ssedescription")
    if told:
        names = {"status": "SSEEnabled", "ssetype": "SSEType"}
        made = None if encryption is None else renamed(encryption, names)
        if isinstance(made, dict) and "SSEEnabled" in made:
            made["SSEEnabled"] = made["SSEEnabled"] == "ENABLED"
        properties["SSESpecification"] = made
    told, mode = taken(merged, "billingModeSummary", "billingMode")
    if told and mode is not None:
        properties["BillingMode"] = mode
    return Reshaped(properties)


def database(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A database, with the names of its groups in place of what is told of them."""
    properties = dict(merged)
    for name, inner, target in (
        ("vpcSecurityGroups", "vpcSecurityGroupId", "VPCSecurityGroups"),
        ("dBSecurityGroups", "dBSecurityGroupName", "DBSecurityGroups"),
    ):
        listed = key_of(merged, name)
        if isinstance(listed, list):
            properties.pop(name, None)
            properties[target] = [member(one, inner) for one in listed]
    told, subnets = taken(merged, "dBSubnetGroup", "dBSubnetGroupName")
    if told:
        properties["DBSubnetGroupName"] = subnets
    return Reshaped(properties)


def with_policy(policy_type: str, targets: str) -> Reshape:
    """A topic or queue, whose policy CloudFormation keeps apart."""

    def reshaped(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
        told, policy = taken(merged, "Policy")
        beside: tuple[tuple[str, Mapping[str, Data]], ...] = ()
        if told and policy:
            beside = ((policy_type, {targets: [SELF], "PolicyDocument": policy}),)
        return Reshaped(merged, beside, POLICIES if told else frozenset())

    return reshaped
