"""Machines and services that answer the internet by themselves.

Sources: CloudFormation Template Reference, the resource types below; AWS App Runner Developer Guide, *Enabling private
endpoints*. Whether the internet reaches an instance or a balancer is for `net.exposure` to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.apis.reading import is_among
from stackwarden.exposure.entry import Entry
from stackwarden.exposure.hops import hop
from stackwarden.exposure.walk import code_behind
from stackwarden.graph.stack import Stack
from stackwarden.net.exposure import is_exposed
from stackwarden.resolve.logic import NO, Logic, negate, under
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Known, ResourceValue

__all__ = ["MACHINES", "open_machines"]

_INSTANCE: Final = "AWS::EC2::Instance"
_CLASSIC: Final = "AWS::ElasticLoadBalancing::LoadBalancer"
_APP_RUNNER: Final = "AWS::AppRunner::Service"
MACHINES: Final = (_INSTANCE, _CLASSIC, _APP_RUNNER)
_KINDS: Final = {_INSTANCE: "instance", _CLASSIC: "load-balancer", _APP_RUNNER: "app-runner"}


def open_machines(stack: Stack) -> Iterator[Entry]:
    """Instances and Classic Load Balancers that the internet reaches, and public App Runner services."""
    for machine in stack.resources(MACHINES):
        claim = under(machine.guard, _is_open(stack, machine))
        code = () if claim is NO else code_behind(stack, machine)
        if code:
            name = machine.resource.logical_id
            step = hop(f"the internet reaches {name}", machine, machine.origin, machine)
            yield Entry(Known(_KINDS[machine.resource.resource_type]), name, machine, claim, step, code)


def _is_open(stack: Stack, machine: ResourceValue) -> Logic:
    if machine.resource.resource_type != _APP_RUNNER:
        return is_exposed(stack, machine)
    ingress = at(machine, "NetworkConfiguration", "IngressConfiguration", "IsPubliclyAccessible")
    return negate(is_among(stack, ingress, "false", "False"))
