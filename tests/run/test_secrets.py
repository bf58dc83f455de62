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
    Properties: {TemplateURL: child.yaml}
  Url:
    Type: AWS::Lambda::Function
    Properties:
      Environment: {Variables: {DB_PASSWORD: in-the-environment, PLAIN: "https://me:url-hunter@example.com/x"}}
"""
_CHILD = """\
Resources:
  Db: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: child-hunter}}
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
        "Db",
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
        ("scan", "app.yaml", "--policy", "rules.warden", *given, "--show-maybe"),
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
    assert _leaks(hidden.source.text) == []
    assert "TemplateURL: child.yaml" in hidden.source.text


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
