"""The values of a stack's parameters, which no payload has: CloudFormation is asked for them.

A change set has the values that it will deploy. A stack that is being created has its own; of one that is being updated
nothing says that the values are already the new ones, so nobody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from stackwarden.integrations.hooks.request import HookRequest

if TYPE_CHECKING:
    from botocore.client import BaseClient

__all__ = ["LookUpError", "parameters_of"]

_HIDDEN: Final = "****"
"""What CloudFormation shows for the value of a parameter with `NoEcho`."""


class LookUpError(Exception):
    """CloudFormation did not tell; the message says why and what to do."""


def parameters_of(request: HookRequest, client: BaseClient | None = None) -> dict[str, str]:
    """The values of the parameters that will count, as far as they are shown. Raises LookUpError."""
    if request.target == "CHANGE_SET" and request.change_set:
        operation, arguments = "describe_change_set", {"ChangeSetName": request.change_set}
    elif request.target == "STACK" and request.action == "CREATE" and request.stack_id:
        operation, arguments = "describe_stacks", {"StackName": request.stack_id}
    else:
        return {}
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        raise LookUpError("the function has no boto3") from None
    try:
        answer: dict[str, Any] = getattr(client or _client(request.region), operation)(**arguments)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        advice = f"; its role needs cloudformation:{_ACTIONS[operation]}" if "Denied" in code else ""
        raise LookUpError(f"CloudFormation refuses to tell the parameters ({code}){advice}") from None
    except BotoCoreError as error:
        raise LookUpError(f"CloudFormation cannot be asked for the parameters: {error}") from None
    holders = (answer,) if operation == "describe_change_set" else answer.get("Stacks", ())
    return dict(_values(one for holder in holders for one in holder.get("Parameters", ())))


_ACTIONS: Final = {"describe_change_set": "DescribeChangeSet", "describe_stacks": "DescribeStacks"}


def _values(listed: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for one in listed:
        name, value = one.get("ParameterKey"), one.get("ParameterValue")
        if isinstance(name, str) and isinstance(value, str) and value != _HIDDEN:
            yield name, value


def _client(region: str) -> BaseClient:
    import boto3
    from botocore.config import Config

    quick = Config(connect_timeout=2, read_timeout=4, retries={"total_max_attempts": 2})
    return boto3.client("cloudformation", region_name=region or None, config=quick)
