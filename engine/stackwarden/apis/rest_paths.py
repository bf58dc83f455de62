"""The path of a REST API's resource, put together from the parts that its ancestors add.

Source: CloudFormation template reference, *AWS::ApiGateway::Resource* (`ParentId`, `PathPart`) and
*AWS::ApiGateway::RestApi* (attribute `RootResourceId`).
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Known,
    MapValue,
    Plain,
    ResourceValue,
    Text,
    Unknown,
    Value,
    bind,
    make_text,
)

__all__ = ["path_of"]

_DEEPEST: Final = 64
"""Deeper than API Gateway allows resources to be nested; a longer chain is a loop."""


def path_of(stack: Stack, resource_id: Value) -> Value:
    """The path that a `ResourceId` stands for: `/` for the root, `/orders/{id}` below it.

    Unknown where the id is not that of a resource of the template; absent where there is no id.
    """
    return _path(stack, resource_id, 0)


def _path(stack: Stack, resource_id: Value, depth: int) -> Value:
    return bind(resource_id, lambda plain: _plain_path(stack, plain, depth))


def _plain_path(stack: Stack, resource_id: Plain, depth: int) -> Value:
    match resource_id:
        case Text(parts=(AttributeHole(attribute="RootResourceId"),)):
            return Known("/", resource_id.origin)
        case Text(parts=(AttributeHole(logical_id=logical_id, attribute=attribute),)) if depth < _DEEPEST:
            resource = stack.resource(logical_id)
            if resource is not None and _is_part(resource) and attribute in ("", "ResourceId"):
                return _below(stack, resource, depth)
        case Absent():
            return resource_id
        case _:
            pass
    return Unknown("the resource of the API is not known", resource_id.origin)


def _is_part(resource: ResourceValue) -> bool:
    return resource.resource.resource_type == "AWS::ApiGateway::Resource"


def _below(stack: Stack, resource: ResourceValue, depth: int) -> Value:
    properties = resource.properties
    if not isinstance(properties, MapValue):
        return Unknown("the resource of the API is not known", resource.origin)
    part = properties.get("PathPart")
    return bind(_path(stack, properties.get("ParentId"), depth + 1), lambda parent: _joined(parent, part))


def _joined(parent: Plain, part: Value) -> Value:
    match parent:
        case Known(data="/"):
            return make_text(("/", part), parent.origin)
        case Known() | Text():
            return make_text((parent, "/", part), parent.origin)
        case _:
            return Unknown("the resource of the API is not known", parent.origin)
