"""What an action is: the properties that it writes, and the calls of AWS APIs that write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from stackwarden.integrations.aws_api import CallFailed, Clients, call
from stackwarden.run.session import Session
from stackwarden.template.edit import Content

__all__ = ["ALLOWING_TAG", "ANY", "Action", "Permission", "Refused", "Step", "Target", "current", "one_call"]

ANY: Final = "*"
ALLOWING_TAG: Final = ("stackwarden:remediation", "allowed")
"""The tag without which a resource is not changed: key and value."""


class Refused(Exception):  # noqa: N818 - it says what happened
    """A remediation that is not made, and why."""


@dataclass(frozen=True, slots=True)
class Target:
    """The resource to put right. `values` are what the fixes declare, by property; `parameters` what the operator gave.

    `resource_id` is AWS Config's. `session` has the rule, for actions that ask it again.
    """

    rule: str
    resource_type: str
    resource_id: str
    account: str
    region: str
    partition: str
    values: Mapping[str, Content]
    parameters: Mapping[str, str]
    session: Session = field(repr=False)

    @property
    def name(self) -> str:
        """The last part of an id that may be an ARN."""
        return self.resource_id.rpartition("/")[2].rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class Step:
    """A call that changes something."""

    service: str
    operation: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Permission:
    """Actions of IAM on a resource, in which `{partition}`, `{region}` and `{account}` stand for the function's own.

    A parameter of the remediation (`{webAclArn}`), or `{buckets}` for those that may be changed, may be the resource.
    `conditions` are keys and what they have to equal. `tagged` says that IAM knows the resource's tags in a request
    (for a bucket only where its owner switched that on, so it is not said there). `accepted` is a rule that finds fault
    with the permission, and why that is accepted.
    """

    actions: tuple[str, ...]
    resource: str
    writes: bool = False
    conditions: tuple[tuple[str, str], ...] = ()
    tagged: bool = False
    accepted: tuple[str, str] | None = None


Plan = Callable[[Target, Clients], list[Step]]


@dataclass(frozen=True, slots=True)
class Action:
    """How properties of a resource type are written.

    `properties` are those whose declared fixes it applies (`TracingEnabled`, `MethodSettings.*.DataTraceEnabled`; a
    `+` at the end: an element appended). `rules` are ids of rules that declare no fix and are answered all the same;
    `needs` names parameters that the operator has to give. `arn` is the resource's, `{id}` its id. `plan` reads what
    there is and gives the calls that are missing: none where all is as it should be.
    """

    resource_type: str
    arn: str
    permissions: tuple[Permission, ...]
    plan: Plan
    properties: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def current(clients: Clients, service: str, operation: str, *missing: str, **parameters: object) -> dict[str, object]:
    """What a reading call answers; nothing where it fails with one of the codes `missing`. Raises CallFailed."""
    try:
        return call(clients(service), operation, **parameters)
    except CallFailed as error:
        if error.code in missing:
            return {}
        raise


def one_call(service: str, operation: str, **parameters: object) -> list[Step]:
    """A plan of a single step."""
    return [Step(service, operation, parameters)]
