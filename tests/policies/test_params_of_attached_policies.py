"""Params of the rules about attached policies and wide permissions take out what an organisation means to be so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stackwarden.cli.app import app

_TEMPLATE = """
Resources:
  Work:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]
  Read:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
  Write:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: {Effect: Allow, Action: ["sqs:SendMessage", "sqs:AddPermission"], Resource: "*"}}
"""

_USED = "iam-aws-managed-policy-used"
_BASIC = "service-role/AWSLambdaBasicExecutionRole"


@pytest.mark.parametrize(
    ("rule", "param", "found"),
    [
        (_USED, "", {("Work", "info"), ("Read", "info")}),
        (_USED, f"allowed_managed_policies={_BASIC}", {("Read", "info")}),
        (_USED, f"allowed_managed_policies={_BASIC},ReadOnlyAccess", set()),
        (_USED, "allowed_managed_policies=BasicExecutionRole", {("Work", "info"), ("Read", "info")}),
        ("iam-elevated-managed-policy-attached", "", set()),
        ("iam-elevated-managed-policy-attached", "broad_policies=ReadOnlyAccess", {("Read", "medium")}),
        ("iam-write-access-unconstrained", "", {("Write", "medium")}),
        ("iam-write-access-unconstrained", "data_stores=s3", {("Write", "low")}),
        ("iam-permissions-management-unconstrained", "", {("Write", "high")}),
        ("iam-permissions-management-unconstrained", "open_to_others=s3", {("Write", "medium")}),
    ],
)
def test_params(tmp_path: Path, rule: str, param: str, found: set[tuple[str, str]]) -> None:
    path = tmp_path / "app.yaml"
    path.write_text(_TEMPLATE)
    options = ("--set", param) if param else ()
    arguments = (
        "scan",
        str(path),
        "--rule",
        rule,
        "--no-config",
        "--exit-zero",
        "-f",
        "json",
        "--min-severity",
        "info",
        *options,
    )
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert {(one["resource"], one["severity"]) for one in json.loads(result.stdout)["findings"]} == found
