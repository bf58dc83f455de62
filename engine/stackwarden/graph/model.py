"""The whole graph as data, for drawings and exports: nodes and edges, each with where it is there.

Beside the resources there are nodes for the internet, for AWS services that call something, for what the template names
without having it (an ARN, a domain), and one for each kind of thing that it leaves open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, assert_never

from stackwarden.graph.edges import Each, Edge, End, Kind, Outside, Somewhere
from stackwarden.graph.graph import Graph
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import TRUE, Guard
from stackwarden.resolve.logic import Logic, decided
from stackwarden.resolve.values import ResourceValue
from stackwarden.template.nodes import Node

__all__ = ["GraphEdge", "GraphModel", "GraphNode", "model_of"]

_SEPARATOR: Final = ":"


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A node. `id` is the logical id of a resource, else it starts with `what` and a colon.

    `label` is what to write on it, `resource_type` empty for what is no resource. `guard` is where the stack has it;
    `nested` the path of the nested stack that it is in. Whatever is no resource is drawn dashed: the template names it
    without having it.
    """

    id: str
    what: Literal["resource", "internet", "service", "external", "unknown"]
    label: str
    resource_type: str
    guard: Guard
    nested: str = ""
    origin: Node | None = None


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """An edge between two nodes by id. `claim` says where it surely is and is not; elsewhere it may be.

    `holder` is the resource in whose property `path` it is written, at `origin`.
    """

    source: str
    target: str
    kind: Kind
    claim: Logic
    label: str
    holder: str
    path: str
    origin: Node | None


@dataclass(frozen=True, slots=True)
class GraphModel:
    """All nodes, resources first in the order of the text, and all edges between them."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]


def model_of(stack: Stack, graph: Graph, kinds: frozenset[Kind] = frozenset()) -> GraphModel:
    """The graph of a stack with the edges of some kinds (none: all).

    An edge to each resource of some types is given to each; one whose property may be missing is left out.
    """
    nodes: dict[str, GraphNode] = {}
    for resource in stack.resources():
        node = _node(resource)
        nodes[node.id] = node
    edges: list[GraphEdge] = []
    for edge in graph.edges(kinds):
        if not edge.written:
            continue
        for source, first in _ends(stack, edge.source, edge):
            for target, second in _ends(stack, edge.target, edge):
                nodes.setdefault(source.id, source)
                nodes.setdefault(target.id, target)
                claim = decided(edge.claim.true & first & second, edge.claim.false | ~(first & second))
                edges.append(
                    GraphEdge(source.id, target.id, edge.kind, claim, edge.label, edge.holder, edge.path, edge.origin)
                )
    return GraphModel(tuple(nodes.values()), tuple(edges))


def _ends(stack: Stack, end: End, edge: Edge) -> list[tuple[GraphNode, Guard]]:
    """The nodes of an end, each with where it is one."""
    match end:
        case str():
            return [(_node(one), TRUE) for one in stack.some_resources((end,))]
        case Outside():
            return [(GraphNode(f"{end.what}{_SEPARATOR}{end.name}", end.what, end.name, "", TRUE), TRUE)]
        case Somewhere():
            label = _in_words(end.types)
            return [(GraphNode(f"unknown{_SEPARATOR}{edge.holder}.{edge.path}", "unknown", label, "", TRUE), TRUE)]
        case Each():
            return [(_node(one), one.guard) for one in stack.resources(end.types)]
        case _:
            assert_never(end)


def _node(resource: ResourceValue) -> GraphNode:
    logical_id = resource.resource.logical_id
    nested, _, name = logical_id.rpartition("/")
    resource_type = resource.resource.resource_type
    return GraphNode(logical_id, "resource", name, resource_type, resource.guard, nested, resource.origin)


def _in_words(types: tuple[str, ...]) -> str:
    """What something of one of some types is called: `a Function`, or `a resource`."""
    return f"a {types[0].rpartition('::')[2]}" if types else "a resource"
