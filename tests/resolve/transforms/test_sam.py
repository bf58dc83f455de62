"""The Serverless transform: what it generates is judged, and findings stand where the author wrote."""

from __future__ import annotations

from textwrap import dedent

import pytest

from stackwarden.graph.stack import Stack
from stackwarden.resolve.transforms import open_template
from stackwarden.run.finding import Finding, When
from stackwarden.run.scan import scan_source
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

HEAD = "Transform: AWS::Serverless-2016-10-31\n"


def opened(text: str) -> Stack:
    template = load(Source("t.yaml", HEAD + dedent(text)))
    assert isinstance(template, Template), template
    resolver, problems = open_template(template, {})
    assert not problems
    return Stack(resolver)


def found(text: str, *rules: str) -> list[Finding]:
    session = open_session(SessionOptions(rules=rules))
    assert isinstance(session, Session)
    scanned = scan_source(Source("t.yaml", HEAD + dedent(text)), session)
    assert not scanned.errors, scanned.errors
    return list(scanned.findings)


def test_generated_and_written_resources_are_both_there() -> None:
    made = opened("""
        Resources:
          Fn:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: src/
              Handler: a.b
              Runtime: python3.13
              Policies: [AmazonDynamoDBReadOnlyAccess]
              Events:
                Get: {Type: Api, Properties: {Path: /x, Method: get}}
    """)
    assert {
        "AWS::Lambda::Function",
        "AWS::IAM::Role",
        "AWS::ApiGateway::Stage",
        "AWS::Lambda::Permission",
    } <= made.types
    (written,) = made.resources(("AWS::Serverless::Function",))
    (function,) = made.resources(("AWS::Lambda::Function",))
    assert written.resource.logical_id == function.resource.logical_id == "Fn"


def test_a_finding_points_at_the_property_that_the_author_wrote() -> None:
    (finding,) = found(
        """
        Resources:
          Fn:
            Type: AWS::Serverless::Function
            Properties:
              InlineCode: x
              Handler: a.b
              Runtime: python3.13
              FunctionUrlConfig:
                AuthType: NONE
        """,
        "lambda-url-auth-none",
    )
    assert (finding.resource, finding.resource_type) == ("FnUrl", "AWS::Lambda::Url")
    assert finding.place.path == ("Resources", "Fn", "Properties", "FunctionUrlConfig", "AuthType")
    assert finding.place.span.text == "NONE"


@pytest.mark.parametrize(
    ("parameter", "when"),
    [
        ("{Type: String, AllowedValues: [NONE]}", None),
        ("{Type: String, AllowedValues: [NONE, AWS_IAM]}", ({"Parameters.Auth": "NONE"},)),
        ("{Type: String, Default: NONE}", ({"Parameters.Auth": "NONE"},)),
    ],
)
def test_references_to_parameters_survive(parameter: str, when: When) -> None:
    (finding,) = found(
        f"""
        Parameters: {{Auth: {parameter}}}
        Resources:
          Fn:
            Type: AWS::Serverless::Function
            Properties:
              InlineCode: x
              Handler: a.b
              Runtime: python3.13
              FunctionUrlConfig: {{AuthType: !Ref Auth}}
        """,
        "lambda-url-auth-none",
    )
    assert finding.when == when


def test_conditions_survive() -> None:
    (finding,) = found(
        """
        Parameters: {Env: {Type: String, AllowedValues: [dev, prod]}}
        Conditions: {IsProd: !Equals [!Ref Env, prod]}
        Resources:
          Fn:
            Type: AWS::Serverless::Function
            Condition: IsProd
            Properties:
              InlineCode: x
              Handler: a.b
              Runtime: python3.13
              FunctionUrlConfig: {AuthType: NONE}
        """,
        "lambda-url-auth-none",
    )
    assert finding.when == ({"IsProd": True},)


def test_what_is_added_points_at_what_it_was_made_for() -> None:
    (finding,) = found(
        """
        Resources:
          Api:
            Type: AWS::Serverless::Api
            Properties: {StageName: live, OpenApiVersion: "3.0.1"}
          Fn:
            Type: AWS::Serverless::Function
            Properties:
              InlineCode: x
              Handler: a.b
              Runtime: python3.13
              Events:
                Get: {Type: Api, Properties: {Path: /x, Method: get, RestApiId: !Ref Api}}
        """,
        "apigateway-stage-access-logging",
    )
    assert (finding.resource, finding.place.path) == ("ApiliveStage", ("Resources", "Api"))
    assert finding.place.span.text == "Api"


def test_a_refusal_is_an_error_at_the_resource_and_other_resources_are_scanned() -> None:
    session = open_session(SessionOptions(rules=("lambda-url-auth-none",)))
    assert isinstance(session, Session)
    text = dedent("""
        Resources:
          Bad:
            Type: AWS::Serverless::Function
            Properties: {InlineCode: x, Handler: a.b, Runtime: python3.13, Events: {E: {Type: Nothing}}}
          Url:
            Type: AWS::Lambda::Url
            Properties: {AuthType: NONE, TargetFunctionArn: f}
    """)
    scanned = scan_source(Source("t.yaml", HEAD + text), session)
    (error,) = scanned.errors
    assert error.message.startswith("the Serverless transform refuses this: ")
    assert (error.line, error.fatal) == (4, True)
    assert [one.resource for one in scanned.findings] == ["Url"]


def test_conditions_that_the_translator_makes_are_told_as_the_authors() -> None:
    function = """
          Fn{name}:
            Type: AWS::Serverless::Function
            Condition: {name}
            Properties:
              InlineCode: x
              Handler: a.b
              Runtime: python3.13
              Events: {{Get: {{Type: Api, Properties: {{Path: /{name}, Method: get}}}}}}"""
    head = """
        Parameters: {One: {Type: String}, Other: {Type: String}}
        Conditions: {A: !Equals [!Ref One, a], B: !Equals [!Ref Other, b]}
        Resources:"""
    text = head + function.format(name="A") + function.format(name="B")
    (finding,) = found(text, "apigateway-stage-access-logging")
    assert finding.when == ({"A": True}, {"B": True})


def test_what_is_refused_does_not_take_the_other_serverless_resources_along() -> None:
    text = HEAD + dedent("""
        Resources:
          Api:
            Type: AWS::Serverless::Api
            Properties:
              StageName: live
              Auth: {DefaultAuthorizer: AWS_IAM}
              DefinitionBody: {"Fn::Transform": {Name: "AWS::Include", Parameters: {Location: s3://bucket/api.yaml}}}
          Fn:
            Type: AWS::Serverless::Function
            Properties:
              InlineCode: x
              Handler: index.handler
              Runtime: python3.13
              FunctionUrlConfig: {AuthType: NONE}
    """)
    session = open_session(SessionOptions(rules=("lambda-url-auth-none",)))
    assert isinstance(session, Session)
    scanned = scan_source(Source("t.yaml", text), session)
    assert [(one.resource, one.verdict) for one in scanned.findings] == [("FnUrl", "fail")]
    (error,) = scanned.errors
    assert error.fatal
    assert (error.line, "Unable to add Auth configuration" in error.message) == (4, True)


def test_an_application_of_the_repository_is_opaque_and_needs_no_network() -> None:
    text = dedent("""
        Resources:
          App:
            Type: AWS::Serverless::Application
            Properties:
              Location:
                ApplicationId: arn:aws:serverlessrepo:us-east-1:111111111111:applications/some
                SemanticVersion: 1.0.0
          Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt App.Outputs.Arn, AuthType: NONE}}
    """)
    (finding,) = found(text, "lambda-url-auth-none")
    assert finding.resource == "Url"


def test_a_refusal_of_a_section_is_told_at_the_section() -> None:
    text = HEAD + dedent("""
        Globals: {Nothing: {}}
        Resources:
          Fn: {Type: AWS::Serverless::Function, Properties: {}}
    """)
    session = open_session(SessionOptions(rules=("lambda-url-auth-none",)))
    assert isinstance(session, Session)
    (error,) = scan_source(Source("t.yaml", text), session).errors
    assert (error.line, error.column, error.fatal) == (3, 1, True)
    assert "'Globals' section is invalid" in error.message
