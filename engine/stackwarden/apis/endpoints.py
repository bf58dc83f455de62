"""Endpoints: where callers reach an API, a function, a load balancer or a distribution, and who stands before them.

Sources: CloudFormation Template Reference, the resource types below; API Gateway Developer Guide, *API endpoint types
for REST APIs*; AWS WAF Developer Guide, *Resources that you can protect with AWS WAF*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from stackwarden.apis.balancers import LOAD_BALANCER
from stackwarden.apis.definitions import api_of, is_private
from stackwarden.apis.documents import HTTP_API, REST_API
from stackwarden.apis.domains import domains_of
from stackwarden.apis.policies import is_closed
from stackwarden.apis.reading import Later, elements, is_among, is_empty, is_present, listed, truth
from stackwarden.apis.routes import routes_of
from stackwarden.apis.simple_routes import FUNCTION_URL, GRAPHQL_API
from stackwarden.apis.stages import stages_of
from stackwarden.apis.web_acls import web_acls_of
from stackwarden.graph.stack import Stack
from stackwarden.net.exposure import is_exposed
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import NO, YES, Logic, both, decided, either, negate, under
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Absent, Item, Known, ListValue, Record, ResourceValue, Value, bind, cases_of

__all__ = ["ENDPOINT", "ENDPOINT_FIELDS", "ENDPOINT_SOURCES", "endpoints", "public_endpoints"]

ENDPOINT: Final = "api.Endpoint"
EVENT_API: Final = "AWS::AppSync::Api"
DISTRIBUTION: Final = "AWS::CloudFront::Distribution"
ENDPOINT_FIELDS: Final = (
    "kind",
    "resource",
    "is_public",
    "is_open",
    "is_protected",
    "web_acls",
    "logs",
    "stages",
    "routes",
    "domains",
)

_Claim = Callable[[Stack, ResourceValue], Logic]


def endpoints(stack: Stack) -> ListValue:
    """Every way in that the template makes, as an `api.Endpoint` record."""
    return stack.once("apis.endpoints", lambda: ListValue(tuple(_endpoints(stack))))


def public_endpoints(stack: Stack) -> ListValue:
    """The endpoints that the internet certainly reaches; open where it is not known of one."""
    return stack.once("apis.public_endpoints", lambda: _public(stack))


def _public(stack: Stack) -> ListValue:
    items: list[Item] = []
    is_open = False
    for item in endpoints(stack).items:
        claim = is_among(stack, at(item.value, "is_public"), "true")
        there = item.guard & claim.true
        if there is not FALSE:
            items.append(Item(item.value, there))
        is_open = is_open or (item.guard & claim.unknown) is not FALSE
    return ListValue(tuple(items), open=is_open)


def _endpoints(stack: Stack) -> Iterator[Item]:
    for resource_type in _PUBLIC:
        for resource in stack.resources((resource_type,)):
            yield Item(_endpoint(stack, resource), resource.guard)


def _endpoint(stack: Stack, resource: ResourceValue) -> Record:
    resource_type = resource.resource.resource_type
    fields: dict[str, Value] = {"kind": _kind(stack, resource), "resource": resource}
    has_stages = resource_type in (REST_API, HTTP_API)
    later: dict[str, Callable[[], Value]] = {
        "is_public": lambda: truth(_PUBLIC[resource_type](stack, resource)),
        "is_open": lambda: truth(_is_open(stack, record)),
        "is_protected": lambda: truth(_is_protected(record)),
        "web_acls": lambda: _web_acls(stack, record),
        "logs": lambda: _logs(stack, record),
        "stages": lambda: stages_of(stack, resource) if has_stages else ListValue(()),
        "routes": lambda: routes_of(stack, resource),
        "domains": lambda: domains_of(stack, resource),
    }
    record = Record(ENDPOINT, Later(fields, **later), resource, resource.origin)
    return record


def _kind(stack: Stack, resource: ResourceValue) -> Value:
    match resource.resource.resource_type:
        case "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api":
            return api_of(stack, resource).get("kind")
        case resource_type:
            return Known(_KINDS[resource_type])


# --- who reaches it


def _rest_api(stack: Stack, api: ResourceValue) -> Logic:
    closed = either(is_private(stack, api), is_closed(stack, api_of(stack, api).get("policy")))
    return both(negate(closed), _has_a_way_in(stack, api))


def _has_a_way_in(stack: Stack, api: ResourceValue) -> Logic:
    """Where an API answers under its own host name, or has a custom domain name that is not private."""
    disabled = is_among(stack, api_of(stack, api).get("disables_default_endpoint"), "true", "True")
    outcome = negate(disabled)
    for item in domains_of(stack, api).items:
        private = is_among(stack, at(item.value, "is_private"), "true")
        outcome = either(outcome, under(item.guard, negate(private)))
    return outcome


def _graphql(stack: Stack, api: ResourceValue) -> Logic:
    return negate(is_among(stack, at(api, "Visibility"), "PRIVATE"))


def _always(_: Stack, __: ResourceValue) -> Logic:
    return YES


def _balancer(stack: Stack, balancer: ResourceValue) -> Logic:
    gateway = is_among(stack, at(balancer, "Type"), "gateway")
    return both(negate(gateway), is_exposed(stack, balancer))


def _distribution(stack: Stack, distribution: ResourceValue) -> Logic:
    return negate(is_among(stack, at(distribution, "DistributionConfig", "Enabled"), "false", "False"))


_PUBLIC: Final[Mapping[str, _Claim]] = MappingProxyType(
    {
        REST_API: _rest_api,
        HTTP_API: _has_a_way_in,
        GRAPHQL_API: _graphql,
        EVENT_API: _always,
        FUNCTION_URL: _always,
        LOAD_BALANCER: _balancer,
        DISTRIBUTION: _distribution,
    }
)
_KINDS: Final = {
    GRAPHQL_API: "graphql",
    EVENT_API: "events",
    FUNCTION_URL: "function-url",
    LOAD_BALANCER: "load-balancer",
    DISTRIBUTION: "distribution",
}
ENDPOINT_SOURCES: Final = tuple(_PUBLIC)

# --- what stands before it


def _is_open(stack: Stack, endpoint: Record) -> Logic:
    """Where some route, but for a browser's preflight request, answers whoever asks.

    Messages over a WebSocket are let in with its connection, so only `$connect` counts there.
    """
    found, unknown = elements(endpoint.get("routes"))
    outcome = NO
    for guard, route in found:
        open_to_all = is_among(stack, at(route, "authorization"), "NONE")
        message = both(
            is_among(stack, at(route, "kind"), "websocket"), negate(is_among(stack, at(route, "path"), "$connect"))
        )
        harmless = either(is_among(stack, at(route, "is_preflight"), "true"), message)
        outcome = either(outcome, under(guard, both(open_to_all, negate(harmless))))
    return decided(outcome.true, outcome.false & ~unknown)


def _web_acls(stack: Stack, endpoint: Record) -> ListValue:
    resource = endpoint.resource
    assert resource is not None  # an endpoint is a resource's
    if resource.resource.resource_type == DISTRIBUTION:
        return _set(stack, at(resource, "DistributionConfig", "WebACLId"))
    if resource.resource.resource_type != REST_API:
        return web_acls_of(stack, resource)
    found: list[tuple[Guard, Value]] = []
    is_open = False
    for guard, stage in elements(endpoint.get("stages"))[0]:
        inner, unknown = elements(at(stage, "web_acls"), guard)
        found.extend(inner)
        is_open = is_open or unknown is not FALSE
    return listed(found, is_open=is_open)


def _is_protected(endpoint: Record) -> Logic:
    """Where a web ACL sees every request: of a REST API, on each stage that the template makes."""
    resource = endpoint.resource
    assert resource is not None  # an endpoint is a resource's
    if resource.resource.resource_type != REST_API:
        return negate(is_empty(endpoint.get("web_acls")))
    stages = endpoint.get("stages")
    outcome = negate(is_empty(stages))
    for guard, stage in elements(stages)[0]:
        bare = is_empty(at(stage, "web_acls"))
        outcome = both(outcome, negate(under(guard, bare)))
    return outcome


def _logs(stack: Stack, endpoint: Record) -> ListValue:
    """Where requests are logged to, as far as the resources say; a bucket, a log group or a role."""
    resource = endpoint.resource
    assert resource is not None  # an endpoint is a resource's
    match resource.resource.resource_type:
        case "AWS::ApiGateway::RestApi" | "AWS::ApiGatewayV2::Api":
            found: list[tuple[Guard, Value]] = []
            for guard, stage in elements(endpoint.get("stages"))[0]:
                for item in _set(stack, at(stage, "access_log_destination")).items:
                    found.append((guard & item.guard, item.value))
            return listed(found)
        case "AWS::AppSync::GraphQLApi":
            return _set(stack, at(resource, "LogConfig", "CloudWatchLogsRoleArn"))
        case "AWS::AppSync::Api":
            return _set(stack, at(resource, "EventConfig", "LogConfig", "CloudWatchLogsRoleArn"))
        case "AWS::CloudFront::Distribution":
            return _set(stack, at(resource, "DistributionConfig", "Logging", "Bucket"))
        case "AWS::ElasticLoadBalancingV2::LoadBalancer":
            return _set(stack, _balancer_log(stack, resource))
        case _:
            return ListValue(())


def _balancer_log(stack: Stack, balancer: ResourceValue) -> Value:
    attributes = at(balancer, "LoadBalancerAttributes")
    switched = NO
    bucket: Value = Absent(balancer.origin)
    for guard, attribute in elements(attributes)[0]:
        key = is_among(stack, at(attribute, "Key"), "access_logs.s3.enabled")
        switched = either(switched, under(guard, both(key, is_among(stack, at(attribute, "Value"), "true", "True"))))
        if is_among(stack, at(attribute, "Key"), "access_logs.s3.bucket").true is not FALSE:
            bucket = at(attribute, "Value")
    on = truth(switched)
    return bind(on, partial(_where_on, bucket))


def _where_on(bucket: Value, on: Value) -> Value:
    if isinstance(on, Known):
        return bucket if on.data is True else Absent(on.origin)
    return on


def _set(stack: Stack, value: Value) -> ListValue:
    """A value as a list of one; an empty list where it is absent or an empty text."""
    there = is_present(stack, value).true & ~is_among(stack, value, "").true
    return listed([(guard & there, plain) for guard, plain in cases_of(value)])
