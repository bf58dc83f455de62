"""What APIs let the pages of other origins do: CORS settings and the headers that responses carry.

Sources: CloudFormation Template Reference, `AWS::ApiGatewayV2::Api` (`CorsConfiguration`), `AWS::ApiGateway::Method`
(`IntegrationResponses`), `AWS::ApiGateway::GatewayResponse`, `AWS::Lambda::Url` (`Cors`); API Gateway Developer Guide,
*x-amazon-apigateway-cors*, *x-amazon-apigateway-integration.responses*.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.apis.documents import HTTP_API, definition_of
from stackwarden.apis.gateway_responses import gateway_responses
from stackwarden.apis.reading import default, elements, maps
from stackwarden.apis.rest_routes import METHOD
from stackwarden.apis.routes import routes
from stackwarden.apis.simple_routes import FUNCTION_URL
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.reading import at, first_of
from stackwarden.resolve.values import (
    ABSENT,
    Absent,
    Item,
    Known,
    ListValue,
    MapValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    bind,
    cases_of,
    make_text,
)

__all__ = ["CORS", "CORS_FIELDS", "CORS_SOURCES", "cors"]

CORS: Final = "api.Cors"
CORS_FIELDS: Final = ("api", "route", "origins", "methods", "headers", "credentials", "owner")
CORS_SOURCES: Final = (
    HTTP_API,
    METHOD,
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGateway::GatewayResponse",
    FUNCTION_URL,
)
_HEADER: Final = "access-control-allow-"


def cors(stack: Stack) -> ListValue:
    """What each API, route and gateway response allows pages of other origins, as `api.Cors` records."""
    return stack.once("apis.cors", lambda: ListValue(tuple(_all(stack))))


def _all(stack: Stack) -> Iterator[Item]:
    for api in stack.resources((HTTP_API,)):
        written = first_of(api, ("CorsConfiguration",))
        own = default(written, at(definition_of(stack, api), "x-amazon-apigateway-cors"))
        yield from _settings(own, api)
    for url in stack.resources((FUNCTION_URL,)):
        yield from _settings(at(url, "Cors"), url)
    for item in routes(stack).items:
        if isinstance(item.value, Record):
            yield from _of_route(item.value, item.guard)
    for item in gateway_responses(stack).items:
        if isinstance(item.value, Record):
            yield from _of_headers(item.value.get("parameters"), item.value, ABSENT, item.guard)


def _settings(written: Value, api: ResourceValue) -> Iterator[Item]:
    """`CorsConfiguration`, or `x-amazon-apigateway-cors`, whose keys start with a small letter."""
    for guard, plain in maps(written, api.guard)[0]:
        fields: dict[str, Value] = {
            "api": api,
            "route": ABSENT,
            "origins": _listed(first_of(plain, ("AllowOrigins",), ("allowOrigins",))),
            "methods": _listed(first_of(plain, ("AllowMethods",), ("allowMethods",))),
            "headers": _listed(first_of(plain, ("AllowHeaders",), ("allowHeaders",))),
            "credentials": default(first_of(plain, ("AllowCredentials",), ("allowCredentials",)), Known(False)),
            "owner": api,
        }
        yield Item(Record(CORS, fields, api, plain.origin), guard)


def _listed(value: Value) -> Value:
    return default(value, ListValue(()))


def _of_route(route: Record, under: Guard) -> Iterator[Item]:
    """The headers that a route's integration responses set; a list in a method, a map in a definition."""
    for guard, plain in cases_of(at(route.get("integration"), "responses")):
        if isinstance(plain, MapValue):
            responses = [(guard, plain.get(name)) for name in plain.names()]
        else:
            responses = [(inner, one) for inner, one in elements(plain, guard)[0]]
        for inner, response in responses:
            parameters = first_of(response, ("ResponseParameters",), ("responseParameters",))
            yield from _of_headers(parameters, route, route, under & inner)


def _of_headers(parameters: Value, holder: Record, route: Value, under: Guard) -> Iterator[Item]:
    for guard, plain in maps(parameters, under)[0]:
        found = {name.lower().partition(_HEADER)[2]: plain.get(name) for name in plain.names() if _is_cors(name)}
        if guard is FALSE or "origin" not in found:
            continue
        fields: dict[str, Value] = {
            "api": holder.get("api"),
            "route": route,
            "origins": _split(found["origin"]),
            "methods": _split(found.get("methods", ABSENT)),
            "headers": _split(found.get("headers", ABSENT)),
            "credentials": default(bind(found.get("credentials", ABSENT), _unquoted), Known(False)),
            "owner": holder.resource if holder.resource is not None else ABSENT,
        }
        yield Item(Record(CORS, fields, holder.resource, plain.origin), guard)


def _is_cors(name: str) -> bool:
    return _HEADER in name.lower()


def _split(value: Value) -> Value:
    """The parts of a header's value; a mapping such as `method.request.header.Origin` stays as it is."""

    def one(plain: Plain) -> Value:
        if not isinstance(plain, Known):
            return ListValue(()) if isinstance(plain, Absent) else ListValue((Item(plain),), origin=plain.origin)
        parts = (part.strip() for part in plain.text.split(","))
        return ListValue(tuple(Item(Known(part, plain.origin)) for part in parts if part), origin=plain.origin)

    return bind(bind(value, _unquoted), one)


def _unquoted(plain: Plain) -> Value:
    """A header's value without the quotes that mark it as a literal."""
    match plain:
        case Known():
            return Known(plain.text.strip("'"), plain.origin)
        case Text():
            parts = [part.strip("'") if isinstance(part, str) else part for part in plain.parts]
            return make_text(parts, plain.origin)
        case Unknown() | Absent():
            return plain
        case _:
            return Absent(plain.origin)
