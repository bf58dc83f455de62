"""No format, explanation or query shows a secret of a template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.test_commands import run
from stackwarden.report import Reporter, reporters
from stackwarden.run.discover import discover
from stackwarden.run.fixes import with_fixes
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.secrets import masked

_RULES = """
rule shows-all {
    title "shows all" severity high
    for db in AWS::RDS::DBInstance
    require db.MasterUserPassword == "never"
        else "the password is {db.MasterUserPassword}, the user {db.MasterUsername}, tags {db.Tags[*].Value}"
        at db.MasterUserPassword
    fix set db.MasterUserPassword = "never"
}
rule shows-task {
    title "shows task" severity high
    for task in AWS::ECS::TaskDefinition
    require task.ContainerDefinitions is absent
        else "{task.ContainerDefinitions[*].Command} {task.ContainerDefinitions[*].Environment[*].Value}"
        at task.ContainerDefinitions
}
rule shows-nested {
    title "shows nested" severity high
    for child in AWS::CloudFormation::Stack
    require child.Parameters is absent
        else "{child.Parameters.Passed}"
}
rule shows-environment {
    title "shows environment" severity high
    for fn in AWS::Lambda::Function
    require fn.Environment.Variables.DB_PASSWORD is absent
        else "{fn.Environment.Variables.DB_PASSWORD} and {fn.Environment.Variables.PLAIN}"
        at fn.Environment.Variables.DB_PASSWORD
}
"""
_PARENT = """\
Parameters:
  Password: {Type: String, NoEcho: true, Default: default-hunter, AllowedValues: [default-hunter, other-hunter]}
  Given: {Type: String, NoEcho: "true"}
  Stage: {Type: String}
Conditions:
  IsOther: !Equals [!Ref Password, other-hunter]
Resources:
  ByParameter:
    Type: AWS::RDS::DBInstance
    Properties: {MasterUsername: admin, MasterUserPassword: !Ref Password}
  ByGiven:
    Type: AWS::RDS::DBInstance
    Properties:
      MasterUsername: admin
      MasterUserPassword: !Ref Given
  ByLiteral:
    Type: AWS::RDS::DBInstance
    Properties:
      MasterUsername: admin
      MasterUserPassword: "literal hunter"
      Tags: [{Key: key, Value: AKIAIOSFODNN7EXAMPLE}]
  ByCondition:
    Type: AWS::RDS::DBInstance
    Properties: {MasterUserPassword: !If [IsOther, !Ref Password, never]}
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yaml, Parameters: {Passed: passed-hunter}}
  ByParts:
    Type: AWS::RDS::DBInstance
    Properties: {MasterUserPassword: !Join ["", [joined-hunter, !Sub "${Stage}-spelled-hunter"]]}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Environment: [{Name: API_TOKEN, Value: pair-hunter}, {Name: USER, Value: admin}]
          Command: ["sh", "-c", "mysql --password=flag-hunter", "Server=db;Pwd=string-hunter;"]
  Url:
    Type: AWS::Lambda::Function
    Properties:
      Environment: {Variables: {DB_PASSWORD: in-the-environment, PLAIN: "https://me:url-hunter@example.com/x"}}
"""
_CHILD = """\
Parameters: {Passed: {Type: String, NoEcho: true}}
Resources:
  Db: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: child-hunter, MasterUsername: !Ref Passed}}
"""
_SECRETS = (
    "default-hunter",
    "other-hunter",
    "given-hunter",
    "literal hunter",
    "child-hunter",
    "AKIAIOSFODNN7EXAMPLE",
    "in-the-environment",
    "url-hunter",
    "passed-hunter",
    "joined-hunter",
    "spelled-hunter",
    "pair-hunter",
    "flag-hunter",
    "string-hunter",
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "app.yaml").write_text(_PARENT, encoding="utf-8")
    (tmp_path / "child.yaml").write_text(_CHILD, encoding="utf-8")
    (tmp_path / "rules.warden").write_text(_RULES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _leaks(text: str) -> list[str]:
    plain = re.sub(r"[\s\"\\]+", " ", text)
    return [secret for secret in _SECRETS if secret in text or secret in plain]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("reporter", reporters(), ids=lambda one: one.name)
def test_no_format_shows_a_secret(reporter: Reporter) -> None:
    session = open_session(
        SessionOptions(policies=("rules.warden",), shipped=False, cache=False, parameters={"Given": "given-hunter"})
    )
    assert isinstance(session, Session)
    report = scan(session, discover(["app.yaml", "child.yaml"]).files, refine=with_fixes)
    assert {one.resource for one in report.findings} == {
        "ByParameter",
        "ByGiven",
        "ByLiteral",
        "ByCondition",
        "ByParts",
        "Child",
        "Db",
        "Task",
        "Url",
    }
    text = reporter.render(report)
    assert _leaks(text) == []
    assert "admin" in text


def test_explanations_and_queries_show_none(project: Path) -> None:
    given = ("--parameters", "Given=given-hunter", "--no-config")
    for arguments in (
        ("explain", "shows-all", "app.yaml", "--policy", "rules.warden", *given),
        ("query", "$.Resources.*.Properties", "app.yaml", *given),
        ("query", "$..MasterUserPassword", "app.yaml", *given),
        ("explain", "shows-all", "app.yaml", "--with", "child.yaml", "--policy", "rules.warden", *given),
        ("scan", "app.yaml", "--policy", "rules.warden", *given, "--show-maybe"),
        ("scan", "app.yaml", "--policy", "rules.warden", *given, "--fix", "--dry-run"),
        ("graph", "app.yaml", "--format", "svg", *given),
    ):
        done = run(project, *arguments)
        assert done.stdout, done.stderr
        assert _leaks(done.stdout + done.stderr) == [], arguments


def test_places_stay_what_they_are() -> None:
    source = Source("app.yaml", _PARENT)
    template = load(source)
    assert isinstance(template, Template)
    hidden, secrets = masked(template)
    assert secrets
    assert hidden.source.line_starts == source.line_starts
    assert len(hidden.source.text) == len(source.text)
    assert _leaks(hidden.source.text) == ["passed-hunter"]  # which only the nested template tells
    assert "TemplateURL: child.yaml" in hidden.source.text


def test_errors_show_none(project: Path) -> None:
    (project / "refused.yaml").write_text(
        "Parameters: {Given: {Type: String, NoEcho: true, AllowedValues: [other-hunter]}}\n"
        "Resources: {Db: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: a, MasterUserPassword: "
        "child-hunter}}}\n",
        encoding="utf-8",
    )
    (project / "broken.yaml").write_text(
        "Resources:\n  Db:\n    MasterUserPassword: child-hunter\n\tTab: postgres://me:url-hunter@db\n",
        encoding="utf-8",
    )
    for file, words in (("refused.yaml", "does not allow its value"), ("broken.yaml", "a tab")):
        given = ("--parameters", "Given=given-hunter") if file == "refused.yaml" else ()
        for command in (("scan",), ("explain", "rds-public-access"), ("query", "$")):
            done = run(project, *command, file, "--no-config", *given)
            assert done.returncode == 3 and words in done.stdout + done.stderr, done.stderr
            assert _leaks(done.stdout + done.stderr) == [], command


def test_a_patch_that_hides_a_secret_says_so(project: Path) -> None:
    done = run(project, "scan", "app.yaml", "--no-config", "--fix", "--dry-run", "--policy", "rules.warden")
    assert "secrets there, which the patch hides" in done.stderr
    assert "+      MasterUserPassword: ****" in done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "MasterUserPassword: '{{resolve:ssm-secure:db:1}}'",
        "SecretArn: arn:aws:secretsmanager:eu-west-1:111122223333:secret:db",
        "Token: true",
        "ApiKey: !Ref Key",
        "PasswordPolicy: {MinimumLength: 14}",
        "TokenUrl: https://example.com/token",
    ],
)
def test_what_is_no_secret_is_shown(line: str) -> None:
    template = load(
        Source(
            "a.yaml", f"Resources:\n  Key: {{Type: X::Y::Z}}\n  A:\n    Type: X::Y::Z\n    Properties:\n      {line}\n"
        )
    )
    assert isinstance(template, Template)
    hidden, secrets = masked(template)
    assert hidden.source.text == template.source.text
    assert not secrets
