"""Trails, log groups and alarms."""

from __future__ import annotations

from typing import Any, Final, cast

from stackwarden.integrations.aws_api import Clients
from stackwarden.integrations.aws_remediation.actions._action import (
    ANY,
    Action,
    Permission,
    Step,
    Target,
    current,
    one_call,
)

__all__ = ["ACTIONS"]

_TRAIL: Final = "arn:{partition}:cloudtrail:{region}:{account}:trail/{id}"
_GROUP: Final = "arn:{partition}:logs:{region}:{account}:log-group:{id}"
_ALARM: Final = "arn:{partition}:cloudwatch:{region}:{account}:alarm:{id}"
_MEMBERS: Final = {
    "EnableLogFileValidation": "LogFileValidationEnabled",
    "IncludeGlobalServiceEvents": "IncludeGlobalServiceEvents",
    "IsMultiRegionTrail": "IsMultiRegionTrail",
}
"""Properties of a trail and what the API's answer calls them."""


def _trail(target: Target, clients: Clients) -> list[Step]:
    told = cast("dict[str, Any]", current(clients, "cloudtrail", "get_trail", Name=target.resource_id))["Trail"]
    wanted = {name: value for name, value in target.values.items() if name in _MEMBERS}
    changes = {name: value for name, value in wanted.items() if told.get(_MEMBERS[name]) != value}
    steps = one_call("cloudtrail", "update_trail", Name=target.resource_id, **changes) if changes else []
    if target.values.get("IsLogging") is True:
        status = current(clients, "cloudtrail", "get_trail_status", Name=target.resource_id)
        if not status.get("IsLogging"):
            steps.extend(one_call("cloudtrail", "start_logging", Name=target.resource_id))
    return steps


def _log_group(target: Target, clients: Clients) -> list[Step]:
    """A retention that is set already is the operator's, and shortening it would delete events."""
    name = target.resource_id.partition(":log-group:")[2].removesuffix(":*") or target.resource_id
    told = cast("dict[str, Any]", current(clients, "logs", "describe_log_groups", logGroupNamePrefix=name))
    days = next((one.get("retentionInDays") for one in told["logGroups"] if one["logGroupName"] == name), None)
    wanted = cast(int, target.values["RetentionInDays"])
    if days is not None and days >= wanted:
        return []
    return one_call("logs", "put_retention_policy", logGroupName=name, retentionInDays=wanted)


def _alarm(target: Target, clients: Clients) -> list[Step]:
    told = cast("dict[str, Any]", current(clients, "cloudwatch", "describe_alarms", AlarmNames=[target.name]))
    if all(one.get("ActionsEnabled") for one in told.get("MetricAlarms", ())):
        return []
    return one_call("cloudwatch", "enable_alarm_actions", AlarmNames=[target.name])


ACTIONS: Final = (
    Action(
        "AWS::CloudTrail::Trail",
        _TRAIL,
        (
            Permission(("cloudtrail:GetTrail", "cloudtrail:GetTrailStatus"), _TRAIL.replace("{id}", ANY)),
            Permission(
                ("cloudtrail:StartLogging", "cloudtrail:UpdateTrail"),
                _TRAIL.replace("{id}", ANY),
                writes=True,
                tagged=True,
            ),
        ),
        _trail,
        (*_MEMBERS, "IsLogging"),
    ),
    Action(
        "AWS::Logs::LogGroup",
        _GROUP,
        (
            Permission(("logs:DescribeLogGroups",), ANY),
            Permission(("logs:PutRetentionPolicy",), _GROUP.replace("{id}", ANY), writes=True, tagged=True),
        ),
        _log_group,
        ("RetentionInDays",),
    ),
    Action(
        "AWS::CloudWatch::Alarm",
        _ALARM,
        (
            Permission(("cloudwatch:DescribeAlarms",), _ALARM.replace("{id}", ANY)),
            Permission(("cloudwatch:EnableAlarmActions",), _ALARM.replace("{id}", ANY), writes=True, tagged=True),
        ),
        _alarm,
        ("ActionsEnabled",),
    ),
)
