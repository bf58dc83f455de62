"""The examples for pipelines: our own rules and cfn-lint find nothing in them, and their commands run as written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import yaml

import stackwarden
from cli.test_commands import MAIN, run

_EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
_PIPELINE = _EXAMPLES / "codepipeline"
_TEMPLATE = """\
Parameters:
  Auth: {Type: String}
Resources:
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: f, AuthType: !Ref Auth}}
"""


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def test_the_pipeline_scans_clean_with_all_packs() -> None:
    done = run(_PIPELINE, "scan", "pipeline.yaml", "--no-config", "--min-severity", "low", "--show-maybe", "-f", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    # What may be deployed is a parameter, so that whether it is too much cannot be known from the template.
    assert {(one["rule"], one["resource"], one["verdict"]) for one in report["findings"]} == {
        ("iam-admin-managed-policy-attached", "DeploymentRole", "maybe"),
        ("iam-elevated-managed-policy-attached", "DeploymentRole", "maybe"),
        ("iam-privilege-escalation", "DeploymentRole", "maybe"),
    }


def test_cfnlint_passes_the_pipeline() -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), "-c", "I", "-t", "pipeline.yaml"]
    done = subprocess.run(command, cwd=_PIPELINE, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(("auth", "code"), [("NONE", 1), ("AWS_IAM", 0)])
def test_the_buildspec_checks_the_template_with_its_configuration(auth: str, code: int, tmp_path: Path) -> None:
    """CodeBuild runs each command in a shell, with the project's variables."""
    tools = tmp_path / "tools" / "bin"
    tools.mkdir(parents=True)
    (tools / "stackwarden").write_text(f'#!/bin/sh\nexec \'{sys.executable}\' -c "{MAIN}" "$@"\n', encoding="utf-8")
    (tools / "stackwarden").chmod(0o755)
    (tmp_path / "template.yaml").write_text(_TEMPLATE, encoding="utf-8")
    (tmp_path / "prod.json").write_text(json.dumps({"Parameters": {"Auth": auth}}), encoding="utf-8")
    spec = _yaml(_PIPELINE / "buildspec.yml")
    (command,) = spec["phases"]["build"]["commands"]
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "PYTHONPATH": str(Path(stackwarden.__file__).parents[1]),
        "TEMPLATE": "template.yaml",
        "CONFIGURATION": "prod.json",
    }
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == code, done.stderr
    (report,) = spec["reports"].values()
    (file,) = report["files"]
    suites = ET.parse(tmp_path / report["base-directory"] / file).getroot()
    failed = [case.get("name", "") for case in suites.iter("testcase") if case.find("failure") is not None]
    assert ("lambda-url-auth-none Url" in failed) == bool(code)


def test_the_report_group_belongs_to_the_project() -> None:
    resources = _yaml(_PIPELINE / "pipeline.yaml")["Resources"]
    (report,) = _yaml(_PIPELINE / "buildspec.yml")["reports"]
    assert resources["CheckReports"]["Properties"]["Name"] == f"{resources['Check']['Properties']['Name']}-{report}"


def test_the_workflows_call_formats_that_exist() -> None:
    from stackwarden.report import FORMATS

    jobs = _yaml(_EXAMPLES / "github" / "stackwarden.yml")["jobs"]
    scan = next(step["run"] for step in jobs["scan"]["steps"] if step.get("name") == "Scan")
    words = [*scan.split(), *_yaml(_EXAMPLES / "gitlab" / ".gitlab-ci.yml")["stackwarden"]["script"][0].split()]
    used = {words[index + 1] for index, word in enumerate(words) if word == "-f"}
    assert used <= set(FORMATS)
    assert {"github", "markdown", "sarif", "gitlab", "junit", "pretty"} == used
