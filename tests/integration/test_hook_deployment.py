"""What deploys the hook: our rules and cfn-lint find nothing in it, and the command that writes it."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.test_commands import run
from stackwarden.integrations.hooks import settings
from stackwarden.integrations.hooks.deployment import template


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    done = run(tmp_path, "export", "hook", "--output", "hook")
    assert (done.returncode, done.stderr) == (0, "")
    return tmp_path / "hook"


def _resources() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(template(), Loader=yaml.BaseLoader)
    return loaded["Resources"]  # type: ignore[no-any-return]


def test_it_scans_clean_with_all_packs(folder: Path) -> None:
    done = run(folder, "scan", "template.yaml", "--no-config", "--min-severity", "low", "-f", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 0
    assert [one for one in report["findings"] if one["waived"] is None] == []
    checked = run(folder, "waivers", "template.yaml", "--no-config", "--check")
    assert checked.returncode == 0, checked.stdout


def test_cfnlint_passes_it(folder: Path) -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), "-c", "I", "-t", "template.yaml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_function_is_there_and_knows_its_variables() -> None:
    function = _resources()["Function"]["Properties"]
    module, _, name = function["Handler"].rpartition(".")
    assert callable(getattr(import_module(module), name))
    read = inspect.getsource(settings)
    for variable in function["Environment"]["Variables"]:
        assert f'"{variable.removeprefix("STACKWARDEN_")}"' in read or variable == "STACKWARDEN_CACHE"


def test_roles_may_do_what_they_have_to_and_nothing_else() -> None:
    actions = {
        name: sorted(
            action
            for statement in resource["Properties"]["PolicyDocument"]["Statement"]
            for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        )
        for name, resource in _resources().items()
        if resource["Type"] == "AWS::IAM::ManagedPolicy"
    }
    assert actions == {
        "FunctionLogPolicy": [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments",
        ],
        "FunctionReadPolicy": ["cloudformation:DescribeChangeSet", "cloudformation:DescribeStacks"],
        "FunctionImportPolicy": ["securityhub:BatchImportFindings"],
        "HookPolicy": ["lambda:InvokeFunction"],
    }


def test_a_configuration_comes_with_its_policies(tmp_path: Path) -> None:
    (tmp_path / "own" / "deep").mkdir(parents=True)
    (tmp_path / "own" / "deep" / "a.warden").write_text("", encoding="utf-8")
    config = tmp_path / "stackwarden.toml"
    config.write_text('policies = ["own"]\n', encoding="utf-8")
    done = run(tmp_path, "export", "hook", "-o", "hook", "--config", "stackwarden.toml")
    assert done.returncode == 0, done.stderr
    function = tmp_path / "hook" / "function"
    assert sorted(path.relative_to(function).as_posix() for path in function.rglob("*") if path.is_file()) == [
        "own/deep/a.warden",
        "stackwarden.toml",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "cannot read `stackwarden.toml`"),
        ('fail-onn = "high"\n', "fail-onn"),
        ('policies = ["gone"]\n', "policies that are not there"),
        ('policies = [".."]\n', "does not lie below stackwarden.toml"),
    ],
)
def test_a_wrong_configuration_is_told(text: str | None, told: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "stackwarden.toml").write_text(text, encoding="utf-8")
    done = run(tmp_path, "export", "hook", "--config", "stackwarden.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert not (tmp_path / "hook").exists()
