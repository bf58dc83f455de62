"""What a template writes down: every mention of a resource, and `DependsOn`.

A mention is a `Ref`, `Fn::GetAtt` or part of a text, or a literal that is a resource's name or ARN. What a value that
is not determined may turn out to name is no mention. A bare name counts where one resource alone has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.graph.candidates import spelled
from stackwarden.graph.edges import Edge, Family, Kind
from stackwarden.graph.leaves import Leaf, leaves
from stackwarden.graph.references import refers
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.logic import YES, Logic, under
from stackwarden.resolve.values import Known, ListValue, ResourceValue, Text, cases_of

__all__ = ["FAMILY"]

_SPELLED_OUT: Final = ("arn:", "http:", "https:")
_NOT_NAMES: Final = frozenset({"Description", "Tags"})
_LONGEST: Final = 512
"""Names and ARNs are shorter than this; longer texts are code or documents."""


def _edges(stack: Stack) -> Iterator[Edge]:
    for resource in stack.resources():
        yield from _depends(stack, resource)
        for leaf in leaves(stack, resource):
            if isinstance(leaf.plain, Known):
                yield from _literal(stack, resource, leaf)
            else:
                yield from _mentioned(stack, resource, leaf)


def _mentioned(stack: Stack, resource: ResourceValue, leaf: Leaf) -> Iterator[Edge]:
    for logical_id in leaf.mentions():
        other = stack.resource(logical_id)
        if other is not None:
            yield from _edge(stack, resource, leaf, other)


def _literal(stack: Stack, resource: ResourceValue, leaf: Leaf) -> Iterator[Edge]:
    assert isinstance(leaf.plain, Known)
    text = leaf.plain.text
    if not text or len(text) > _LONGEST or not _NOT_NAMES.isdisjoint(leaf.path):
        return
    own = resource.resource.logical_id
    named = [
        other
        for other in stack.some_resources(spelled(stack, leaf.plain))
        if (refers(stack, leaf.plain, other).true & other.guard) is not FALSE
    ]
    if len(named) > 1 and not text.startswith(_SPELLED_OUT):
        return
    for other in named:
        if other.resource.logical_id != own:
            yield from _edge(stack, resource, leaf, other)


def _edge(stack: Stack, resource: ResourceValue, leaf: Leaf, other: ResourceValue) -> Iterator[Edge]:
    own = resource.resource.logical_id
    there = _where(stack, leaf, other) & leaf.guard & other.guard
    if there is not FALSE:
        path = ".".join(leaf.path)
        yield Edge(own, other.resource.logical_id, Kind.REFERS, _certain(there), own, path, leaf.plain.origin)


def _where(stack: Stack, leaf: Leaf, other: ResourceValue) -> Guard:
    if isinstance(leaf.plain, Text | Known):
        return refers(stack, leaf.plain, other).true
    return TRUE


def _depends(stack: Stack, resource: ResourceValue) -> Iterator[Edge]:
    node = resource.resource.node.get("DependsOn")
    if node is None:
        return
    own = resource.resource.logical_id
    prefix = own.rpartition("/")[0]
    for _, plain in cases_of(stack.resolver.resolve(node)):
        items = [item.value for item in plain.items] if isinstance(plain, ListValue) else [plain]
        for item in items:
            other = (
                stack.resource(f"{prefix}/{item.text}" if prefix else item.text) if isinstance(item, Known) else None
            )
            if other is not None and isinstance(item, Known):
                claim = _certain(resource.guard & other.guard)
                target = other.resource.logical_id
                yield Edge(own, target, Kind.DEPENDS_ON, claim, own, "DependsOn", item.origin)


def _certain(guard: Guard) -> Logic:
    return under(guard, YES)


FAMILY: Final = Family("mentions", frozenset({Kind.REFERS, Kind.DEPENDS_ON}), _edges)
