"""Findings about whole paths: their places, what they contain, and where formats show them."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

from stackwarden.report import UnknownFormat, reporter
from stackwarden.report.pretty import Pretty
from stackwarden.run.discover import discover
from stackwarden.run.finding import Finding, Report
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session

TEMPLATE = """\
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !Ref Fn
      AuthType: NONE
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: "*"
                Resource: "*"
"""
NESTING = """\
Resources:
  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}
"""
RULES = ("exposure-path-admin", "lambda-url-auth-none", "iam-policy-admin-access", "lambda-tracing")


@cache
def rules() -> Session:
    session = open_session(SessionOptions(rules=RULES, cache=False))
    assert isinstance(session, Session)
    return session


def scanned(folder: Path, **files: str) -> Report:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return scan(rules(), discover([str(folder)]).files, today=date(2026, 1, 1))


def about(report: Report, rule: str) -> Finding:
    (found,) = [finding for finding in report.findings if finding.rule.id == rule]
    return found


def test_each_step_has_its_place(tmp_path: Path) -> None:
    finding = about(scanned(tmp_path, app=TEMPLATE), "exposure-path-admin")
    assert finding.message == "internet → ANY / → Fn → Role → do everything in the account"
    assert finding.place.path == ("Resources", "Url", "Properties", "AuthType")
    assert [(place.label, place.span.begin.line, place.path[1]) for place in finding.related] == [
        ("ANY / asks for no authorization", 6, "Url"),
        ("Url invokes Fn", 5, "Url"),
        ("Fn runs as Role", 10, "Fn"),
        ("Role may do everything in the account", 19, "Role"),
    ]


def test_a_path_contains_what_is_wrong_on_it_and_nothing_else(tmp_path: Path) -> None:
    report = scanned(tmp_path, app=TEMPLATE)
    finding = about(report, "exposure-path-admin")
    by_fingerprint = {one.fingerprint: one.rule.id for one in report.findings}
    assert {by_fingerprint[part] for part in finding.parts} == {"lambda-url-auth-none", "iam-policy-admin-access"}
    assert "lambda-tracing" in by_fingerprint.values()
    assert all(not one.parts for one in report.findings if one is not finding)


def test_formats_have_the_places_and_the_parts(tmp_path: Path) -> None:
    report = scanned(tmp_path, app=TEMPLATE)
    finding = about(report, "exposure-path-admin")
    told = {one["rule"]: one for one in json.loads(rendered("json", report))["findings"]}
    assert [one["label"] for one in told["exposure-path-admin"]["related"]] == [one.label for one in finding.related]
    assert told["exposure-path-admin"]["related"][0] == {
        "file": finding.file,
        "line": 6,
        "column": 17,
        "end_line": 6,
        "end_column": 21,
        "label": "ANY / asks for no authorization",
    }
    assert told["exposure-path-admin"]["parts"] == list(finding.parts)
    assert told["lambda-tracing"]["related"] == [] and "parts" not in told["lambda-tracing"]
    results = {one["ruleId"]: one for one in json.loads(rendered("sarif", report))["runs"][0]["results"]}
    result = results["exposure-path-admin"]
    assert [one["message"]["text"] for one in result["relatedLocations"]] == [one.label for one in finding.related]
    assert [one["physicalLocation"]["region"]["startLine"] for one in result["relatedLocations"]] == [6, 5, 10, 19]
    assert result["properties"]["parts"] == list(finding.parts)


def test_a_path_is_listed_before_its_parts(tmp_path: Path) -> None:
    text = Pretty(colour=False, width=100).render(scanned(tmp_path, app=TEMPLATE))
    heads = [line.split("  ")[1] for line in text.splitlines() if line.startswith(("critical", "high", "medium"))]
    assert heads[0] == "exposure-path-admin"
    assert set(heads[1:]) >= {"lambda-url-auth-none", "iam-policy-admin-access"}
    (line,) = [line for line in text.splitlines() if line.strip().startswith("contains ")]
    assert set(line.strip().removeprefix("contains ").split(", ")) == {
        "lambda-url-auth-none",
        "iam-policy-admin-access",
    }


def test_in_a_nested_stack_the_way_down_comes_first(tmp_path: Path) -> None:
    report = scanned(tmp_path, inner=TEMPLATE, outer=NESTING)
    (finding,) = [one for one in report.findings if one.rule.id == "exposure-path-admin" and one.through]
    assert finding.related[0].label == "deploys this template"
    assert finding.related[0].span.source.name.endswith("outer.yaml")
    assert [place.span.source.name[-10:] for place in finding.related[1:]] == ["inner.yaml"] * 4
    assert [place.span.begin.line for place in finding.related[1:]] == [6, 5, 10, 19]


def rendered(name: str, report: Report) -> str:
    found = reporter(name)
    assert not isinstance(found, UnknownFormat)
    return found.render(report)
