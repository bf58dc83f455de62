"""Routes that ask nobody who they are, of endpoints that the internet reaches.

An API key counts as something that a stranger lacks, and what answers a browser's preflight requests as harmless. What
a route of a WebSocket API asks for is asked at `$connect`. Source: API Gateway Developer Guide, *Control access to
WebSocket APIs*.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.apis.balancers import LISTENER, LOAD_BALANCER
from stackwarden.apis.endpoints import endpoints
from stackwarden.apis.reading import elements, is_among, named_resource
from stackwarden.exposure.entry import Entry
from stackwarden.exposure.hops import hop
from stackwarden.exposure.walk import Reached, code_behind
from stackwarden.graph.follow import wording
from stackwarden.graph.references import refers
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import NO, YES, Logic, both, either, negate, under
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Known, Plain, Record, ResourceValue, Text, Value, cases_of
from stackwarden.template.nodes import Node

__all__ = ["open_routes"]

_HTTP: Final = ("HTTP", "HTTPS")


def open_routes(stack: Stack) -> Iterator[Entry]:
    """The open routes of each public endpoint, and the listeners that take connections without routes."""
    for item in endpoints(stack).items:
        endpoint = item.value
        if not isinstance(endpoint, Record) or endpoint.resource is None:
            continue
        public = under(item.guard, is_among(stack, endpoint.get("is_public"), "true"))
        if public is not NO:
            yield from _of_endpoint(stack, endpoint, endpoint.resource, public)


def _of_endpoint(stack: Stack, endpoint: Record, source: ResourceValue, public: Logic) -> Iterator[Entry]:
    routes = [(guard, one) for guard, one in elements(endpoint.get("routes"))[0] if isinstance(one, Record)]
    is_websocket = is_among(stack, endpoint.get("kind"), "websocket")
    connects = _connects(stack, routes)
    for guard, route in routes:
        asks_nobody = either(both(negate(is_websocket), _is_open(stack, route)), both(is_websocket, connects))
        claim = both(public, under(guard, both(asks_nobody, negate(_is_harmless(stack, route)))))
        code = () if claim is NO else tuple(_code_of(stack, route, source))
        if code:
            words = _words(route.get("name"))
            owner, origin = route.resource, _origin(route, "authorization")
            step = hop(f"{words} asks for no authorization", owner, origin, source, owner)
            yield Entry(endpoint.get("kind"), words, source, claim, step, code, endpoint, route)
    if source.resource.resource_type == LOAD_BALANCER:
        yield from _listeners(stack, endpoint, source, public)


def _is_open(stack: Stack, route: Record) -> Logic:
    return is_among(stack, route.get("authorization"), "NONE")


def _is_harmless(stack: Stack, route: Record) -> Logic:
    preflight = is_among(stack, route.get("is_preflight"), "true")
    asks_before = either(preflight, is_among(stack, route.get("method"), "OPTIONS"))
    return either(asks_before, is_among(stack, route.get("api_key_required"), "true"))


def _connects(stack: Stack, routes: list[tuple[Guard, Record]]) -> Logic:
    """Where no route `$connect` asks for anything."""
    outcome = YES
    for guard, route in routes:
        asks = both(is_among(stack, route.get("path"), "$connect"), negate(_is_open(stack, route)))
        outcome = both(outcome, negate(under(guard, asks)))
    return outcome


def _code_of(stack: Stack, route: Record, source: ResourceValue) -> Iterator[Reached]:
    """The code behind a route: of API Gateway by its integration, else by what follows in the graph."""
    is_simple = True
    for guard, integration in cases_of(route.get("integration")):
        if isinstance(integration, Record):
            is_simple = False
            for inner, target in _targets(stack, integration):
                there = guard & inner
                origin = _origin(integration, "uri")
                words = f"{_words(route.get('name'))} invokes {target.resource.logical_id}"
                yield from _beyond(
                    stack, target, there, hop(words, integration.resource, origin, integration.resource, target)
                )
    if is_simple:
        start = route.resource if source.resource.resource_type == LOAD_BALANCER else source
        yield from code_behind(stack, start) if start is not None else ()


def _targets(stack: Stack, integration: Record) -> Iterator[tuple[Guard, ResourceValue]]:
    for guard, target in elements(integration.get("targets"))[0]:
        if isinstance(target, ResourceValue):
            yield guard & target.guard, target
    for guard, plain in cases_of(integration.get("connection")):
        named = named_resource(plain)
        link = stack.resource(named[0]) if named is not None else None
        if link is not None:
            yield guard & link.guard, link


def _beyond(stack: Stack, target: ResourceValue, guard: Guard, step: Record) -> Iterator[Reached]:
    for reached in code_behind(stack, target):
        there = guard & reached.guard
        if there is not FALSE:
            yield Reached(reached.resource, there, (step, *reached.hops))


def _listeners(stack: Stack, endpoint: Record, source: ResourceValue, public: Logic) -> Iterator[Entry]:
    """Listeners of a network load balancer, which know no routes."""
    for listener in stack.resources((LISTENER,)):
        plain = both(
            refers(stack, at(listener, "LoadBalancerArn"), source),
            negate(is_among(stack, at(listener, "Protocol"), *_HTTP)),
        )
        claim = both(public, under(listener.guard, plain))
        code = () if claim is NO else code_behind(stack, listener)
        if code:
            name = f"port {_words(at(listener, 'Port'))}"
            words = f"{source.resource.logical_id} takes connections to {name}"
            step = hop(words, listener, listener.origin, source, listener)
            yield Entry(endpoint.get("kind"), name, source, claim, step, code, endpoint)


def _words(value: Value) -> str:
    """The first of the texts that a value may be."""
    texts: list[Plain] = [plain for _, plain in cases_of(value) if isinstance(plain, Known | Text)]
    first = texts[0] if texts else None
    return wording(first) if isinstance(first, Known | Text) else "a route"


def _origin(record: Record, field: str) -> Node | None:
    """Where a field is written; where it is not, the place of the whole record."""
    origins = [plain.origin for _, plain in cases_of(record.get(field)) if plain.origin is not None]
    return origins[0] if origins else record.origin
