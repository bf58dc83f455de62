"""A folder that the CDK made: environments, nested stacks behind assets, construct paths."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stackwarden.run.discover import discover
from stackwarden.run.finding import Report
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session

KEY = "b8249f295c35d3169de06838e8c2ce1f2cc5e422c22ed7fb4693618260b39668.json"
MANIFEST = {
    "version": "55.0.0",
    "artifacts": {
        "Main.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Main.assets.json"}},
        "Main": {
            "type": "aws:cloudformation:stack",
            "environment": "aws://123456789012/eu-west-1",
            "properties": {"templateFile": "Main.template.json"},
            "additionalMetadataFile": "Main.metadata.json",
        },
    },
}
ASSETS = {
    "files": {
        "b824": {
            "source": {"path": "MainNested.nested.template.json", "packaging": "file"},
            "destinations": {"here": {"bucketName": "assets", "objectKey": KEY}},
        }
    }
}
METADATA = {"/Main/Nested/Fn/Url/Resource": [{"type": "aws:cdk:logicalId", "data": "FnUrl8C1B0DE8"}]}
MAIN = {
    "Resources": {
        "Nested": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {
                "TemplateURL": {
                    "Fn::Join": ["", ["https://s3.eu-west-1.", {"Ref": "AWS::URLSuffix"}, f"/assets/{KEY}"]]
                }
            },
        },
        "Marked": {
            "Type": "AWS::Lambda::Url",
            "Metadata": {"aws:cdk:path": "Main/Marked/Resource"},
            "Properties": {"AuthType": {"Fn::If": ["Here", "NONE", "AWS_IAM"]}, "TargetFunctionArn": "f"},
        },
    },
    "Conditions": {"Here": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}},
}
NESTED = {
    "Resources": {
        "FnUrl8C1B0DE8": {
            "Type": "AWS::Lambda::Url",
            "Properties": {"AuthType": "NONE", "TargetFunctionArn": "f"},
        }
    }
}


def write(folder: Path) -> None:
    folder.mkdir()
    files = {
        "manifest.json": MANIFEST,
        "Main.assets.json": ASSETS,
        "Main.metadata.json": METADATA,
        "Main.template.json": MAIN,
        "MainNested.nested.template.json": NESTED,
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")


def scanned() -> Report:
    session = open_session(SessionOptions(rules=("lambda-url-auth-none",)))
    assert isinstance(session, Session)
    return scan(session, discover(("cdk.out",)).files)


def test_an_assembly_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "cdk.out")
    monkeypatch.chdir(tmp_path)
    report = scanned()
    assert not report.errors
    marked, nested = report.findings
    assert (marked.resource, marked.construct, marked.when) == ("Marked", "Main/Marked/Resource", None)
    assert nested.construct == "Main/Nested/Fn/Url/Resource"
    assert (nested.file, nested.through) == ("cdk.out/MainNested.nested.template.json", ("Nested",))


def test_a_damaged_assembly_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "cdk.out")
    (tmp_path / "cdk.out" / "manifest.json").write_text("{", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    marked, nested = scanned().findings
    assert marked.when == ({"Here": True},)
    assert (nested.through, nested.construct) == ((), "")
