"""Amazon S3, DynamoDB, RDS, ECR and KMS: settings that only add protection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from stackwarden.integrations.aws_api import Clients
from stackwarden.integrations.aws_remediation.actions._action import (
    ANY,
    Action,
    Permission,
    Step,
    Target,
    current,
    one_call,
)

__all__ = ["ACTIONS"]

_BLOCK: Final = "PublicAccessBlockConfiguration"
_SETTINGS: Final = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_BUCKET: Final = "arn:{partition}:s3:::{id}"
_TABLE: Final = "arn:{partition}:dynamodb:{region}:{account}:table/{id}"
_DATABASE: Final = "arn:{partition}:rds:{region}:{account}:db:{id}"
_REPOSITORY: Final = "arn:{partition}:ecr:{region}:{account}:repository/{id}"
_KEY: Final = "arn:{partition}:kms:{region}:{account}:key/{id}"


def _public_access_block(target: Target, clients: Clients) -> list[Step]:
    told = current(
        clients, "s3", "get_public_access_block", "NoSuchPublicAccessBlockConfiguration", Bucket=target.resource_id
    )
    there = cast("Mapping[str, object]", told.get(_BLOCK, {}))
    wanted = {name: bool(there.get(name)) for name in _SETTINGS}
    wanted.update({path.partition(".")[2]: bool(value) for path, value in target.values.items()})
    if all(there.get(name) == value for name, value in wanted.items()):
        return []
    return one_call("s3", "put_public_access_block", Bucket=target.resource_id, PublicAccessBlockConfiguration=wanted)


def _encryption(target: Target, clients: Clients) -> list[Step]:
    rules = next(iter(target.values.values()))
    wanted = {"Rules": [_encryption_rule(cast("Mapping[str, Any]", rule)) for rule in cast("list[object]", rules)]}
    missing = "ServerSideEncryptionConfigurationNotFoundError"
    told = current(clients, "s3", "get_bucket_encryption", missing, Bucket=target.resource_id)
    if told.get("ServerSideEncryptionConfiguration") == wanted:
        return []
    return one_call("s3", "put_bucket_encryption", Bucket=target.resource_id, ServerSideEncryptionConfiguration=wanted)


def _encryption_rule(rule: Mapping[str, Any]) -> dict[str, object]:
    """A rule as the API has it, which calls the default by another name than CloudFormation."""
    made = {name: value for name, value in rule.items() if name != "ServerSideEncryptionByDefault"}
    if "ServerSideEncryptionByDefault" in rule:
        made["ApplyServerSideEncryptionByDefault"] = rule["ServerSideEncryptionByDefault"]
    return made


def _versioning(target: Target, clients: Clients) -> list[Step]:
    wanted = str(target.values["VersioningConfiguration.Status"])
    if current(clients, "s3", "get_bucket_versioning", Bucket=target.resource_id).get("Status") == wanted:
        return []
    return one_call(
        "s3", "put_bucket_versioning", Bucket=target.resource_id, VersioningConfiguration={"Status": wanted}
    )


def _recovery(target: Target, clients: Clients) -> list[Step]:
    told = cast("dict[str, Any]", current(clients, "dynamodb", "describe_continuous_backups", TableName=target.name))
    backups = told["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    if backups.get("PointInTimeRecoveryStatus") == "ENABLED":
        return []
    wanted = {"PointInTimeRecoveryEnabled": True}
    return one_call(
        "dynamodb", "update_continuous_backups", TableName=target.name, PointInTimeRecoverySpecification=wanted
    )


def _keep_table(target: Target, clients: Clients) -> list[Step]:
    told = cast("dict[str, Any]", current(clients, "dynamodb", "describe_table", TableName=target.name))
    if told["Table"].get("DeletionProtectionEnabled"):
        return []
    return one_call("dynamodb", "update_table", TableName=target.name, DeletionProtectionEnabled=True)


def _keep_database(target: Target, clients: Clients) -> list[Step]:
    told = cast(
        "dict[str, Any]",
        current(
            clients,
            "rds",
            "describe_db_instances",
            Filters=[
                {
                    "Name": "dbi-resource-id" if target.name.startswith("db-") else "db-instance-id",
                    "Values": [target.name],
                }
            ],
        ),
    )
    return [
        Step(
            "rds",
            "modify_db_instance",
            {"DBInstanceIdentifier": one["DBInstanceIdentifier"], "DeletionProtection": True},
        )
        for one in told.get("DBInstances", ())
        if not one.get("DeletionProtection")
    ]


def _repository(target: Target, clients: Clients) -> list[Step]:
    told = cast(
        "dict[str, Any]", current(clients, "ecr", "describe_repositories", repositoryNames=[target.resource_id])
    )
    there = told["repositories"][0]
    steps: list[Step] = []
    mutability = target.values.get("ImageTagMutability")
    if mutability is not None and there.get("imageTagMutability") != mutability:
        parameters = {"repositoryName": target.resource_id, "imageTagMutability": mutability}
        steps.append(Step("ecr", "put_image_tag_mutability", parameters))
    scan = target.values.get("ImageScanningConfiguration.ScanOnPush")
    if scan is not None and there.get("imageScanningConfiguration", {}).get("scanOnPush") != scan:
        parameters = {"repositoryName": target.resource_id, "imageScanningConfiguration": {"scanOnPush": scan}}
        steps.append(Step("ecr", "put_image_scanning_configuration", parameters))
    return steps


def _rotation(target: Target, clients: Clients) -> list[Step]:
    if current(clients, "kms", "get_key_rotation_status", KeyId=target.resource_id).get("KeyRotationEnabled"):
        return []
    return one_call("kms", "enable_key_rotation", KeyId=target.resource_id)


def _permissions(resource: str, reads: tuple[str, ...], writes: tuple[str, ...]) -> tuple[Permission, ...]:
    pattern = resource.replace("{id}", ANY)
    if resource == _BUCKET:
        return Permission(reads, pattern), Permission(writes, "{buckets}", writes=True)
    return Permission(reads, pattern), Permission(writes, pattern, writes=True, tagged=True)


ACTIONS: Final = (
    Action(
        "AWS::S3::Bucket",
        _BUCKET,
        _permissions(_BUCKET, ("s3:GetBucketPublicAccessBlock",), ("s3:PutBucketPublicAccessBlock",)),
        _public_access_block,
        tuple(f"{_BLOCK}.{name}" for name in _SETTINGS),
    ),
    Action(
        "AWS::S3::Bucket",
        _BUCKET,
        _permissions(_BUCKET, ("s3:GetEncryptionConfiguration",), ("s3:PutEncryptionConfiguration",)),
        _encryption,
        ("BucketEncryption.ServerSideEncryptionConfiguration",),
    ),
    Action(
        "AWS::S3::Bucket",
        _BUCKET,
        _permissions(_BUCKET, ("s3:GetBucketVersioning",), ("s3:PutBucketVersioning",)),
        _versioning,
        ("VersioningConfiguration.Status",),
    ),
    Action(
        "AWS::DynamoDB::Table",
        _TABLE,
        _permissions(_TABLE, ("dynamodb:DescribeContinuousBackups",), ("dynamodb:UpdateContinuousBackups",)),
        _recovery,
        ("PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",),
    ),
    Action(
        "AWS::DynamoDB::Table",
        _TABLE,
        _permissions(_TABLE, ("dynamodb:DescribeTable",), ("dynamodb:UpdateTable",)),
        _keep_table,
        ("DeletionProtectionEnabled",),
    ),
    Action(
        "AWS::RDS::DBInstance",
        _DATABASE,
        _permissions(_DATABASE, ("rds:DescribeDBInstances",), ("rds:ModifyDBInstance",)),
        _keep_database,
        ("DeletionProtection",),
    ),
    Action(
        "AWS::ECR::Repository",
        _REPOSITORY,
        _permissions(
            _REPOSITORY,
            ("ecr:DescribeRepositories",),
            ("ecr:PutImageScanningConfiguration", "ecr:PutImageTagMutability"),
        ),
        _repository,
        ("ImageTagMutability", "ImageScanningConfiguration.ScanOnPush"),
    ),
    Action(
        "AWS::KMS::Key",
        _KEY,
        _permissions(_KEY, ("kms:GetKeyRotationStatus",), ("kms:EnableKeyRotation",)),
        _rotation,
        ("EnableKeyRotation",),
    ),
)
