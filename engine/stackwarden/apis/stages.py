"""Stages of REST, HTTP and WebSocket APIs.

A deployment with a `StageName` makes a stage of its own, unless an `AWS::ApiGateway::Stage` of the template has that
name for the same API: the deployment then only updates it. The deployment of an `AWS::Serverless::Api` makes a stage
named `Stage` beside the one that is asked for (`is_left_over`). Quick create makes the stage `$default`.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::Stage`, `AWS::ApiGateway::Deployment`
(`StageDescription`), `AWS::ApiGatewayV2::Stage`, `AWS::ApiGatewayV2::Api` (`Target`),
`AWS::ApiGatewayV2::ApiGatewayManagedOverrides`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from stackwarden.apis.documents import HTTP_API, REST_API
from stackwarden.apis.quick_create import overridden
from stackwarden.apis.reading import Later, default, is_among, is_present, is_same, resource_of, truth
from stackwarden.apis.routes import routes_of
from stackwarden.apis.settings import for_all, rest_settings, v2_settings
from stackwarden.apis.shapes import own_id
from stackwarden.apis.v2_routes import kind_of
from stackwarden.apis.web_acls import web_acls_of
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.logic import NO, Logic, both, either, under
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import (
    ABSENT,
    Absent,
    Item,
    Known,
    ListValue,
    Record,
    ResourceValue,
    Unknown,
    Value,
    bind,
    cases_of,
)

__all__ = ["OF_ALL", "STAGE", "STAGE_FIELDS", "STAGE_TYPES", "stages", "stages_of"]

STAGE: Final = "api.Stage"
REST_STAGE: Final = "AWS::ApiGateway::Stage"
DEPLOYMENT: Final = "AWS::ApiGateway::Deployment"
V2_STAGE: Final = "AWS::ApiGatewayV2::Stage"
STAGE_TYPES: Final = (REST_STAGE, DEPLOYMENT, V2_STAGE, HTTP_API)

_REST: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "access_log_destination": ("AccessLogSetting", "DestinationArn"),
        "access_log_format": ("AccessLogSetting", "Format"),
        "tracing": ("TracingEnabled",),
        "cache_enabled": ("CacheClusterEnabled",),
        "client_certificate": ("ClientCertificateId",),
        "variables": ("Variables",),
    }
)
_V2: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "access_log_destination": ("AccessLogSettings", "DestinationArn"),
        "access_log_format": ("AccessLogSettings", "Format"),
        "client_certificate": ("ClientCertificateId",),
        "variables": ("StageVariables",),
        "auto_deploy": ("AutoDeploy",),
    }
)
OF_ALL: Final = ("throttling_rate", "throttling_burst", "logging_level", "data_trace", "metrics")
"""What the settings for all methods of a stage say, as fields of the stage."""
STAGE_FIELDS: Final = (
    "kind",
    "name",
    "api",
    "api_id",
    *_REST,
    "auto_deploy",
    *OF_ALL,
    "settings",
    "web_acls",
    "routes",
    "is_left_over",
    "owner",
)


def stages(stack: Stack) -> ListValue:
    """Every stage of the template's APIs as an `api.Stage` record."""
    return stack.once("apis.stages", lambda: ListValue(tuple(_stages(stack))))


def stages_of(stack: Stack, api: ResourceValue) -> ListValue:
    """The stages of an API of the template."""
    items: list[Item] = []
    for item in stages(stack).items:
        for guard, plain in cases_of(at(item.value, "api")):
            there = item.guard & guard
            if isinstance(plain, ResourceValue) and there is not FALSE and plain == api:
                items.append(Item(item.value, there))
    return ListValue(tuple(items))


def _stages(stack: Stack) -> Iterator[Item]:
    rest = stack.resources((REST_STAGE,))
    for stage in rest:
        yield Item(_rest_stage(stack, stage, stage, NO), stage.guard)
    for deployment in stack.resources((DEPLOYMENT,)):
        named = is_present(stack, at(deployment, "StageName"))
        updates = _updates(stack, deployment, rest)
        guard = deployment.guard & ~named.false & ~updates.true
        if guard is not FALSE:
            description = at(deployment, "StageDescription")
            yield Item(_rest_stage(stack, deployment, description, _is_left_over(stack, deployment, rest)), guard)
    for stage in stack.resources((V2_STAGE,)):
        yield Item(_v2_stage(stack, stage), stage.guard)
    for api in stack.resources((HTTP_API,)):
        guard = api.guard & is_present(stack, at(api, "Target")).true
        if guard is not FALSE:
            yield Item(_quick_stage(stack, api), guard)


def _updates(stack: Stack, deployment: ResourceValue, stages: list[ResourceValue]) -> Logic:
    """Where a deployment's stage is one that the template makes elsewhere."""
    outcome = NO
    for stage in stages:
        same = both(_same(stack, stage, deployment, "RestApiId"), _same(stack, stage, deployment, "StageName"))
        outcome = either(outcome, under(stage.guard, same))
    return outcome


def _is_left_over(stack: Stack, deployment: ResourceValue, stages: list[ResourceValue]) -> Logic:
    beside = NO
    for stage in stages:
        beside = either(beside, under(stage.guard, _same(stack, stage, deployment, "RestApiId")))
    return both(is_among(stack, at(deployment, "StageName"), "Stage"), beside)


def _same(stack: Stack, one: ResourceValue, other: ResourceValue, name: str) -> Logic:
    return is_same(stack, at(one, name), at(other, name))


def _rest_stage(stack: Stack, resource: ResourceValue, owner: Value, is_left_over: Logic) -> Record:
    api_id = at(resource, "RestApiId")
    fields: dict[str, Value] = {
        "kind": Known("rest"),
        "name": at(resource, "StageName"),
        "api": resource_of(stack, api_id, (REST_API,)),
        "api_id": api_id,
        "is_left_over": truth(is_left_over),
        **{field: at(owner, *path) for field, path in _REST.items()},
        "auto_deploy": Known(False),
    }
    return _record(stack, resource, fields, lambda: rest_settings(stack, owner, resource))


def _v2_stage(stack: Stack, stage: ResourceValue) -> Record:
    api_id = at(stage, "ApiId")
    api = resource_of(stack, api_id, (HTTP_API,))
    elsewhere = Unknown("the API is not in the template")
    fields: dict[str, Value] = {
        "kind": bind(kind_of(api), lambda plain: elsewhere if isinstance(plain, Absent) else plain),
        "name": at(stage, "StageName"),
        "api": api,
        "api_id": api_id,
        "is_left_over": Known(False),
        **dict.fromkeys(_REST, ABSENT),
        **{field: at(stage, *path) for field, path in _V2.items()},
    }
    return _record(stack, stage, fields, lambda: v2_settings(stage, stage))


def _quick_stage(stack: Stack, api: ResourceValue) -> Record:
    """The stage of an HTTP API that is made with a target; what the template sets of it stands in its overrides."""
    stage = overridden(stack, api, "Stage")
    fields: dict[str, Value] = {
        "kind": Known("http"),
        "name": Known("$default"),
        "api": api,
        "api_id": own_id(api),
        "is_left_over": Known(False),
        **dict.fromkeys(_REST, ABSENT),
        **{field: at(stage, *path) for field, path in _V2.items()},
        "auto_deploy": default(at(stage, "AutoDeploy"), Known(True)),
    }
    return _record(stack, api, fields, lambda: v2_settings(stage, api))


def _record(
    stack: Stack, resource: ResourceValue, fields: dict[str, Value], make_settings: Callable[[], Value]
) -> Record:
    for name in ("tracing", "cache_enabled", "auto_deploy"):
        fields[name] = default(fields[name], Known(False, resource.origin))
    fields["owner"] = resource
    later: dict[str, Callable[[], Value]] = {
        "settings": make_settings,
        "web_acls": lambda: web_acls_of(stack, resource),
        "routes": lambda: routes_of(stack, record),
    }
    for name in OF_ALL:
        later[name] = _of_all(stack, resource, lambda: record.get("settings"), name)
    record = Record(STAGE, Later(fields, **later), resource, resource.origin)
    return record


def _of_all(stack: Stack, resource: ResourceValue, settings: Callable[[], Value], name: str) -> Callable[[], Value]:
    return lambda: for_all(stack, settings(), name, Absent(resource.origin))
