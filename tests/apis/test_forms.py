"""The same API, written in every form, has the same routes."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent, indent

import pytest
import yaml

from stackwarden.apis import authorizers, routes, stages
from stackwarden.graph.stack import Stack
from stackwarden.resolve.values import Known, Record
from stackwarden.run.message import in_words

from .told import in_cases, records, routes_told, stack_in, stack_of, told

_EXPECTED = {
    "GET /orders": "CUSTOM by Users",
    "POST /orders": "NONE",
    "PUT /orders": "AWS_IAM",
    "OPTIONS /orders": "NONE",
    "ANY /orders/{id}": "CUSTOM by Users and a key",
}

_RESOURCES = """
Resources:
  Fn: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: x}, Role: r}}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Users:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      Name: Users
      RestApiId: !Ref Api
      Type: TOKEN
      IdentitySource: method.request.header.Authorization
      AuthorizerUri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"
  Orders:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}
  Order:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !Ref Orders, PathPart: "{id}"}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Orders
      HttpMethod: GET
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Users
  Post:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Orders, HttpMethod: post}
  Put:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Orders, HttpMethod: PUT, AuthorizationType: AWS_IAM}
  Options:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Orders
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      Integration: {Type: MOCK}
  Any:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Order
      HttpMethod: ANY
      AuthorizationType: CUSTOM
      AuthorizerId: !GetAtt Users.AuthorizerId
      ApiKeyRequired: "true"
"""

_PATHS = """
paths:
  /orders:
    get: {security: [{Users: []}]}
    post: {security: []}
    put: {x-amazon-apigateway-auth: {type: AWS_IAM}}
    options:
      security: []
      x-amazon-apigateway-integration: {type: mock}
  "/orders/{id}":
    x-amazon-apigateway-any-method: {security: [{Users: []}, {Key: []}]}
"""

_SCHEMES = """
Users:
  type: apiKey
  name: Authorization
  in: header
  x-amazon-apigateway-authtype: custom
  x-amazon-apigateway-authorizer:
    type: token
    authorizerUri: arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/FUNCTION/invocations
Key: {type: apiKey, name: X-API-Key, in: header}
"""

_SWAGGER = 'swagger: "2.0"\nsecurityDefinitions:' + indent(_SCHEMES, "  ") + _PATHS
_OPENAPI = "openapi: 3.0.1\ncomponents:\n  securitySchemes:" + indent(_SCHEMES, "    ") + _PATHS
_SHARED = (
    "openapi: 3.1.0\n"
    + _PATHS.replace("get: {security: [{Users: []}]}", 'get: {$ref: "#/components/x-operations/get~1orders"}')
    + "components:\n  x-operations: {get/orders: {security: [{Users: []}]}}\n  securitySchemes:"
    + indent(_SCHEMES.replace("Users:", "Shared:", 1) + 'Users: {$ref: "#/components/securitySchemes/Shared"}', "    ")
)


def _inline(definition: str) -> str:
    return "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Body:\n" + indent(
        definition, " " * 8
    )


def _in_file(properties: str) -> str:
    return f"Resources:\n  Api: {{Type: AWS::ApiGateway::RestApi, Properties: {properties}}}\n"


def test_methods() -> None:
    assert routes_told(stack_of(_RESOURCES)) == _EXPECTED


@pytest.mark.parametrize("definition", [_SWAGGER, _OPENAPI, _SHARED], ids=["swagger", "openapi", "references"])
def test_inline_definitions(definition: str) -> None:
    assert routes_told(stack_of(_inline(definition))) == _EXPECTED


@pytest.mark.parametrize(
    "properties",
    [
        "{BodyS3Location: api/orders.yaml}",
        "{Body: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: api/orders.yaml}}}}",
    ],
    ids=["packaged", "included"],
)
@pytest.mark.parametrize("definition", [_SWAGGER, _OPENAPI], ids=["swagger", "openapi"])
def test_definitions_in_files(tmp_path: Path, properties: str, definition: str) -> None:
    stack = stack_in(tmp_path, _in_file(properties), {"api/orders.yaml": definition})
    assert routes_told(stack) == _EXPECTED


def test_a_local_definition_of_sam(tmp_path: Path) -> None:
    text = """
    Transform: AWS::Serverless-2016-10-31
    Resources:
      Api: {Type: AWS::Serverless::Api, Properties: {StageName: live, DefinitionUri: orders.json}}
    """
    definition = json.dumps(yaml.safe_load(_OPENAPI))
    assert routes_told(stack_in(tmp_path, dedent(text), {"orders.json": definition})) == _EXPECTED


def test_a_definition_as_text() -> None:
    body = '{"openapi": "3.0.1", "paths": {"/${Name}": {"get": {}}, "/b": {"get": {"security": []}}}}'
    text = f"""
    Parameters: {{Url: {{Type: String}}}}
    Resources:
      Api:
        Type: AWS::ApiGatewayV2::Api
        Properties:
          Body: !Sub '{body.replace("/${Name}", "/a")}'
    """
    assert routes_told(stack_of(dedent(text))) == {"GET /a": "NONE", "GET /b": "NONE"}


_SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Cors: "'https://www.example.com'"
      Auth:
        AddDefaultAuthorizerToCorsPreflight: false
        DefaultAuthorizer: Users
        Authorizers: {Users: {FunctionArn: !GetAtt Fn.Arn}}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: index.handler
      Runtime: python3.13
      Events:
        Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /orders, Method: get}}
        Post: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /orders, Method: post, Auth: {Authorizer: NONE}}}
        Put: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /orders, Method: put, Auth: {Authorizer: AWS_IAM}}}
        Any:
          Type: Api
          Properties: {RestApiId: !Ref Api, Path: "/orders/{id}", Method: any, Auth: {ApiKeyRequired: true}}
"""


def test_events_of_sam() -> None:
    found = routes_told(stack_of(_SAM))
    assert found.pop("OPTIONS /orders/{id}") == "NONE"  # SAM answers preflight requests for every path
    assert found == _EXPECTED


def test_events_of_sam_point_at_what_the_author_wrote() -> None:
    stack = stack_of(_SAM)
    places = {
        in_cases(stack, route.get("name")): _SAM[route.origin.start : route.origin.end]
        for _, route in records(routes.routes(stack))
        if route.origin is not None
    }
    assert places["GET /orders"] == "get"
    assert places["ANY /orders/{id}"] == '"/orders/{id}"'


def test_preflight_is_told_from_other_routes() -> None:
    for text in (_RESOURCES, _inline(_SWAGGER), _inline(_OPENAPI)):
        stack = stack_of(text)
        found = {in_cases(stack, one.get("name")) for _, one in records(routes.routes(stack)) if _is_preflight(one)}
        assert found == {"OPTIONS /orders"}


def _is_preflight(route: Record) -> bool:
    return route.get("is_preflight") == Known(True)


@pytest.mark.parametrize("text", [_RESOURCES, _inline(_OPENAPI), _SAM], ids=["resources", "inline", "sam"])
def test_authorizers_are_alike(text: str) -> None:
    stack = stack_of(text)
    names = ("name", "kind", "ttl", "identity_sources")
    assert told(stack, authorizers.authorizers(stack), names) == [
        "name Users, kind TOKEN, ttl 300, identity_sources method.request.header.Authorization"
    ]


@pytest.mark.parametrize("text", [_RESOURCES, _inline(_OPENAPI)], ids=["resources", "inline"])
def test_which_routes_an_authorizer_protects(text: str) -> None:
    stack = stack_of(text)
    ((_, users),) = records(authorizers.authorizers(stack))
    assert in_words(routes.routes_with(stack, users)) == "GET /orders, ANY /orders/{id}"


def test_functions_that_graphql_apis_ask() -> None:
    stack = stack_of("""
Parameters: {More: {Type: String, AllowedValues: ["yes", "no"]}}
Conditions: {HasMore: !Equals [!Ref More, "yes"]}
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: shop
      AuthenticationType: AWS_LAMBDA
      LambdaAuthorizerConfig: {AuthorizerUri: !GetAtt Decide.Arn}
      AdditionalAuthenticationProviders:
        - {AuthenticationType: AWS_IAM}
        - !If
          - HasMore
          - AuthenticationType: AWS_LAMBDA
            LambdaAuthorizerConfig: {AuthorizerUri: !ImportValue decide, AuthorizerResultTtlInSeconds: 60}
          - !Ref AWS::NoValue
  Decide: {Type: AWS::Lambda::Function}
""")
    assert told(stack, authorizers.authorizers(stack), ("kind", "ttl", "functions", "owner")) == [
        "kind LAMBDA, ttl 300, functions Decide, owner Api",
        (
            "kind LAMBDA when HasMore is true, ttl 60 when HasMore is true, functions … when HasMore is true, "
            "owner Api when HasMore is true"
        ),
    ]


def _stack_with(route: str) -> Stack:
    return stack_of(f"Resources:\n  Route:\n    Type: AWS::ApiGatewayV2::Route\n    Properties: {route}\n")


@pytest.mark.parametrize(
    ("properties", "kind", "name"),
    [
        ("{ApiId: a, RouteKey: GET /orders}", "http", "GET /orders"),
        ("{ApiId: a, RouteKey: $connect}", "websocket", "$connect"),
        ("{ApiId: a, RouteKey: $default}", "a value that is not known", "$default"),
        ("{ApiId: a, RouteKey: !Sub 'GET /${AWS::Region}'}", "http", "GET /${AWS::Region}"),
        ("{ApiId: a, RouteKey: !ImportValue key}", "a value that is not known", "${…}"),
    ],
)
def test_route_keys(properties: str, kind: str, name: str) -> None:
    stack = _stack_with(properties)
    assert told(stack, routes.routes(stack), ("kind", "name")) == [f"kind {kind}, name {name}"]


def test_an_api_in_a_nested_stack(tmp_path: Path) -> None:
    text = """
Resources:
  Shop: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: shop/template.yaml}}
"""
    child = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: openapi.yaml}}
  Live: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: live, DeploymentId: d}}
  Put:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: PUT}
"""
    files = {"shop/template.yaml": child, "shop/openapi.yaml": "paths: {/a: {get: {}}}"}
    stack = stack_in(tmp_path, text, files)
    assert told(stack, routes.routes(stack), ("api", "name")) == [
        "api Shop/Api, name PUT /",
        "api Shop/Api, name GET /a",
    ]
    assert told(stack, stages.stages(stack), ("api", "routes")) == ["api Shop/Api, routes PUT /, GET /a"]
