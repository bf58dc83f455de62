"""The Lambda function that puts a resource right.

Event: `{"rule": ID, "resourceType": TYPE, "resourceId": AWS Config's id}`, and as one needs it `accountId`, `region`,
`partition`, `mode` (`apply` or `dry-run`) and `parameters` (`accessLogGroupArn`, `webAclArn`).
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from stackwarden.diagnostics import did_you_mean
from stackwarden.integrations.aws_api import CallFailed, Clients, call, client
from stackwarden.integrations.aws_config.selection import select
from stackwarden.integrations.aws_remediation.actions import ALLOWING_TAG, Refused, Step, Target
from stackwarden.integrations.aws_remediation.chosen import Chosen, chosen_actions
from stackwarden.run.session import Session
from stackwarden.schema.registry import Registry

__all__ = ["Refused", "handle", "handler"]

_APPLY, _DRY_RUN = "apply", "dry-run"
_MODE: Final = "STACKWARDEN_REMEDIATION"
_MEMBERS: Final = (
    "accountId",
    "mode",
    "parameters",
    "partition",
    "region",
    "resourceId",
    "resourceType",
    "rule",
)
_LOGGER: Final = logging.getLogger("stackwarden")


def handler(event: Mapping[str, object], context: object = None) -> dict[str, object]:
    """Puts right, or only plans. Whatever is not done is raised, so that the automation that asked shows it."""
    _LOGGER.setLevel(logging.INFO)
    arn = str(getattr(context, "invoked_function_arn", "") or "").split(":")
    own = {"partition": arn[1], "region": arn[3], "accountId": arn[4]} if len(arn) > 4 else {}
    return handle({**own, **event}, cache(client), select({}).session)


def handle(event: Mapping[str, object], clients: Clients, session: Session) -> dict[str, object]:
    """The same with clients and rules. Raises Refused for what is not safe or known, CallFailed for AWS's answer."""
    target, chosen = _read(event, session)
    mode = _mode(event)
    allowed = _is_allowed(target, chosen, clients)
    if mode == _APPLY and not allowed:
        key, value = ALLOWING_TAG
        raise Refused(f"{target.resource_id} is not tagged `{key}: {value}`; tag it, or the stack that it is part of")
    steps = [step for one in chosen for step in one.action.plan(_with_values(target, one), clients)]
    told: dict[str, object] = {
        "rule": target.rule,
        "resourceType": target.resource_type,
        "resourceId": target.resource_id,
        "mode": mode,
        "allowed": allowed,
        "status": "nothing to do" if not steps else "planned" if mode == _DRY_RUN else "applied",
        "steps": [_as_data(step) for step in steps],
    }
    if mode == _APPLY:
        _apply(steps, clients, told)
    _LOGGER.info(json.dumps(told))
    return told


def _apply(steps: list[Step], clients: Clients, told: dict[str, object]) -> None:
    for done, step in enumerate(steps):
        try:
            call(clients(step.service), step.operation, **step.parameters)
        except CallFailed:
            _LOGGER.error(json.dumps({**told, "status": "failed", "done": done}))
            raise


def _read(event: Mapping[str, object], session: Session) -> tuple[Target, tuple[Chosen, ...]]:
    """The target of an event and the actions that answer its rule."""
    for name in event:
        if name not in _MEMBERS:
            hint = did_you_mean(name, _MEMBERS)
            raise Refused(f"the event has `{name}`, which means nothing here" + (f"; {hint}" if hint else ""))
    missing = [name for name in ("rule", "resourceType", "resourceId") if not event.get(name)]
    if missing:
        raise Refused(f"the event lacks {', '.join(missing)}")
    rule, resource_type = str(event["rule"]), str(event["resourceType"])
    check = session.find(rule)
    if check is None:
        hint = did_you_mean(rule, [one.id for one in session.rules])
        raise Refused(f"there is no rule `{rule}` among those deployed" + (f"; {hint}" if hint else ""))
    chosen = chosen_actions(check, resource_type, _registry())
    if not chosen:
        raise Refused(f"there is no safe action for {rule} on {resource_type}; put it right in its template")
    parameters = event.get("parameters") or {}
    if not isinstance(parameters, Mapping):
        raise Refused("`parameters` has to be an object")
    needed = {name for one in chosen for name in one.action.needs}
    lacking = sorted(name for name in needed if not parameters.get(name))
    if lacking:
        raise Refused(f"{rule} on {resource_type} needs the parameter {', '.join(lacking)}")
    target = Target(
        rule=rule,
        resource_type=resource_type,
        resource_id=str(event["resourceId"]),
        account=str(event.get("accountId") or ""),
        region=str(event.get("region") or os.environ.get("AWS_REGION") or ""),
        partition=str(event.get("partition") or "aws"),
        values={},
        parameters={str(name): str(value) for name, value in parameters.items()},
        session=session,
    )
    return target, chosen


def _mode(event: Mapping[str, object]) -> str:
    """What may be done: the function's own setting, which an event may only tame."""
    allowed = os.environ.get(_MODE) or _DRY_RUN
    asked = str(event.get("mode") or allowed)
    for mode in (allowed, asked):
        if mode not in (_APPLY, _DRY_RUN):
            raise Refused(f"the mode is `{mode}`; known are `{_APPLY}` and `{_DRY_RUN}`")
    return _APPLY if allowed == asked == _APPLY else _DRY_RUN


def _is_allowed(target: Target, chosen: tuple[Chosen, ...], clients: Clients) -> bool:
    """Whether a resource has the tag that allows to change it. Raises CallFailed where the tags cannot be read."""
    arn = target.resource_id if target.resource_id.startswith("arn:") else _arn(target, chosen[0])
    told = call(clients("resourcegroupstaggingapi"), "get_resources", ResourceARNList=[arn])
    tags = (tag for one in told.get("ResourceTagMappingList", ()) for tag in one.get("Tags", ()))
    return any((tag["Key"], tag["Value"]) == ALLOWING_TAG for tag in tags)


def _arn(target: Target, chosen: Chosen) -> str:
    return chosen.action.arn.format(
        partition=target.partition, region=target.region, account=target.account, id=target.resource_id
    )


def _with_values(target: Target, chosen: Chosen) -> Target:
    return replace(target, values=chosen.values)


def _as_data(step: Step) -> dict[str, object]:
    return {"service": step.service, "operation": step.operation, "parameters": dict(step.parameters)}


@cache
def _registry() -> Registry:
    return Registry()
