"""What the items of some resource types look like, where names alone do not say it.

A type whose item lacks things moves them to where CloudFormation has them; everything else is matched by name. A
resource that CloudFormation keeps apart (the policy of a bucket) stands beside, and its type counts as whole: the
item tells all of it.

Sources: the schemas of configuration items that AWS publishes for queries (awslabs/aws-config-resource-schema); API
references of the services, whose shapes the items have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from stackwarden.iam.attachments import RESOURCE_TYPES
from stackwarden.integrations.aws_config.items import ConfigurationItem, Data, decoded, key_of

__all__ = ["BESIDE", "CAMEL_CASED", "SELF", "UNKNOWN", "Reshaped", "Whole", "cfn_type", "config_type", "reshape"]


class _Mark:
    """A value that stands for something else."""


UNKNOWN: Final = _Mark()
"""Something that is there, of which nothing is known."""
SELF: Final = _Mark()
"""The item's own resource, in the properties of one beside it."""


class Whole(dict[str, Data]):
    """An object that the item tells in full: a property that it lacks is absent."""


@dataclass(frozen=True, slots=True)
class Reshaped:
    """An item's properties as CloudFormation has them, the resources beside it, and the types that it is whole in."""

    properties: Mapping[str, Data]
    beside: tuple[tuple[str, Mapping[str, Data]], ...] = ()
    whole: frozenset[str] = frozenset()


_Reshape = Callable[[ConfigurationItem, dict[str, Data]], Reshaped]
_BUCKET_POLICY: Final = "AWS::S3::BucketPolicy"
_ACL_LINK: Final = "AWS::WAFv2::WebACLAssociation"
_OLD_ACL_LINK: Final = "AWS::WAFRegional::WebACLAssociation"
_TOPIC_POLICY: Final = "AWS::SNS::TopicPolicy"
_QUEUE_POLICY: Final = "AWS::SQS::QueuePolicy"
_INGRESS: Final = "AWS::EC2::SecurityGroupIngress"
_EGRESS: Final = "AWS::EC2::SecurityGroupEgress"

_ENTRY: Final = "AWS::EC2::NetworkAclEntry"
_ACL_OF_SUBNET: Final = "AWS::EC2::SubnetNetworkAclAssociation"
_ROUTE: Final = "AWS::EC2::Route"
_ROUTES_OF_SUBNET: Final = "AWS::EC2::SubnetRouteTableAssociation"
_POLICIES: Final = frozenset(RESOURCE_TYPES)
"""What has a resource policy: of a resource whose policy the item tells, no other one is about it."""

_TYPES: Final = MappingProxyType({"AWS::IAM::Policy": "AWS::IAM::ManagedPolicy"})
"""Types that AWS Config calls by another name than CloudFormation."""

BESIDE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "AWS::S3::Bucket": (_BUCKET_POLICY,),
        "AWS::ApiGateway::Stage": (_ACL_LINK, _OLD_ACL_LINK),
        "AWS::SNS::Topic": (_TOPIC_POLICY,),
        "AWS::SQS::Queue": (_QUEUE_POLICY,),
        "AWS::EC2::SecurityGroup": (_INGRESS, _EGRESS),
        "AWS::EC2::NetworkAcl": (_ENTRY, _ACL_OF_SUBNET),
        "AWS::EC2::RouteTable": (_ROUTE, _ROUTES_OF_SUBNET),
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


def _taken(merged: Mapping[str, Data], name: str, *path: str) -> tuple[bool, Data]:
    """Whether an item carries something, and what stands there on a path into it; null where that is null."""
    value: Data = merged
    for step in (name, *path):
        value = decoded(value)
        if value is None:
            return True, None
        if not isinstance(value, Mapping) or not any(key.lower() == step.lower() for key in value):
            return False, None
        value = key_of(value, step)
    return True, decoded(value)


def _renamed(value: Data, names: Mapping[str, str]) -> Data:
    """What an object tells of some members, by other names."""
    if not isinstance(value, Mapping):
        return UNKNOWN
    told = ((target, _taken(value, name)) for name, target in names.items())
    return {target: inner for target, (is_told, inner) in told if is_told}


def _bucket(item: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    properties: dict[str, Data] = {"BucketName": item.resource_name or item.resource_id}
    for name, target in (
        ("PublicAccessBlockConfiguration", "PublicAccessBlockConfiguration"),
        ("BucketWebsiteConfiguration", "WebsiteConfiguration"),
        ("ObjectLockConfiguration", "ObjectLockConfiguration"),
    ):
        told, value = _taken(merged, name)
        if told:
            properties[target] = value
    told, rules = _taken(merged, "ServerSideEncryptionConfiguration", "rules")
    if told:
        properties["BucketEncryption"] = {"ServerSideEncryptionConfiguration": _encryption(rules)} if rules else None
    told, status = _taken(merged, "BucketVersioningConfiguration", "status")
    if told:
        properties["VersioningConfiguration"] = {"Status": status} if status in ("Enabled", "Suspended") else None
    told, logging = _taken(merged, "BucketLoggingConfiguration")
    if told:
        names = {"destinationBucketName": "DestinationBucketName", "logFilePrefix": "LogFilePrefix"}
        properties["LoggingConfiguration"] = None if logging is None else _renamed(logging, names)
    told, rules = _taken(merged, "BucketCrossOriginConfiguration", "rules")
    if told:
        properties["CorsConfiguration"] = {"CorsRules": rules} if rules else None
    told, acl = _taken(merged, "AccessControlList")
    if told:
        properties["AccessControl"] = _canned(acl)
    told, text = _taken(merged, "BucketPolicy", "policyText")
    beside: tuple[tuple[str, Mapping[str, Data]], ...] = ()
    if told and text is not None:
        beside = ((_BUCKET_POLICY, {"Bucket": SELF, "PolicyDocument": text}),)
    return Reshaped(properties, beside, _POLICIES if told else frozenset())


def _encryption(rules: Data) -> Data:
    names = {
        "applyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault",
        "bucketKeyEnabled": "BucketKeyEnabled",
    }
    return [_renamed(rule, names) for rule in rules] if isinstance(rules, list) else UNKNOWN


def _member(value: Data, name: str) -> Data:
    """A member of an object that always has it; of another kind of thing, nothing is known."""
    told, inner = _taken(value, name) if isinstance(value, Mapping) else (False, None)
    return inner if told else UNKNOWN


def _of(value: Data, name: str) -> Data:
    return key_of(value, name) if isinstance(value, Mapping) else None


_EVERYONE: Final = ("AllUsers", "http://acs.amazonaws.com/groups/global/AllUsers")
_SIGNED_IN: Final = ("AuthenticatedUsers", "http://acs.amazonaws.com/groups/global/AuthenticatedUsers")


def _canned(acl: Data) -> Data:
    """The canned ACL that a list of grants is; unknown where it is none of those that open a bucket, or close it."""
    grants = _of(acl, "grantList")
    owner = _of(_of(acl, "owner"), "id")
    if not isinstance(grants, list):
        return UNKNOWN
    others: set[tuple[str, str]] = set()
    for grant in grants:
        grantee, permission = _of(grant, "grantee"), str(_of(grant, "permission"))
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


def _group(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    properties = dict(merged)
    sides = (
        ("ipPermissions", "SecurityGroupIngress", "Source"),
        ("ipPermissionsEgress", "SecurityGroupEgress", "Destination"),
    )
    for name, target, peer in sides:
        told, permissions = _taken(merged, name)
        if told:
            properties[target] = _rules(permissions, peer) or _NOWHERE[peer]
    return Reshaped(properties, whole=frozenset((_INGRESS, _EGRESS)))


_NOWHERE: Final[Mapping[str, list[Data]]] = MappingProxyType(
    {"Source": [], "Destination": [Whole({"IpProtocol": "-1", "CidrIp": "127.0.0.1/32"})]}
)
"""What a template says of a group without rules: without egress rules, CloudFormation would add one to everywhere."""


def _rules(permissions: Data, peer: str) -> Data:
    """The rules that permissions of a security group are: one for each range, group and list."""
    if not isinstance(permissions, list):
        return UNKNOWN
    made: list[Data] = []
    for permission in permissions:
        if not isinstance(permission, Mapping):
            return UNKNOWN
        common = Whole({"IpProtocol": str(key_of(permission, "ipProtocol"))})
        for name, target in (("fromPort", "FromPort"), ("toPort", "ToPort")):
            port = key_of(permission, name)
            if port is not None:
                common[target] = port
        for ranges, member, target in (
            ("ipv4Ranges", "cidrIp", "CidrIp"),
            ("ipv6Ranges", "cidrIpv6", "CidrIpv6"),
            ("userIdGroupPairs", "groupId", f"{peer}SecurityGroupId"),
            ("prefixListIds", "prefixListId", f"{peer}PrefixListId"),
        ):
            listed = key_of(permission, ranges)
            for one in listed if isinstance(listed, list) else ():
                description = _of(one, "description")
                said = {"Description": description} if description else {}
                made.append(Whole({**common, target: _member(one, member), **said}))
    return made


def _network_acl(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A network ACL, whose entries CloudFormation keeps apart, but for the last one, which denies the rest."""
    told, entries = _taken(merged, "entries")
    told = told and _taken(merged, "associations")[0]
    beside = tuple((_ENTRY, _entry(one)) for one in entries if _is_own(one)) if isinstance(entries, list) else ()
    subnets = _subnets(merged, _ACL_OF_SUBNET, "NetworkAclId")
    return Reshaped(merged, (*beside, *subnets), frozenset((_ENTRY, _ACL_OF_SUBNET)) if told else frozenset())


def _subnets(merged: Mapping[str, Data], kind: str, owner: str) -> Iterator[tuple[str, Mapping[str, Data]]]:
    """The associations with subnets that a network ACL or a table of routes tells."""
    listed = _taken(merged, "associations")[1]
    for one in listed if isinstance(listed, list) else ():
        subnet = _of(one, "subnetId")
        if subnet is not None:
            yield kind, {owner: SELF, "SubnetId": subnet}


def _is_own(entry: Data) -> bool:
    number = _of(entry, "ruleNumber")
    return isinstance(number, int) and number <= _LAST_OWN


_LAST_OWN: Final = 32766
"""The greatest number that an entry may have; the default one has the next."""


def _entry(entry: Data) -> Mapping[str, Data]:
    made = {
        "NetworkAclId": SELF,
        "RuleNumber": _of(entry, "ruleNumber"),
        "Protocol": _of(entry, "protocol"),
        "RuleAction": _of(entry, "ruleAction"),
        "Egress": _of(entry, "egress"),
        "CidrBlock": _of(entry, "cidrBlock"),
        "Ipv6CidrBlock": _of(entry, "ipv6CidrBlock"),
    }
    ports = _of(entry, "portRange")
    if isinstance(ports, Mapping):
        made["PortRange"] = {"From": key_of(ports, "from"), "To": key_of(ports, "to")}
    return {name: value for name, value in made.items() if value is not None}


def _route_table(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A table of routes, which CloudFormation keeps apart; the route inside of the VPC it does not have."""
    told, routes = _taken(merged, "routes")
    told = told and _taken(merged, "associations")[0]
    beside = (
        tuple((_ROUTE, _route(one)) for one in routes if _of(one, "gatewayId") != "local")
        if isinstance(routes, list)
        else ()
    )
    subnets = _subnets(merged, _ROUTES_OF_SUBNET, "RouteTableId")
    return Reshaped(merged, (*beside, *subnets), frozenset((_ROUTE, _ROUTES_OF_SUBNET)) if told else frozenset())


def _route(route: Data) -> Mapping[str, Data]:
    names = (
        *("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"),
        *("egressOnlyInternetGatewayId", "gatewayId", "instanceId", "natGatewayId", "networkInterfaceId"),
        *("transitGatewayId", "vpcPeeringConnectionId"),
    )
    told = {name[0].upper() + name[1:]: _of(route, name) for name in names}
    return {"RouteTableId": SELF, **{name: value for name, value in told.items() if value is not None}}


def _role(item: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A role, user or group: the lists of inline and attached policies have other names, one for each type."""
    properties = dict(merged)
    inline, attached = (
        _taken_any(merged, "rolePolicyList", "userPolicyList", "groupPolicyList"),
        key_of(merged, "attachedManagedPolicies"),
    )
    if isinstance(inline, list):
        properties["Policies"] = inline
    if isinstance(attached, list):
        properties["ManagedPolicyArns"] = [_member(one, "policyArn") for one in attached]
    boundary = _taken(merged, "permissionsBoundary")
    if boundary[0]:
        properties["PermissionsBoundary"] = _of(boundary[1], "permissionsBoundaryArn")
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


def _policy(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A customer managed policy, of which the version that is in force counts."""
    properties = dict(merged)
    versions = key_of(merged, "policyVersionList")
    for one in versions if isinstance(versions, list) else ():
        if _of(one, "isDefaultVersion") is True:
            properties["PolicyDocument"] = _member(one, "document")
    return Reshaped(properties)


def _stage(item: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A stage of a REST API: its settings by method are a map, its web ACL is told by its ARN."""
    properties = {**merged, "RestApiId": _api_id(item, "restapis")}
    told, settings = _taken(merged, "methodSettings")
    if told:
        properties["MethodSettings"] = _methods(settings)
    told, acl = _taken(merged, "webAclArn")
    beside: tuple[tuple[str, Mapping[str, Data]], ...] = ()
    if told and isinstance(acl, str) and acl:
        kind, name = (_ACL_LINK, "WebACLArn") if ":wafv2:" in acl else (_OLD_ACL_LINK, "WebACLId")
        beside = ((kind, {"ResourceArn": SELF, name: acl}),)
    return Reshaped(properties, beside, frozenset((_ACL_LINK, _OLD_ACL_LINK)) if told else frozenset())


def _methods(settings: Data) -> Data:
    """The settings by method, which API Gateway tells by `resource path/method` with `/` as `~1`, as a list."""
    if settings is None:
        return []
    if not isinstance(settings, Mapping):
        return UNKNOWN
    made: list[Data] = []
    for key, one in settings.items():
        path, _, method = key.rpartition("/")
        path = "/" + path.strip("/").replace("~1", "/").lstrip("/")
        made.append({"ResourcePath": path, "HttpMethod": method, **(one if isinstance(one, Mapping) else {})})
    return made


def _stage_v2(item: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    return Reshaped({**merged, "ApiId": _api_id(item, "apis")})


def _api_id(item: ConfigurationItem, collection: str) -> Data:
    """The id of the API that a stage belongs to, from the stage's ARN (`…/restapis/ID/stages/NAME`)."""
    for arn in (item.arn, item.resource_id):
        _, found, rest = arn.partition(f"/{collection}/")
        if found:
            return rest.partition("/")[0]
    return UNKNOWN


def _function(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    properties = dict(merged)
    layers = key_of(merged, "layers")
    if isinstance(layers, list):
        properties["layers"] = [_member(one, "arn") for one in layers]
    told, reserved = _taken(merged, "Concurrency", "reservedConcurrentExecutions")
    if told:
        properties["ReservedConcurrentExecutions"] = reserved
    return Reshaped(properties)


def _table(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    properties = dict(merged)
    told, status = _taken(
        merged, "ContinuousBackupsDescription", "pointInTimeRecoveryDescription", "pointInTimeRecoveryStatus"
    )
    if told:
        properties["PointInTimeRecoverySpecification"] = {"PointInTimeRecoveryEnabled": status == "ENABLED"}
    told, encryption = _taken(merged, "ssedescription")
    if told:
        names = {"status": "SSEEnabled", "ssetype": "SSEType"}
        made = None if encryption is None else _renamed(encryption, names)
        if isinstance(made, dict) and "SSEEnabled" in made:
            made["SSEEnabled"] = made["SSEEnabled"] == "ENABLED"
        properties["SSESpecification"] = made
    told, mode = _taken(merged, "billingModeSummary", "billingMode")
    if told and mode is not None:
        properties["BillingMode"] = mode
    return Reshaped(properties)


def _database(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    properties = dict(merged)
    for name, member, target in (
        ("vpcSecurityGroups", "vpcSecurityGroupId", "VPCSecurityGroups"),
        ("dBSecurityGroups", "dBSecurityGroupName", "DBSecurityGroups"),
    ):
        listed = key_of(merged, name)
        if isinstance(listed, list):
            properties.pop(name, None)
            properties[target] = [_member(one, member) for one in listed]
    told, subnets = _taken(merged, "dBSubnetGroup", "dBSubnetGroupName")
    if told:
        properties["DBSubnetGroupName"] = subnets
    return Reshaped(properties)


def _with_policy(policy_type: str, targets: str) -> _Reshape:
    """A topic or queue, whose policy CloudFormation keeps apart."""

    def reshaped(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
        told, policy = _taken(merged, "Policy")
        beside: tuple[tuple[str, Mapping[str, Data]], ...] = ()
        if told and policy:
            beside = ((policy_type, {targets: [SELF], "PolicyDocument": policy}),)
        return Reshaped(merged, beside, _POLICIES if told else frozenset())

    return reshaped


_RESHAPES: Final[Mapping[str, _Reshape]] = MappingProxyType(
    {
        "AWS::S3::Bucket": _bucket,
        "AWS::EC2::SecurityGroup": _group,
        "AWS::EC2::NetworkAcl": _network_acl,
        "AWS::EC2::RouteTable": _route_table,
        "AWS::IAM::Role": _role,
        "AWS::IAM::User": _role,
        "AWS::IAM::Group": _role,
        "AWS::IAM::Policy": _policy,
        "AWS::ApiGateway::Stage": _stage,
        "AWS::ApiGatewayV2::Stage": _stage_v2,
        "AWS::Lambda::Function": _function,
        "AWS::DynamoDB::Table": _table,
        "AWS::RDS::DBInstance": _database,
        "AWS::SNS::Topic": _with_policy(_TOPIC_POLICY, "Topics"),
        "AWS::SQS::Queue": _with_policy(_QUEUE_POLICY, "Queues"),
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
