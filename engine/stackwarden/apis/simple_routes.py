"""APIs with a single way in: GraphQL APIs and function URLs.

Sources: CloudFormation Template Reference, `AWS::AppSync::GraphQLApi` and `AWS::Lambda::Url`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.apis.documents import GRAPHQL_API
from stackwarden.apis.reading import in_upper
from stackwarden.apis.rest_routes import or_none
from stackwarden.apis.shapes import route
from stackwarden.graph.stack import Stack
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Item, Known, Plain, Record, ResourceValue, Value, bind

__all__ = ["FUNCTION_URL", "GRAPHQL_API", "TYPES", "routes"]

FUNCTION_URL: Final = "AWS::Lambda::Url"
TYPES: Final = (GRAPHQL_API, FUNCTION_URL)

_GRAPHQL: Final = {"AMAZON_COGNITO_USER_POOLS": "COGNITO_USER_POOLS", "AWS_LAMBDA": "CUSTOM"}


def routes(stack: Stack) -> Iterator[Item]:
    """One route for each GraphQL API (`POST /graphql`) and each function URL (`ANY /`)."""
    for api in stack.resources((GRAPHQL_API,)):
        yield Item(_graphql(api), api.guard)
    for url in stack.resources((FUNCTION_URL,)):
        yield Item(_function_url(url), url.guard)


def _graphql(api: ResourceValue) -> Record:
    fields: dict[str, Value] = {
        "kind": Known("graphql"),
        "api": api,
        "name": Known("POST /graphql"),
        "method": Known("POST"),
        "path": Known("/graphql"),
        "authorization": bind(in_upper(at(api, "AuthenticationType")), _in_our_words),
    }
    return route(fields, api, api.origin)


def _in_our_words(plain: Plain) -> Value:
    return Known(_GRAPHQL.get(plain.text, plain.text), plain.origin) if isinstance(plain, Known) else or_none(plain)


def _function_url(url: ResourceValue) -> Record:
    fields: dict[str, Value] = {
        "kind": Known("function-url"),
        "api": url,
        "name": Known("ANY /"),
        "method": Known("ANY"),
        "path": Known("/"),
        "authorization": bind(in_upper(at(url, "AuthType")), or_none),
    }
    return route(fields, url, url.origin)
