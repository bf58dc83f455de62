"""Ways and paths: what they say under each assignment is what a template without parameters says."""

from __future__ import annotations

import itertools

import pytest

from stackwarden.exposure.ways import MOST_PATHS, ways
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import Guard
from stackwarden.resolve.transforms import open_template
from stackwarden.resolve.values import Known, ListValue, Record, cases_of
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

CONDITIONAL = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Kind: {Type: String, AllowedValues: [small, big]}
  Login: {Type: String, AllowedValues: [none, signed, key]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsBig: !Equals [!Ref Kind, big]
  IsSigned: !Equals [!Ref Login, signed]
  IsKeyed: !Equals [!Ref Login, key]
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: !If [IsSigned, AWS_IAM, NONE]
      ApiKeyRequired: !If [IsKeyed, true, false]
      Integration: {Type: AWS_PROXY, Uri: !If [IsBig, !GetAtt Big.Arn, !GetAtt Small.Arn]}
  Post:
    Type: AWS::ApiGateway::Method
    Condition: IsProd
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      Integration: {Type: AWS_PROXY, Uri: !GetAtt Small.Arn}
  Url:
    Type: AWS::Lambda::Url
    Condition: IsBig
    Properties: {TargetFunctionArn: !Ref Big, AuthType: !If [IsProd, AWS_IAM, NONE]}
  Small: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Narrow.Arn}}
  Big:
    Type: AWS::Lambda::Function
    Condition: IsBig
    Properties: {Role: !If [IsProd, !GetAtt Narrow.Arn, !GetAtt Wide.Arn]}
  Narrow:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
              - Effect: !If [IsSigned, Deny, Allow]
                Action: dynamodb:PutItem
                Resource: !GetAtt Table.Arn
              - !If [IsBig, {Effect: Deny, Action: "s3:*", Resource: "*"}, !Ref AWS::NoValue]
              - {Effect: Allow, Action: [s3:PutObject, s3:GetObject], Resource: "*"}
  Wide:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!If [IsKeyed, arn:aws:iam::aws:policy/AdministratorAccess, !Ref AWS::NoValue]]
      Policies:
        - PolicyName: own
          PolicyDocument: {Statement: [{Effect: Allow, Action: "iam:PutRolePolicy", Resource: "*"}]}
  Table: {Type: AWS::DynamoDB::Table}
"""
URL = """\
Resources:
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Fn, AuthType: NONE}}
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}
"""


def stack_of(text: str, **given: str) -> Stack:
    template = load(Source("a.yaml", text))
    assert isinstance(template, Template), [one.message() for one in template]
    resolver, problems = open_template(template, given, None)
    assert not problems
    return Stack(resolver)


def paths_of(stack: Stack) -> list[tuple[Guard, str]]:
    """The guards and names of all paths; where a list is open, a path `?` under the guard of that."""
    found: list[tuple[Guard, str]] = []
    for item in ways(stack).items:
        assert isinstance(item.value, Record)
        for guard, listed in cases_of(item.value.get("paths")):
            assert isinstance(listed, ListValue)
            if listed.open:
                found.append((item.guard & guard, "?"))
            for path in listed.items:
                assert isinstance(path.value, Record)
                name, level = path.value.get("name"), path.value.get("level")
                assert isinstance(name, Known) and isinstance(level, Known)
                found.append((item.guard & guard & path.guard, f"{level.text}: {name.text}"))
    return found


def names(stack: Stack, **parameters: str) -> set[str]:
    assignment = {f"Parameters.{name}": value for name, value in parameters.items()}
    return {name.partition(": internet")[0] + name[-30:] for guard, name in paths_of(stack) if guard.holds(assignment)}


def test_paths_under_each_assignment_are_those_of_the_template_with_it() -> None:
    stack = stack_of(CONDITIONAL)
    seen: set[frozenset[str]] = set()
    for stage, kind, login in itertools.product(("dev", "prod"), ("small", "big"), ("none", "signed", "key")):
        given = {"Stage": stage, "Kind": kind, "Login": login}
        expected = names(stack_of(CONDITIONAL, **given), **given)
        assert names(stack, **given) == expected, given
        seen.add(frozenset(expected))
    assert len(seen) > 4  # the assignments do differ


def statement(effect: str, action: str, resource: str) -> str:
    return f"{{Effect: {effect}, Action: {action}, Resource: {resource}}}"


def powers(*statements: str, more: str = "") -> list[str]:
    listed = ", ".join(statements)
    role = f"""\
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{{PolicyName: own, PolicyDocument: {{Statement: [{listed}]}}}}]
"""
    return [
        name.replace("internet → ANY / → Fn → Role → ", "")
        for _, name in paths_of(stack_of(URL + role + "  Table: {Type: AWS::DynamoDB::Table}\n" + more))
    ]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([("Allow", '"*"', '"*"')], ["admin: do everything in the account"]),
        ([("Allow", "dynamodb:GetItem", "!GetAtt Table.Arn")], []),
        ([("Allow", "dynamodb:Scan", '"arn:aws:dynamodb:*:*:table/*"')], ["read: dynamodb:Scan on every table"]),
        ([("Allow", "dynamodb:PutItem", "!GetAtt Table.Arn")], ["write: dynamodb:PutItem on Table"]),
        (
            [("Allow", '"dynamodb:*"', "!GetAtt Table.Arn")],
            ["administer: dynamodb:* on Table"],
        ),
        (
            [("Allow", "dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/other")],
            ["write: dynamodb:PutItem on arn:aws:dynamodb:eu-west-1:111122223333:table/other"],
        ),
        ([("Allow", "dynamodb:PutItem", '"arn:aws:s3:::bucket"')], []),
        ([("Allow", '["dynamodb:PutItem", "logs:PutLogEvents"]', '"arn:aws:logs:*:*:*"')], []),
        ([("Allow", "dynamodb:PutItem", "!GetAtt Table.Arn"), ("Deny", '"dynamodb:*"', '"*"')], []),
        (
            [("Allow", "dynamodb:PutItem", "!GetAtt Table.Arn"), ("Deny", "dynamodb:DeleteItem", '"*"')],
            ["write: dynamodb:PutItem on Table"],
        ),
        ([("Allow", "dynamodb:PutItem", "!ImportValue table")], ["write: dynamodb:PutItem on a table elsewhere"]),
        ([("Allow", "s3:PutObject", '"arn:aws:s3:::b/*"')], ["write: s3:PutObject on arn:aws:s3:::b/*"]),
        ([("Allow", "s3:PutObject", '"arn:aws:s3:::*/*"')], ["write: s3:PutObject on every bucket"]),
        ([("Allow", "sqs:SendMessage", '"*"')], ["send: sqs:SendMessage on every queue"]),
        ([("Allow", "iam:PutRolePolicy", '"*"')], ["escalate: give itself more permissions by iam:PutRolePolicy"]),
    ],
)
def test_what_a_role_may_do(statements: list[tuple[str, str, str]], expected: list[str]) -> None:
    assert powers(*(statement(*one) for one in statements)) == expected


def test_everything_but_some_resources() -> None:
    found = powers("{Effect: Allow, Action: dynamodb:PutItem, NotResource: arn:aws:dynamodb:*:*:table/logs}")
    assert found == ["write: dynamodb:PutItem on every table but some"]


def test_the_worst_comes_first_and_the_list_is_bounded() -> None:
    many = [
        statement("Allow", "dynamodb:PutItem", f"arn:aws:dynamodb:eu-west-1:111122223333:table/t{index}")
        for index in range(MOST_PATHS + 8)
    ]
    found = powers(*many, statement("Allow", '"s3:*"', '"*"'))
    assert found.count("?") == 1
    listed = [name for name in found if name != "?"]
    assert len(listed) == MOST_PATHS
    assert listed[0] == "administer: s3:* on every bucket"
    assert powers(*many, statement("Allow", '"s3:*"', '"*"')) == found


def test_several_routes_to_one_function_are_one_path() -> None:
    routes = "".join(
        f"""\
  R{index}:
    Type: AWS::ApiGatewayV2::Route
    Properties: {{ApiId: !Ref Api, RouteKey: GET /{index}, Target: !Sub "integrations/${{Link}}"}}
"""
        for index in range(5)
    )
    text = f"""\
Resources:
  Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: a, ProtocolType: HTTP}}}}
  Link:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn}}
{routes}\
  Fn: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt Role.Arn}}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: own
          PolicyDocument: {{Statement: [{{Effect: Allow, Action: s3:PutObject, Resource: "arn:aws:s3:::b/*"}}]}}
"""
    assert [name for _, name in paths_of(stack_of(text))] == [
        "write: internet → GET /0 → Fn → Role → s3:PutObject on arn:aws:s3:::b/*"
    ]


def test_calls_in_a_circle_end() -> None:
    text = """\
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: sqs, Endpoint: !GetAtt Queue.Arn}]}}
  Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Other.Arn}}}
  Other: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Queue.Arn}}}
  Open:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: sns:Publish, Resource: "*"}]}
"""
    assert paths_of(stack_of(text)) == []
