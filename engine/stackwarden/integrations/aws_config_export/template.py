"""The SAM template: functions with their roles, logs and dead letters, rules of AWS Config, remediations.

Source: CloudFormation Template Reference, `AWS::Config::ConfigRule`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stackwarden.integrations.aws_config_export import remediation
from stackwarden.integrations.aws_config_export.checks import Check, Selected
from stackwarden.integrations.aws_config_export.functions import Resource, function, shared
from stackwarden.integrations.aws_config_export.permissions import statement
from stackwarden.integrations.aws_remediation.actions import Action

__all__ = ["SCHEDULES", "Options", "template"]

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


@dataclass(frozen=True, slots=True)
class Options:
    """How to deploy: how often to evaluate besides changes (one of `SCHEDULES`; empty: not), and before deployments."""

    schedule: str = ""
    proactive: bool = False


def template(selected: Selected, options: Options) -> dict[str, object]:
    """The template as data, its keys in the order in which they are written."""
    actions = _distinct([*(one for check in selected.checks for one in check.actions), *_by_hand(selected)])
    resources: dict[str, Resource] = {**shared(), **_evaluation(options)}
    if actions:
        resources.update(remediation.remediation(actions))
    for check in selected.checks:
        name = remediation.logical_id(check.name)
        resources[f"{name}Rule"] = _rule(check, options)
        if check.actions:
            resources[f"{name}Remediation"] = remediation.remediation_of(check, f"{name}Rule")
    parameters = _parameters()
    if actions:
        parameters.update(remediation.parameters(actions))
    made: dict[str, object] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": "AWS::Serverless-2016-10-31",
        "Description": "Rules of AWS Config, and remediations, with the policies of stackwarden",
        "Parameters": parameters,
    }
    if actions:
        made["Conditions"] = remediation.conditions(actions)
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


def _evaluation(options: Options) -> dict[str, Resource]:
    allowed = ["config:BatchGetResourceConfig", "config:GetResourceConfigHistory", "config:PutEvaluations"]
    if options.schedule:
        allowed.append("config:ListDiscoveredResources")
    return {
        **function(
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
