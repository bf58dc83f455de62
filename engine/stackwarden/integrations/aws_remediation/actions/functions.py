"""URLs of Lambda functions.

The configuration of functions and state machines stays out: who may change it may run code with their roles.
"""

from __future__ import annotations

from typing import Final

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


def _url(target: Target, clients: Clients) -> list[Step]:
    wanted = target.values["AuthType"]
    there = current(clients, "lambda", "get_function_url_config", FunctionName=target.resource_id)
    if there.get("AuthType") == wanted:
        return []
    return one_call("lambda", "update_function_url_config", FunctionName=target.resource_id, AuthType=wanted)


ACTIONS: Final = (
    Action(
        "AWS::Lambda::Url",
        _FUNCTION,
        (
            Permission(("lambda:GetFunctionUrlConfig",), _FUNCTION.replace("{id}", ANY)),
            Permission(
                ("lambda:UpdateFunctionUrlConfig",),
                _FUNCTION.replace("{id}", ANY),
                writes=True,
                tagged=True,
                conditions=(("lambda:FunctionUrlAuthType", "AWS_IAM"),),
            ),
        ),
        _url,
        ("AuthType",),
    ),
)
