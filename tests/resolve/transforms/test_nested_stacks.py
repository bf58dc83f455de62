"""Nested stacks with local templates: parameters bound, outputs read, relations across stacks, faults told."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackwarden.run.discover import discover
from stackwarden.run.finding import Report
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session

PARENT = """
Parameters:
  Env: {Type: String}
Conditions:
  Big: !Equals [!Ref Env, big]
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./parts/child.yaml
      Parameters: {Stage: !Ref Env, Auth: !If [Big, NONE, AWS_IAM]}
  Link:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !Sub "arn:aws:apigateway:${AWS::Region}::/restapis/${Net.Outputs.ApiId}/stages/live"
      WebACLArn: acl
"""
CHILD = """
Parameters:
  Stage: {Type: String, Default: dev}
  Auth: {Type: String}
  Other: {Type: String, Default: NONE}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  ByParent:
    Type: AWS::Lambda::Url
    Properties: {AuthType: !Ref Auth, TargetFunctionArn: f}
  ByDefault:
    Type: AWS::Lambda::Url
    Condition: IsProd
    Properties: {AuthType: !Ref Other, TargetFunctionArn: f}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x}}
  Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: live}}
Outputs:
  ApiId: {Value: !Ref Api}
"""


@pytest.fixture
def session() -> Session:
    opened = open_session(SessionOptions(rules=("lambda-url-auth-none", "apigateway-stage-waf-missing")))
    assert isinstance(opened, Session)
    return opened


def scanned(session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch, *paths: str) -> Report:
    monkeypatch.chdir(folder)
    return scan(session, discover(paths or (".",)).files)


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path = path.with_suffix(".yaml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_a_childs_findings_depend_on_what_the_parent_passes(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, parent=PARENT, parts__child=CHILD)
    report = scanned(session, tmp_path, monkeypatch)
    found = {one.resource: one for one in report.findings}
    assert set(found) == {"ByParent", "ByDefault"}, "the parent's web ACL protects the child's stage"
    assert found["ByParent"].when == ({"Big": True},)
    assert found["ByDefault"].when == ({"Parameters.Env": "prod"},)
    for one in found.values():
        assert one.file == "parts/child.yaml"
        assert one.through == ("Net",)
        assert [(place.span.source.name, place.span.begin.line) for place in one.related] == [("parent.yaml", 7)]
    assert not report.errors


def test_a_child_alone_is_judged_by_its_own_parameters(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, parts__child=CHILD)
    report = scanned(session, tmp_path, monkeypatch)
    assert {(one.resource, one.verdict) for one in report.findings} == {
        ("ByParent", "maybe"),
        ("ByDefault", "fail"),
        ("Live", "fail"),
    }
    assert {one.through for one in report.findings} == {()}


def test_two_stacks_of_one_template_are_two_things(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = "{{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: c.yaml, Parameters: {{Auth: {}}}}}}}"
    parent = f"Resources:\n  Good: {stack.format('AWS_IAM')}\n  Bad: {stack.format('NONE')}\n"
    child = """
Parameters: {Auth: {Type: String}}
Resources:
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: !Ref Auth, TargetFunctionArn: f}}
"""
    write(tmp_path, parent=parent, c=child)
    report = scanned(session, tmp_path, monkeypatch)
    assert [(one.resource, one.through) for one in report.findings] == [("Url", ("Bad",))]


def test_a_missing_file_is_told_at_its_place(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = "Resources:\n  Gone: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: gone.yaml}}\n"
    write(tmp_path, parent=parent)
    (error,) = scanned(session, tmp_path, monkeypatch).errors
    assert (error.file, error.line, error.message) == ("parent.yaml", 2, "nested template `gone.yaml` does not exist")
    assert error.fatal


def test_stacks_in_a_circle_are_told_and_still_scanned(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """
Resources:
  Other: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {}}}}}
  Url: {{Type: AWS::Lambda::Url, Properties: {{AuthType: NONE, TargetFunctionArn: f}}}}
"""
    write(tmp_path, a=text.format("b.yaml"), b=text.format("a.yaml"))
    report = scanned(session, tmp_path, monkeypatch)
    assert any("contains this stack" in error.message for error in report.errors)
    assert {("a.yaml", ()), ("b.yaml", ())} <= {(one.file, one.through) for one in report.findings}


def test_outputs_that_depend_on_each_other_are_unknown(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = "{{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: c.yaml, Parameters: {{Auth: {}}}}}}}"
    a, b = (stack.format(f"!GetAtt {other}.Outputs.Auth") for other in "BA")
    parent = f"Resources:\n  A: {a}\n  B: {b}\n"
    child = """
Parameters: {Auth: {Type: String}}
Resources:
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: !Ref Auth, TargetFunctionArn: f}}
Outputs: {Auth: {Value: !Ref Auth}}
"""
    write(tmp_path, parent=parent, c=child)
    report = scanned(session, tmp_path, monkeypatch)
    assert {(one.resource, one.verdict) for one in report.findings} == {("Url", "maybe")}


PASSED = """
Parameters:
  Names: {Type: String, Default: "NONE, x"}
Conditions:
  Own: !Equals [!Ref Names, own]
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yaml
      Parameters:
        List: !Ref Names
        Auth: !If [Own, AWS_IAM, !Ref "AWS::NoValue"]
"""
TAKEN = """
Parameters:
  List: {Type: CommaDelimitedList}
  Auth: {Type: String, Default: NONE}
Conditions:
  InEurope: !Equals [!Ref "AWS::Region", eu-west-1]
Resources:
  First: {Type: AWS::Lambda::Url, Properties: {AuthType: !Select [0, !Ref List], TargetFunctionArn: f}}
  Missing: {Type: AWS::Lambda::Url, Properties: {AuthType: !Ref Auth, TargetFunctionArn: f}}
  Regional: {Type: AWS::Lambda::Url, Properties: {AuthType: !If [InEurope, NONE, AWS_IAM], TargetFunctionArn: f}}
"""


def test_what_is_passed_is_known_in_the_child(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, parent=PASSED, child=TAKEN)
    report = scanned(session, tmp_path, monkeypatch)
    assert {one.resource: (one.verdict, one.when) for one in report.findings} == {
        "First": ("fail", ({"Parameters.Names": "NONE, x"},)),  # a text that is read as a list is cut at commas
        "Missing": ("fail", ({"Own": False},)),  # AWS::NoValue leaves the parameter to its default
        "Regional": ("fail", ({"AWS::Region": "eu-west-1"},)),  # the child compares what both stacks share
    }


def test_what_is_wrong_in_a_nested_template_is_told(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not scanned by itself, so nobody else would tell."""
    write(tmp_path, parent=PARENT, parts__child=CHILD + "Metadata:\n  Twice: a\n  Twice: b\nParameter: {}\n")
    clean = scanned(session, tmp_path, monkeypatch, ".")
    assert {(one.file, one.fatal) for one in clean.errors} == {("parts/child.yaml", False)}
    write(tmp_path, parent=PARENT, parts__child=CHILD.replace("  Api: {Type: ", "  Api: {Kind: "))
    report = scanned(session, tmp_path, monkeypatch, ".")
    assert ("parts/child.yaml", 16, True) in {(one.file, one.line, one.fatal) for one in report.errors}
