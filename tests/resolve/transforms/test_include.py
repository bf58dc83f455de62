"""`AWS::Include` with a local snippet, and macros that nobody knows."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from stackwarden.run.discover import discover
from stackwarden.run.finding import Report
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session

URL = """
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: f
      Fn::Transform: {{Name: {}, Parameters: {{Location: {}}}}}
"""


def scanned(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, rule: str = "lambda-url-auth-none") -> Report:
    (folder / "t.yaml").write_text(dedent(text), encoding="utf-8")
    monkeypatch.chdir(folder)
    session = open_session(SessionOptions(rules=(rule,)))
    assert isinstance(session, Session)
    return scan(session, discover(("t.yaml",)).files)


@pytest.mark.parametrize("snippet", ["AuthType: NONE\n", '{"AuthType": "NONE"}'])
def test_a_local_snippet_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snippet: str) -> None:
    (tmp_path / "part.yaml").write_text(snippet, encoding="utf-8")
    (finding,) = scanned(tmp_path, monkeypatch, URL.format("AWS::Include", "./part.yaml")).findings
    assert finding.verdict == "fail"
    assert finding.place.span.begin.line == 6, "it stands in the object that includes it"


@pytest.mark.parametrize(
    ("macro", "location"),
    [("AWS::Include", "s3://bucket/part.yaml"), ("Own", "part.yaml"), ("AWS::Include", "no.yaml")],
)
def test_what_a_macro_may_add_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, macro: str, location: str
) -> None:
    report = scanned(tmp_path, monkeypatch, URL.format(macro, location))
    assert {one.verdict for one in report.findings} <= {"maybe"}
    assert bool(report.errors) == (location == "no.yaml")


def test_a_macro_over_the_whole_template_may_add_properties_and_resources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = """
        Transform: OwnMacro
        Resources:
          Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x}}
          Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: live}}
          Url: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: f}}
    """
    for rule, verdict in (
        ("apigateway-stage-waf-missing", "maybe"),
        ("apigateway-stage-access-logging", "maybe"),
        ("lambda-url-auth-none", "fail"),
    ):
        assert {one.verdict for one in scanned(tmp_path, monkeypatch, text, rule).findings} == {verdict}, rule
