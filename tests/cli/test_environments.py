"""Parameters given for a run, and environments that a configuration names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import stackwarden

TEMPLATE = """
Parameters:
  Stage: {Type: String, AllowedValues: [dev, test, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties: {AuthType: !If [IsProd, AWS_IAM, NONE], TargetFunctionArn: f}
  Always:
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: f}
"""
CONFIG = """
[environments.dev]
parameters = "Stage=dev"
[environments.prod.parameters]
Stage = "prod"
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    call = "from stackwarden.cli.app import main; main()"
    command = [sys.executable, "-c", call, "scan", "--rule", "lambda-url-auth-none", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(stackwarden.__file__).parents[1])}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def scan(folder: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    result = run(folder, "t.yaml", "-f", "json", *arguments)
    return {finding["resource"]: finding for finding in json.loads(result.stdout)["findings"]}


def test_findings_name_the_environments_that_they_concern(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "stackwarden.toml").write_text(CONFIG, encoding="utf-8")
    found = scan(tmp_path)
    assert {name: one["environments"] for name, one in found.items()} == {"Url": ["dev"], "Always": ["dev", "prod"]}
    assert all(one["when"] is None for one in found.values())
    assert "in dev" in run(tmp_path, "t.yaml").stdout


def test_given_parameters_decide(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    assert scan(tmp_path)["Url"]["when"] == [{"IsProd": False}]
    assert set(scan(tmp_path, "--parameters", "Stage=prod")) == {"Always"}
    assert scan(tmp_path, "--parameters", "Stage=dev")["Url"]["when"] is None


def test_a_name_that_no_template_has_is_a_wrong_call(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    result = run(tmp_path, "t.yaml", "--parameters", "Stag=prod")
    assert result.returncode == 2
    assert "no template has a parameter `Stag`" in result.stderr


def test_a_value_that_is_not_allowed_is_an_error_of_the_template(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    result = run(tmp_path, "t.yaml", "--parameters", "Stage=qa")
    assert result.returncode == 3
    assert "parameter `Stage` does not allow `qa`" in result.stdout
