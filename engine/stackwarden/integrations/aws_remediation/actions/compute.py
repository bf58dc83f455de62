"""Lambda functions and their URLs, state machines."""

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

_FUNCTION: Final = "arn:{partition}:lambda:{region}:{account}:function:{id}"
_MACHINE: Final = "arn:{partition}:states:{region}:{account}:stateMachine:{id}"


def _url(target: Target, clients: Clients) -> list[Step]:
    wanted = target.values["AuthType"]
    there = current(clients, "lambda", "get_function_url_config", FunctionName=target.resource_id)
    if there.get("AuthType") == wanted:
        return []
    return one_call("lambda", "update_function_url_config", FunctionName=target.resource_id, AuthType=wanted)


def _function(target: Target, clients: Clients) -> list[Step]:
    there = cast(
        "dict[str, Any]", current(clients, "lambda", "get_function_configuration", FunctionName=target.resource_id)
    )
    changes: dict[str, object] = {}
    mode = target.values.get("TracingConfig.Mode")
    if mode is not None and there.get("TracingConfig", {}).get("Mode") != mode:
        changes["TracingConfig"] = {"Mode": mode}
    level = target.values.get("LoggingConfig.ApplicationLogLevel")
    if level is not None and there.get("LoggingConfig", {}).get("ApplicationLogLevel") != level:
        changes["LoggingConfig"] = {**there.get("LoggingConfig", {}), "ApplicationLogLevel": level}
    if not changes:
        return []
    revision = {"RevisionId": there["RevisionId"]} if there.get("RevisionId") else {}
    return one_call("lambda", "update_function_configuration", FunctionName=target.resource_id, **changes, **revision)


def _machine(target: Target, clients: Clients) -> list[Step]:
    told = cast(
        "dict[str, Any]",
        current(clients, "stepfunctions", "describe_state_machine", stateMachineArn=target.resource_id),
    )
    if told.get("tracingConfiguration", {}).get("enabled"):
        return []
    return one_call(
        "stepfunctions",
        "update_state_machine",
        stateMachineArn=target.resource_id,
        tracingConfiguration={"enabled": True},
    )


def _permissions(resource: str, reads: str, writes: str) -> tuple[Permission, ...]:
    pattern = resource.replace("{id}", ANY)
    return Permission((reads,), pattern), Permission((writes,), pattern, writes=True)


ACTIONS: Final = (
    Action(
        "AWS::Lambda::Url",
        _FUNCTION,
        _permissions(_FUNCTION, "lambda:GetFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig"),
        _url,
        ("AuthType",),
    ),
    Action(
        "AWS::Lambda::Function",
        _FUNCTION,
        _permissions(_FUNCTION, "lambda:GetFunctionConfiguration", "lambda:UpdateFunctionConfiguration"),
        _function,
        ("TracingConfig.Mode", "LoggingConfig.ApplicationLogLevel"),
    ),
    Action(
        "AWS::StepFunctions::StateMachine",
        _MACHINE,
        _permissions(_MACHINE, "states:DescribeStateMachine", "states:UpdateStateMachine"),
        _machine,
        ("TracingConfiguration.Enabled",),
    ),
)
