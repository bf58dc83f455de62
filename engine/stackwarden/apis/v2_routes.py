"""Routes of HTTP and WebSocket APIs: resources, the operations of definitions, and what quick create makes.

Sources: CloudFormation Template Reference, `AWS::ApiGatewayV2::Api` (`Target`), `AWS::ApiGatewayV2::Route`,
`AWS::ApiGatewayV2::Integration`, `AWS::ApiGatewayV2::ApiGatewayManagedOverrides`; API Gateway Developer Guide,
*Working with HTTP APIs*, *Working with WebSocket APIs*.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from stackwarden.apis import integrations
from stackwarden.apis.authorizers import referred_authorizer
from stackwarden.apis.documents import HTTP_API, operations, undefined
from stackwarden.apis.quick_create import overridden
from stackwarden.apis.reading import default, in_upper, is_among, resource_of, truth
from stackwarden.apis.rest_routes import of_operation, or_none
from stackwarden.apis.shapes import route, unseen_route
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.questions import settle
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import (
    ABSENT,
    Absent,
    AttributeHole,
    Item,
    Known,
    ListValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    bind,
    cases_of,
    fold_cases,
    make_text,
)

__all__ = ["TYPES", "kind_of", "routes"]

ROUTE_TYPE: Final = "AWS::ApiGatewayV2::Route"
TYPES: Final = (ROUTE_TYPE, HTTP_API)

_PROTOCOLS: Final = {"HTTP": "http", "WEBSOCKET": "websocket"}


def routes(stack: Stack) -> Iterator[Item]:
    """The routes of the template's HTTP and WebSocket APIs; one more for each whose definition cannot be read."""
    for resource in stack.resources((ROUTE_TYPE,)):
        yield Item(_of_resource(stack, resource), resource.guard)
    for api in stack.resources((HTTP_API,)):
        quick = at(api, "Target")
        there = _present(quick) & api.guard
        if there is not FALSE:
            yield Item(_quick(stack, api, quick), there)
    for operation in operations(stack):
        if operation.document.api.resource.resource_type == HTTP_API:
            yield Item(of_operation(stack, operation, "http"), operation.guard)
    for api, guard in undefined(stack):
        if api.resource.resource_type == HTTP_API:
            yield Item(unseen_route(api, "http"), guard)


def kind_of(api: Value) -> Value:
    """`http` or `websocket` for an API of the template; absent where it is not one."""

    def of_protocol(plain: Plain) -> Value:
        match plain:
            case Known():
                return Known(_PROTOCOLS.get(plain.text, plain.text.lower()), plain.origin)
            case Absent():
                return Known("http", plain.origin)  # only an HTTP API may leave it to its definition
            case _:
                return Unknown("the protocol of the API is not known", plain.origin)

    def of_api(plain: Plain) -> Value:
        return bind(at(plain, "ProtocolType"), of_protocol) if isinstance(plain, ResourceValue) else plain

    return bind(api, of_api)


def _of_resource(stack: Stack, resource: ResourceValue) -> Record:
    api_id = at(resource, "ApiId")
    key = fold_cases(settle(at(resource, "RouteKey"), stack.domains))
    api = resource_of(stack, api_id, (HTTP_API,))
    verb, path = bind(key, partial(_part, 0)), bind(key, partial(_part, 1))
    kind = bind(kind_of(api), lambda plain: bind(key, _kind_of_key) if isinstance(plain, Absent) else plain)
    fields: dict[str, Value] = {
        "kind": kind,
        "api": api,
        "api_id": api_id,
        "name": key,
        "method": verb,
        "path": path,
        "authorization": bind(in_upper(at(resource, "AuthorizationType")), or_none),
        "scopes": default(at(resource, "AuthorizationScopes"), ListValue(())),
        "api_key_required": default(at(resource, "ApiKeyRequired"), Known(False)),
    }
    return route(
        fields,
        resource,
        resource.origin,
        authorizer=lambda: referred_authorizer(stack, at(resource, "AuthorizerId")),
        integration=lambda: bind(at(resource, "Target"), partial(_integration, stack, api)),
        is_preflight=lambda: _is_options(stack, verb),
    )


def _is_options(stack: Stack, verb: Value) -> Value:
    return truth(is_among(stack, verb, "OPTIONS"))


def _quick(stack: Stack, api: ResourceValue, target: Value) -> Record:
    """The route that quick create makes: `$default`, or the API's `RouteKey`, open to everybody unless overridden."""
    key = default(at(api, "RouteKey"), Known("$default", api.origin))
    nothing_asked = Known("NONE", next((plain.origin for _, plain in cases_of(target)), None))

    def integration() -> Value:
        made = integrations.quick(stack, api, target)
        return bind(
            overridden(stack, api, "Route", "Target"),
            lambda plain: made if isinstance(plain, Absent) else _integration(stack, api, plain),
        )

    fields: dict[str, Value] = {
        "kind": Known("http"),
        "api": api,
        "name": key,
        "method": bind(key, partial(_part, 0)),
        "path": bind(key, partial(_part, 1)),
        "authorization": default(in_upper(overridden(stack, api, "Route", "AuthorizationType")), nothing_asked),
        "scopes": default(overridden(stack, api, "Route", "AuthorizationScopes"), ListValue(())),
    }
    return route(
        fields,
        api,
        api.origin,
        authorizer=lambda: referred_authorizer(stack, overridden(stack, api, "Route", "AuthorizerId")),
        integration=integration,
    )


def _integration(stack: Stack, api: Value, target: Plain) -> Value:
    """The integration that a route's `Target` (`integrations/ID`) names."""
    match target:
        case Absent():
            return target
        case Text(parts=(str(), AttributeHole(logical_id=logical_id))):
            resource = stack.resource(logical_id)
            if resource is not None and resource.resource.resource_type == integrations.INTEGRATION_TYPE:
                return integrations.of_resource(stack, resource, api)
        case _:
            pass
    return Unknown("the integration is not in the template", target.origin)


def _part(index: int, key: Plain) -> Value:
    """The method (0) or path (1) of a route key; a key without method stands for any, and is the path itself."""
    match key:
        case Known():
            verb, gap, path = key.text.partition(" ")
            return Known((verb.upper(), path)[index] if gap else ("ANY", key.text)[index], key.origin)
        case Text(parts=(str() as first, *others)) if " " in first:
            verb, _, path = first.partition(" ")
            return Known(verb.upper(), key.origin) if index == 0 else make_text((path, *others), key.origin)
        case Text() | Unknown():
            return Unknown("the route key is not known", key.origin)
        case _:
            return ABSENT


def _kind_of_key(key: Plain) -> Value:
    """The protocol that a route key belongs to; `$default` is in both."""
    match key:
        case Known(data=str() as text) if " " in text:
            return Known("http", key.origin)
        case Known(data="$default") | Unknown():
            return Unknown("the protocol of the API is not known", key.origin)
        case Text(parts=(str() as first, *_)) if " /" in first:
            return Known("http", key.origin)
        case Known():
            return Known("websocket", key.origin)
        case _:
            return Unknown("the protocol of the API is not known", key.origin)


def _present(value: Value) -> Guard:
    there: Guard = FALSE
    for guard, plain in cases_of(value):
        if not isinstance(plain, Absent):
            there = there | guard
    return there
