"""The param `public_routes` takes routes out of the rules about missing authorisation."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from stackwarden.cli.app import app

_TEMPLATE = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi}
  Health:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: health}
  GetHealth:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Health, HttpMethod: GET, AuthorizationType: NONE}
  PutHealth:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Health, HttpMethod: PUT, AuthorizationType: NONE}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: a1b2c3d4e5, RouteKey: GET /health}
"""


_KEYS_AND_PROXIES = """
Resources:
  Api: {Type: AWS::ApiGateway::RestApi}
  Get:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, ApiKeyRequired: true}
  Http: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}
  Route: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Http, RouteKey: "ANY /{proxy+}"}}
"""


def _open_routes(
    tmp_path: Path, *options: str, template: str = _TEMPLATE, rule: str = "*-authorization-none"
) -> set[str]:
    path = tmp_path / "api.yaml"
    path.write_text(template)
    rules = ("--rule", rule, "--no-config", "--exit-zero", "-f", "json")
    result = CliRunner().invoke(app, ["scan", str(path), *rules, *options], catch_exceptions=False)
    return {finding["resource"] for finding in json.loads(result.stdout)["findings"]}


def test_named_routes_are_public(tmp_path: Path) -> None:
    assert _open_routes(tmp_path) == {"GetHealth", "PutHealth", "Route"}
    assert _open_routes(tmp_path, "--set", "public_routes=GET /health") == {"PutHealth"}


def test_named_routes_may_ask_for_a_key_only_or_take_every_path(tmp_path: Path) -> None:
    for rule, resource, name in (
        ("apigateway-api-key-only-auth", "Get", "GET /"),
        ("apigateway-greedy-proxy-unauthenticated", "Route", "ANY /{proxy+}"),
    ):
        assert _open_routes(tmp_path, template=_KEYS_AND_PROXIES, rule=rule) == {resource}
        public = ("--set", f"public_routes={name}")
        assert _open_routes(tmp_path, *public, template=_KEYS_AND_PROXIES, rule=rule) == set()
