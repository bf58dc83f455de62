"""The record of a route: its fields, and what they are where a form of API lacks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from stackwarden.apis.integrations import unseen_integration
from stackwarden.apis.reading import Later, unseen
from stackwarden.apis.requests import schemas_in
from stackwarden.resolve.values import (
    ABSENT,
    AttributeHole,
    Known,
    ListValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Value,
    bind,
)
from stackwarden.template.nodes import Node

__all__ = ["ROUTE", "ROUTE_FIELDS", "own_id", "route", "unseen_route"]

ROUTE: Final = "api.Route"
ROUTE_FIELDS: Final = (
    "is_known",
    "kind",
    "api",
    "api_id",
    "name",
    "method",
    "path",
    "authorization",
    "authorizer",
    "schemes",
    "ignored_schemes",
    "security_from",
    "scopes",
    "api_key_required",
    "request_validator",
    "parameters",
    "bodies",
    "schemas",
    "integration",
    "is_preflight",
    "owner",
)

_NOTHING: Final[Mapping[str, Value]] = {
    **dict.fromkeys(ROUTE_FIELDS, ABSENT),
    "is_known": Known(True),
    "authorization": Known("NONE"),
    "schemes": ListValue(()),
    "ignored_schemes": ListValue(()),
    "parameters": ListValue(()),
    "bodies": ListValue(()),
    "scopes": ListValue(()),
    "api_key_required": Known(False),
    "is_preflight": Known(False),
}


def own_id(api: Value) -> Value:
    """What `Ref` of an API gives; absent where the API is not in the template."""

    def one(plain: Plain) -> Value:
        if not isinstance(plain, ResourceValue):
            return plain
        return Text((AttributeHole(plain.resource.logical_id, ""),), plain.origin)

    return bind(api, one)


def route(
    fields: Mapping[str, Value],
    resource: ResourceValue,
    origin: Node | None,
    **makers: Callable[[], Value],
) -> Record:
    """A route with some fields; `makers` give those that are only worked out when they are read."""
    known = {**_NOTHING, "api_id": own_id(fields.get("api", ABSENT)), "owner": resource, **fields}
    for name in (*makers, "schemas"):
        known.pop(name, None)
    record = Record(ROUTE, Later(known, schemas=lambda: schemas_in(record.get("bodies")), **makers), resource, origin)
    return record


def unseen_route(api: ResourceValue, kind: str) -> Record:
    """What stands for the routes of an API whose definition cannot be read: nothing but the API is known of it."""
    reason = "the definition of the API is not in the template"
    fields = unseen(ROUTE_FIELDS, reason)
    known: dict[str, Value] = {
        "is_known": Known(False),
        "kind": Known(kind),
        "api": api,
        "api_id": own_id(api),
        "name": Known("some route"),
        "owner": api,
        "integration": unseen_integration(reason, api),
    }
    return Record(ROUTE, {**fields, **known}, api, api.origin)
