"""What routes take: parameters and the schemas of bodies, in each form."""

from __future__ import annotations

import pytest

from stackwarden.apis import routes
from stackwarden.resolve.values import ListValue, MapValue

from .told import in_cases, records, stack_of, told

_METHOD = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi}
  Order:
    Type: AWS::ApiGateway::Model
    Properties: {RestApiId: !Ref Api, Name: Order, Schema: {type: object}}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      RequestParameters: {method.request.querystring.page: true, method.request.header.X-Trace: false}
      RequestModels: {application/json: MODEL}
"""
_OPERATION = """
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        parameters: {trace: {name: X-Trace, in: header}}
        definitions: {Order: {type: object}}
        components: {schemas: {Order: {type: object}}}
        paths:
          /:
            parameters: [{$ref: "#/parameters/trace"}]
            post: OPERATION
"""


def _parameters(text: str) -> list[str]:
    stack = stack_of(text)
    ((_, route),) = records(routes.routes(stack))
    listed = route.get("parameters")
    assert isinstance(listed, ListValue)
    return sorted(told(stack, listed, ("name", "place", "required")))


def _schemas(text: str) -> list[str]:
    stack = stack_of(text)
    ((_, route),) = records(routes.routes(stack))
    listed = route.get("schemas")
    assert isinstance(listed, ListValue)
    values = [item.value for item in listed.items]
    return [str(one.names()) if isinstance(one, MapValue) else in_cases(stack, one) for one in values]


@pytest.mark.parametrize(
    "text",
    [
        _METHOD,
        _OPERATION.replace("OPERATION", "{parameters: [{name: page, in: query, required: true}]}"),
        _OPERATION.replace(
            "OPERATION",
            "{parameters: [{name: page, in: query, required: true}, {name: body, in: body, schema: {}}]}",
        ),
    ],
    ids=["method", "openapi", "swagger"],
)
def test_parameters(text: str) -> None:
    assert _parameters(text) == [
        "name X-Trace, place header, required false",
        "name page, place query, required true",
    ]


@pytest.mark.parametrize(
    ("text", "schemas"),
    [
        (_METHOD.replace("MODEL", "!Ref Order"), ["('type',)"]),
        (_METHOD.replace("MODEL", "Order"), ["('type',)"]),
        (_METHOD.replace("MODEL", "Empty"), ["()"]),
        (_METHOD.replace("MODEL", "Elsewhere"), ["a value that is not known"]),
        (_METHOD.replace("{application/json: MODEL}", "{}"), []),
        (_OPERATION.replace("OPERATION", "{}"), []),
        (
            _OPERATION.replace(
                "OPERATION",
                "{requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}}",
            ),
            ["('type',)"],
        ),
        (
            _OPERATION.replace(
                "OPERATION", "{parameters: [{in: body, name: o, schema: {$ref: '#/definitions/Order'}}]}"
            ),
            ["('type',)"],
        ),
        (_OPERATION.replace("OPERATION", "{requestBody: {content: {application/json: {schema: {}}}}}"), ["()"]),
    ],
)
def test_schemas(text: str, schemas: list[str]) -> None:
    assert _schemas(text) == schemas


def test_schemes_that_protect_nothing() -> None:
    body = (
        "{components: {securitySchemes: {login: {type: oauth2}, key: {type: apiKey, name: x-api-key, in: header}}}, "
        "paths: {/a: {get: {security: [{login: []}, {key: []}, {gone: []}]}}}}"
    )
    stack = stack_of(f"Resources: {{Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{Body: {body}}}}}}}")
    ((_, route),) = records(routes.routes(stack))
    assert in_cases(stack, route.get("schemes")) == "login, key, gone"
    assert in_cases(stack, route.get("ignored_schemes")) == "login, gone"


@pytest.mark.parametrize(
    ("operation", "bodies"),
    [
        ("{requestBody: {content: {text/csv: {schema: {type: string}}}}}", ["content_type text/csv, schema {type}"]),
        (
            "{consumes: [text/csv], parameters: [{in: body, name: b, schema: {type: string}}]}",
            ["content_type text/csv, schema {type}"],
        ),
        (
            "{parameters: [{in: body, name: b, schema: {type: string}}]}",
            ["content_type application/json, schema {type}"],
        ),
        ("{requestBody: {content: {text/csv: {}}}}", ["content_type text/csv, schema nothing"]),
    ],
)
def test_bodies_tell_their_content_type(operation: str, bodies: list[str]) -> None:
    stack = stack_of(_OPERATION.replace("OPERATION", operation))
    ((_, route),) = records(routes.routes(stack))
    listed = route.get("bodies")
    assert isinstance(listed, ListValue)
    assert told(stack, listed, ("content_type", "schema")) == bodies


@pytest.mark.parametrize("own", ["schema: {type: integer}", "type: integer, x-more: 1"], ids=["openapi", "swagger"])
def test_parameters_tell_their_schema(own: str) -> None:
    stack = stack_of(_OPERATION.replace("OPERATION", "{parameters: [{name: page, in: query, " + own + "}]}"))
    ((_, route),) = records(routes.routes(stack))
    listed = route.get("parameters")
    assert isinstance(listed, ListValue)
    assert told(stack, listed, ("name", "schema")) == ["name page, schema {type}", "name X-Trace, schema nothing"]
