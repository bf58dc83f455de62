"""The functions with their roles and logs, and what they share: a key, a queue for dead letters, a layer.

Sources: SAM specification, `AWS::Serverless::Function` and `AWS::Serverless::LayerVersion`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stackwarden.integrations.aws_config_export.permissions import statement, trust

__all__ = ["RUNTIME", "Resource", "function", "shared"]

RUNTIME: Final = "python3.14"

Resource = dict[str, object]


def shared() -> dict[str, Resource]:
    """The key of logs, settings and dead letters, the queue of these, and the layer with the engine."""
    logs_context = {"Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/*"}
    root = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    logs = {"Service": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}}
    key_policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Administration", "Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"},
            {
                "Sid": "Logs",
                "Effect": "Allow",
                "Principal": logs,
                "Action": ["kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
                "Resource": "*",
                "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": logs_context}},
            },
        ],
    }
    queue_policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "OnlyEncrypted",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": {"Fn::GetAtt": ["DeadLetters", "Arn"]},
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
    return {
        "Key": {
            "Type": "AWS::KMS::Key",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "Description": "Logs, settings and dead letters of the checks of AWS Config",
                "EnableKeyRotation": True,
                "KeyPolicy": key_policy,
            },
        },
        "DeadLetters": {
            "Type": "AWS::SQS::Queue",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {"KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}, "MessageRetentionPeriod": 1209600},
        },
        "DeadLettersPolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {"Queues": [{"Ref": "DeadLetters"}], "PolicyDocument": queue_policy},
        },
        "EngineLayer": {
            "Type": "AWS::Serverless::LayerVersion",
            "Metadata": {"BuildMethod": "makefile", "BuildArchitecture": "x86_64"},
            "Properties": {
                "Description": "stackwarden and what it needs",
                "ContentUri": "layer",
                "CompatibleArchitectures": ["x86_64"],
                "CompatibleRuntimes": [RUNTIME],
                "RetentionPolicy": "Delete",
            },
        },
    }


def function(
    name: str,
    tail: str,
    handler: str,
    statements: list[dict[str, object]],
    variables: Mapping[str, object],
    timeout: int,
) -> dict[str, Resource]:
    """A function with its role and log group."""
    log = f"/aws/lambda/${{AWS::StackName}}-{tail}"
    own_log = {"Fn::Sub": f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{log}:*"}
    basics = [
        statement("Logs", ["logs:CreateLogStream", "logs:PutLogEvents"], own_log),
        statement("Traces", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
        statement("DeadLetters", ["sqs:SendMessage"], {"Fn::GetAtt": ["DeadLetters", "Arn"]}),
        statement("Key", ["kms:Decrypt", "kms:GenerateDataKey"], {"Fn::GetAtt": ["Key", "Arn"]}),
    ]
    environment = {"STACKWARDEN_CACHE": "/opt/stackwarden", "STACKWARDEN_SELECTION": "/var/task/selection.json"}
    return {
        f"{name}Log": {
            "Type": "AWS::Logs::LogGroup",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "LogGroupName": {"Fn::Sub": log},
                "RetentionInDays": {"Ref": "LogRetentionDays"},
                "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]},
            },
        },
        f"{name}Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": trust("lambda.amazonaws.com"),
                "Policies": [
                    {
                        "PolicyName": tail,
                        "PolicyDocument": {"Version": "2012-10-17", "Statement": [*basics, *statements]},
                    }
                ],
            },
        },
        f"{name}Function": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "FunctionName": {"Fn::Sub": f"${{AWS::StackName}}-{tail}"},
                "CodeUri": "functions",
                "Handler": handler,
                "Runtime": RUNTIME,
                "Architectures": ["x86_64"],
                "Layers": [{"Ref": "EngineLayer"}],
                "Role": {"Fn::GetAtt": [f"{name}Role", "Arn"]},
                "MemorySize": 1024,
                "Timeout": timeout,
                "ReservedConcurrentExecutions": {"Ref": "ReservedConcurrency"},
                "Tracing": "Active",
                "KmsKeyArn": {"Fn::GetAtt": ["Key", "Arn"]},
                "DeadLetterQueue": {"Type": "SQS", "TargetArn": {"Fn::GetAtt": ["DeadLetters", "Arn"]}},
                "LoggingConfig": {"LogFormat": "JSON", "LogGroup": {"Ref": f"{name}Log"}},
                "Environment": {"Variables": {**environment, **variables}},
            },
        },
    }
