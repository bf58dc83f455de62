"""Authorizers of APIs, as resources of their own and as security schemes of definitions.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::Authorizer`, `AWS::ApiGatewayV2::Authorizer` and
`AWS::AppSync::GraphQLApi` (`LambdaAuthorizerConfig`); API Gateway Developer Guide, *x-amazon-apigateway-authorizer*.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from stackwarden.apis.documents import GRAPHQL_API, HTTP_API, REST_API, Document, documents, follow
from stackwarden.apis.reading import Later, default, elements, in_upper, maps, named_resource, resource_of
from stackwarden.apis.security import schemes_of
from stackwarden.apis.shapes import own_id
from stackwarden.graph.references import targets
from stackwarden.graph.stack import Stack
from stackwarden.resolve.reading import at, first_of
from stackwarden.resolve.values import (
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

__all__ = [
    "AUTHORIZER",
    "AUTHORIZER_FIELDS",
    "AUTHORIZER_TYPES",
    "GRAPHQL_API",
    "authorizers",
    "of_scheme",
    "referred_authorizer",
]

AUTHORIZER: Final = "api.Authorizer"
REST_AUTHORIZER: Final = "AWS::ApiGateway::Authorizer"
HTTP_AUTHORIZER: Final = "AWS::ApiGatewayV2::Authorizer"
AUTHORIZER_TYPES: Final = (REST_AUTHORIZER, HTTP_AUTHORIZER)

AUTHORIZER_FIELDS: Final = (
    "name",
    "kind",
    "api",
    "api_id",
    "ttl",
    "identity_sources",
    "user_pools",
    "uri",
    "credentials",
    "issuer",
    "audience",
    "validation",
    "functions",
    "owner",
)

_BY_DEFAULT: Final = 300
"""Seconds for which a REST or GraphQL API keeps what an authorizer said, where nothing else is asked for."""


def authorizers(stack: Stack) -> ListValue:
    """Every authorizer of the template as an `api.Authorizer` record."""
    return stack.once("apis.authorizers", lambda: ListValue(tuple(_all(stack))))


def _all(stack: Stack) -> Iterator[Item]:
    for resource in stack.resources(AUTHORIZER_TYPES):
        yield Item(of_resource(stack, resource), resource.guard)
    for document in documents(stack):
        for guard, schemes in maps(schemes_of(document), document.guard)[0]:
            for name in schemes.names():
                record = of_scheme(stack, document, name)
                for inner, plain in cases_of(record):
                    if isinstance(plain, Record):
                        yield Item(plain, guard & inner)
    for api in stack.resources((GRAPHQL_API,)):
        yield from _of_graphql(stack, api)


def _of_graphql(stack: Stack, api: ResourceValue) -> Iterator[Item]:
    """The functions that a GraphQL API asks: that of its main way in, and those of additional ones."""
    providers, _ = elements(at(api, "AdditionalAuthenticationProviders"))
    for guard, holder in ((api.guard, api), *((api.guard & there, one) for there, one in providers)):
        for inner, config in maps(at(holder, "LambdaAuthorizerConfig"), guard)[0]:
            fields: dict[str, Value] = {
                "kind": Known("LAMBDA"),
                "api": api,
                "api_id": own_id(api),
                "ttl": default(config.get("AuthorizerResultTtlInSeconds"), Known(_BY_DEFAULT)),
                "identity_sources": ListValue(()),
                "user_pools": ListValue(()),
                "audience": ListValue(()),
                "uri": config.get("AuthorizerUri"),
                "validation": config.get("IdentityValidationExpression"),
                "owner": api,
            }
            yield Item(Record(AUTHORIZER, _with_function(stack, fields), api, config.origin), inner)


def of_resource(stack: Stack, resource: ResourceValue) -> Record:
    """The record of an authorizer resource; the same one at every call."""
    logical_id = resource.resource.logical_id
    return stack.once(f"apis.authorizer {logical_id}", lambda: _of_resource(stack, resource))


def of_scheme(stack: Stack, document: Document, name: str) -> Value:
    """The record of the authorizer that a security scheme declares; absent where it declares none."""
    key = f"apis.authorizer {id(document)} {name}"  # the stack keeps its documents as long as what it made once
    return stack.once(key, lambda: _of_scheme(stack, document, name))


def referred_authorizer(stack: Stack, value: Value) -> Value:
    """The record of the authorizer whose id a value is; absent where there is no id, unknown where it is elsewhere."""

    def one(plain: Plain) -> Value:
        named = named_resource(plain)
        resource = stack.resource(named[0]) if named is not None else None
        if resource is not None and resource.resource.resource_type in AUTHORIZER_TYPES:
            return of_resource(stack, resource)
        return plain if isinstance(plain, Absent) else Unknown("the authorizer is not in the template", plain.origin)

    return bind(value, one)


def _of_resource(stack: Stack, resource: ResourceValue) -> Record:
    is_rest = resource.resource.resource_type == REST_AUTHORIZER
    api_id = at(resource, "RestApiId" if is_rest else "ApiId")
    uri = at(resource, "AuthorizerUri")
    fields: dict[str, Value] = {
        "name": at(resource, "Name"),
        "kind": in_upper(at(resource, "Type" if is_rest else "AuthorizerType")),
        "api": resource_of(stack, api_id, (REST_API if is_rest else HTTP_API,)),
        "api_id": api_id,
        "ttl": default(at(resource, "AuthorizerResultTtlInSeconds"), Known(_BY_DEFAULT if is_rest else 0)),
        "identity_sources": bind(at(resource, "IdentitySource"), _sources),
        "user_pools": default(at(resource, "ProviderARNs"), ListValue(())),
        "uri": uri,
        "credentials": at(resource, "AuthorizerCredentials" if is_rest else "AuthorizerCredentialsArn"),
        "issuer": at(resource, "JwtConfiguration", "Issuer"),
        "audience": default(at(resource, "JwtConfiguration", "Audience"), ListValue(())),
        "validation": at(resource, "IdentityValidationExpression"),
        "owner": resource,
    }
    return Record(AUTHORIZER, _with_function(stack, fields), resource, resource.origin)


def _of_scheme(stack: Stack, document: Document, name: str) -> Value:
    scheme = follow(document, at(schemes_of(document), name))
    declared = follow(document, at(scheme, "x-amazon-apigateway-authorizer"))
    return bind(declared, partial(_declared, stack, document, name, scheme))


def _declared(stack: Stack, document: Document, name: str, scheme: Value, declared: Plain) -> Value:
    if not isinstance(declared, MapValue):
        hidden = Unknown("the security scheme is not known", declared.origin)
        return hidden if isinstance(declared, Unknown | Text) else Absent(declared.origin)
    is_rest = document.api.resource.resource_type == REST_API
    issuer = first_of(declared, ("jwtConfiguration", "issuer"))
    fields: dict[str, Value] = {
        "name": Known(name, declared.origin),
        "kind": in_upper(at(declared, "type")),
        "api": document.api,
        "api_id": own_id(document.api),
        "ttl": default(at(declared, "authorizerResultTtlInSeconds"), Known(_BY_DEFAULT if is_rest else 0)),
        "identity_sources": bind(at(declared, "identitySource"), partial(_declared_sources, scheme)),
        "user_pools": default(at(declared, "providerARNs"), ListValue(())),
        "uri": at(declared, "authorizerUri"),
        "credentials": at(declared, "authorizerCredentials"),
        "issuer": bind(issuer, lambda plain: at(scheme, "openIdConnectUrl") if isinstance(plain, Absent) else plain),
        "audience": default(at(declared, "jwtConfiguration", "audience"), ListValue(())),
        "validation": at(declared, "identityValidationExpression"),
        "owner": document.api,
    }
    return Record(AUTHORIZER, _with_function(stack, fields), document.api, declared.origin)


def _with_function(stack: Stack, fields: dict[str, Value]) -> Later:
    uri = fields["uri"]
    return Later(
        fields,
        functions=lambda: targets(stack, default(uri, ListValue(())), ("AWS::Lambda::Function",)),
    )


def _sources(plain: Plain) -> Value:
    """Identity sources as a list; REST APIs write them as one text with commas."""
    match plain:
        case Known():
            parts = (part.strip() for part in plain.text.split(","))
            return ListValue(tuple(Item(Known(part, plain.origin)) for part in parts if part), origin=plain.origin)
        case Absent():
            return ListValue((), origin=plain.origin)
        case Text() | Unknown():
            return ListValue((Item(plain),), open=True, origin=plain.origin)
        case _:
            return plain


def _declared_sources(scheme: Value, plain: Plain) -> Value:
    """A token authorizer takes the header that the scheme names where it says nothing else."""
    if not isinstance(plain, Absent):
        return _sources(plain)

    def of_header(name: Plain) -> Value:
        if isinstance(name, Absent):
            return ListValue((), origin=name.origin)
        return ListValue((Item(make_text(("method.request.header.", name), name.origin)),), origin=name.origin)

    def of_type(kind: Plain) -> Value:
        return bind(at(scheme, "name"), of_header) if kind == Known("TOKEN") else ListValue((), origin=kind.origin)

    return bind(in_upper(at(scheme, "x-amazon-apigateway-authorizer", "type")), of_type)
