"""The path of a REST API's resource, through `ParentId` and `PathPart`."""

from __future__ import annotations

import pytest

from stackwarden.apis.rest_paths import path_of
from stackwarden.graph.stack import Stack
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import Cases, MapValue
from stackwarden.run.message import in_words
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

_TEMPLATE = """
Parameters:
  Version: {Type: String, AllowedValues: [v1]}
  Open: {Type: String}
Resources:
  Api: {Type: AWS::ApiGateway::RestApi}
  Orders:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}
  Order:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Orders.ResourceId, PathPart: "{id}"}
  Versioned:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !Ref Order, PathPart: !Ref Version}
  Loop:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !Ref Loop, PathPart: loop}
  Elsewhere:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !ImportValue parent, PathPart: x}
  Method:
    Type: AWS::ApiGateway::Method
    Properties: {HttpMethod: GET, ResourceId: RESOURCE}
"""


def _path(resource_id: str) -> str:
    template = load(Source("t.yaml", _TEMPLATE.replace("RESOURCE", resource_id)))
    assert isinstance(template, Template)
    stack = Stack(Resolver(template))
    method = stack.resource("Method")
    assert method is not None
    assert isinstance(method.properties, MapValue)
    value = path_of(stack, method.properties.get("ResourceId"))
    assert not isinstance(value, Cases)
    return in_words(value)


@pytest.mark.parametrize(
    ("resource_id", "path"),
    [
        ("!GetAtt Api.RootResourceId", "/"),
        ("!Ref Orders", "/orders"),
        ("!Ref Order", "/orders/{id}"),
        ("!GetAtt Order.ResourceId", "/orders/{id}"),
        ("!Ref Versioned", "/orders/{id}/v1"),
        ("!Ref AWS::NoValue", "nothing"),
        ("!Ref Loop", "a value that is not known"),
        ("!Ref Elsewhere", "a value that is not known"),
        ("!Ref Open", "a value that is not known"),
        ("!Ref Api", "a value that is not known"),
        ("abc123", "a value that is not known"),
    ],
)
def test_path(resource_id: str, path: str) -> None:
    assert _path(resource_id) == path
