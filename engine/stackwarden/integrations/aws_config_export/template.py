"""The SAM template: functions with their roles, logs and dead letters, rules of AWS Config, remediations.

Sources: CloudFormation Template Reference, `AWS::Config::ConfigRule`, `AWS::Config::RemediationConfiguration`,
`AWS::SSM::Document`; Systems Manager User Guide, *aws:invokeLambdaFunction*; SAM specification.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from stackwarden.integrations.aws_config_export.checks import Check, Selected
from stackwarden.integrations.aws_config_export.permissions import OPERANDS, reads, statement, trust, writes
from stackwarden.integrations.aws_remediation.actions import Action

__all__ = ["RUNTIME", "SCHEDULES", "Options", "template"]

RUNTIME: Final = "python3.14"
SCHEDULES: Final = ("One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours")
"""How often AWS Config can run a rule."""
_PROACTIVE: Final = frozenset(
    {
        *("AWS::ApiGateway::Stage", "AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::EIP", "AWS::EC2::Instance"),
        *("AWS::EC2::Subnet", "AWS::Elasticsearch::Domain", "AWS::Lambda::Function", "AWS::RDS::DBInstance"),
        *("AWS::Redshift::Cluster", "AWS::S3::Bucket", "AWS::SNS::Topic"),
    }
)
"""The types that AWS Config evaluates before they are made, by its Developer Guide."""
_OPERAND_TEXTS: Final = {
    "accessLogGroupArn": "The log group for access logs of stages that have none; empty to set none up.",
    "webAclArn": "The ARN of the regional web ACL for stages that have none.",
}
_OPERAND_DEFAULTS: Final[Mapping[str, dict[str, object]]] = {
    "accessLogGroupArn": {"Default": ""},
    "webAclArn": {"AllowedPattern": "arn:[^:]+:wafv2:.+"},
}

Resource = dict[str, object]


@dataclass(frozen=True, slots=True)
class Options:
    """How to deploy: how often to evaluate besides changes (one of `SCHEDULES`; empty: not), and before deployments."""

    schedule: str = ""
    proactive: bool = False


def template(selected: Selected, options: Options) -> dict[str, object]:
    """The template as data, its keys in the order in which they are written."""
    actions = _distinct([*(one for check in selected.checks for one in check.actions), *_by_hand(selected)])
    needs = sorted({name for action in actions for name in action.needs})
    resources: dict[str, Resource] = {**_shared(), **_evaluation(options)}
    if actions:
        resources.update(_remediation(actions))
    for check in selected.checks:
        name = _logical_id(check.name)
        resources[f"{name}Rule"] = _rule(check, options)
        if check.actions:
            resources[f"{name}Remediation"] = _remediation_of(check, f"{name}Rule")
    parameters = _parameters()
    conditions: dict[str, object] = {}
    if actions:
        buckets = any(one.resource == "{buckets}" for action in actions for one in action.permissions)
        parameters.update(_remediation_parameters(needs, buckets=buckets))
        conditions["IsApplying"] = {"Fn::Equals": [{"Ref": "RemediationMode"}, "apply"]}
    for need in needs:
        if "Default" in _OPERAND_DEFAULTS[need]:
            conditions[f"Has{OPERANDS[need]}"] = {"Fn::Not": [{"Fn::Equals": [{"Ref": OPERANDS[need]}, ""]}]}
    made: dict[str, object] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Description": "Rules of AWS Config, and remediations, with the policies of stackwarden",
        "Parameters": parameters,
    }
    if conditions:
        made["Conditions"] = conditions
    made["Resources"] = resources
    made["Outputs"] = {
        "EvaluationFunctionArn": {"Value": {"Fn::GetAtt": ["EvaluationFunction", "Arn"]}},
        **({"RemediationFunctionArn": {"Value": {"Fn::GetAtt": ["RemediationFunction", "Arn"]}}} if actions else {}),
    }
    return made


def _by_hand(selected: Selected) -> list[Action]:
    return [action for actions in selected.by_hand.values() for action in actions]


def _distinct(actions: list[Action]) -> list[Action]:
    return list({id(action): action for action in actions}.values())


def _parameters() -> dict[str, object]:
    return {
        "LogRetentionDays": {
            "Type": "Number",
            "Default": 365,
            "AllowedValues": [365, 400, 545, 731, 1096, 1827, 3653],
            "Description": "How long the logs of the functions are kept.",
        },
        "ReservedConcurrency": {
            "Type": "Number",
            "Default": 5,
            "MinValue": 1,
            "Description": "How many resources are evaluated at the same time.",
        },
    }


def _remediation_parameters(needs: list[str], *, buckets: bool) -> dict[str, object]:
    texts: dict[str, object] = {
        "RemediationMode": {
            "Type": "String",
            "Default": "dry-run",
            "AllowedValues": ["dry-run", "apply"],
            "Description": "Whether remediations change resources, or only log what they would do.",
        },
        "AutomaticRemediation": {
            "Type": "String",
            "Default": "false",
            "AllowedValues": ["true", "false"],
            "Description": "Whether AWS Config starts remediations itself.",
        },
    }
    for need in needs:
        texts[OPERANDS[need]] = {"Type": "String", **_OPERAND_DEFAULTS[need], "Description": _OPERAND_TEXTS[need]}
    if buckets:
        texts[OPERANDS["buckets"]] = {
            "Type": "CommaDelimitedList",
            "Description": "ARNs of the buckets that may be changed, such as arn:aws:s3:::example-*.",
        }
    return texts


def _shared() -> dict[str, Resource]:
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


def _evaluation(options: Options) -> dict[str, Resource]:
    allowed = ["config:BatchGetResourceConfig", "config:GetResourceConfigHistory", "config:PutEvaluations"]
    if options.schedule:
        allowed.append("config:ListDiscoveredResources")
    return {
        **_function(
            "Evaluation",
            "evaluation",
            "stackwarden.integrations.aws_config.handler",
            [statement("Config", allowed, "*")],
            {},
            900 if options.schedule else 120,
        ),
        "EvaluationPermission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": {"Fn::GetAtt": ["EvaluationFunction", "Arn"]},
                "Principal": "config.amazonaws.com",
                "SourceAccount": {"Ref": "AWS::AccountId"},
            },
        },
    }


def _function(
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


def _remediation(actions: list[Action]) -> dict[str, Resource]:
    """The remediation function, what it may change where it may, and the automation that calls it."""
    read = [statement("Tags", ["tag:GetResources"], "*"), *reads(actions)]
    variables = {"STACKWARDEN_REMEDIATION": {"Ref": "RemediationMode"}}
    handler = "stackwarden.integrations.aws_remediation.handler"
    made = _function("Remediation", "remediation", handler, read, variables, 120)
    for accepted, statements in writes(actions).items():
        policy: Resource = {"Type": "AWS::IAM::RolePolicy", "Condition": "IsApplying"}
        if accepted is not None:
            policy["Metadata"] = {"stackwarden": {"ignore": [dict(zip(("rule", "reason"), accepted, strict=True))]}}
        name = "changes" if accepted is None else "accepted-changes"
        policy["Properties"] = {
            "RoleName": {"Ref": "RemediationRole"},
            "PolicyName": name,
            "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
        }
        made[f"Remediation{_logical_id(name)}"] = policy
    own_account = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    invoke = [statement("Invoke", ["lambda:InvokeFunction"], {"Fn::GetAtt": ["RemediationFunction", "Arn"]})]
    made["AutomationRole"] = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": trust("ssm.amazonaws.com", condition=own_account),
            "Policies": [
                {"PolicyName": "invoke", "PolicyDocument": {"Version": "2012-10-17", "Statement": invoke}},
            ],
        },
    }
    made["RemediationDocument"] = {
        "Type": "AWS::SSM::Document",
        "Properties": {"DocumentType": "Automation", "UpdateMethod": "NewVersion", "Content": _document()},
    }
    return made


def _document() -> dict[str, object]:
    """The automation: it hands AWS Config's resource id and the rule to the function, and shows what came of it."""
    names = ("Rule", "ResourceType", "ResourceId", *(OPERANDS[need] for need in _OPERAND_TEXTS))
    texts: dict[str, object] = {
        name: {"type": "String", **({} if name in names[:3] else {"default": ""})} for name in names
    }
    payload = {
        "rule": "{{ Rule }}",
        "resourceType": "{{ ResourceType }}",
        "resourceId": "{{ ResourceId }}",
        "parameters": {need: f"{{{{ {OPERANDS[need]} }}}}" for need in _OPERAND_TEXTS},
    }
    return {
        "schemaVersion": "0.3",
        "description": "Puts a resource right as the fix of a rule declares, or logs how it would be",
        "assumeRole": "{{ AutomationAssumeRole }}",
        "parameters": {"AutomationAssumeRole": {"type": "String"}, **texts},
        "mainSteps": [
            {
                "name": "Remediate",
                "action": "aws:invokeLambdaFunction",
                "maxAttempts": 1,
                "isEnd": True,
                "inputs": {
                    "FunctionName": {"Fn::GetAtt": ["RemediationFunction", "Arn"]},
                    "Payload": json.dumps(payload),
                },
            }
        ],
    }


def _rule(check: Check, options: Options) -> Resource:
    details = [
        {"EventSource": "aws.config", "MessageType": kind}
        for kind in ("ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification")
    ]
    if options.schedule:
        scheduled = {"EventSource": "aws.config", "MessageType": "ScheduledNotification"}
        details.append({**scheduled, "MaximumExecutionFrequency": options.schedule})
    properties: dict[str, object] = {
        "ConfigRuleName": {"Fn::Sub": f"${{AWS::StackName}}-{check.name}"},
        "Description": check.title,
        "InputParameters": {"check": check.name},
        "Scope": {"ComplianceResourceTypes": list(check.scope)},
        "Source": {
            "Owner": "CUSTOM_LAMBDA",
            "SourceIdentifier": {"Fn::GetAtt": ["EvaluationFunction", "Arn"]},
            "SourceDetails": details,
        },
    }
    if options.proactive and _PROACTIVE.issuperset(check.scope):
        properties["EvaluationModes"] = [{"Mode": "DETECTIVE"}, {"Mode": "PROACTIVE"}]
    return {"Type": "AWS::Config::ConfigRule", "DependsOn": "EvaluationPermission", "Properties": properties}


def _remediation_of(check: Check, rule: str) -> Resource:
    (resource_type,) = check.scope
    (rule_id,) = check.types
    values: dict[str, object] = {
        "AutomationAssumeRole": {"Fn::GetAtt": ["AutomationRole", "Arn"]},
        "Rule": rule_id,
        "ResourceType": resource_type,
    }
    needs = sorted({name for action in check.actions for name in action.needs})
    values.update({OPERANDS[need]: {"Ref": OPERANDS[need]} for need in needs})
    parameters: dict[str, object] = {name: {"StaticValue": {"Values": [value]}} for name, value in values.items()}
    parameters["ResourceId"] = {"ResourceValue": {"Value": "RESOURCE_ID"}}
    made: Resource = {"Type": "AWS::Config::RemediationConfiguration"}
    optional = [need for need in needs if "Default" in _OPERAND_DEFAULTS[need]]
    if optional:
        made["Condition"] = f"Has{OPERANDS[optional[0]]}"
    made["Properties"] = {
        "ConfigRuleName": {"Ref": rule},
        "ResourceType": resource_type,
        "TargetType": "SSM_DOCUMENT",
        "TargetId": {"Ref": "RemediationDocument"},
        "Parameters": parameters,
        "Automatic": {"Ref": "AutomaticRemediation"},
        "MaximumAutomaticAttempts": 3,
        "RetryAttemptSeconds": 60,
    }
    return made


def _logical_id(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.replace("_", "-").split("-"))
