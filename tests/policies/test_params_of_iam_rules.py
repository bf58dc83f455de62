"""Params of the rules about IAM take out what an organisation means to be so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stackwarden.cli.app import app

_TEMPLATE = """
Resources:
  Partner:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: "sts:AssumeRole"}
  Stranger:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {AWS: "444455556666"}, Action: "sts:AssumeRole"}
  Flow:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Principal: {Service: states.amazonaws.com}, Action: "sts:AssumeRole"}
      Policies:
        - PolicyName: topics
          PolicyDocument: {Statement: {Effect: Allow, Action: ["sns:Publish", "sqs:*"], Resource: "*"}}
  Forge:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Principal: {Federated: "arn:aws:iam::111122223333:oidc-provider/forge.example.com"}
          Action: sts:AssumeRoleWithWebIdentity
          Condition: {StringEquals: {"forge.example.com:aud": ci}}
  Files:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: files
      PolicyDocument:
        Statement: {Effect: Allow, Principal: {AWS: "111122223333"}, Action: "s3:GetObject", Resource: "*"}
"""

_CROSS = "iam-role-trust-cross-account-no-external-id"


def _found(tmp_path: Path, rule: str, *options: str) -> set[tuple[str, str]]:
    path = tmp_path / "app.yaml"
    path.write_text(_TEMPLATE)
    arguments = ("scan", str(path), "--rule", rule, "--no-config", "--exit-zero", "-f", "json", *options)
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    return {(finding["resource"], finding["severity"]) for finding in json.loads(result.stdout)["findings"]}


@pytest.mark.parametrize(
    ("rule", "setting", "before", "after"),
    [
        (
            _CROSS,
            "trusted_accounts=111122223333",
            {("Partner", "high"), ("Stranger", "high")},
            {("Stranger", "high")},
        ),
        (
            "iam-role-trust-account-root",
            "trusted_accounts=111122223333",
            {("Partner", "medium"), ("Stranger", "medium")},
            {("Partner", "low"), ("Stranger", "medium")},
        ),
        ("resource-policy-cross-account", "trusted_accounts=111122223333", {("Files", "high")}, set()),
        ("iam-role-trust-service-confused-deputy", "deputy_services=sns,scheduler", {("Flow", "low")}, set()),
        ("iam-role-trust-oidc-unscoped", "shared_issuers=forge.example.com", set(), {("Forge", "critical")}),
        ("iam-role-trust-oidc-unscoped", "tenant_issuers=forge.example.com", set(), {("Forge", "high")}),
        (
            "iam-policy-service-wildcard-action",
            "grave_services=sqs",
            {("Flow", "medium")},
            {("Flow", "high")},
        ),
        ("iam-policy-wildcard-resource", "harmless_actions=sns:Publish,sqs:*", {("Flow", "medium")}, set()),
    ],
)
def test_a_param_changes_what_is_found(
    tmp_path: Path, rule: str, setting: str, before: set[tuple[str, str]], after: set[tuple[str, str]]
) -> None:
    assert {one for one in _found(tmp_path, rule) if one[1] != "info"} == before
    assert {one for one in _found(tmp_path, rule, "--set", setting) if one[1] != "info"} == after
