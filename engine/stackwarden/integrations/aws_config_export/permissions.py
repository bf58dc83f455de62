"""The least that the roles of the functions need, as policy documents of a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from stackwarden.integrations.aws_remediation.actions import ALLOWING_TAG, Action, Permission

__all__ = ["OPERANDS", "Statement", "arn", "reads", "statement", "trust", "writes"]

Statement = dict[str, object]


def trust(service: str, *, condition: Mapping[str, object] | None = None) -> dict[str, object]:
    """The trust policy of a role that a service assumes."""
    allowed: Statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
    }
    if condition is not None:
        allowed["Condition"] = dict(condition)
    return {"Version": "2012-10-17", "Statement": [allowed]}


def statement(sid: str, actions: Iterable[str], *resources: object) -> Statement:
    """What a role may do."""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": resources[0] if len(resources) == 1 else list(resources),
    }


OPERANDS: Final = {"accessLogGroupArn": "AccessLogGroupArn", "webAclArn": "WebAclArn", "buckets": "RemediationBuckets"}
"""What remediations and their permissions ask of who deploys, and what the template calls it."""


def arn(pattern: str) -> object:
    """A pattern of an action's permissions as a value of a template."""
    if pattern == "*":
        return pattern
    if pattern.strip("{}") in OPERANDS:
        return {"Ref": OPERANDS[pattern.strip("{}")]}
    places = {"partition": "${AWS::Partition}", "region": "${AWS::Region}", "account": "${AWS::AccountId}"}
    return {"Fn::Sub": pattern.format(**places)}


def reads(actions: Iterable[Action]) -> list[Statement]:
    """The statements that actions need to read: one for each resource, in a fixed order."""
    return _statements("Read", [one for one in _permissions(actions) if not one.writes])


def writes(actions: Iterable[Action]) -> dict[tuple[str, str] | None, list[Statement]]:
    """The statements that actions need to write, those apart that a rule finds fault with, which is accepted.

    What IAM knows the tags of may only be changed with the tag that allows it; the function itself asks it of all.
    """
    found: dict[tuple[str, str] | None, list[Permission]] = {}
    for one in _permissions(actions):
        if one.writes:
            found.setdefault(one.accepted, []).append(one)
    return {
        accepted: _statements("Write", found[accepted]) for accepted in sorted(found, key=lambda key: key or ("", ""))
    }


def _statements(head: str, permissions: Iterable[Permission]) -> list[Statement]:
    found: dict[tuple[str, tuple[tuple[str, str], ...]], set[str]] = {}
    for one in permissions:
        tag = ((f"aws:ResourceTag/{ALLOWING_TAG[0]}", ALLOWING_TAG[1]),) if one.tagged else ()
        found.setdefault((one.resource, (*tag, *one.conditions)), set()).update(one.actions)
    made: list[Statement] = []
    for number, (resource, conditions) in enumerate(sorted(found)):
        allowed = statement(f"{head}{number + 1}", found[resource, conditions], arn(resource))
        made.append({**allowed, "Condition": {"StringEquals": dict(conditions)}} if conditions else allowed)
    return made


def _permissions(actions: Iterable[Action]) -> Iterable[Permission]:
    for action in actions:
        yield from action.permissions
