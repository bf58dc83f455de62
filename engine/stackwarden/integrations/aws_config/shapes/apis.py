"""Stages of API Gateway and Lambda functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stackwarden.integrations.aws_config.items import ConfigurationItem, Data, key_of
from stackwarden.integrations.aws_config.shapes._base import SELF, UNKNOWN, Reshaped, member, taken

__all__ = ["ACL_LINK", "OLD_ACL_LINK", "function", "stage", "stage_v2"]

ACL_LINK: Final = "AWS::WAFv2::WebACLAssociation"
OLD_ACL_LINK: Final = "AWS::WAFRegional::WebACLAssociation"


def stage(item: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A stage of a REST API: its settings by method are a map, its web ACL is told by its ARN."""
    properties = {**merged, "RestApiId": _api_id(item, "restapis")}
    told, settings = taken(merged, "methodSettings")
    if told:
        properties["MethodSettings"] = _methods(settings)
    told, acl = taken(merged, "webAclArn")
    beside: tuple[tuple[str, Mapping[str, Data]], ...] = ()
    if told and isinstance(acl, str) and acl:
        kind, name = (ACL_LINK, "WebACLArn") if ":wafv2:" in acl else (OLD_ACL_LINK, "WebACLId")
        beside = ((kind, {"ResourceArn": SELF, name: acl}),)
    return Reshaped(properties, beside, frozenset((ACL_LINK, OLD_ACL_LINK)) if told else frozenset())


def _methods(settings: Data) -> Data:
    """The settings by method, which API Gateway tells by `resource path/method` with `/` as `~1`, as a list."""
    if settings is None:
        return []
    if not isinstance(settings, Mapping):
        return UNKNOWN
    made: list[Data] = []
    for key, one in settings.items():
        path, _, method = key.rpartition("/")
        path = "/" + path.strip("/").replace("~1", "/").lstrip("/")
        made.append({"ResourcePath": path, "HttpMethod": method, **(one if isinstance(one, Mapping) else {})})
    return made


def stage_v2(item: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A stage of an HTTP or WebSocket API, which the stage's ARN names."""
    return Reshaped({**merged, "ApiId": _api_id(item, "apis")})


def _api_id(item: ConfigurationItem, collection: str) -> Data:
    """The id of the API that a stage belongs to, from the stage's ARN (`…/restapis/ID/stages/NAME`)."""
    for arn in (item.arn, item.resource_id):
        _, found, rest = arn.partition(f"/{collection}/")
        if found:
            return rest.partition("/")[0]
    return UNKNOWN


def function(_: ConfigurationItem, merged: dict[str, Data]) -> Reshaped:
    """A function, with the ARNs of its layers and its reserved concurrency."""
    properties = dict(merged)
    layers = key_of(merged, "layers")
    if isinstance(layers, list):
        properties["layers"] = [member(one, "arn") for one in layers]
    told, reserved = taken(merged, "Concurrency", "reservedConcurrentExecutions")
    if told:
        properties["ReservedConcurrentExecutions"] = reserved
    return Reshaped(properties)
