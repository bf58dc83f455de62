"""Params of the rules about Lambda and CloudTrail: what an organisation trusts, and what it wants recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stackwarden.cli.app import app

_TEMPLATE = """
Parameters: {Bucket: {Type: String}}
Resources:
  Own: {Type: AWS::Lambda::Function, Properties: {Role: role, Code: {S3Bucket: builds, S3Key: k}}}
  Strange: {Type: AWS::Lambda::Function, Properties: {Role: role, Code: {S3Bucket: elsewhere, S3Key: k}}}
  Given: {Type: AWS::Lambda::Function, Properties: {Role: role, Code: {S3Bucket: !Ref Bucket, S3Key: k}}}
  Inline: {Type: AWS::Lambda::Function, Properties: {Role: role, Code: {ZipFile: ""}}}
  Layered:
    Type: AWS::Lambda::Function
    Properties: {Role: role, Code: {ZipFile: ""}, Layers: ["arn:aws:lambda:eu-west-1:111122223333:layer:tools:1"]}
  Caller:
    Type: AWS::Lambda::Permission
    Properties: {Action: "lambda:InvokeFunction", FunctionName: fn, Principal: "111122223333"}
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      IsLogging: true
      S3BucketName: trails
      EventSelectors:
        - DataResources: [{Type: "AWS::S3::Object", Values: ["arn:aws:s3"]}]
        - {ReadWriteType: WriteOnly, DataResources: [{Type: "AWS::Lambda::Function", Values: ["arn:aws:lambda"]}]}
        - {ReadWriteType: ReadOnly, DataResources: [{Type: "AWS::DynamoDB::Table", Values: ["arn:aws:dynamodb"]}]}
        - DataResources: [{Type: "AWS::SNS::Topic", Values: ["arn:aws:sns"]}]
  Store:
    Type: AWS::CloudTrail::EventDataStore
    Properties:
      AdvancedEventSelectors: [{FieldSelectors: [{Field: resources.type, Equals: ["AWS::SQS::Queue"]}]}]
"""


def _found(tmp_path: Path, rule: str, severity: str, *options: str) -> set[str]:
    path = tmp_path / "app.yaml"
    path.write_text(_TEMPLATE)
    arguments = ("scan", str(path), "--rule", rule, "--no-config", "--exit-zero", "-f", "json")
    result = CliRunner().invoke(app, (*arguments, "--min-severity", "info", *options), catch_exceptions=False)
    found = json.loads(result.stdout)["findings"]
    return {one["resource"] for one in found if (one["severity"], one["verdict"]) == (severity, "fail")}


@pytest.mark.parametrize(
    ("rule", "severity", "setting", "after"),
    [
        ("lambda-code-integrity", "low", "code_buckets=builds,releases", {"Strange"}),
        ("lambda-code-integrity", "low", "code_buckets=builds,elsewhere", set()),
        ("cloudtrail-data-events", "info", "also_recorded=AWS::Lambda::Function", {"Trail"}),
        ("cloudtrail-data-events", "info", "also_recorded=AWS::DynamoDB::Table", {"Trail"}),
        ("cloudtrail-data-events", "info", "also_recorded=AWS::SNS::Topic,AWS::SQS::Queue", set()),
    ],
)
def test_a_param_asks_for_more(tmp_path: Path, rule: str, severity: str, setting: str, after: set[str]) -> None:
    assert _found(tmp_path, rule, severity) == set()
    assert _found(tmp_path, rule, severity, "--set", setting) == after


@pytest.mark.parametrize(
    ("rule", "severity", "before", "setting"),
    [
        ("lambda-code-integrity", "medium", {"Layered"}, "trusted_accounts=111122223333"),
        ("lambda-code-integrity", "medium", {"Layered"}, "trusted_layer_accounts=111122223333"),
        ("lambda-code-integrity", "medium", {"Layered"}, "trusted_layer_names=tools"),
        ("lambda-permission-cross-account", "low", {"Caller"}, "trusted_accounts=111122223333"),
    ],
)
def test_a_param_trusts(tmp_path: Path, rule: str, severity: str, before: set[str], setting: str) -> None:
    assert _found(tmp_path, rule, severity) == before
    assert _found(tmp_path, rule, severity, "--set", setting) == set()
