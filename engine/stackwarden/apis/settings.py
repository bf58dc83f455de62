"""What a stage says of its methods and routes: throttling, logging and caching, as records of one shape.

Settings of a REST stage name a path and a method, `/*` and `*` for all; those of an HTTP or WebSocket stage are the
default, or name a route.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::Stage` (`MethodSettings`), `AWS::ApiGateway::Deployment`
(`StageDescription`), `AWS::ApiGatewayV2::Stage` (`DefaultRouteSettings`, `RouteSettings`).
"""

from __future__ import annotations

from typing import Final

from stackwarden.apis.reading import elements, in_upper, is_among, listed, maps
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.logic import both
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import (
    Absent,
    Known,
    MapValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    bind,
    fold_cases,
)

__all__ = ["SETTING", "SETTING_FIELDS", "for_all", "rest_settings", "v2_settings"]

SETTING: Final = "api.Setting"
_NAMES: Final = {
    "throttling_rate": "ThrottlingRateLimit",
    "throttling_burst": "ThrottlingBurstLimit",
    "logging_level": "LoggingLevel",
    "data_trace": "DataTraceEnabled",
    "metrics": "MetricsEnabled",
    "caching": "CachingEnabled",
    "cache_encrypted": "CacheDataEncrypted",
    "cache_ttl": "CacheTtlInSeconds",
}
_V2_NAMES: Final = {"metrics": "DetailedMetricsEnabled"}
SETTING_FIELDS: Final = ("path", "method", "is_for_all", *_NAMES)


def rest_settings(stack: Stack, owner: Value, resource: ResourceValue) -> Value:
    """The settings in a REST stage or a `StageDescription`; what stands in the latter itself is for all methods."""
    entries, unknown = elements(at(owner, "MethodSettings"))
    found: list[tuple[Guard, Value]] = []
    for guard, entry in entries:
        path, method = bind(at(entry, "ResourcePath"), _decoded), in_upper(at(entry, "HttpMethod"))
        all_paths, all_methods = is_among(stack, path, "/*"), is_among(stack, method, "*")
        found.append((guard, _setting(entry, path, method, both(all_paths, all_methods).true, resource)))
    if resource.resource.resource_type == "AWS::ApiGateway::Deployment":
        for guard, plain in maps(owner)[0]:
            found.append((guard, _setting(plain, Known("/*"), Known("*"), TRUE, resource)))
    return listed(found, is_open=unknown is not FALSE)


def _decoded(path: Plain) -> Value:
    """A path without the coding of its slashes: `/~1orders~1{id}` is `/orders/{id}`."""
    if isinstance(path, Known) and "~1" in path.text:
        return Known("/" + path.text.replace("~1", "/").lstrip("/"), path.origin)
    return path


def v2_settings(stage: Value, resource: ResourceValue) -> Value:
    """The settings of an HTTP or WebSocket stage: the default for all, and those of single routes by their keys.

    `stage` has the properties of a stage, and stands in `resource`.
    """
    found: list[tuple[Guard, Value]] = []
    defaults, unknown = maps(at(stage, "DefaultRouteSettings"))
    found.extend((guard, _setting(one, Known("/*"), Known("*"), TRUE, resource, _V2_NAMES)) for guard, one in defaults)
    routes, more = maps(at(stage, "RouteSettings"))
    for guard, by_key in routes:
        for key in by_key.names():
            verb, gap, path = key.partition(" ")
            method = Known(verb.upper() if gap else "ANY")
            for inner, one in maps(by_key.get(key), guard)[0]:
                found.append((inner, _setting(one, Known(path if gap else key), method, FALSE, resource, _V2_NAMES)))
    return listed(found, is_open=(unknown | more) is not FALSE)


def for_all(stack: Stack, settings: Value, name: str, origin: Plain) -> Value:
    """What the settings for all methods say of something; absent where they do not."""
    entries, unknown = elements(settings)
    cases: list[tuple[Guard, Value]] = []
    remaining: Guard = TRUE
    for guard, entry in entries:
        there = remaining & guard & is_among(stack, at(entry, "is_for_all"), "true").true
        value = at(entry, name)
        if there is FALSE:
            continue
        cases.append((there, value))
        remaining = remaining & ~there
    cases.append((remaining & unknown, Unknown("the settings are not all known", origin.origin)))
    cases.append((remaining & ~unknown, Absent(origin.origin)))
    return fold_cases(cases)


def _setting(
    entry: Value,
    path: Value,
    method: Value,
    is_for_all: Guard,
    resource: ResourceValue,
    names: dict[str, str] | None = None,
) -> Record:
    fields: dict[str, Value] = {
        "path": path,
        "method": method,
        "is_for_all": fold_cases(((is_for_all, Known(True)), (~is_for_all, Known(False)))),
    }
    for field, name in {**_NAMES, **(names or {})}.items():
        fields[field] = at(entry, name)
    origin = entry.origin if isinstance(entry, MapValue | Unknown | Text) else resource.origin
    return Record(SETTING, fields, resource, origin)
