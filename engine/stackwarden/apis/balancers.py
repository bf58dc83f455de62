"""Routes of application load balancers: the rules of their listeners, and what listeners do by default.

Source: CloudFormation Template Reference, `AWS::ElasticLoadBalancingV2::Listener` and
`AWS::ElasticLoadBalancingV2::ListenerRule`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product
from typing import Final

from stackwarden.apis.reading import default, elements, in_upper, is_among, named_resource, resource_of
from stackwarden.apis.shapes import route
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.reading import at, first_of
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    Plain,
    Record,
    ResourceValue,
    Unknown,
    Value,
    bind,
    cases_of,
    fold_cases,
    make_text,
)

__all__ = ["LISTENER", "LISTENER_RULE", "LOAD_BALANCER", "TYPES", "routes"]

LOAD_BALANCER: Final = "AWS::ElasticLoadBalancingV2::LoadBalancer"
LISTENER: Final = "AWS::ElasticLoadBalancingV2::Listener"
LISTENER_RULE: Final = "AWS::ElasticLoadBalancingV2::ListenerRule"
TYPES: Final = (LISTENER, LISTENER_RULE)

_ACTIONS: Final = {
    "AUTHENTICATE-COGNITO": "COGNITO_USER_POOLS",
    "AUTHENTICATE-OIDC": "OPENID_CONNECT",
    "JWT-VALIDATION": "JWT",
}
_LETS_PASS: Final = tuple(
    (config, "OnUnauthenticatedRequest") for config in ("AuthenticateCognitoConfig", "AuthenticateOidcConfig")
)
_CONDITIONS: Final = {
    "path-pattern": ("PathPatternConfig", "/*"),
    "http-request-method": ("HttpRequestMethodConfig", "ANY"),
}


def routes(stack: Stack) -> Iterator[Item]:
    """What each rule and each listener of an application load balancer answers: `ANY /*` where it says no more."""
    for listener in stack.resources((LISTENER,)):
        guard = listener.guard & ~is_among(stack, at(listener, "Protocol"), "HTTP", "HTTPS").false
        if guard is not FALSE:
            balancer_id = at(listener, "LoadBalancerArn")
            anything = (Known("ANY"), Known("/*"))
            yield Item(_route(stack, listener, balancer_id, at(listener, "DefaultActions"), anything), guard)
    for rule in stack.resources((LISTENER_RULE,)):
        balancer_id = bind(at(rule, "ListenerArn"), partial(_balancer_of, stack))
        verbs, paths = _values(rule, "http-request-method"), _values(rule, "path-pattern")
        for (first, verb), (second, path) in product(verbs, paths):
            guard = rule.guard & first & second
            if guard is not FALSE:
                yield Item(_route(stack, rule, balancer_id, at(rule, "Actions"), (in_upper(verb), path)), guard)


def _balancer_of(stack: Stack, listener: Plain) -> Value:
    named = named_resource(listener)
    resource = stack.resource(named[0]) if named is not None else None
    if resource is not None and resource.resource.resource_type == LISTENER:
        return at(resource, "LoadBalancerArn")
    return Unknown("the listener is not in the template", listener.origin)


def _values(rule: ResourceValue, kind: str) -> list[tuple[Guard, Value]]:
    """The values that a rule's conditions of a kind name; that for all requests where there is no such condition."""
    config, anything = _CONDITIONS[kind]
    found: list[tuple[Guard, Value]] = []
    covered: Guard = FALSE
    conditions, unknown = elements(at(rule, "Conditions"))
    for guard, condition in conditions:
        for inner, field in cases_of(at(condition, "Field")):
            if field != Known(kind):
                continue
            values = default(at(condition, config, "Values"), at(condition, "Values"))
            found.extend((guard & inner & there, value) for there, value in elements(values)[0])
            covered = covered | (guard & inner)
    found.append((~covered & ~unknown, Known(anything)))
    found.append((~covered & unknown, Unknown("the conditions of the rule are not known")))
    return [(guard, value) for guard, value in found if guard is not FALSE]


def _route(
    stack: Stack, owner: ResourceValue, balancer_id: Value, actions: Value, request: tuple[Value, Value]
) -> Record:
    verb, path = request
    fields: dict[str, Value] = {
        "kind": Known("load-balancer"),
        "api": resource_of(stack, balancer_id, (LOAD_BALANCER,)),
        "api_id": balancer_id,
        "method": verb,
        "path": path,
        "name": make_text((verb, " ", path), owner.origin),
        "authorization": _authorization(stack, actions, owner),
    }
    return route(fields, owner, owner.origin)


def _authorization(stack: Stack, actions: Value, owner: ResourceValue) -> Value:
    """What the actions before the last ask for: a user who signed in, or a valid token.

    An action that lets those pass who did not sign in (`OnUnauthenticatedRequest: allow`) asks for nothing.
    """
    found: list[tuple[Guard, Value]] = []
    remaining: Guard = TRUE
    listed, unknown = elements(actions)
    for guard, action in listed:
        lets_pass = is_among(stack, first_of(action, *_LETS_PASS), "allow")
        unknown = unknown | (guard & lets_pass.unknown)
        for inner, kind in cases_of(in_upper(at(action, "Type"))):
            there = remaining & guard & inner & lets_pass.false
            if there is FALSE:
                continue
            if isinstance(kind, Known) and kind.text in _ACTIONS:
                found.append((there, Known(_ACTIONS[kind.text], kind.origin)))
                remaining = remaining & ~there
            elif not isinstance(kind, Known | Absent):
                unknown = unknown | there
    origin = next((plain.origin for _, plain in cases_of(actions)), owner.origin)
    found.append((remaining & ~unknown, Known("NONE", origin)))
    found.append((remaining & unknown, Unknown("the actions are not known", origin)))
    return fold_cases(found)
