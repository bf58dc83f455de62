"""What a drawing of a stack shows: which nodes and lines, under which settings, and what is exposed.

Without kinds, all edges are drawn but `refers` and `depends_on`. A line that is there under some settings only says
when; one that may or may not be there is uncertain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from stackwarden.exposure.ways import ways
from stackwarden.graph.edges import INTERNET, WORKING, Kind
from stackwarden.graph.graph import graph_of
from stackwarden.graph.model import GraphEdge, GraphModel, GraphNode, model_of
from stackwarden.graph.stack import Stack
from stackwarden.iam.allowances import EDGE_FAMILIES
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.logic import decided
from stackwarden.resolve.values import ListValue, Record, ResourceValue, Value, cases_of
from stackwarden.run.finding import Finding
from stackwarden.run.verdict import Ways
from stackwarden.run.when import when_in_words, when_without
from stackwarden.template.secrets import NO_SECRETS, Secrets

__all__ = ["Choice", "Line", "Node", "Picture", "names_of", "node_of", "picture_of", "sentence"]

_ONWARDS: Final = frozenset(
    {
        Kind.ENTERS,
        Kind.ROUTES_TO,
        Kind.INVOKES,
        Kind.RUNS,
        Kind.RUNS_AS,
        Kind.HAS_POLICY,
        Kind.ALLOWS,
        Kind.READS_SECRET,
    }
)
"""The kinds by which something from the internet gets on."""
_INTERNET: Final = f"{INTERNET.what}:{INTERNET.name}"


@dataclass(frozen=True, slots=True)
class Choice:
    """What to draw: edges of some kinds (none: those that tell how the deployment works), only what leads to or from
    a node (`focus`, an id), only what the internet gets to (`exposure`)."""

    kinds: frozenset[Kind] = frozenset()
    focus: str = ""
    exposure: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A node. `what` is `resource`, `internet`, `service`, `external` or `unknown`; `frame` the nested stack.

    `when` says under which settings the stack has it (empty: always); `exposed` that strangers get to it.
    """

    id: str
    what: str
    label: str
    about: str
    frame: str
    when: str
    exposed: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line from a node to another, by id. `words` is its kind; `label` tells more (the actions of a grant)."""

    source: str
    target: str
    words: str
    label: str
    when: str
    uncertain: bool
    exposed: bool

    @property
    def dashed(self) -> bool:
        """Whether the line is not always there."""
        return self.uncertain or bool(self.when)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing's contents: nodes, resources first in the order of the text, and lines."""

    title: str
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]


def names_of(picture: Picture) -> dict[str, str]:
    """What each node is called in a sentence: a resource by its id, anything else by its label."""
    return {node.id: node.id if node.what == "resource" else node.label for node in picture.nodes}


def sentence(line: Line, names: Mapping[str, str]) -> str:
    """A line in words: `Role perhaps allows Table (s3:PutObject), when IsProd is true`."""
    perhaps = "perhaps " if line.uncertain else ""
    label = f" ({line.label})" if line.label else ""
    when = f", when {line.when}" if line.when else ""
    return f"{names[line.source]} {perhaps}{line.words} {names[line.target]}{label}{when}"


def node_of(finding: Finding) -> str:
    """The id of the node of a finding's resource."""
    return "/".join((*finding.through, finding.resource))


def picture_of(
    stack: Stack, choice: Choice = Choice(), findings: Sequence[Finding] = (), secrets: Secrets = NO_SECRETS
) -> Picture:
    """The contents of the drawing of a stack; each finding goes with the node of its resource.

    A `focus` that is no node's id gives an empty picture. `secrets` are masked in all its texts.
    """
    model = _model(stack, choice)
    exposed = _exposed(stack, model)
    shown = _shown(model, choice)
    settings = Ways(stack.resolver)
    by_node: dict[str, list[Finding]] = {}
    for finding in findings:
        by_node.setdefault(node_of(finding), []).append(finding)
    nodes = tuple(
        Node(
            node.id,
            node.what,
            node.label,
            node.resource_type or _ABOUT[node.what],
            node.nested,
            _when(settings, node.guard, secrets),
            any(node.id in path for path in exposed),
            tuple(by_node.get(node.id, ())),
        )
        for node in model.nodes
        if node.id in shown
    )
    lines = (
        _line(edge, _when(settings, _there(edge), secrets), exposed)
        for edge in model.edges
        if edge.source in shown and edge.target in shown
    )
    picture = Picture(stack.template.source.name, nodes, tuple(_joined(lines)))
    return _without(secrets, picture) if secrets else picture


def _without(secrets: Secrets, picture: Picture) -> Picture:
    """The picture with masked texts; what has the same id keeps one."""
    mask = secrets.mask
    nodes = (replace(one, id=mask(one.id), label=mask(one.label), about=mask(one.about)) for one in picture.nodes)
    lines = (
        replace(one, source=mask(one.source), target=mask(one.target), label=mask(one.label)) for one in picture.lines
    )
    return replace(picture, nodes=tuple({node.id: node for node in nodes}.values()), lines=tuple(lines))


_ABOUT: Final = {
    "internet": "anyone",
    "service": "AWS service",
    "external": "not in the template",
    "unknown": "not determined by the template",
}


def _model(stack: Stack, choice: Choice) -> GraphModel:
    """Nodes and edges, with edges from the internet to what it reaches by other ways than endpoints."""
    kinds = choice.kinds or WORKING
    model = model_of(stack, graph_of(stack, EDGE_FAMILIES), kinds)
    edges = [edge for edge in model.edges if edge.claim.false is not TRUE]
    if Kind.ENTERS in kinds:
        edges.extend(_entered(stack, _leading_on(edges, [_INTERNET])))
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    nodes = {node.id: node for node in model.nodes if node.what == "resource" or node.id in ends}
    if _INTERNET in ends:
        nodes.setdefault(_INTERNET, GraphNode(_INTERNET, "internet", INTERNET.name, "", TRUE))
    return GraphModel(tuple(nodes.values()), tuple(edges))


def _entered(stack: Stack, known: frozenset[str]) -> Iterator[GraphEdge]:
    """Edges from the internet to machines that it reaches, and to what everyone may send to."""
    there: dict[str, Guard] = {}
    for guard, way in _records(ways(stack)):
        source = way.get("source")
        if isinstance(source, ResourceValue) and source.resource.logical_id not in known:
            logical_id = source.resource.logical_id
            there[logical_id] = there.get(logical_id, FALSE) | guard
    for logical_id, guard in there.items():
        yield GraphEdge(_INTERNET, logical_id, Kind.ENTERS, decided(guard, ~guard), "", logical_id, "", None)


def _shown(model: GraphModel, choice: Choice) -> frozenset[str]:
    """The ids of the nodes to draw."""
    shown = frozenset(node.id for node in model.nodes)
    if choice.focus:
        back = [replace(edge, source=edge.target, target=edge.source) for edge in model.edges]
        shown &= _leading_on(model.edges, [choice.focus]) | _leading_on(back, [choice.focus])
    if choice.exposure:
        shown &= _leading_on([edge for edge in model.edges if edge.kind in _ONWARDS], [_INTERNET])
    return shown


def _leading_on(edges: Iterable[GraphEdge], starts: Iterable[str]) -> frozenset[str]:
    """Some nodes, and those that edges lead to from them."""
    following: dict[str, list[str]] = {}
    for edge in edges:
        following.setdefault(edge.source, []).append(edge.target)
    found = dict.fromkeys(starts)
    todo = list(found)
    for name in todo:
        for target in following.get(name, ()):
            if target not in found:
                found[target] = None
                todo.append(target)
    return frozenset(found)


def _exposed(stack: Stack, model: GraphModel) -> list[frozenset[str]]:
    """For each path from the internet to what code may do, the ids of the nodes on it."""
    onwards = [edge for edge in model.edges if edge.kind in _ONWARDS]
    back = [replace(edge, source=edge.target, target=edge.source) for edge in onwards]
    entered = _leading_on(onwards, [_INTERNET])
    found: dict[frozenset[str], None] = {}
    for _, way in _records(ways(stack)):
        source = way.get("source")
        if not isinstance(source, ResourceValue):
            continue
        before = entered & _leading_on(back, [source.resource.logical_id])
        for _, path in _records(way.get("paths")):
            passed = {
                resource.resource.logical_id
                for _, step in _records(path.get("hops"))
                for resource in _resources(step.get("resources"))
            }
            found[frozenset({_INTERNET, *before, *passed})] = None
    return list(found)


def _records(value: Value) -> Iterator[tuple[Guard, Record]]:
    """The records of a list, each with where it is there."""
    for guard, listed in cases_of(value):
        for item in listed.items if isinstance(listed, ListValue) else ():
            if isinstance(item.value, Record):
                yield guard & item.guard, item.value


def _resources(value: Value) -> list[ResourceValue]:
    listed = value.items if isinstance(value, ListValue) else ()
    return [item.value for item in listed if isinstance(item.value, ResourceValue)]


def _there(edge: GraphEdge) -> Guard:
    """Where an edge is there; of one that is so nowhere for certain, where it may be."""
    return ~edge.claim.false if edge.claim.true is FALSE else edge.claim.true


def _line(edge: GraphEdge, when: str, exposed: Sequence[frozenset[str]]) -> Line:
    uncertain = edge.claim.true is FALSE
    on_path = edge.kind in _ONWARDS and any(edge.source in path and edge.target in path for path in exposed)
    words = edge.kind.value.replace("_", " ")
    return Line(edge.source, edge.target, words, edge.label, when, uncertain, on_path)


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines of one kind between the same two nodes under the same settings as one, with the labels of all."""
    groups: dict[Line, dict[str, None]] = {}
    for line in lines:
        labels = groups.setdefault(replace(line, label=""), {})
        labels.update(dict.fromkeys(one for one in line.label.split(", ") if one))
    for line, labels in groups.items():
        yield replace(line, label=", ".join(labels))


def _when(settings: Ways, guard: Guard, secrets: Secrets) -> str:
    return "" if guard is TRUE or guard is FALSE else when_in_words(when_without(secrets, settings.of(guard)))
