"""Asking AWS Config for configuration items: one that did not fit an event, and all of some types.

Source: AWS Config API Reference, `GetResourceConfigHistory`, `ListDiscoveredResources`, `BatchGetResourceConfig`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from stackwarden.integrations.aws_api import CallFailed, call
from stackwarden.integrations.aws_config.errors import BadItem
from stackwarden.integrations.aws_config.items import ConfigurationItem

if TYPE_CHECKING:
    from botocore.client import BaseClient

__all__ = ["all_of", "related_items", "whole_item"]

_PAGE: Final = 100
_ATTEMPTS: Final = 4

Key = dict[str, str]


def whole_item(config: BaseClient, summary: ConfigurationItem) -> ConfigurationItem:
    """The item that an event only summed up. Raises CallFailed, or BadItem where AWS Config has none of that time."""
    told = call(
        config,
        "get_resource_config_history",
        resourceType=summary.resource_type,
        resourceId=summary.resource_id,
        laterTime=summary.captured,
        limit=1,
    )
    items = told.get("configurationItems", ())
    if not items:
        raise BadItem(f"AWS Config has no item of {summary.resource_type} {summary.resource_id} at {summary.captured}")
    return ConfigurationItem.read(items[0])


def all_of(
    config: BaseClient, types: Sequence[str], *, wait: Callable[[float], None] = time.sleep
) -> Iterator[ConfigurationItem | CallFailed | BadItem]:
    """Every recorded resource of some types; what could not be had comes as the reason, and stops nothing else."""
    for resource_type in types:
        keys: list[Key] = []
        try:
            keys.extend(_keys(config, resource_type))
        except CallFailed as error:
            yield error
        for start in range(0, len(keys), _PAGE):
            yield from _items(config, keys[start : start + _PAGE], wait)


def related_items(config: BaseClient, item: ConfigurationItem) -> list[ConfigurationItem]:
    """The items of the resources that an item is related to, as far as AWS Config records them. Raises CallFailed."""
    keys = [{"resourceType": kind, "resourceId": name} for kind, name in dict.fromkeys(item.related)]
    told = call(config, "batch_get_resource_config", resourceKeys=keys[:_PAGE]) if keys else {}
    return [ConfigurationItem.read(one) for one in told.get("baseConfigurationItems", ())]


def _keys(config: BaseClient, resource_type: str) -> Iterator[Key]:
    page: dict[str, object] = {"resourceType": resource_type, "limit": _PAGE}
    while True:
        told = call(config, "list_discovered_resources", **page)
        for one in told.get("resourceIdentifiers", ()):
            if "resourceDeletionTime" not in one:
                yield {"resourceType": one["resourceType"], "resourceId": one["resourceId"]}
        if not told.get("nextToken"):
            return
        page["nextToken"] = told["nextToken"]


def _items(
    config: BaseClient, keys: list[Key], wait: Callable[[float], None]
) -> Iterator[ConfigurationItem | CallFailed | BadItem]:
    """The items of up to a page of keys; AWS Config may leave some for another call."""
    for attempt in range(_ATTEMPTS):
        if attempt:
            wait(2.0**attempt / 2)
        try:
            told = call(config, "batch_get_resource_config", resourceKeys=keys)
        except CallFailed as error:
            yield error
            return
        for one in told.get("baseConfigurationItems", ()):
            try:
                yield ConfigurationItem.read(one)
            except BadItem as error:
                yield error
        keys = told.get("unprocessedResourceKeys", [])
        if not keys:
            return
    names = ", ".join(key["resourceId"] for key in keys[:5])
    yield CallFailed(f"AWS Config left {len(keys)} resources out {_ATTEMPTS} times: {names}")
