"""The services that keep data or pass it on, and the actions on them that matter on a path from the internet.

Source: Service Authorization Reference, the page of each service. Only the actions are listed that do harm by
themselves; a wildcard counts by those that it covers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["LEVELS", "STORES", "Level", "Store"]

Level = Literal["admin", "escalate", "administer", "write", "send", "read"]
"""What code can do to what a path leads to, the worst first.

`admin`: anything; `escalate`: give itself more permissions; `administer`: delete or open a store; `write`: change what
is in it; `send`: put messages in it; `read`: read all that the account keeps in stores of the kind.
"""

LEVELS: Final[tuple[Level, ...]] = ("admin", "escalate", "administer", "write", "send", "read")


@dataclass(frozen=True, slots=True)
class Store:
    """A kind of store. `services` are the words that its ARNs have, `namespace` that of its resource types.

    `any_name` are the last parts of an ARN that stand for all stores of the kind.
    """

    prefix: str
    noun: str
    namespace: str
    services: tuple[str, ...]
    any_name: tuple[str, ...]
    administer: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    send: tuple[str, ...] = ()
    read: tuple[str, ...] = ()

    def actions(self, level: Level) -> tuple[str, ...]:
        """The actions of a level, with the service's prefix."""
        names = {"administer": self.administer, "write": self.write, "send": self.send, "read": self.read}
        return tuple(f"{self.prefix}:{name}" for name in names.get(level, ()))


STORES: Final = (
    Store(
        "dynamodb",
        "table",
        "AWS::DynamoDB::",
        ("dynamodb",),
        ("*", "table/*", "table*"),
        administer=("DeleteTable", "PutResourcePolicy"),
        write=(
            "BatchWriteItem",
            "DeleteItem",
            "PartiQLDelete",
            "PartiQLInsert",
            "PartiQLUpdate",
            "PutItem",
            "UpdateItem",
        ),
        read=("BatchGetItem", "GetItem", "PartiQLSelect", "Query", "Scan"),
    ),
    Store(
        "s3",
        "bucket",
        "AWS::S3::",
        ("s3",),
        ("*", "*/*"),
        administer=("DeleteBucket", "DeleteBucketPolicy", "PutBucketAcl", "PutBucketPolicy"),
        write=("DeleteObject", "PutObject"),
        read=("GetObject",),
    ),
    Store(
        "rds-data",
        "database",
        "AWS::RDS::",
        ("rds", "rds-data"),
        ("*", "cluster:*", "db:*"),
        write=("BatchExecuteStatement", "ExecuteSql", "ExecuteStatement"),
    ),
    Store(
        "secretsmanager",
        "secret",
        "AWS::SecretsManager::",
        ("secretsmanager",),
        ("*", "secret:*", "secret*"),
        administer=("DeleteSecret", "PutResourcePolicy"),
        write=("PutSecretValue", "UpdateSecret"),
        read=("BatchGetSecretValue", "GetSecretValue"),
    ),
    Store(
        "ssm",
        "parameter",
        "AWS::SSM::",
        ("ssm",),
        ("*", "parameter/*", "parameter*"),
        administer=("DeleteParameter", "DeleteParameters"),
        write=("PutParameter",),
        read=("GetParameter", "GetParameters", "GetParametersByPath"),
    ),
    Store(
        "kms",
        "key",
        "AWS::KMS::",
        ("kms",),
        ("*", "key/*", "alias/*"),
        administer=("CreateGrant", "DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion"),
    ),
    Store(
        "sqs",
        "queue",
        "AWS::SQS::",
        ("sqs",),
        ("*",),
        administer=("AddPermission", "DeleteQueue", "SetQueueAttributes"),
        send=("SendMessage",),
    ),
    Store(
        "sns",
        "topic",
        "AWS::SNS::",
        ("sns",),
        ("*",),
        administer=("AddPermission", "DeleteTopic", "SetTopicAttributes"),
        send=("Publish",),
    ),
)
