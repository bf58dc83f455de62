"""`AWS::Include` with local snippets, and macros that nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from stackwarden.config import Settings, load_settings
from stackwarden.run.discover import discover
from stackwarden.run.finding import Finding, Report
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session

INCLUDE = "{{Name: AWS::Include, Parameters: {{Location: {}}}}}"
URL = """
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: f
      Fn::Transform: {{Name: {}, Parameters: {{Location: {}}}}}
"""
OPEN_URL = "Type: AWS::Lambda::Url\nProperties: {TargetFunctionArn: f, AuthType: NONE}\n"

Scan = Callable[..., Report]


@pytest.fixture
def scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scan:
    """Scans the template `t.yaml` with one rule; the files are given by their names."""
    monkeypatch.chdir(tmp_path)

    def run(
        template: str, rule: str = "lambda-url-auth-none", settings: Settings | None = None, **files: str
    ) -> Report:
        for name, text in {"t": template, **files}.items():
            path = tmp_path / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        session = open_session(SessionOptions(rules=(rule,), settings=settings))
        assert isinstance(session, Session)
        return scan(session, discover(("t.yaml",)).files)

    return run


def places(one: Finding) -> list[str]:
    """The place of a finding and those that belong to it."""
    spans = (one.place.span, *(related.span for related in one.related))
    return [f"{span.source.name}:{span.begin.line}" for span in spans]


@pytest.mark.parametrize("snippet", ["# a snippet\nAuthType: NONE\n", '{\n"AuthType": "NONE"}'])
def test_a_finding_in_a_snippet_points_into_its_file(scanned: Scan, snippet: str) -> None:
    report = scanned(URL.format("AWS::Include", "./part.yaml"), part=snippet)
    (finding,) = report.findings
    assert (finding.verdict, finding.file, finding.resource) == ("fail", "part.yaml", "Url")
    assert places(finding) == ["part.yaml:2", "t.yaml:7"]
    assert finding.place.path == ("Resources", "Url", "Properties", "AuthType")
    assert report.sources["part.yaml"].text == snippet
    assert report.errors == ()


def test_the_object_keeps_its_own_keys(scanned: Scan) -> None:
    template = URL.replace("TargetFunctionArn: f", "AuthType: AWS_IAM").format("AWS::Include", "part.yaml")
    assert scanned(template, part="{AuthType: NONE, TargetFunctionArn: f}").findings == ()


def test_every_part_of_a_template_may_come_from_a_snippet(scanned: Scan) -> None:
    """The conditions, a whole resource, a section of them, and a snippet in a snippet, by the folder that it is in."""
    template = f"""
        Parameters: {{Stage: {{Type: String, AllowedValues: [dev, prod]}}}}
        Conditions: {{"Fn::Transform": {INCLUDE.format("conditions.yaml")}}}
        Resources:
          Fn::Transform:
          - {INCLUDE.format("some/resources.yaml")}
          - {INCLUDE.format("more.yaml")}
          Whole: {{"Fn::Transform": {INCLUDE.format("whole.yaml")}}}
    """
    report = scanned(
        template,
        conditions="IsProd: !Equals [!Ref Stage, prod]",
        whole=OPEN_URL,
        more="More:\n  Condition: IsProd\n  " + OPEN_URL.replace("\n", "\n  "),
        some__resources=f'Inner: {{"Fn::Transform": {INCLUDE.format("inner.yaml")}}}',
        some__inner=f"# by itself\n{OPEN_URL}",
    )
    found = {one.resource: (places(one), one.when) for one in report.findings}
    assert found == {
        "More": (["more.yaml:4", "t.yaml:7"], ({"IsProd": True},)),
        "Inner": (["some/inner.yaml:3", "some/resources.yaml:1", "t.yaml:6"], None),
        "Whole": (["whole.yaml:2", "t.yaml:8"], None),
    }
    assert report.errors == ()


def test_the_serverless_transform_sees_what_is_included(scanned: Scan) -> None:
    template = f"""
        Transform: AWS::Serverless-2016-10-31
        Globals: {{"Function": {{"Fn::Transform": {INCLUDE.format("globals.yaml")}}}}}
        Resources:
          Fn::Transform: {INCLUDE.format("functions.yaml")}
    """
    functions = """\
        Fn:
          Type: AWS::Serverless::Function
          Properties:
            InlineCode: x
            FunctionUrlConfig:
              AuthType: NONE
    """
    settings = "{Handler: index.handler, Runtime: python3.13, Timeout: 30}"
    report = scanned(template, functions=functions, globals=settings)
    (finding,) = report.findings
    assert (finding.resource, places(finding)) == ("FnUrl", ["functions.yaml:6", "t.yaml:5"])
    assert report.errors == ()
    (public,) = scanned(template, "lambda-url-permission-public", functions=functions, globals=settings).findings
    assert places(public) == ["functions.yaml:1", "t.yaml:5"]


def test_a_loop_in_a_snippet_is_written_out(scanned: Scan) -> None:
    template = f"""
        Transform: AWS::LanguageExtensions
        Resources: {{"Fn::Transform": {INCLUDE.format("loop.yaml")}}}
    """
    loop = "Fn::ForEach::Urls:\n- Name\n- [A, B]\n- Url${Name}:\n    " + OPEN_URL.replace("\n", "\n    ")
    assert [(one.resource, places(one)) for one in scanned(template, loop=loop).findings] == [
        ("UrlA", ["loop.yaml:6", "t.yaml:3"]),
        ("UrlB", ["loop.yaml:6", "t.yaml:3"]),
    ]


def test_a_snippet_of_the_whole_template_adds_sections_and_entries(scanned: Scan) -> None:
    template = f"""
        Transform: {INCLUDE.format("whole.yaml")}
        Resources: {{Own: {{Type: AWS::Lambda::Url, Condition: Never, Properties: {{AuthType: NONE}}}}}}
    """
    added = "Conditions: {Never: !Equals [a, b]}\nResources:\n  Added:\n    " + OPEN_URL.replace("\n", "\n    ")
    report = scanned(template, whole=added)
    assert [(one.resource, places(one)) for one in report.findings] == [("Added", ["whole.yaml:5", "t.yaml:2"])]
    assert report.errors == ()


def test_a_nested_template_includes_too(scanned: Scan) -> None:
    parent = """
        Resources:
          Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested/child.yaml, Parameters: {A: NONE}}}
    """
    child = "Parameters: {A: {Type: String}}" + URL.format("AWS::Include", "part.yaml")
    (finding,) = scanned(parent, nested__child=child, nested__part="AuthType: !Ref A").findings
    assert (finding.verdict, finding.through) == ("fail", ("Child",))
    assert places(finding) == ["nested/part.yaml:1", "t.yaml:3", "nested/child.yaml:7"]


def test_a_waiver_in_a_snippet_counts(scanned: Scan) -> None:
    waived = '# stackwarden: ignore[lambda-url-auth-none] reason="meant for all"\nAuthType: NONE\n'
    (finding,) = scanned(URL.format("AWS::Include", "part.yaml"), part=waived).findings
    assert finding.waived is not None
    assert (finding.waived.source, finding.waived.reason) == ("part.yaml:1", "meant for all")
    report = scanned(URL.format("AWS::Include", "part.yaml"), part=waived.replace('reason="meant for all"', ""))
    assert [(one.file, one.line, one.message) for one in report.errors] == [
        ("part.yaml", 1, "this waiver does not count: it has no reason")
    ]


@pytest.mark.parametrize(("path", "covered"), [("t.yaml", True), ("part.yaml", True), ("other.yaml", False)])
def test_a_configured_waiver_may_name_either_file(scanned: Scan, tmp_path: Path, path: str, covered: bool) -> None:
    waiver = f'[[waivers]]\nrule = "lambda-url-auth-none"\npath = "{path}"\nreason = "meant for all"\n'
    (tmp_path / "stackwarden.toml").write_text(waiver, encoding="utf-8")
    settings = load_settings(tmp_path / "stackwarden.toml")
    assert isinstance(settings, Settings)
    (finding,) = scanned(URL.format("AWS::Include", "part.yaml"), settings=settings, part="AuthType: NONE").findings
    assert (finding.waived is not None) is covered


def test_secrets_in_a_snippet_are_not_shown(scanned: Scan) -> None:
    part = "AuthType: NONE\nSecretString: hunter2hunter2\n"
    report = scanned(URL.format("AWS::Include", "part.yaml"), part=part)
    assert "hunter2" not in report.sources["part.yaml"].text


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "`part.yaml` cannot be included: it is no file with an object that can be read"),
        ({"part": "[a, list]"}, "`part.yaml` cannot be included: it is no file with an object that can be read"),
        (
            {"part": f'{{"Fn::Transform": {INCLUDE.format("part.yaml")}}}'},
            "`part.yaml` cannot be included: it includes itself",
        ),
    ],
)
def test_a_snippet_that_cannot_be_included_is_told(scanned: Scan, files: dict[str, str], message: str) -> None:
    report = scanned(URL.format("AWS::Include", "part.yaml"), **files)
    assert [one.verdict for one in report.findings] == ["maybe"], "what it would add is not known"
    assert [(one.message, one.fatal) for one in report.errors] == [(message, True)]


def test_what_is_wrong_in_a_snippet_is_told_where_it_stands(scanned: Scan) -> None:
    template = f'Resources: {{"Fn::Transform": {INCLUDE.format("part.yaml")}}}'
    part = "Fine:\n  " + OPEN_URL.replace("\n", "\n  ") + "\nUntyped:\n  Properties: {}\n"
    report = scanned(template, part=part)
    assert [one.resource for one in report.findings] == ["Fine"]
    assert [(one.file, one.line) for one in report.errors] == [("part.yaml", 5)]


@pytest.mark.parametrize(("macro", "location"), [("AWS::Include", "s3://bucket/part.yaml"), ("Own", "part.yaml")])
def test_what_a_macro_may_add_is_unknown(scanned: Scan, macro: str, location: str) -> None:
    report = scanned(URL.format(macro, location))
    assert {one.verdict for one in report.findings} == {"maybe"}
    assert report.errors == ()


STAGE = """
    Resources:
      Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: x}}
      Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: live}}
      Url: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: f}}
"""


@pytest.mark.parametrize(
    ("template", "logging"),
    [
        ("    Transform: OwnMacro" + STAGE, "maybe"),
        (STAGE.replace("Resources:\n", "Resources:\n      Fn::Transform: {Name: OwnMacro}\n"), "maybe"),
        (STAGE + "      Other: {Fn::Transform: {Name: OwnMacro}}\n", "fail"),
    ],
)
def test_a_macro_may_add_resources_and_change_those_that_it_is_given(
    scanned: Scan, template: str, logging: str
) -> None:
    verdicts = {
        "apigateway-stage-waf-missing": "maybe",
        "apigateway-stage-access-logging": logging,
        "lambda-url-auth-none": "fail",
    }
    for rule, verdict in verdicts.items():
        report = scanned(template, rule)
        assert {one.verdict for one in report.findings} == {verdict}, rule
        assert report.errors == ()


def test_a_macro_in_a_section_may_define_what_is_named(scanned: Scan) -> None:
    report = scanned(
        """
        Parameters: {"Fn::Transform": {Name: Own}}
        Mappings: {"Fn::Transform": {Name: Own}}
        Conditions: {"Fn::Transform": {Name: Own}}
        Resources:
          A: {Type: AWS::Lambda::Url, Condition: C, Properties: {TargetFunctionArn: f, AuthType: !Ref P}}
          B: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: f, AuthType: !FindInMap [M, a, b]}}
          D: {Type: AWS::Lambda::Url, "Fn::Transform": {Name: Own}}
          E: {Type: AWS::Lambda::Url, "Fn::Transform": {Name: Own}, Properties: {TargetFunctionArn: f}}
        """
    )
    assert [(one.resource, one.verdict) for one in report.findings] == [(name, "maybe") for name in "ABDE"]
    assert report.errors == ()
