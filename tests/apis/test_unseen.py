"""Definitions that cannot be read: one route stands for all that they may have, and a diagnostic says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackwarden.apis import definitions, routes

from .told import in_cases, records, routes_told, stack_in, stack_of, told


def _api(properties: str, resource_type: str = "AWS::ApiGateway::RestApi") -> str:
    return f"""
Parameters: {{Stage: {{Type: String, AllowedValues: [test, prod]}}}}
Conditions: {{IsProd: !Equals [!Ref Stage, prod]}}
Resources:
  Api:
    Type: {resource_type}
    Properties: {properties}
"""


@pytest.mark.parametrize(
    "properties",
    [
        "{BodyS3Location: {Bucket: b, Key: k}}",
        "{BodyS3Location: s3://bucket/key}",
        "{Body: !ImportValue body}",
        "{Body: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://bucket/key}}}}",
        "{Body: {paths: !ImportValue paths}}",
        "{Body: {paths: {Fn::Transform: {Name: OwnMacro}}}}",
        "{Body: not a definition}",
        "{Body: {paths: {/a: !ImportValue item}}}",
        "{Body: {paths: {/a: {get: !ImportValue operation}}}}",
        "{Body: {paths: {/a: {$ref: other.yaml}}}}",
    ],
)
@pytest.mark.parametrize("resource_type", ["AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"])
def test_one_route_stands_for_what_is_not_shown(properties: str, resource_type: str) -> None:
    stack = stack_of(_api(properties, resource_type))
    ((item, route),) = records(routes.routes(stack))
    assert in_cases(stack, route.get("is_known"), item) == "false"
    assert in_cases(stack, route.get("api"), item) == "Api"
    assert in_cases(stack, route.get("authorization"), item) == "a value that is not known"


def test_an_api_without_a_definition_has_no_routes() -> None:
    for properties in ("{Name: orders}", "{Body: {openapi: 3.0.1}}", "{Body: !Ref AWS::NoValue}"):
        assert routes_told(stack_of(_api(properties))) == {}


def test_a_copy_of_another_api() -> None:
    stack = stack_of(_api("{CloneFrom: a1b2c3}"))
    assert told(stack, definitions.apis(stack), ("definition",)) == ["definition unseen"]


def test_a_definition_in_some_deployments() -> None:
    body = "{paths: {/a: {get: {}}}}"
    stack = stack_of(_api(f"{{Body: !If [IsProd, !ImportValue body, {body}]}}"))
    found = {
        in_cases(stack, route.get("name")): in_cases(stack, route.get("is_known"), item)
        for item, route in records(routes.routes(stack))
    }
    assert found == {"GET /a": "true when IsProd is false", "some route": "false when IsProd is true"}


def test_paths_and_operations_under_conditions() -> None:
    text = _api(
        "{Body: {paths: {/a: !If [IsProd, {get: {}}, !Ref AWS::NoValue], "
        "/b: {get: !If [IsProd, !Ref AWS::NoValue, {}]}}}}"
    )
    assert routes_told(stack_of(text)) == {"GET /a": "NONE when IsProd is true", "GET /b": "NONE when IsProd is false"}


@pytest.mark.parametrize("content", [None, "- a list", "a: [unclosed", ""])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: str | None) -> None:
    files = {} if content is None else {"openapi.yaml": content}
    stack = stack_in(tmp_path, _api("{BodyS3Location: openapi.yaml}"), files)
    ((_, route),) = records(routes.routes(stack))
    assert in_cases(stack, route.get("is_known")) == "false"
    (problem,) = stack.resolver.diagnostics
    assert problem.message().startswith("`BodyS3Location` names `")
    assert problem.message().endswith("openapi.yaml`, which is no readable OpenAPI document")


def test_a_file_is_read_only_when_routes_are_asked_for(tmp_path: Path) -> None:
    stack = stack_in(tmp_path, _api("{BodyS3Location: gone.yaml}"), {})
    assert stack.resolver.diagnostics == ()
    routes.routes(stack)
    assert len(stack.resolver.diagnostics) == 1


def test_functions_in_an_uploaded_file_are_not_evaluated(tmp_path: Path) -> None:
    definition = """
    paths:
      /a:
        get: {"Fn::If": [IsProd, {}, {}]}
        post: {}
    """
    stack = stack_in(tmp_path, _api("{BodyS3Location: openapi.yaml}"), {"openapi.yaml": definition})
    assert routes_told(stack) == {"GET /a": "NONE", "POST /a": "NONE"}


@pytest.mark.parametrize(
    "reference",
    ["#/x/loop", "#/x/nowhere", "other.yaml#/x", "#/x/first", "#", "#/paths/~1a", "https://example.com/#/x"],
)
def test_references_that_lead_nowhere(reference: str) -> None:
    text = _api(
        "{Body: {x: {loop: {$ref: '#/x/loop'}, first: {$ref: '#/x/second'}, second: {$ref: '#/x/first/a'}}, "
        f"paths: {{/a: {{$ref: '{reference}'}}, /b: {{get: {{}}}}}}}}}}"
    )
    assert routes_told(stack_of(text))["GET /b"] == "NONE"


def test_many_references_are_followed_in_linear_time() -> None:
    steps = ", ".join(f"s{n}: {{a: {{$ref: '#/x/s{n + 1}'}}, b: {{$ref: '#/x/s{n + 1}'}}}}" for n in range(60))
    last = "s60: {a: {}, b: {}}"
    path = "/a" * 60
    text = _api(f"{{Body: {{x: {{{steps}, {last}}}, paths: {{/a: {{get: {{$ref: '#/x/s0{path}'}}}}}}}}}}")
    assert routes_told(stack_of(text)) == {"GET /a": "NONE"}
