"""`explain` and `query` as people call them: what they print, and the exit code of a wrong call or file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import stackwarden

TEMPLATES = Path(__file__).parents[1] / "run" / "explained" / "trails"
RULE = "closed-url"
OWN = ("--policy", "rules.warden", "--no-config")


def run(*arguments: str, folder: Path = TEMPLATES, stdin: str = "") -> subprocess.CompletedProcess[str]:
    call = "import sys; sys.argv[0] = 'stackwarden'; from stackwarden.cli.app import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(Path(stackwarden.__file__).parents[1])}
    return subprocess.run(
        [sys.executable, "-c", call, *arguments],
        cwd=folder,
        input=stdin,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("closed-ulr",), 2, "there is no rule `closed-ulr`; did you mean `closed-url`?"),
        (("closed-ulr", "nowhere.yaml"), 2, "there is no rule `closed-ulr`"),
        ((RULE, "nowhere.yaml"), 3, "`nowhere.yaml` cannot be read: No such file or directory"),
        ((RULE, "."), 3, "`.` cannot be read: Is a directory"),
        ((RULE, "rules.warden"), 3, "rules.warden:3:1 not a template"),
        ((RULE, "parent.yaml", "--resource", "Net/Pased"), 2, "there is no resource `Net/Pased`"),
        ((RULE, "parent.yaml", "--resource", "Net/Pased"), 2, "did you mean `Net/Passed`?"),
        ((RULE, "parent.yaml", "--parameters", "Stag=dev"), 2, "there is no parameter `Stag`"),
        ((RULE, "parent.yaml", "--parameters", "Stage=qa"), 3, "parameter `Stage` does not allow `qa`"),
        ((RULE, "parent.yaml", "--parameters", "values.json"), 2, "parameters in `values.json`: "),
        ((RULE, "parent.yaml", "--environment", "prod"), 2, "there is no environment `prod`"),
        ((RULE, "parent.yaml", "--with", "nowhere"), 2, "nowhere: no such file or folder"),
        ((RULE, "parent.yaml", "--set", "x=1"), 2, "there is no param `x`"),
        ((RULE, "parent.yaml"), 0, ""),
    ],
)
def test_explain(arguments: tuple[str, ...], code: int, told: str) -> None:
    result = run("explain", *arguments, *OWN)
    assert result.returncode == code, result.stdout + result.stderr
    assert told in result.stderr
    assert (code == 2) <= (result.stdout == "")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("$.Resources[", "parent.yaml"), 2, "`$.Resources[` is no JSONPath: "),
        (("$.Nothing", "parent.yaml"), 2, "nothing in parent.yaml is at `$.Nothing`"),
        (("$", "nowhere.yaml"), 3, "`nowhere.yaml` cannot be read"),
        (("$", "rules.warden"), 3, "rules.warden:3:1 not a template"),
        (("$", "parent.yaml", "--parameters", "Stag=dev"), 2, "did you mean `Stage`?"),
        (("$", "parent.yaml", "--parameters", "Stage=qa"), 3, "parameter `Stage` does not allow `qa`"),
        (("$", "parent.yaml", "--environment", "prod"), 2, "there is no environment `prod`"),
        (('$.Resources["Net/Passed"].Properties.AuthType', "parent.yaml"), 0, ""),
    ],
)
def test_query(arguments: tuple[str, ...], code: int, told: str) -> None:
    result = run("query", *arguments, "--no-config")
    assert result.returncode == code, result.stdout + result.stderr
    assert told in result.stderr


def test_a_template_on_standard_input() -> None:
    template = (TEMPLATES / "buckets.yaml").read_text(encoding="utf-8")
    explained = run("explain", "closed-bucket", "-", *OWN, stdin=template)
    assert "parameter Block is false (default: false)  (<stdin>:2:3)" in explained.stdout
    found = run("query", "$..BlockPublicAcls", "-", "--no-config", "--parameters", "Block=true", stdin=template)
    assert found.stdout == (
        "<stdin>:12:26  Resources.Bucket.Properties.PublicAccessBlockConfiguration.BlockPublicAcls  true\n"
    )


def test_pseudo_parameters_and_exports_of_other_templates() -> None:
    path = "$.Resources.Imported.Properties.AuthType"
    alone = run("query", path, "parameters.yaml", "--no-config")
    beside = run("query", path, "parameters.yaml", "--no-config", "--with", "exporter.yaml")
    assert [one.stdout.split("  ")[2].strip() for one in (alone, beside)] == ["${…}", "NONE"]
    joined = "$.Resources.Branches.Properties.AuthType"
    arguments = ("query", joined, "parameters.yaml", "--no-config", "--region", "us-east-1")
    assert "NONE" in run(*arguments).stdout
    assert run(*arguments[:-1], "eu-west-1").returncode == 2


def test_the_configuration_counts(tmp_path: Path) -> None:
    for name in ("parent.yaml", "child.yaml", "rules.warden"):
        (tmp_path / name).write_bytes((TEMPLATES / name).read_bytes())
    config = (
        'policies = ["rules.warden"]\n[environments]\ndev.parameters = "Stage=dev"\nprod.parameters = "Stage=prod"\n'
    )
    (tmp_path / "stackwarden.toml").write_text(config, encoding="utf-8")
    path = '$.Resources["Url"].Properties.AuthType'
    assert run("query", path, "parent.yaml", folder=tmp_path).stdout == (
        "parent.yaml:14:50  Resources.Url.Properties.AuthType  AWS_IAM  in dev\n"
        "parent.yaml:14:50  Resources.Url.Properties.AuthType  NONE  in prod\n"
    )
    chosen = ("explain", RULE, "parent.yaml", "--resource", "Url", "--environment")
    assert "verdict: passes" in run(*chosen, "dev", folder=tmp_path).stdout
    explained = run(*chosen, "prod", folder=tmp_path).stdout
    assert "in prod:" in explained and "in dev:" not in explained
    assert "parameter Stage is given as prod  (parent.yaml:2:3)" in explained


def test_a_scan_says_how_to_explain_what_it_found_in_a_nested_stack() -> None:
    scanned = run("scan", "parent.yaml", "child.yaml", "--rule", RULE, *OWN).stdout
    first = scanned.index("child.yaml:")
    assert "next: stackwarden explain closed-url parent.yaml" in scanned[first:]
    explained = run("explain", RULE, "parent.yaml", *OWN).stdout
    assert "url = Net/Passed (AWS::Lambda::Url) (child.yaml:8)" in explained


def test_an_explanation_as_json() -> None:
    arguments = ("explain", RULE, "parent.yaml", "--resource", "Net/Passed", *OWN)
    explained = json.loads(run(*arguments, "--format", "json").stdout)
    assert (explained["version"], explained["rule"]) == ("1", RULE)
    (subject,) = explained["subjects"]
    place = {name: subject[name] for name in ("resource", "resource_type", "file", "line", "column")}
    assert place == {
        "resource": "Net/Passed",
        "resource_type": "AWS::Lambda::Url",
        "file": "child.yaml",
        "line": 8,
        "column": 5,
    }
    assert subject["deployed"] and subject["applies"] and subject["when"] == [{"IsProd": True}]
    where, require = subject["clauses"]
    assert (where["kind"], require["kind"], require["verdict"]) == ("where", "require", "fails")
    assert require["when"] == [{"IsProd": True}]
    told = [step for trail in require["trails"] for step in _all(trail["steps"])]
    assert require["setting"] == {"Parameters.Stage": "prod"}
    assert {step["kind"] for step in told} >= {"Nested", "Passed", "Branch", "Condition"}
    in_text = run(*arguments).stdout
    lines = [line.strip() for line in in_text.splitlines()]
    for step in told:
        assert f"{step['text']}  ({step['file']}:{step['line']}:{step['column']})" in lines
    assert _texts(require) <= set(lines)


def _all(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for step in steps for one in (step, *_all(step["below"]))]


def _texts(tree: dict[str, Any]) -> set[str]:
    return {tree["text"]}.union(*(_texts(part) for part in tree["parts"]))


def test_a_rule_as_json() -> None:
    rule = json.loads(run("explain", RULE, "--format", "json", *OWN).stdout)
    assert (rule["id"], rule["source"]) == (RULE, "rules.warden:3")


def test_a_query_as_json() -> None:
    arguments = ("query", "$.Resources.Url.Properties.AuthType", "parent.yaml", "--no-config", "--format", "json")
    found = json.loads(run(*arguments).stdout)
    assert found["version"] == "1"
    values = [(one["path"], one["value"], one["known"], one["when"], one["line"]) for one in found["results"]]
    path = "Resources.Url.Properties.AuthType"
    assert values == [(path, "NONE", True, [{"IsProd": True}], 14), (path, "AWS_IAM", True, [{"IsProd": False}], 14)]
    missing = run("query", "$.Nothing", "parent.yaml", "--no-config", "--format", "json")
    assert (missing.returncode, json.loads(missing.stdout)["results"]) == (2, [])


def test_json_shows_no_secrets(tmp_path: Path) -> None:
    template = """
        Parameters: {Auth: {Type: String, NoEcho: true}}
        Resources: {U: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: f, AuthType: !Ref Auth}}}
    """
    (tmp_path / "t.yaml").write_text(template, encoding="utf-8")
    given = ("t.yaml", "--parameters", "Auth=hunter2hunter2", "--no-config", "--format", "json")
    for command in (("explain", "lambda-url-auth-none"), ("query", "$..AuthType")):
        result = run(*command, *given, folder=tmp_path)
        assert result.returncode == 0 and json.loads(result.stdout)
        assert "hunter2" not in result.stdout
