"""cfn-lint itself with our rules, and our report with cfn-lint's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import stackwarden
from cli.test_commands import run

_TEMPLATE = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: f
      AuthType: !If [IsProd, AWS_IAM, NONE]
  Waived:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: f
      AuthType: NONE # stackwarden: ignore[lambda-url-auth-none] reason="meant"
  Group:
    Type: AWS::Logs::LogGroup
"""


def _cfnlint(folder: Path, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    command = [str(Path(sys.executable).with_name("cfn-lint")), "-t", "app.yaml", "-f", "json", *arguments]
    environment = {"PYTHONPATH": str(Path(stackwarden.__file__).parents[1]), "HOME": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, json.loads(done.stdout)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app.yaml").write_text(_TEMPLATE, encoding="utf-8")
    (tmp_path / "stackwarden.toml").write_text(
        'select = ["lambda-url-auth-none", "logs-group-retention"]\n', encoding="utf-8"
    )
    (tmp_path / ".cfnlintrc").write_text("append_rules: [stackwarden.integrations.cfnlint_plugin]\n", encoding="utf-8")
    return tmp_path


def test_findings_stand_where_they_are(project: Path) -> None:
    code, matches = _cfnlint(project)
    assert code == 2  # an error
    (match,) = matches
    assert match["Rule"]["Id"] == "E9101"
    assert match["Message"] == (
        "anyone on the internet can invoke f through Url (when IsProd is false) [lambda-url-auth-none]"
    )
    assert match["Location"]["Start"] == {"ColumnNumber": 39, "LineNumber": 10}


def test_levels_are_rules_of_their_own(project: Path) -> None:
    _, matches = _cfnlint(project, "-c", "I", "-i", "E9101")
    assert {(one["Rule"]["Id"], one["Location"]["Start"]["LineNumber"]) for one in matches} >= {("I9101", 16)}
    assert not any(one["Rule"]["Id"] == "E9101" for one in matches)


def test_a_wrong_configuration_is_told(project: Path) -> None:
    (project / "stackwarden.toml").write_text("colour = 1\n", encoding="utf-8")
    _, matches = _cfnlint(project)
    errors = [one["Message"] for one in matches if one["Rule"]["Id"] == "E0002"]
    assert errors and all("unknown setting `colour`" in message for message in errors)


def test_cfnlint_findings_are_in_our_report(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(
        "Resources:\n"
        "  Url:\n"
        "    Type: AWS::Lambda::Url\n"
        "    Properties:\n"
        "      TargetFunctionArm: f\n"
        "      AuthType: AWS_IAM\n"
        '  # stackwarden: ignore[cfn-lint-*] reason="made elsewhere"\n'
        "  Other:\n"
        "    Type: AWS::Lambda::Url\n"
        "    Properties: {Nonsense: 1}\n",
        encoding="utf-8",
    )
    done = run(tmp_path, "scan", "app.yaml", "--no-config", "--lint", "--rule", "lambda-url-*", "-f", "json")
    assert done.returncode == 1, done.stderr
    found = [one for one in json.loads(done.stdout)["findings"] if one["pack"] == "cfn-lint"]
    told = {(one["rule"], one["resource"], one["line"], one["severity"]) for one in found if one["waived"] is None}
    assert told == {("cfn-lint-E3002", "Url", 5, "medium"), ("cfn-lint-E3003", "Url", 4, "medium")}
    assert {one["resource"] for one in found if one["waived"] is not None} == {"Other"}
    sarif = json.loads(run(tmp_path, "scan", "app.yaml", "--no-config", "--lint", "-f", "sarif").stdout)
    rules = {one["id"] for one in sarif["runs"][0]["tool"]["driver"]["rules"]}
    assert "cfn-lint-E3002" in rules
