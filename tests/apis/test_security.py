"""What protects the operations of a definition: security in all its spellings, under conditions, and unknown."""

from __future__ import annotations

from textwrap import indent

import pytest

from stackwarden.apis import routes
from stackwarden.resolve.values import Record

from .told import in_cases, records, routes_told, stack_of

_TEMPLATE = """
Parameters:
  Stage: {{Type: String, AllowedValues: [test, prod]}}
  Open: {{Type: String}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Api:
    Type: {resource_type}
    Properties:
      Body:
        openapi: 3.0.1
        components:
          securitySchemes:
            fn:
              type: apiKey
              name: Authorization
              in: header
              x-amazon-apigateway-authorizer: {{type: request, authorizerUri: !ImportValue function}}
            pool:
              type: apiKey
              name: Authorization
              in: header
              x-amazon-apigateway-authorizer: {{type: cognito_user_pools, providerARNs: [!ImportValue pool]}}
            jwt:
              type: openIdConnect
              openIdConnectUrl: https://id.example.com/.well-known/openid-configuration
              x-amazon-apigateway-authorizer: {{type: jwt, jwtConfiguration: {{audience: [web]}}}}
            signed: {{type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}}
            key: {{type: apiKey, name: x-api-key, in: header}}
            cookie: {{type: apiKey, name: session, in: cookie}}
            oauth: {{type: oauth2, flows: {{}}}}
            basic: {{type: http, scheme: basic}}
            maybe: !If
              - IsProd
              - {{type: apiKey, name: A, in: header, x-amazon-apigateway-authtype: awsSigv4}}
              - {{type: http}}
            hidden: !ImportValue scheme
            circle: {{$ref: "#/components/securitySchemes/circle"}}
{whole}        paths:
          /a:
            get:
{operation}
"""

_UNKNOWN = "a value that is not known"
_IN_PROD = "when IsProd is true"
_ELSE = "when IsProd is false"


def _protection(operation: str, whole: str = "", resource_type: str = "AWS::ApiGateway::RestApi") -> str:
    text = _TEMPLATE.format(
        operation=indent(operation, " " * 14),
        whole=indent(whole + "\n", " " * 8) if whole else "",
        resource_type=resource_type,
    )
    return routes_told(stack_of(text))["GET /a"]


@pytest.mark.parametrize(
    ("operation", "protection"),
    [
        ("{}", "NONE"),
        ("security: []", "NONE"),
        ("security: [{}]", "NONE"),
        ("security: [{fn: []}]", "CUSTOM by fn"),
        ("security: [{pool: []}]", "COGNITO_USER_POOLS by pool"),
        ("security: [{jwt: [read]}]", "JWT by jwt"),
        ("security: [{signed: []}]", "AWS_IAM"),
        ("security: [{key: []}]", "NONE and a key"),
        ("security: [{key: []}, {fn: []}]", "CUSTOM by fn and a key"),
        ("security: [{fn: [], key: []}]", "CUSTOM by fn and a key"),
        ("security: [{fn: []}, {}]", "NONE"),
        ("security: [{cookie: []}]", "NONE"),
        ("security: [{oauth: []}]", "NONE"),
        ("security: [{basic: []}]", "NONE"),
        ("security: [{nowhere: []}]", "NONE"),
        ("security: [{oauth: []}, {fn: []}]", "CUSTOM by fn"),
        ("x-amazon-apigateway-auth: {type: aws_iam}", "AWS_IAM"),
        ("x-amazon-apigateway-auth: {type: NONE}", "NONE"),
        ("security: nonsense", "NONE"),
        ("security: [{maybe: []}]", "AWS_IAM when IsProd is true; NONE when IsProd is false"),
        (
            "security: !If [IsProd, [{fn: []}], []]",
            f"CUSTOM {_IN_PROD}; NONE {_ELSE} by fn {_IN_PROD}; nothing {_ELSE}",
        ),
        (
            "security: [!If [IsProd, {fn: []}, {oauth: []}]]",
            f"CUSTOM {_IN_PROD}; NONE {_ELSE} by fn {_IN_PROD}; nothing {_ELSE}",
        ),
        (
            "security: [!If [IsProd, {signed: []}, !Ref AWS::NoValue]]",
            "AWS_IAM when IsProd is true; NONE when IsProd is false",
        ),
        ("security: !ImportValue security", f"{_UNKNOWN} by {_UNKNOWN} and a key: {_UNKNOWN}"),
        ("security: [{hidden: []}]", f"{_UNKNOWN} by {_UNKNOWN}"),
        ("security: [{circle: []}]", f"{_UNKNOWN} by {_UNKNOWN}"),
        ("x-amazon-apigateway-auth: {type: !Ref Open}", "${Open}"),
    ],
)
def test_operation(operation: str, protection: str) -> None:
    assert _protection(operation) == protection


@pytest.mark.parametrize(
    ("operation", "whole", "protection"),
    [
        ("{}", "security: [{fn: []}]", "CUSTOM by fn"),
        ("security: []", "security: [{fn: []}]", "NONE"),
        ("security: [{key: []}]", "security: [{fn: []}]", "NONE and a key"),
        (
            "security: !If [IsProd, !Ref AWS::NoValue, []]",
            "security: [{signed: []}]",
            "AWS_IAM when IsProd is true; NONE when IsProd is false",
        ),
    ],
)
def test_what_the_document_asks_for_is_for_operations_that_say_nothing(
    operation: str, whole: str, protection: str
) -> None:
    assert _protection(operation, whole) == protection


def test_http_apis_are_read_alike() -> None:
    assert _protection("security: [{jwt: []}]", resource_type="AWS::ApiGatewayV2::Api") == "JWT by jwt"


def test_scopes_schemes_and_where_they_are_asked_for() -> None:
    text = _TEMPLATE.format(
        operation=indent("security: [{jwt: [read, write]}]", " " * 14), whole="", resource_type="AWS::ApiGatewayV2::Api"
    )
    stack = stack_of(text)
    ((_, route),) = records(routes.routes(stack))
    assert in_cases(stack, route.get("scopes")) == "read, write"
    assert in_cases(stack, route.get("schemes")) == "jwt"
    assert in_cases(stack, route.get("security_from")) == "operation"
    authorizer = route.get("authorizer")
    assert isinstance(authorizer, Record)
    assert in_cases(stack, authorizer.get("issuer")).startswith("https://id.example.com/")
    assert in_cases(stack, authorizer.get("audience")) == "web"
