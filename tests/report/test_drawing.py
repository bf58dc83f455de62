"""Drawings: what is in them, golden files for each format, hostile names, and the page in a real browser."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browser import open_page
from stackwarden.graph.edges import Kind
from stackwarden.graph.stack import Stack
from stackwarden.report.drawing import DRAWINGS, Choice, OnPage, picture_of, svg
from stackwarden.report.drawing.picture import Picture
from stackwarden.run.discover import discover
from stackwarden.run.finding import Finding
from stackwarden.run.opened import Asked, open_file
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session

if TYPE_CHECKING:
    from playwright.sync_api import Dialog

APP = """\
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}, Other: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Fn, AuthType: NONE}}
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      DeadLetterConfig: !If [IsProd, {TargetArn: !GetAtt Failed.Arn}, !Ref AWS::NoValue]
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Ref Other]
      Policies:
        - PolicyName: own
          PolicyDocument: {Statement: [{Effect: Allow, Action: "dynamodb:Put*", Resource: !GetAtt Table.Arn}]}
  Table: {Type: AWS::DynamoDB::Table}
  Failed: {Type: AWS::SQS::Queue, Condition: IsProd}
  Alone: {Type: AWS::SNS::Topic}
  Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}
"""
INNER = """\
Resources:
  Hidden: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn}}}
  Dead: {Type: AWS::SQS::Queue}
"""
HOSTILE = """\
Resources:
  "<script>alert(1)": {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt end.Arn}}
  end: {Type: AWS::IAM::Role, Properties: {ManagedPolicyArns: ['x"]; click n0 "javascript:alert(1)']}}
  'a"b\\': {Type: 'Custom::"x"-->|y|', Properties: {ServiceToken: "]]>--><img src=x onerror=alert(1)>"}}
  "bell\\a": {Type: AWS::SQS::Queue}
  "</svg></style></script>": {Type: AWS::SNS::Topic}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the templates, which is the working folder, so that names are short."""
    for name, text in (("app", APP), ("inner", INNER), ("hostile", HOSTILE)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stack_of(name: str) -> Stack:
    (found,) = discover([f"{name}.yaml"]).files
    opened = open_file(Asked(found), SessionOptions())
    assert not opened.wrong and not opened.faults
    return opened.stacks[0].stack


@cache
def rules() -> Session:
    session = open_session(SessionOptions(rules=("exposure-path-data", "lambda-url-auth-none"), cache=False))
    assert isinstance(session, Session)
    return session


def findings() -> tuple[Finding, ...]:
    return scan(rules(), discover(["app.yaml", "inner.yaml"]).files).shown()


def lines_of(picture: Picture) -> list[str]:
    return [
        f"{line.source} {line.words} {line.target}"
        + (f" [{line.label}]" if line.label else "")
        + (" ?" if line.uncertain else "")
        + (f" when {line.when}" if line.when else "")
        + (" !" if line.exposed else "")
        for line in picture.lines
    ]


def test_lines_say_when_they_are_there_and_which_are_exposed() -> None:
    assert sorted(lines_of(picture_of(stack_of("app")))) == [
        "Fn invokes Failed when IsProd is true",
        "Fn runs as Role !",
        "Inner/Hidden invokes Inner/Dead",
        "Role allows Table [dynamodb:Put*] !",
        "Role has policy unknown:Role.ManagedPolicyArns ?",
        "Url invokes Fn !",
        "internet:internet enters Url !",
    ]


def test_nodes_say_where_they_are() -> None:
    nodes = {node.id: node for node in picture_of(stack_of("app"), findings=findings()).nodes}
    assert nodes["Failed"].when == "IsProd is true" and nodes["Fn"].when == ""
    assert nodes["Inner/Dead"].frame == "Inner" and nodes["Inner/Dead"].label == "Dead"
    assert nodes["unknown:Role.ManagedPolicyArns"].what == "unknown"
    assert {node.id for node in nodes.values() if node.exposed} == {"internet:internet", "Url", "Fn", "Role", "Table"}
    assert [one.rule.id for one in nodes["Fn"].findings] == ["exposure-path-data"]
    assert [one.rule.id for one in nodes["Url"].findings] == ["lambda-url-auth-none"]


def test_a_choice_leaves_out_the_rest() -> None:
    stack = stack_of("app")

    def ids(choice: Choice) -> set[str]:
        return {node.id for node in picture_of(stack, choice).nodes}

    assert ids(Choice(focus="Failed")) == {"internet:internet", "Url", "Fn", "Failed"}
    assert ids(Choice(focus="Nobody")) == set()
    assert ids(Choice(exposure=True)) == {
        "internet:internet",
        "Url",
        "Fn",
        "Failed",
        "Role",
        "Table",
        "unknown:Role.ManagedPolicyArns",
    }
    only = picture_of(stack, Choice(frozenset({Kind.RUNS_AS})))
    assert lines_of(only) == ["Fn runs as Role !"]
    assert all(node.what == "resource" for node in only.nodes)


@pytest.mark.parametrize("name", DRAWINGS)
def test_formats(name: str, golden: Callable[[str, str], None]) -> None:
    text = DRAWINGS[name](picture_of(stack_of("app"), findings=findings()))
    if name == "html":
        text = re.sub(r"(<style>|<script>).*?(</style>|</script>)", r"\1…\2", text, flags=re.DOTALL)
        text = re.sub(r"'sha256-[^']*'", "'sha256-…'", text)
    golden(f"drawing/app.{name}", text)


def test_no_name_gets_out_of_its_place() -> None:
    picture = picture_of(stack_of("hostile"))
    tree = ElementTree.fromstring(DRAWINGS["svg"](picture))
    tags = {str(element.tag).rpartition("}")[2] for element in tree.iter()}
    assert tags <= {"svg", "title", "style", "defs", "marker", "path", "g", "rect", "text"}
    assert "<script>alert(1)" in {element.text for element in tree.iter()}
    page = DRAWINGS["html"](picture)
    assert page.count("<script>") == 1 and "<img" not in page and page.count("</style>") == 1
    for line in DRAWINGS["mermaid"](picture).splitlines()[1:]:
        assert re.fullmatch(r'[\w .,:#;"<>/|\-\[\]]*', line)
        for words in re.findall(r'"([^"]*)"', line):
            assert re.fullmatch(r"(?:[\w ._,/-]|#\d+;|<br/>)*", words)
    graph = DRAWINGS["dot"](picture)
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", graph)
    assert re.fullmatch(r"[\w\s={}\[\];,>-]*", outside)


def test_the_same_picture_is_the_same_text() -> None:
    for render in DRAWINGS.values():
        assert render(picture_of(stack_of("app"))) == render(picture_of(stack_of("app")))


def test_a_drawing_for_a_page_links_its_nodes() -> None:
    text = svg(picture_of(stack_of("app")), OnPage({"Fn": "about-fn"}, "one-"))
    assert "<style>" not in text
    assert re.findall('href="([^"]*)"', text) == ["#about-fn"]
    assert set(re.findall('id="([^"]*)"', text)) == {"one-end", "one-end-exposed"}


def test_a_click_shows_the_findings_of_a_node(folder: Path) -> None:
    page_file = folder / "drawing.html"
    page_file.write_text(DRAWINGS["html"](picture_of(stack_of("app"), findings=findings())), encoding="utf-8")
    with open_page(page_file.as_uri()) as page:
        assert not page.is_visible("#shown")
        page.click("#drawing a:has-text('Fn')")
        assert page.inner_text("#shown h3") == "Fn AWS::Lambda::Function"
        assert "exposure-path-data" in page.inner_text("#shown .findings")
        assert page.locator("#drawing .node.near").count() == 3  # Url, Role, Failed
        before = page.evaluate("document.querySelector('#drawing svg').getBoundingClientRect().width")
        page.click("[data-zoom=in]")
        assert page.evaluate("document.querySelector('#drawing svg').getBoundingClientRect().width") > before
        page.keyboard.press("Escape")
        assert not page.is_visible("#shown")


def test_the_page_reads_without_javascript(folder: Path) -> None:
    page_file = folder / "drawing.html"
    page_file.write_text(DRAWINGS["html"](picture_of(stack_of("app"), findings=findings())), encoding="utf-8")
    with open_page(page_file.as_uri(), script=False, dark=True) as page:
        page.click("#drawing a:has-text('Table')")
        assert page.inner_text("section:target h3") == "Table AWS::DynamoDB::Table"
        assert page.inner_text("section:target .lines") == "Role allows Table (dynamodb:Put*)"
        assert not page.is_visible("#zoom")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"


def test_a_hostile_page_runs_nothing(folder: Path) -> None:
    page_file = folder / "drawing.html"
    page_file.write_text(DRAWINGS["html"](picture_of(stack_of("hostile"))), encoding="utf-8")
    with open_page(page_file.as_uri()) as page:
        told: list[str] = []

        def note(dialog: Dialog) -> None:
            told.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", note)
        page.click("#drawing a:has-text('alert(1)')")
        assert page.inner_text("#shown h3").startswith("<script>alert(1)")
        assert page.locator("script").count() == 1
        assert told == []
