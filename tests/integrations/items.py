"""Recorded configuration items, and the events of AWS Config around them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stackwarden.integrations.aws_config.items import ConfigurationItem

__all__ = ["NAMES", "change", "item_of", "oversized", "recorded", "scheduled"]

_FOLDER = Path(__file__).parents[2] / "fixtures" / "aws-config"
NAMES = sorted(path.stem for path in _FOLDER.glob("*.json"))


def recorded(name: str, **changes: Any) -> dict[str, Any]:
    """A configuration item as an event has it, with other values for some members."""
    return {**json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8")), **changes}


def item_of(name: str, **changes: Any) -> ConfigurationItem:
    """The same as the engine reads it."""
    return ConfigurationItem.read(recorded(name, **changes))


def _event(invoking: dict[str, Any], parameters: dict[str, str] | None, **members: Any) -> dict[str, Any]:
    event: dict[str, Any] = {
        "version": "1.0",
        "invokingEvent": json.dumps(invoking),
        "resultToken": "TESTMODE",
        "eventLeftScope": False,
        "executionRoleArn": "arn:aws:iam::111122223333:role/config",
        "configRuleArn": "arn:aws:config:eu-west-1:111122223333:config-rule/config-rule-abcdef",
        "configRuleName": "stackwarden",
        "configRuleId": "config-rule-abcdef",
        "accountId": "111122223333",
    }
    if parameters is not None:
        event["ruleParameters"] = json.dumps(parameters)
    return {**event, **members}


def change(item: dict[str, Any], parameters: dict[str, str] | None = None, **members: Any) -> dict[str, Any]:
    """The event of a changed resource."""
    invoking = {
        "configurationItemDiff": None,
        "configurationItem": item,
        "notificationCreationTime": "2026-03-01T08:16:00.000Z",
        "messageType": "ConfigurationItemChangeNotification",
        "recordVersion": "1.3",
    }
    return _event(invoking, parameters, **members)


def oversized(item: dict[str, Any], parameters: dict[str, str] | None = None) -> dict[str, Any]:
    """The event of a changed resource whose item is too large for an event."""
    kept = ("configuration", "supplementaryConfiguration", "tags", "relationships", "relatedEvents")
    invoking = {
        "configurationItemSummary": {name: value for name, value in item.items() if name not in kept},
        "s3DeliverySummary": {"s3BucketLocation": None, "errorCode": None, "errorMessage": None},
        "notificationCreationTime": "2026-03-01T08:16:00.000Z",
        "messageType": "OversizedConfigurationItemChangeNotification",
        "recordVersion": "1.0",
    }
    return _event(invoking, parameters)


def scheduled(parameters: dict[str, str] | None = None, **members: Any) -> dict[str, Any]:
    """The event of a schedule."""
    invoking = {
        "awsAccountId": "111122223333",
        "notificationCreationTime": "2026-03-01T08:16:00.000Z",
        "messageType": "ScheduledNotification",
        "recordVersion": "1.0",
    }
    return _event(invoking, parameters, **members)
