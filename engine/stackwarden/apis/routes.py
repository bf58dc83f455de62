"""Routes of every kind of API, as records of one shape.

Sources: CloudFormation Template Reference, the resource types named in each function; API Gateway Developer Guide,
*OpenAPI extensions for API Gateway*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from stackwarden.apis import balancers, rest_routes, simple_routes, v2_routes
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import (
    Item,
    Known,
    ListValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    cases_of,
)

__all__ = ["ROUTE_SOURCES", "routes", "routes_of", "routes_with"]

ROUTE_SOURCES: Final = (
    *rest_routes.TYPES,
    *v2_routes.TYPES,
    *simple_routes.TYPES,
    *balancers.TYPES,
)

_KINDS: Final[tuple[Callable[[Stack], Iterator[Item]], ...]] = (
    rest_routes.routes,
    v2_routes.routes,
    simple_routes.routes,
    balancers.routes,
)


def routes(stack: Stack) -> ListValue:
    """Every route of the template's APIs as an `api.Route` record."""
    return stack.once("apis.routes", lambda: ListValue(tuple(item for one in _KINDS for item in one(stack))))


def routes_of(stack: Stack, thing: Value) -> ListValue:
    """The routes of the API that a record (a stage, an authorizer, …) has in `api`, or by the same `api_id`."""
    index = stack.once("apis.routes by api", lambda: _index(stack))
    items: dict[int, Item] = {}
    for guard, plain in cases_of(thing):
        for inner, key in _keys(plain):
            for item in index.get(key, ()):
                there = guard & inner & item.guard
                if there is not FALSE:
                    items[id(item.value)] = Item(item.value, there)
    return ListValue(tuple(items.values()))


def routes_with(stack: Stack, authorizer: Value) -> ListValue:
    """The routes that an authorizer protects; open where a route's authorizer is not known."""
    index, is_open = stack.once("apis.routes by authorizer", lambda: _by_authorizer(stack))
    items: list[Item] = []
    for guard, plain in cases_of(authorizer):
        for item in index.get(id(plain), ()):
            there = guard & item.guard
            if there is not FALSE:
                items.append(Item(item.value, there))
    return ListValue(tuple(items), open=is_open)


def _by_authorizer(stack: Stack) -> tuple[dict[int, list[Item]], bool]:
    """Routes by the identity of their authorizer's record, which the stack keeps; whether one's is not known."""
    index: dict[int, list[Item]] = {}
    is_open = False
    for item in routes(stack).items:
        for guard, plain in cases_of(at(item.value, "authorizer")):
            there = item.guard & guard
            if isinstance(plain, Record) and there is not FALSE:
                index.setdefault(id(plain), []).append(Item(item.value, there))
            is_open = is_open or (isinstance(plain, Unknown) and there is not FALSE)
    return index, is_open


def _index(stack: Stack) -> dict[str, list[Item]]:
    index: dict[str, list[Item]] = {}
    for item in routes(stack).items:
        for guard, plain in cases_of(item.value):
            for inner, key in _keys(plain):
                there = item.guard & guard & inner
                if there is not FALSE:
                    index.setdefault(key, []).append(Item(item.value, there))
    return index


def _keys(plain: Plain) -> Iterator[tuple[Guard, str]]:
    """What an API is known by: its logical id, or how its id is written where it is another stack's."""
    if isinstance(plain, ResourceValue):
        yield TRUE, plain.resource.logical_id
    if not isinstance(plain, Record):
        return
    for guard, api in cases_of(plain.get("api")):
        if isinstance(api, ResourceValue):
            yield guard, api.resource.logical_id
            continue
        for inner, written in cases_of(plain.get("api_id")):
            if isinstance(written, Known | Text):
                yield guard & inner, f"\0{written.text if isinstance(written, Known) else written.parts}"
