"""APIs of Amazon API Gateway as records: what their resources and their definitions say of the whole API.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::RestApi` and `AWS::ApiGatewayV2::Api`; API Gateway
Developer Guide, *x-amazon-apigateway-api-key-source*, *-binary-media-types*, *-endpoint-access-mode*,
*-endpoint-configuration*, *-minimum-compression-size*, *-policy*, *-security-policy*.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from stackwarden.apis.documents import HTTP_API, REST_API, definition_of
from stackwarden.apis.domains import mappings_of
from stackwarden.apis.policies import is_closed
from stackwarden.apis.reading import Later, default, elements, is_among, truth
from stackwarden.apis.routes import routes_of
from stackwarden.apis.stages import stages_of
from stackwarden.apis.v2_routes import kind_of
from stackwarden.graph.stack import Stack
from stackwarden.resolve.logic import NO, Logic, decided, either, under
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
    Unknown,
    Value,
    bind,
    cases_of,
    fold_cases,
    with_origin,
)

__all__ = ["API", "API_FIELDS", "API_TYPES", "api_behind", "api_of", "apis", "is_private"]

API: Final = "api.Api"
API_TYPES: Final = (REST_API, HTTP_API)
API_FIELDS: Final = (
    "kind",
    "name",
    "definition",
    "endpoint_types",
    "is_private",
    "vpc_endpoints",
    "policy",
    "is_closed",
    "disables_default_endpoint",
    "security_policy",
    "endpoint_access_mode",
    "api_key_source",
    "binary_media_types",
    "minimum_compression_size",
    "routes",
    "stages",
    "mappings",
    "owner",
)
_ENDPOINT: Final = "x-amazon-apigateway-endpoint-configuration"


def apis(stack: Stack) -> ListValue:
    """Every REST, HTTP and WebSocket API of the template as an `api.Api` record."""
    return stack.once("apis.apis", lambda: ListValue(tuple(_apis(stack))))


def _apis(stack: Stack) -> Iterator[Item]:
    for api in stack.resources(API_TYPES):
        yield Item(api_of(stack, api), api.guard)


def api_of(stack: Stack, api: ResourceValue) -> Record:
    """The record of an API of the template; the same one at every call."""
    return stack.once(f"apis.api {api.resource.logical_id}", lambda: _record(stack, api))


def api_behind(stack: Stack, thing: Value) -> Value:
    """The record of the API that a resource is, or that a record has in `api`; absent for those of other stacks."""

    def one(plain: Plain) -> Value:
        if isinstance(plain, Record):
            return api_behind(stack, plain.get("api"))
        if isinstance(plain, ResourceValue) and plain.resource.resource_type in API_TYPES:
            return api_of(stack, plain)
        return plain if isinstance(plain, Unknown) else Absent(plain.origin)

    return bind(thing, one)


def is_private(stack: Stack, api: ResourceValue) -> Logic:
    """Where a REST API is reached through VPC endpoints only."""
    outcome = NO
    for guard, plain in cases_of(_endpoint_types(api)):
        if isinstance(plain, ListValue):
            for item in plain.items:
                outcome = either(outcome, under(guard & item.guard, is_among(stack, item.value, "PRIVATE")))
            if plain.open:
                outcome = decided(outcome.true, outcome.false & ~guard)
        else:
            outcome = either(outcome, under(guard, is_among(stack, plain, "PRIVATE")))
    return outcome


def _record(stack: Stack, api: ResourceValue) -> Record:
    definition = definition_of(stack, api)
    is_rest = api.resource.resource_type == REST_API

    def said(name: str, *path: str) -> Value:
        return default(at(api, name), at(definition, *path))

    endpoint = _endpoint(definition)
    disables = default(at(api, "DisableExecuteApiEndpoint"), at(endpoint, "disableExecuteApiEndpoint"))
    policy = said("Policy", "x-amazon-apigateway-policy") if is_rest else ABSENT
    fields: dict[str, Value] = {
        "kind": Known("rest") if is_rest else kind_of(api),
        "name": default(at(api, "Name"), at(definition, "info", "title")),
        "definition": bind(definition, partial(_form, api)),
        "endpoint_types": _endpoint_types(api) if is_rest else ListValue((Item(Known("REGIONAL")),)),
        "vpc_endpoints": default(
            first_of(api, ("EndpointConfiguration", "VpcEndpointIds")),
            default(at(endpoint, "vpcEndpointIds"), ListValue(())),
        ),
        "policy": policy,
        "disables_default_endpoint": default(disables, Known(False, api.origin)),
        "security_policy": said("SecurityPolicy", "x-amazon-apigateway-security-policy") if is_rest else ABSENT,
        "endpoint_access_mode": (
            said("EndpointAccessMode", "x-amazon-apigateway-endpoint-access-mode") if is_rest else ABSENT
        ),
        "api_key_source": said("ApiKeySourceType", "x-amazon-apigateway-api-key-source") if is_rest else ABSENT,
        "binary_media_types": default(
            said("BinaryMediaTypes", "x-amazon-apigateway-binary-media-types"), ListValue(())
        ),
        "minimum_compression_size": said("MinimumCompressionSize", "x-amazon-apigateway-minimum-compression-size"),
        "owner": api,
    }
    later = Later(
        fields,
        is_private=lambda: truth(is_private(stack, api) if is_rest else NO),
        is_closed=lambda: truth(is_closed(stack, policy)),
        routes=lambda: routes_of(stack, api),
        stages=lambda: stages_of(stack, api),
        mappings=lambda: mappings_of(stack, api),
    )
    return Record(API, later, api, api.origin)


def _endpoint(definition: Value) -> Value:
    """What a definition says of the endpoint: at the top in Swagger 2.0, at a server in OpenAPI 3."""
    found, unknown = elements(at(definition, "servers"))
    hidden = Unknown("which servers the definition lists is not known", written=False)
    value = fold_cases(((unknown, hidden), (~unknown, ABSENT)))
    for guard, server in reversed(found):
        value = fold_cases(((guard, default(at(server, _ENDPOINT), value)), (~guard, value)))
    return default(at(definition, _ENDPOINT), value)


def _form(api: ResourceValue, definition: Plain) -> Value:
    """How an API is defined: `resources`, `inline`, `file`, or `unseen` where the definition cannot be read."""
    match definition:
        case Absent():
            return Known("resources", api.origin)
        case MapValue():
            inline = bind(at(api, "Body"), lambda body: Known("file" if isinstance(body, Absent) else "inline"))
            return with_origin(inline, definition.origin or api.origin)
        case _:
            return Known("unseen", definition.origin)


def _endpoint_types(api: ResourceValue) -> Value:
    """`EndpointConfiguration.Types`, or what an imported API is given as a parameter; EDGE where neither says."""
    written = first_of(api, ("EndpointConfiguration", "Types"), ("Parameters", "endpointConfigurationTypes"))
    edge = ListValue((Item(Known("EDGE", api.origin)),), origin=api.origin)
    return default(written, edge)
