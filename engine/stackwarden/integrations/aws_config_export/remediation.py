"""Remediation in the template: the function, what it may change where it may, and the automation that calls it.

Sources: CloudFormation Template Reference, `AWS::Config::RemediationConfiguration`, `AWS::SSM::Document`; Systems
Manager User Guide, *aws:invokeLambdaFunction*.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from stackwarden.integrations.aws_config_export.checks import Check
from stackwarden.integrations.aws_config_export.functions import Resource, function
from stackwarden.integrations.aws_config_export.permissions import OPERANDS, reads, statement, trust, writes
from stackwarden.integrations.aws_remediation.actions import Action

__all__ = ["conditions", "logical_id", "parameters", "remediation", "remediation_of"]

_OPERAND_TEXTS: Final = {
    "accessLogGroupArn": "The log group for access logs of stages that have none; empty to set none up.",
    "webAclArn": "The ARN of the regional web ACL for stages that have none.",
}
_OPERAND_DEFAULTS: Final[Mapping[str, dict[str, object]]] = {
    "accessLogGroupArn": {"Default": ""},
    "webAclArn": {"AllowedPattern": "arn:[^:]+:wafv2:.+"},
}


def _needs(actions: Sequence[Action]) -> list[str]:
    """What the operator has to give, sorted."""
    return sorted({name for action in actions for name in action.needs})


def conditions(actions: Sequence[Action]) -> dict[str, object]:
    """The conditions of the template: whether changes are made, and what was given for them."""
    made: dict[str, object] = {"IsApplying": {"Fn::Equals": [{"Ref": "RemediationMode"}, "apply"]}}
    for need in _needs(actions):
        if "Default" in _OPERAND_DEFAULTS[need]:
            made[f"Has{OPERANDS[need]}"] = {"Fn::Not": [{"Fn::Equals": [{"Ref": OPERANDS[need]}, ""]}]}
    return made


def parameters(actions: Sequence[Action]) -> dict[str, object]:
    """The parameters of the template that remediation asks for."""
    buckets = any(one.resource == "{buckets}" for action in actions for one in action.permissions)
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
    for need in _needs(actions):
        texts[OPERANDS[need]] = {"Type": "String", **_OPERAND_DEFAULTS[need], "Description": _OPERAND_TEXTS[need]}
    if buckets:
        texts[OPERANDS["buckets"]] = {
            "Type": "CommaDelimitedList",
            "Description": "ARNs of the buckets that may be changed, such as arn:aws:s3:::example-*.",
        }
    return texts


def remediation(actions: Sequence[Action]) -> dict[str, Resource]:
    """The remediation function, what it may change where it may, and the automation that calls it."""
    read = [statement("Tags", ["tag:GetResources"], "*"), *reads(actions)]
    variables = {"STACKWARDEN_REMEDIATION": {"Ref": "RemediationMode"}}
    handler = "stackwarden.integrations.aws_remediation.handler"
    made = function("Remediation", "remediation", handler, read, variables, 120)
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
        made[f"Remediation{logical_id(name)}"] = policy
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


def remediation_of(check: Check, rule: str) -> Resource:
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


def logical_id(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.replace("_", "-").split("-"))
