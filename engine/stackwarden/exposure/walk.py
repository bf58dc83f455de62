"""From where traffic comes in to the code that handles it, and from there to the role that it runs as.

Only edges that are certain under some setting are walked: a path is a claim about this template, not a guess.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from stackwarden.exposure.hops import hop_of_edge
from stackwarden.graph.edges import Edge, Kind, Outside, Somewhere
from stackwarden.graph.graph import graph_of
from stackwarden.graph.stack import Stack
from stackwarden.iam.allowances import EDGE_FAMILIES
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.values import Record, ResourceValue

__all__ = ["CODE", "Reached", "Roles", "code_behind", "roles_of"]

CODE: Final = {
    "AWS::AppRunner::Service": "InstanceConfiguration.InstanceRoleArn",
    "AWS::AutoScaling::LaunchConfiguration": "IamInstanceProfile",
    "AWS::EC2::Instance": "IamInstanceProfile",
    "AWS::EC2::LaunchTemplate": "LaunchTemplateData.IamInstanceProfile",
    "AWS::ECS::TaskDefinition": "TaskRoleArn",
    "AWS::Lambda::Function": "Role",
}
"""What runs code, and the property that names the role which the code has."""

_FORWARD: Final = frozenset({Kind.INVOKES, Kind.ROUTES_TO, Kind.RUNS})
_RUNS_AS: Final = frozenset({Kind.RUNS_AS})
_ROLE: Final = "AWS::IAM::Role"
_PROFILE: Final = "AWS::IAM::InstanceProfile"
_RULE: Final = "AWS::ElasticLoadBalancingV2::ListenerRule"
_LONGEST: Final = 10
"""Edges between a way in and code at most."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Something that is led to, where, and by which steps."""

    resource: ResourceValue
    guard: Guard
    hops: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles that code runs as, and where it runs as one that the template does not have."""

    found: tuple[Reached, ...]
    elsewhere: Guard


def code_behind(stack: Stack, start: ResourceValue) -> tuple[Reached, ...]:
    """The code that traffic to a resource gets to, which may be the resource itself; once for each resource."""
    key = f"exposure.code {start.resource.logical_id}"
    return stack.once(key, lambda: _code_behind(stack, start))


def _code_behind(stack: Stack, start: ResourceValue) -> tuple[Reached, ...]:
    """Breadth first, so that steps are few; a resource is passed again only where it was not reached before."""
    found: list[Reached] = []
    covered: dict[str, Guard] = {}
    todo: deque[Reached] = deque([Reached(start, TRUE, ())])
    while todo:
        here = todo.popleft()
        logical_id = here.resource.resource.logical_id
        fresh = here.guard & ~covered.get(logical_id, FALSE)
        if fresh is FALSE:
            continue
        covered[logical_id] = covered.get(logical_id, FALSE) | here.guard
        if here.resource.resource.resource_type in CODE:
            found.append(Reached(here.resource, fresh, here.hops))
        if len(here.hops) < _LONGEST and here.resource.resource.resource_type != "AWS::Lambda::Function":
            todo.extend(_onwards(stack, here, fresh))
    return tuple(found)


def _onwards(stack: Stack, here: Reached, guard: Guard) -> list[Reached]:
    """One edge further. A rule of a listener is a way in of its own, so none is entered from its listener."""
    found: list[Reached] = []
    for edge in _leaving(stack, here.resource.resource.logical_id, _FORWARD):
        there = guard & edge.claim.true
        target = stack.resource(edge.target) if isinstance(edge.target, str) and there is not FALSE else None
        if target is not None and target.resource.resource_type != _RULE:
            found.append(Reached(target, there, (*here.hops, hop_of_edge(stack, edge))))
    return found


def roles_of(stack: Stack, code: ResourceValue) -> Roles:
    """The roles that code runs as, through an instance profile where there is one."""
    prefix = CODE[code.resource.resource_type]
    edges = [e for e in _leaving(stack, code.resource.logical_id, _RUNS_AS) if e.path.startswith(prefix)]
    return _roles(stack, edges, Reached(code, TRUE, ()))


def _roles(stack: Stack, edges: list[Edge], code: Reached) -> Roles:
    found: list[Reached] = []
    elsewhere: Guard = FALSE
    for edge in edges:
        there = code.guard & edge.claim.true
        target = stack.resource(edge.target) if isinstance(edge.target, str) else None
        if isinstance(edge.target, Outside | Somewhere) or target is None:
            elsewhere = elsewhere | (code.guard & ~edge.claim.false)
            continue
        elsewhere = elsewhere | (code.guard & edge.claim.unknown)
        reached = Reached(target, there, (*code.hops, hop_of_edge(stack, edge)))
        if target.resource.resource_type == _ROLE and there is not FALSE:
            found.append(reached)
        elif target.resource.resource_type == _PROFILE and there is not FALSE:
            inner = _roles(stack, _leaving(stack, target.resource.logical_id, _RUNS_AS), reached)
            found.extend(inner.found)
            elsewhere = elsewhere | inner.elsewhere
    return Roles(tuple(found), elsewhere)


def _leaving(stack: Stack, logical_id: str, kinds: frozenset[Kind]) -> list[Edge]:
    """The edges that leave a resource, in the order of the text."""
    index = stack.once(f"exposure.edges {' '.join(sorted(kinds))}", lambda: _index(stack, kinds))
    return index.get(logical_id, [])


def _index(stack: Stack, kinds: frozenset[Kind]) -> dict[str, list[Edge]]:
    index: dict[str, list[Edge]] = {}
    for edge in graph_of(stack, EDGE_FAMILIES).edges(kinds):
        if isinstance(edge.source, str) and edge.written:
            index.setdefault(edge.source, []).append(edge)
    return index
