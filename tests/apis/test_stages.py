"""Stages of REST, HTTP and WebSocket APIs, and the settings of their methods."""

from __future__ import annotations

import pytest

from stackwarden.apis import routes, stages
from stackwarden.resolve.values import ListValue

from .told import in_cases, records, stack_of, told

_REST = """
Parameters: {Name: {Type: String, AllowedValues: [live, test]}}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi}
  Acl: {Type: AWS::WAFv2::WebACL, Properties: {}}
  Link:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      WebACLArn: !GetAtt Acl.Arn
      ResourceArn: !Sub "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Live}"
  Live:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      StageName: live
      DeploymentId: !Ref Updates
      TracingEnabled: true
      AccessLogSetting: {DestinationArn: arn:aws:logs:log, Format: $context.requestId}
      MethodSettings:
        - {ResourcePath: /orders, HttpMethod: GET, LoggingLevel: "OFF"}
        - {ResourcePath: "/*", HttpMethod: "*", LoggingLevel: INFO, ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5}
  Updates: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: live}}
  Nameless: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api}}
  Makes:
    Type: AWS::ApiGateway::Deployment
    Properties:
      RestApiId: !Ref Api
      StageName: other
      StageDescription:
        LoggingLevel: ERROR
        MethodSettings: [{ResourcePath: "/*", HttpMethod: "*", MetricsEnabled: true}]
  ByParameter: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: !Ref Name}}
"""


def test_stages_of_rest_apis() -> None:
    stack = stack_of(_REST)
    names = ("name", "owner", "tracing", "access_log_format", "logging_level", "throttling_rate", "metrics", "web_acls")
    nothing = "access_log_format nothing"
    assert told(stack, stages.stages(stack), names) == [
        (
            "name live, owner Live, tracing true, access_log_format $context.requestId, logging_level INFO, "
            "throttling_rate 10, metrics nothing, web_acls ${Acl.Arn}"
        ),
        (
            f"name other, owner Makes, tracing false, {nothing}, logging_level nothing, throttling_rate nothing, "
            "metrics true, web_acls "
        ),
        (
            f"name test when Parameters.Name is test, owner ByParameter when Parameters.Name is test, "
            f"tracing false when Parameters.Name is test, {nothing} when Parameters.Name is test, "
            "logging_level nothing when Parameters.Name is test, throttling_rate nothing when Parameters.Name is test, "
            "metrics nothing when Parameters.Name is test, web_acls  when Parameters.Name is test"
        ),
    ]


def test_settings_of_single_methods() -> None:
    stack = stack_of(_REST)
    live = next(record for _, record in records(stages.stages(stack)))
    listed = live.get("settings")
    assert isinstance(listed, ListValue)
    assert told(stack, listed, ("path", "method", "is_for_all", "logging_level")) == [
        "path /orders, method GET, is_for_all false, logging_level OFF",
        "path /*, method *, is_for_all true, logging_level INFO",
    ]


@pytest.mark.parametrize(
    ("written", "path"),
    [("/~1orders~1{id}", "/orders/{id}"), ("/orders", "/orders"), ("/", "/"), ("/*", "/*"), ("/~1*", "/*")],
)
def test_paths_of_settings_may_have_their_slashes_coded(written: str, path: str) -> None:
    text = f"""
Resources:
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {{RestApiId: a1b2c3, MethodSettings: [{{ResourcePath: "{written}", HttpMethod: "*"}}]}}
"""
    stack = stack_of(text)
    (stage,) = (record for _, record in records(stages.stages(stack)))
    listed = stage.get("settings")
    assert isinstance(listed, ListValue)
    assert told(stack, listed, ("path", "is_for_all")) == [f"path {path}, is_for_all {str(path == '/*').lower()}"]


def test_the_stage_that_sam_leaves_over() -> None:
    text = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: live, DefinitionBody: {paths: {/a: {get: {}}}}}}
"""
    stack = stack_of(text)
    assert told(stack, stages.stages(stack), ("name", "is_left_over", "routes")) == [
        "name live, is_left_over false, routes GET /a",
        "name Stage, is_left_over true, routes GET /a",
    ]


def test_stages_of_http_and_websocket_apis() -> None:
    text = """
Resources:
  Chat: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: chat, ProtocolType: WEBSOCKET}}
  Quick: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: quick, ProtocolType: HTTP, Target: "https://example.com"}}
  Live:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Chat
      StageName: live
      AutoDeploy: true
      AccessLogSettings: {DestinationArn: arn:aws:logs:log}
      DefaultRouteSettings: {ThrottlingRateLimit: 5, DetailedMetricsEnabled: true}
      RouteSettings: {$connect: {ThrottlingRateLimit: 1}}
  Other: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !ImportValue api, StageName: $default}}
"""
    stack = stack_of(text)
    names = ("kind", "name", "api", "auto_deploy", "throttling_rate", "metrics", "access_log_destination")
    assert told(stack, stages.stages(stack), names) == [
        (
            "kind websocket, name live, api Chat, auto_deploy true, throttling_rate 5, metrics true, "
            "access_log_destination arn:aws:logs:log"
        ),
        (
            "kind a value that is not known, name $default, api nothing, auto_deploy false, throttling_rate nothing, "
            "metrics nothing, access_log_destination nothing"
        ),
        (
            "kind http, name $default, api Quick, auto_deploy true, throttling_rate nothing, metrics nothing, "
            "access_log_destination nothing"
        ),
    ]
    live = next(record for _, record in records(stages.stages(stack)))
    listed = live.get("settings")
    assert isinstance(listed, ListValue)
    assert [in_cases(stack, one.get("path")) for _, one in records(listed)] == ["/*", "$connect"]


def test_overrides_of_what_quick_create_makes() -> None:
    text = """
Parameters: {Env: {Type: String, AllowedValues: [prod, dev]}}
Conditions: {IsProd: !Equals [!Ref Env, prod]}
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: quick, ProtocolType: HTTP, Target: "https://example.com"}}
  Bare: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: bare, ProtocolType: HTTP, Target: "https://example.com"}}
  Changes:
    Type: AWS::ApiGatewayV2::ApiGatewayManagedOverrides
    Condition: IsProd
    Properties:
      ApiId: !Ref Api
      Route: {AuthorizationType: aws_iam, AuthorizationScopes: [orders]}
      Stage:
        AutoDeploy: false
        AccessLogSettings: {DestinationArn: arn:aws:logs:log}
        DefaultRouteSettings: {ThrottlingRateLimit: 5}
"""
    stack = stack_of(text)
    names = ("api", "auto_deploy", "throttling_rate", "access_log_destination")
    assert told(stack, stages.stages(stack), names) == [
        (
            "api Api, auto_deploy false when IsProd is true; true when IsProd is false, "
            "throttling_rate 5 when IsProd is true; nothing when IsProd is false, "
            "access_log_destination arn:aws:logs:log when IsProd is true; nothing when IsProd is false"
        ),
        "api Bare, auto_deploy true, throttling_rate nothing, access_log_destination nothing",
    ]
    assert told(stack, routes.routes(stack), ("api", "authorization")) == [
        "api Api, authorization AWS_IAM when IsProd is true; NONE when IsProd is false",
        "api Bare, authorization NONE",
    ]


def test_stages_and_routes_of_another_stacks_api_belong_together() -> None:
    text = """
Parameters: {ApiId: {Type: String}, Other: {Type: String}}
Resources:
  Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref ApiId, StageName: live, DeploymentId: d}}
  Get: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref ApiId, ResourceId: a, HttpMethod: GET}}
  Put: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Other, ResourceId: a, HttpMethod: PUT}}
"""
    stack = stack_of(text)
    ((_, live),) = records(stages.stages(stack))
    listed = live.get("routes")
    assert isinstance(listed, ListValue)
    assert [in_cases(stack, one.get("method")) for _, one in records(listed)] == ["GET"]
