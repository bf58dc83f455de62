"""What an event of AWS Config asks for.

Source: AWS Config Developer Guide, *Example events for AWS Config rules*.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from stackwarden.integrations.aws_config.errors import BadEvent
from stackwarden.integrations.aws_config.items import ConfigurationItem, Data

__all__ = ["Invocation", "read_event"]

_CHANGE: Final = "ConfigurationItemChangeNotification"
_OVERSIZED: Final = "OversizedConfigurationItemChangeNotification"
_SCHEDULED: Final = "ScheduledNotification"


@dataclass(frozen=True, slots=True)
class Invocation:
    """An event. `item` is that of a change; of an oversized one it lacks the configuration, which has to be fetched.

    `created` is the time of a scheduled notification, in ISO form; `left_scope` says that the rule no longer concerns
    the resource.
    """

    kind: Literal["change", "oversized", "scheduled"]
    result_token: str
    account: str
    rule_name: str
    parameters: Mapping[str, Data] = field(repr=False)
    item: ConfigurationItem | None
    created: str
    left_scope: bool


def read_event(event: Data) -> Invocation:
    """The invocation that an event is. Raises BadEvent where it is no event of AWS Config, BadItem for its item."""
    if not isinstance(event, Mapping) or "invokingEvent" not in event:
        names = ", ".join(sorted(map(str, event))) if isinstance(event, Mapping) else type(event).__name__
        raise BadEvent(f"this is no event of AWS Config: it has no `invokingEvent` (it has {names or 'nothing'})")
    invoking = _object(event["invokingEvent"], "invokingEvent")
    parameters = _object(event.get("ruleParameters") or "{}", "ruleParameters")
    message = invoking.get("messageType")
    token = event.get("resultToken")
    if not isinstance(token, str) or not token:
        raise BadEvent("this event of AWS Config has no `resultToken`, without which there is no answer")
    item: ConfigurationItem | None = None
    kind: Literal["change", "oversized", "scheduled"]
    match message:
        case "ConfigurationItemChangeNotification":
            kind, item = (
                "change",
                ConfigurationItem.read(_part(invoking, "configurationItem"), proposed=_is_proposed(event, invoking)),
            )
        case "OversizedConfigurationItemChangeNotification":
            kind, item = "oversized", ConfigurationItem.read(_part(invoking, "configurationItemSummary"))
        case "ScheduledNotification":
            kind = "scheduled"
        case _:
            raise BadEvent(f"messageType is `{message}`; known are {_CHANGE}, {_OVERSIZED} and {_SCHEDULED}")
    return Invocation(
        kind=kind,
        result_token=token,
        account=str(event.get("accountId") or invoking.get("awsAccountId") or ""),
        rule_name=str(event.get("configRuleName") or ""),
        parameters=parameters,
        item=item,
        created=str(invoking.get("notificationCreationTime") or ""),
        left_scope=event.get("eventLeftScope") in (True, "true"),
    )


def _is_proposed(event: Mapping[str, Data], invoking: Mapping[str, Data]) -> bool:
    """Whether the properties are of a resource that is still to be made: AWS Config says so in the event's mode."""
    return "PROACTIVE" in (event.get("evaluationMode"), invoking.get("evaluationMode"))


def _part(invoking: Mapping[str, Data], name: str) -> Data:
    if name not in invoking:
        raise BadEvent(f"`invokingEvent` has no `{name}`")
    return invoking[name]


def _object(value: Data, name: str) -> Mapping[str, Data]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise BadEvent(f"`{name}` is no JSON: {error}") from error
    if not isinstance(value, Mapping):
        raise BadEvent(f"`{name}` has to be an object")
    return value
