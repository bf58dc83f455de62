"""Routes of REST APIs: methods as resources, and the operations of definitions.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::Method` and `AWS::ApiGateway::RestApi`; API Gateway
Developer Guide, *OpenAPI extensions for API Gateway*.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from stackwarden.apis import integrations, requests, validators
from stackwarden.apis.authorizers import of_scheme, referred_authorizer
from stackwarden.apis.documents import REST_API, Operation, follow, operations, undefined
from stackwarden.apis.reading import default, in_upper, is_among, resource_of, truth
from stackwarden.apis.rest_paths import path_of
from stackwarden.apis.security import protection_of
from stackwarden.apis.shapes import route, unseen_route
from stackwarden.graph.stack import Stack
from stackwarden.resolve.logic import both
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    ListValue,
    Plain,
    Record,
    ResourceValue,
    Value,
    bind,
    make_text,
)

__all__ = ["TYPES", "of_operation", "routes"]

METHOD: Final = "AWS::ApiGateway::Method"
TYPES: Final = (METHOD, REST_API)


def routes(stack: Stack) -> Iterator[Item]:
    """The routes of the template's REST APIs; one more for each whose definition cannot be read."""
    for method in stack.resources((METHOD,)):
        yield Item(_of_method(stack, method), method.guard)
    for operation in operations(stack):
        if operation.document.api.resource.resource_type == REST_API:
            yield Item(of_operation(stack, operation, "rest"), operation.guard)
    for api, guard in undefined(stack):
        if api.resource.resource_type == REST_API:
            yield Item(unseen_route(api, "rest"), guard)


def _of_method(stack: Stack, method: ResourceValue) -> Record:
    api_id = at(method, "RestApiId")
    verb = in_upper(at(method, "HttpMethod"))
    path = path_of(stack, at(method, "ResourceId"))
    api = resource_of(stack, api_id, (REST_API,))
    fields: dict[str, Value] = {
        "kind": Known("rest"),
        "api": api,
        "api_id": api_id,
        "method": verb,
        "path": path,
        "name": _name(verb, path),
        "authorization": bind(in_upper(at(method, "AuthorizationType")), or_none),
        "scopes": default(at(method, "AuthorizationScopes"), ListValue(())),
        "api_key_required": default(at(method, "ApiKeyRequired"), Known(False)),
    }
    return route(
        fields,
        method,
        method.origin,
        authorizer=lambda: referred_authorizer(stack, at(method, "AuthorizerId")),
        request_validator=lambda: validators.referred(stack, at(method, "RequestValidatorId")),
        parameters=lambda: requests.of_method(method),
        bodies=lambda: requests.bodies_of_method(stack, method),
        integration=lambda: integrations.of_method(stack, method, api),
        is_preflight=lambda: is_mocked_options(stack, verb, at(method, "Integration", "Type")),
    )


def of_operation(stack: Stack, operation: Operation, kind: str) -> Record:
    """The route of an operation of a definition."""
    document = operation.document
    origin = operation.node.origin
    is_default = kind == "http" and operation.path.removeprefix("/") == "$default"
    verb, path = Known(operation.method, origin), Known("$default" if is_default else operation.path, origin)
    protection = protection_of(operation, partial(of_scheme, stack))
    mocked = follow(document, at(operation.node, "x-amazon-apigateway-integration"))
    fields: dict[str, Value] = {
        "kind": Known(kind),
        "api": document.api,
        "method": verb,
        "path": path,
        "name": Known("$default" if is_default else f"{operation.method} {operation.path}", origin),
        "authorization": protection.authorization,
        "authorizer": protection.authorizer,
        "scopes": protection.scopes,
        "api_key_required": protection.api_key_required,
        "schemes": protection.schemes,
        "ignored_schemes": protection.ignored_schemes,
        "security_from": protection.security_from,
    }
    return route(
        fields,
        document.api,
        origin,
        request_validator=lambda: validators.of_operation(operation),
        parameters=lambda: requests.of_operation(operation),
        bodies=lambda: requests.bodies_of_operation(operation),
        integration=lambda: integrations.of_operation(stack, document, operation.node),
        is_preflight=lambda: is_mocked_options(stack, verb, at(mocked, "type")),
    )


def or_none(authorization: Plain) -> Value:
    """An authorization type, `NONE` where it is absent."""
    return Known("NONE", authorization.origin) if isinstance(authorization, Absent) else authorization


def is_mocked_options(stack: Stack, verb: Value, integration_type: Value) -> Value:
    """Whether a route is the answer to a browser's preflight request that API Gateway itself gives."""
    options = is_among(stack, verb, "OPTIONS")
    return truth(both(options, is_among(stack, in_upper(integration_type), "MOCK")))


def _name(verb: Value, path: Value) -> Value:
    def with_path(plain: Plain) -> Value:
        return make_text((verb, " ", plain), plain.origin)

    return bind(path, with_path)
