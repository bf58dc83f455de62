"""The HTML report in a real browser: filters, reading without JavaScript, colours, and that text stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from browser import open_page
from report.reports import EMPTY, FULL, PORTS, at, finding
from report.test_formats import reports
from stackwarden.report.drawing.exposures import Exposures
from stackwarden.report.html import REPORTER, Html
from stackwarden.run.discover import discover
from stackwarden.run.finding import Report
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session


def _written(report: Report, folder: Path) -> str:
    file = folder / "report.html"
    file.write_text(REPORTER.render(report), encoding="utf-8")
    return file.as_uri()


def test_findings_are_filtered_and_searched(tmp_path: Path) -> None:
    with open_page(_written(FULL, tmp_path)) as page:
        articles = page.locator("article:visible")
        assert articles.count() == 4
        page.select_option("#severity", "critical")
        assert articles.count() == 1
        assert "Open lets anyone invoke Handler" in articles.first.inner_text()
        page.select_option("#severity", "")
        page.select_option("#verdict", "maybe")
        assert "may be open to 日本" in articles.first.inner_text()
        assert page.inner_text("#count") == "1 finding"
        page.select_option("#verdict", "")
        page.select_option("#state", "waived")
        assert "closed by the firewall" in articles.first.inner_text()
        page.select_option("#state", "")
        page.fill("#words", "WIDE port")
        assert articles.count() == 1
        page.fill("#words", "nowhere")
        assert (articles.count(), page.is_visible("#none")) == (0, True)


def test_it_reads_without_javascript(tmp_path: Path) -> None:
    with open_page(_written(FULL, tmp_path), script=False) as page:
        assert page.locator("article:visible").count() == 4
        assert not page.is_visible("#filters")
        assert page.locator("mark").first.inner_text() == "NONE"
        page.click("article >> nth=0 >> summary")
        assert page.is_visible("text=Set AuthType to AWS_IAM")
        assert "a tab cannot indent" in page.inner_text(".errors")


def test_it_is_light_and_dark_and_prints(tmp_path: Path) -> None:
    grounds = []
    for dark in (False, True):
        with open_page(_written(FULL, tmp_path), dark=dark) as page:
            grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            page.emulate_media(media="print")
            assert not page.is_visible("#filters")
    assert grounds[0] != grounds[1]


def test_an_empty_report_says_so(tmp_path: Path) -> None:
    with open_page(_written(EMPTY, tmp_path)) as page:
        assert page.inner_text("h1") == "no findings"
        assert page.locator("article").count() == 0
        assert not page.is_visible("#none")


def test_nothing_of_a_template_is_run(tmp_path: Path) -> None:
    bad = finding(PORTS, at("FromPort: 22"), message="<script>document.title='x'</script>", resource='"><img src=x>')
    report = replace(FULL, findings=(bad, *FULL.findings))
    with open_page(_written(report, tmp_path)) as page:
        assert page.title() == "stackwarden report"
        assert page.locator("article img").count() == 0
        assert page.locator("article").count() == 5
        assert "<script>document.title" in page.locator(".message").all_inner_texts()[1]


@given(reports)
@settings(max_examples=60)
def test_every_finding_is_one_article(report: Report) -> None:
    text = REPORTER.render(report)
    assert text.count("<article ") == text.count("</article>") == len(report.shown(maybe=True))
    assert text.count("<script>") == 1
    assert "http-equiv" not in text and "src=" not in text.split("<script>")[0]


_WAY = """\
Parameters: {Password: {Type: String, NoEcho: true}, Stage: {Type: String}}
Conditions: {Usual: !Equals [!Ref Stage, prod]}
Resources:
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Fn, AuthType: NONE}}
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Sub "arn:aws:iam::111122223333:policy/${Password}"]
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "dynamodb:Put*", Resource: !GetAtt Table.Arn}
              - !If [Usual, {Effect: Allow, Action: "sqs:Send*", Resource: !GetAtt Queue.Arn}, !Ref AWS::NoValue]
  Table: {Type: AWS::DynamoDB::Table}
  Queue: {Type: AWS::SQS::Queue}
"""


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on two copies of a template with a way in, on one without, and on one that nests a copy."""
    folder = tmp_path_factory.mktemp("exposed")
    (folder / "one.yaml").write_text(_WAY, encoding="utf-8")
    (folder / "two.yaml").write_text(_WAY, encoding="utf-8")
    (folder / "inner.yaml").write_text(_WAY, encoding="utf-8")
    (folder / "closed.yaml").write_text(_WAY.replace("NONE", "AWS_IAM"), encoding="utf-8")
    nesting = "Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}}\n"
    (folder / "outer.yaml").write_text(nesting, encoding="utf-8")
    rules = ("exposure-path-*", "lambda-url-auth-none", "lambda-*")
    session = open_session(SessionOptions(rules=rules, cache=False, parameters={"Password": "hunter-two"}))
    assert isinstance(session, Session)
    exposures = Exposures()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        report = scan(session, discover(["."]).files, watch=exposures.see)
        assert "<svg" not in REPORTER.render(report)
        (folder / "report.html").write_text(Html(exposures=exposures).render(report), encoding="utf-8")
    return folder / "report.html"


def test_what_is_exposed_is_drawn(exposed: Path) -> None:
    text = exposed.read_text(encoding="utf-8")
    assert re.findall('<details class="exposure" data-file="([^"]*)"', text) == ["one.yaml", "outer.yaml", "two.yaml"]
    ids = re.findall(r'\bid="([^"]*)"', text)
    assert len(set(ids)) == len(ids)
    assert set(re.findall('href="#([^"]*)"', text)) <= set(ids)
    assert "policy/****" in text and "hunter" not in text
    assert "src=" not in text.split("<script>")[0]


def test_a_drawing_reads_without_javascript(exposed: Path) -> None:
    with open_page(exposed.as_uri(), script=False, dark=True) as page:
        drawing = page.locator(".exposure", has_text="outer.yaml")
        assert not drawing.locator("svg").is_visible()
        drawing.locator("summary").click()
        assert drawing.locator(".line.exposed").count() == 5  # enters, invokes, runs as, allows twice
        red, ground = (
            drawing.locator(".line.exposed path").first.evaluate(f"one => getComputedStyle(one).{what}")
            for what in ("stroke", "backgroundColor")
        )
        assert red == "rgb(255, 138, 122)" and ground
        drawing.locator("a", has_text="Url").click()
        assert "inner.yaml:" in page.inner_text("article:target .place")
        assert "lambda-url-auth-none" in page.inner_text("article:target .place")
        page.emulate_media(media="print")
        assert page.locator(".exposure").first.locator("svg").bounding_box() is not None


def test_a_click_on_a_drawing_filters(exposed: Path) -> None:
    with open_page(exposed.as_uri()) as page:
        articles = page.locator("article:visible")
        every = articles.count()
        page.select_option("#severity", "low")
        page.locator(".exposure", has_text="two.yaml").locator("summary").click()
        page.locator(".exposure", has_text="two.yaml").locator("a", has_text="Fn").click()
        places = page.locator("article:visible .place").all_inner_texts()
        assert len(places) > 1 and all("two.yaml:" in one and " Fn " in one for one in places)
        assert page.evaluate("location.hash") == f"#{articles.first.get_attribute('id')}"
        assert articles.first.bounding_box()["y"] >= page.locator("#filters").bounding_box()["height"]  # type: ignore[index]
        page.click("#subject")
        assert (articles.count(), page.is_visible("#subject")) == (every, False)
        page.select_option("#file", "inner.yaml")
        assert page.locator(".exposure:visible summary").all_inner_texts()[0].startswith("outer.yaml")
        assert page.locator(".exposure:visible").count() == 1
