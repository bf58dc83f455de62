"""What CloudFormation asks of a Lambda hook.

Source: CloudFormation Hooks User Guide, *Create Lambda functions to evaluate resources for Lambda Hooks*; names that
other sources spell differently (`logicalId`, `Template`) are taken as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["BadEventError", "HookRequest", "field_of", "read_request"]

Target = Literal["RESOURCE", "CLOUD_CONTROL", "STACK", "CHANGE_SET"]

_POINT: Final = re.compile(r"(?P<action>CREATE|UPDATE|DELETE|IMPORT)_PRE_PROVISION")
_ARN: Final = re.compile(r"arn:(?P<partition>[^:]+):cloudformation:(?P<region>[^:]*):[^:]*:stack/(?P<name>[^/]+)")


class BadEventError(Exception):
    """An event, or what it leads to, is not what CloudFormation sends; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class HookRequest:
    """One question of CloudFormation. Texts are empty where the event has none.

    `target` is what kind of thing is asked about, `type_name` the resource type of a resource. `properties` and
    `previous` are those of a resource, with all functions resolved. `payload` is the address (it lets whoever has it
    read the template) or the content of what comes with a stack or a change set.
    """

    token: str
    account: str
    region: str
    partition: str
    stack_id: str
    stack_name: str
    change_set: str
    action: str
    target: Target
    type_name: str
    logical_id: str
    properties: Mapping[str, object] | None
    previous: Mapping[str, object] | None
    payload: str | Mapping[str, object] | None


def read_request(event: object, region: str) -> HookRequest:
    """The request in an event; `region` is where the function runs. Raises BadEventError."""
    if not isinstance(event, Mapping):
        raise BadEventError("the event is no JSON object")
    data = field_of(event, "requestData")
    if not isinstance(data, Mapping):
        raise BadEventError("the event has no `requestData`; this function answers CloudFormation's Lambda hooks only")
    point = _text(event, "actionInvocationPoint")
    found = _POINT.fullmatch(point)
    if found is None:
        raise BadEventError(f"`actionInvocationPoint` is `{point}`, which is none that hooks are invoked at")
    stack_id = _text(event, "stackId")
    stack = _ARN.match(stack_id)
    target = _target(data, is_in_stack=bool(stack_id))
    model = field_of(data, "targetModel")
    model = model if isinstance(model, Mapping) else {}
    is_resource = target in ("RESOURCE", "CLOUD_CONTROL")
    properties = field_of(model, "resourceProperties")
    if is_resource and not isinstance(properties, Mapping) and found["action"] != "DELETE":
        raise BadEventError("`requestData.targetModel` has no object `resourceProperties`")
    return HookRequest(
        token=_text(event, "clientRequestToken"),
        account=_text(event, "awsAccountId"),
        region=(stack["region"] if stack is not None else "") or region,
        partition=stack["partition"] if stack is not None else "aws",
        stack_id=stack_id,
        stack_name=stack["name"] if stack is not None else "",
        change_set=_text(event, "changeSetId"),
        action=found["action"],
        target=target,
        type_name=_text(data, "targetName") if is_resource else "",
        logical_id=_text(data, "targetLogicalId"),
        properties=properties if isinstance(properties, Mapping) else None,
        previous=previous if isinstance(previous := field_of(model, "previousResourceProperties"), Mapping) else None,
        payload=None if is_resource else _payload(data, model),
    )


def field_of(data: Mapping[str, object], *names: str) -> object:
    """The value under the first of the names that is there; whether its first letter is a capital does not count."""
    folded = {key[:1].lower() + key[1:]: value for key, value in data.items()}
    return next((folded[name] for name in names if folded.get(name) is not None), None)


def _target(data: Mapping[str, object], *, is_in_stack: bool) -> Target:
    kind = _text(data, "targetType")
    match kind:
        case "RESOURCE":
            if not _text(data, "targetName"):
                raise BadEventError("`requestData` names no resource type as `targetName`")
            return "RESOURCE" if is_in_stack else "CLOUD_CONTROL"
        case "CLOUD_CONTROL" | "STACK" | "CHANGE_SET":
            return kind
        case _:
            raise BadEventError(
                f"`requestData.targetType` is `{kind}`, not RESOURCE, STACK, CHANGE_SET or CLOUD_CONTROL"
            )


def _payload(data: Mapping[str, object], model: Mapping[str, object]) -> str | Mapping[str, object] | None:
    """The content where it is there already, as the CloudFormation CLI's library hands it on; else its address."""
    if field_of(model, "template") is not None:
        return model
    return _text(data, "payload") or None


def _text(data: Mapping[str, object], name: str) -> str:
    value = field_of(data, name)
    return value if isinstance(value, str) else ""
