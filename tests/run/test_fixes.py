"""Fixes: what is written, what is left alone, and that a fix is only kept where it is proved right."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stackwarden.run.finding import Finding
from stackwarden.run.fixes import Fixed, fix_source, with_fixes
from stackwarden.run.scan import scan_source
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template
from template.reading import data
from template.test_edit import example_templates

_RULES = """
rule url-open {
    title "open" severity high
    for url in AWS::Lambda::Url
    require url.AuthType != "NONE"
    fix set url.AuthType = "AWS_IAM"
}
rule bucket-private {
    title "public" severity high
    for bucket in AWS::S3::Bucket
    require bucket.PublicAccessBlockConfiguration.BlockPublicAcls == true
        and bucket.PublicAccessBlockConfiguration.BlockPublicPolicy == true
    fix set bucket.PublicAccessBlockConfiguration.BlockPublicAcls = true
    fix set bucket.PublicAccessBlockConfiguration.BlockPublicPolicy = true
}
rule bucket-acl {
    title "acl" severity high
    for bucket in AWS::S3::Bucket
    require bucket.AccessControl is absent
    fix remove bucket.AccessControl
}
rule trail-kinds {
    title "kinds" severity low
    for url in AWS::Lambda::Url
    require url.Cors is absent or url.Cors.AllowMethods contains "GET"
    fix append "GET" to url.Cors.AllowMethods
}
rule table-encrypted {
    title "plain" severity low
    for table in AWS::DynamoDB::Table
    require table.SSESpecification.SSEEnabled == true
    fix set table.SSESpecification = {SSEEnabled: true, SSEType: "KMS"}
}
rule stage-settings {
    title "settings" severity low
    for stage in AWS::ApiGateway::Stage
    require some setting in stage.MethodSettings satisfies setting.LoggingLevel == "ERROR"
    fix append {ResourcePath: "/*", HttpMethod: "*", LoggingLevel: "ERROR"} to stage.MethodSettings
}
rule caller-account {
    title "account" severity low
    for permission in AWS::Lambda::Permission
    require permission.SourceAccount is present
    fix set permission.SourceAccount = {Ref: "AWS::AccountId"}
}
rule volumes-encrypted {
    title "volumes" severity low
    for machine in AWS::EC2::Instance
    require every one in machine.BlockDeviceMappings satisfies one.Ebs is absent or one.Ebs.Encrypted == true
    fix set machine.BlockDeviceMappings[*].Ebs.Encrypted = true
}
rule topic-named {
    title "named" severity low
    for topic in AWS::SNS::Topic
    require topic.TopicName is absent
    fix remove topic.TopicName
}
rule topic-spoken {
    title "speaks" severity low
    for topic in AWS::SNS::Topic
    require topic.TopicName is present or topic.DisplayName is present
}
rule stage-traced {
    title "traced" severity low
    for stage in api.stages
    where stage.name == "live"
    require stage.tracing == true or stage.kind != "rest"
    fix set stage.owner.TracingEnabled = true
    fix set stage.owner.StageDescription.TracingEnabled = true
}
rule half {
    title "half" severity low
    for queue in AWS::SQS::Queue
    require queue.DelaySeconds == 1
    fix set queue.DelaySeconds = 2
}
"""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    file = tmp_path_factory.mktemp("rules") / "rules.warden"
    file.write_text(_RULES, encoding="utf-8")
    made = open_session(SessionOptions(policies=(str(file),), shipped=False, cache=False))
    assert isinstance(made, Session), [one.message() for one in made]
    return made


def _ids(findings: tuple[Finding, ...]) -> set[str]:
    return {one.rule.id for one in findings}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "Resources:\n  U:\n    Type: AWS::Lambda::Url\n    Properties:\n      AuthType: NONE # open\n",
            "Resources:\n  U:\n    Type: AWS::Lambda::Url\n    Properties:\n      AuthType: AWS_IAM # open\n",
            id="a value",
        ),
        pytest.param(
            "Parameters: {E: {Type: String}}\n"
            "Conditions: {P: !Equals [!Ref E, p]}\n"
            "Resources:\n"
            "  U: {Type: AWS::Lambda::Url, Properties: {AuthType: !If [P, AWS_IAM, NONE]}}\n",
            "Parameters: {E: {Type: String}}\n"
            "Conditions: {P: !Equals [!Ref E, p]}\n"
            "Resources:\n"
            "  U: {Type: AWS::Lambda::Url, Properties: {AuthType: !If [P, AWS_IAM, AWS_IAM]}}\n",
            id="a branch",
        ),
        pytest.param(
            "Resources:\n  B:\n    Type: AWS::S3::Bucket\n  # last\n",
            "Resources:\n"
            "  B:\n"
            "    Type: AWS::S3::Bucket\n"
            "    Properties:\n"
            "      PublicAccessBlockConfiguration:\n"
            "        BlockPublicAcls: true\n"
            "        BlockPublicPolicy: true\n"
            "  # last\n",
            id="two keys that build on each other",
        ),
        pytest.param(
            "Resources:\n"
            "  B:\n"
            "    Type: AWS::S3::Bucket\n"
            "    Properties:\n"
            "      AccessControl: PublicRead\n"
            "      PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true}\n",
            "Resources:\n"
            "  B:\n"
            "    Type: AWS::S3::Bucket\n"
            "    Properties:\n"
            "      PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true}\n",
            id="a key taken away",
        ),
        pytest.param(
            "Resources:\n"
            "  S:\n"
            "    Type: AWS::ApiGateway::Stage\n"
            "    Properties:\n"
            "      StageName: live\n"
            "      MethodSettings: [{LoggingLevel: ERROR}]\n"
            "  D:\n"
            "    Type: AWS::ApiGateway::Deployment\n"
            "    Properties:\n"
            "      StageName: live\n"
            "      StageDescription: {LoggingLevel: ERROR}\n",
            "Resources:\n"
            "  S:\n"
            "    Type: AWS::ApiGateway::Stage\n"
            "    Properties:\n"
            "      StageName: live\n"
            "      MethodSettings: [{LoggingLevel: ERROR}]\n"
            "      TracingEnabled: true\n"
            "  D:\n"
            "    Type: AWS::ApiGateway::Deployment\n"
            "    Properties:\n"
            "      StageName: live\n"
            "      StageDescription: {LoggingLevel: ERROR, TracingEnabled: true}\n",
            id="the resources that records are read from",
        ),
        pytest.param(
            "Resources:\n"
            "  U:\n"
            "    Type: AWS::Lambda::Url\n"
            "    Properties:\n"
            "      AuthType: AWS_IAM\n"
            "      Cors:\n"
            "        AllowMethods:\n"
            "          - PUT\n",
            "Resources:\n"
            "  U:\n"
            "    Type: AWS::Lambda::Url\n"
            "    Properties:\n"
            "      AuthType: AWS_IAM\n"
            "      Cors:\n"
            "        AllowMethods:\n"
            "          - PUT\n"
            "          - GET\n",
            id="an element",
        ),
        pytest.param(
            "Resources:\n  T: {Type: AWS::DynamoDB::Table, Properties: {SSESpecification: {SSEEnabled: false}}}\n",
            "Resources:\n"
            "  T: {Type: AWS::DynamoDB::Table, Properties: {SSESpecification: {SSEEnabled: true, SSEType: KMS}}}\n",
            id="an object merged into what is there",
        ),
        pytest.param(
            "Resources:\n  P:\n    Type: AWS::Lambda::Permission\n    Properties:\n      Principal: s3.amazonaws.com\n",
            "Resources:\n"
            "  P:\n"
            "    Type: AWS::Lambda::Permission\n"
            "    Properties:\n"
            "      Principal: s3.amazonaws.com\n"
            "      SourceAccount:\n"
            '        Ref: "AWS::AccountId"\n',
            id="a pseudo parameter",
        ),
        pytest.param(
            "Resources:\n  S:\n    Type: AWS::ApiGateway::Stage\n    Properties:\n      StageName: s\n",
            "Resources:\n"
            "  S:\n"
            "    Type: AWS::ApiGateway::Stage\n"
            "    Properties:\n"
            "      StageName: s\n"
            "      MethodSettings:\n"
            '        - ResourcePath: "/*"\n'
            '          HttpMethod: "*"\n'
            "          LoggingLevel: ERROR\n",
            id="an object in a list that is not there",
        ),
        pytest.param(
            "Resources:\n"
            "  M:\n"
            "    Type: AWS::EC2::Instance\n"
            "    Properties:\n"
            "      BlockDeviceMappings:\n"
            "        - {DeviceName: a, Ebs: {Encrypted: 'false'}}\n"
            "        - DeviceName: b\n"
            "          Ebs:\n"
            "            VolumeSize: 8\n"
            "        - {DeviceName: c, VirtualName: ephemeral0}\n",
            "Resources:\n"
            "  M:\n"
            "    Type: AWS::EC2::Instance\n"
            "    Properties:\n"
            "      BlockDeviceMappings:\n"
            "        - {DeviceName: a, Ebs: {Encrypted: 'true'}}\n"
            "        - DeviceName: b\n"
            "          Ebs:\n"
            "            VolumeSize: 8\n"
            "            Encrypted: true\n"
            "        - {DeviceName: c, VirtualName: ephemeral0}\n",
            id="every element",
        ),
        pytest.param(
            "Metadata: {base: &b {AuthType: NONE}}\n"
            "Resources:\n"
            "  T: {Type: Custom::Topic, Properties: *b}\n"
            "  U:\n"
            "    Type: AWS::Lambda::Url\n"
            "    Properties:\n"
            "      TargetFunctionArn: f # ours\n"
            "      <<: *b\n",
            "Metadata: {base: &b {AuthType: NONE}}\n"
            "Resources:\n"
            "  T: {Type: Custom::Topic, Properties: *b}\n"
            "  U:\n"
            "    Type: AWS::Lambda::Url\n"
            "    Properties:\n"
            "      TargetFunctionArn: f # ours\n"
            "      AuthType: AWS_IAM\n"
            "      <<: *b\n",
            id="a key of its own before one that is merged in",
        ),
        pytest.param(
            '{"Resources": {"U": {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "NONE"}}}}',
            '{"Resources": {"U": {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "AWS_IAM"}}}}',
            id="JSON",
        ),
    ],
)
def test_what_is_written(before: str, after: str, session: Session) -> None:
    fixed = fix_source(Source("a.yaml", before), session)
    assert fixed.source.text == after
    assert fixed.applied and not fixed.withdrawn
    assert scan_source(fixed.source, session).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "Parameters: {A: {Type: String, AllowedValues: [NONE, AWS_IAM]}}\n"
            "Resources: {U: {Type: AWS::Lambda::Url, Properties: {AuthType: !Ref A}}}\n",
            id="a parameter decides",
        ),
        pytest.param(
            "Transform: AWS::Serverless-2016-10-31\n"
            "Resources:\n"
            "  F:\n"
            "    Type: AWS::Serverless::Function\n"
            "    Properties: {InlineCode: x, Handler: a.b, Runtime: python3.13, FunctionUrlConfig: {AuthType: NONE}}\n",
            id="a transform generated the resource",
        ),
        pytest.param(
            "Resources:\n"
            "  U: {Type: AWS::Lambda::Url, Properties: &p {AuthType: NONE}}\n"
            "  V: {Type: AWS::Lambda::Url, Properties: *p}\n"
            "  W:\n"
            "    Type: AWS::Lambda::Url\n"
            "    # stackwarden: ignore[url-open] reason='meant'\n"
            "    Properties: {AuthType: NONE}\n",
            id="waived",
        ),
    ],
)
def test_what_is_left_alone(text: str, session: Session) -> None:
    fixed = fix_source(Source("a.yaml", text), session)
    waived = "W:" in text
    if waived:
        assert fixed.source.text == text.replace("&p {AuthType: NONE}", "&p {AuthType: AWS_IAM}")  # one text for both
    else:
        assert (fixed.source.text, fixed.applied) == (text, ())


def test_a_fix_that_brings_a_new_finding_is_withdrawn(session: Session) -> None:
    text = "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: a\n      FifoTopic: true\n"
    fixed = fix_source(Source("a.yaml", text), session)
    assert (fixed.source.text, fixed.applied, _ids(fixed.withdrawn)) == (text, (), {"topic-named"})


@pytest.mark.parametrize(
    "url",
    ["Properties: *b", "Properties: {<<: *b, TargetFunctionArn: f}", "Properties:\n      <<: *b"],
    ids=["an alias", "merged in", "merged in alone"],
)
@pytest.mark.parametrize("alone", [True, False])
def test_a_text_that_stands_for_more_is_changed_only_where_all_fail(url: str, alone: bool, session: Session) -> None:
    """A topic is none of the rule's business, whatever is written there."""
    text = f"Metadata: {{base: &b {{AuthType: NONE}}}}\nResources:\n  U:\n    Type: AWS::Lambda::Url\n    {url}\n"
    text += "" if alone else "  T: {Type: AWS::SNS::Topic, Properties: *b}\n"
    fixed = fix_source(Source("a.yaml", text), session)
    assert fixed.source.text == (text.replace("NONE", "AWS_IAM") if alone else text)
    assert _ids(fixed.applied if alone else fixed.withdrawn) == {"url-open"}


def test_a_fix_that_does_not_help_is_withdrawn(session: Session) -> None:
    text = "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {DelaySeconds: 5}}}\n"
    fixed = fix_source(Source("a.yaml", text), session)
    assert (fixed.source.text, _ids(fixed.withdrawn)) == (text, {"half"})


def test_findings_tell_their_fix(session: Session) -> None:
    text = "Resources:\n  U: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE}}\n  Q: {Type: AWS::SQS::Queue}\n"
    source = Source("a.yaml", text)
    scanned = with_fixes(scan_source(source, session), session)
    by_rule = {one.rule.id: one.fix for one in scanned.findings}
    assert by_rule["half"] is None
    fix = by_rule["url-open"]
    assert fix is not None
    (edit,) = fix.edits
    assert (edit.span.text, edit.text) == ("NONE", "AWS_IAM")


def _check(source: Source, session: Session) -> Fixed:
    """Fixes a text and asserts what holds of every fix."""
    before = scan_source(source, session)
    fixed = fix_source(source, session)
    after = scan_source(fixed.source, session)
    told_before = {(one.rule.id, one.resource) for one in before.findings}
    told_after = {(one.rule.id, one.resource) for one in after.findings}
    assert told_after <= told_before
    assert not {(one.rule.id, one.resource) for one in fixed.applied} & told_after
    assert len(after.errors) <= len(before.errors)
    assert fix_source(fixed.source, session).applied == ()  # once is enough
    return fixed


def _with_comments(text: str) -> str:
    return re.sub(r"(?m)^  (\w+):", r"  # about \1\n  \1:", text)


def _as_json(text: str) -> str:
    template = load(Source("a.yaml", text))
    assert isinstance(template, Template)
    return json.dumps(data(template.root), indent=2)


_STYLES: tuple[Callable[[str], str], ...] = (str, _with_comments, _as_json, lambda text: text.replace("\n", "\r\n"))


@cache
def _shipped() -> Session:
    session = open_session(SessionOptions())
    assert isinstance(session, Session)
    return session


@cache
def _texts() -> tuple[str, ...]:
    """The examples of rules that declare fixes, and a corpus where one is named."""
    examples = (text for text in example_templates("\n    fix ") if "Transform" not in text)
    return (*examples, *(path.read_text(encoding="utf-8-sig") for path in _corpus()))


def _corpus() -> list[Path]:
    folder = os.environ.get("STACKWARDEN_CORPUS")
    files = sorted(Path(folder).iterdir()) if folder else ()
    return [path for path in files if path.suffix in (".json", ".yaml", ".yml", ".template")]


@given(index=st.integers(min_value=0), style=st.sampled_from(_STYLES))
@settings(max_examples=60)
def test_fixes_of_shipped_rules_hold_in_every_style(index: int, style: Callable[[str], str]) -> None:
    written = _texts()[index % len(_texts())]
    assume(isinstance(load(Source("a.yaml", written)), Template))
    source = Source("a.yaml", style(written))
    fixed = _check(source, _shipped()).source
    before, after = load(source), load(fixed)
    assert isinstance(before, Template) and isinstance(after, Template)
    assert [one.text for one in after.comments] == [one.text for one in before.comments]
    assert ("\r\n" in fixed.text) == ("\r\n" in source.text)
    assert re.search("[^\r]\n", fixed.text) is None or re.search("[^\r]\n", source.text) is not None


@pytest.mark.skipif("STACKWARDEN_CORPUS" not in os.environ, reason="no corpus is named")
def test_fixes_of_shipped_rules_hold_for_a_corpus() -> None:
    checked = (_check(Source(path.name, path.read_text(encoding="utf-8-sig")), _shipped()) for path in _corpus())
    assert sum(len(one.applied) for one in checked)
