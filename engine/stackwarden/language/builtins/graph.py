"""Module `graph`: how the resources of a template are connected, and what can be reached from what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from stackwarden.graph.edges import KINDS, WORKING, Each, Edge, End, Kind, Outside, Somewhere, end_in_words
from stackwarden.graph.graph import Graph, graph_of
from stackwarden.graph.mentions import reads
from stackwarden.graph.reach import Path
from stackwarden.graph.stack import Stack
from stackwarden.iam.allowances import EDGE_FAMILIES
from stackwarden.language.builtins._record import Arguments, Collection, Function, Predicate, RecordKind
from stackwarden.language.types import ANY, NUMBER, STRING, ListType, RecordType, ResourceType, StringType
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import MAYBE, NO, Logic, either, under
from stackwarden.resolve.values import (
    Item,
    Known,
    ListValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    cases_of,
    fold_cases,
)

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS", "graph"]

_EDGE: Final = RecordType("graph.Edge")
_PATH: Final = RecordType("graph.Path")
_RESOURCE: Final = ResourceType(())
_KIND: Final = StringType(KINDS)
_KINDS: Final = ("kinds", ListType(_KIND))


def graph(stack: Stack) -> Graph:
    """The graph of a stack as rules see it."""
    return graph_of(stack, EDGE_FAMILIES)


def _text(value: Value) -> str:
    return value.text if isinstance(value, Known) else ""


def _reachable(stack: Stack, arguments: Arguments) -> Logic:
    """Whether a resource can be reached from another over one edge or more, of the given kinds.

    Edges that the deployment decides count as far as they are decided; a resource reaches itself over a cycle only.
    """
    network = graph(stack).network(_kinds(arguments[2:]))
    claim = NO
    for guard, source in cases_of(arguments[0]):
        for inner, target in cases_of(arguments[1]):
            claim = either(claim, under(guard & inner, _answer(source, target, network.reaches)))
    return claim


def _answer(source: Plain, target: Plain, ask: Callable[[str, str], Logic]) -> Logic:
    first, second = _id(source), _id(target)
    if first is not None and second is not None:
        return ask(first, second)
    undecided = any(isinstance(plain, Unknown | Text) for plain in (source, target))
    return MAYBE if undecided else NO


def _paths(stack: Stack, arguments: Arguments) -> Value:
    """The paths from a resource to another over edges of the given kinds, the shortest first.

    No path passes a resource twice. At most 32 paths of at most 12 edges are listed; if there are more, the list is
    one that the template does not wholly determine.
    """
    network = graph(stack).network(_kinds(arguments[2:]))
    cases: list[tuple[Guard, Value]] = []
    for guard, source in cases_of(arguments[0]):
        for inner, target in cases_of(arguments[1]):
            joint = guard & inner
            first, second = _id(source), _id(target)
            if first is None or second is None:
                undecided = any(isinstance(plain, Unknown | Text) for plain in (source, target))
                cases.append((joint, ListValue((), open=undecided)))
                continue
            paths = network.paths(first, second)
            items = tuple(Item(_path(stack, path), path.guard) for path in paths.found)
            cases.append((joint & paths.others, ListValue(items, open=True)))
            cases.append((joint & ~paths.others, ListValue(items)))
    return fold_cases(cases)


def _successors(stack: Stack, arguments: Arguments) -> Value:
    """The resources that an edge of one of the given kinds leads to from a resource."""
    return _neighbours(stack, arguments, leaving=True)


def _predecessors(stack: Stack, arguments: Arguments) -> Value:
    """The resources from which an edge of one of the given kinds leads to a resource."""
    return _neighbours(stack, arguments, leaving=False)


def _neighbours(stack: Stack, arguments: Arguments, *, leaving: bool) -> Value:
    kinds = _kinds(arguments[1:])
    cases: list[tuple[Guard, Value]] = []
    for guard, plain in cases_of(arguments[0]):
        logical_id = _id(plain)
        if logical_id is None:
            cases.append((guard, ListValue((), open=isinstance(plain, Unknown | Text))))
            continue
        there: dict[str, Guard] = {}
        others: Guard = FALSE
        for edge in graph(stack).at(logical_id, kinds, leaving=leaving):
            end = edge.target if leaving else edge.source
            others = others | edge.claim.unknown
            for other in _resources(stack, end):
                there[other.resource.logical_id] = there.get(other.resource.logical_id, FALSE) | edge.claim.true
        items = tuple(
            Item(resource, there[resource.resource.logical_id])
            for resource in stack.some_resources(there)
            if there[resource.resource.logical_id] is not FALSE
        )
        cases.append((guard & others, ListValue(items, open=True)))
        cases.append((guard & ~others, ListValue(items)))
    return fold_cases(cases)


def _resources(stack: Stack, end: End) -> list[ResourceValue]:
    match end:
        case str():
            return stack.some_resources((end,))
        case Each():
            return stack.resources(end.types)
        case Somewhere() | Outside():
            return []


def _edges(stack: Stack) -> ListValue:
    return stack.once("graph.edges", lambda: _listed(stack))


def _listed(stack: Stack) -> ListValue:
    items: list[Item] = []
    is_open = False
    for edge in graph(stack).edges():
        is_open = is_open or not edge.written
        if edge.written:
            items.extend(_items(stack, edge))
    return ListValue(tuple(items), open=is_open)


def _items(stack: Stack, edge: Edge) -> Iterator[Item]:
    """An edge as records: one where it is certain, and one with an end that is not known where it is not.

    The end that is not known is that which the property names; of two, both.
    """
    if isinstance(edge.target, Each):
        for resource in stack.resources(edge.target.types):
            there = edge.claim.true & resource.guard
            if there is not FALSE:
                yield Item(_record(stack, edge, resource.resource.logical_id), there)
    elif edge.claim.true is not FALSE:
        yield Item(_record(stack, edge, edge.target), edge.claim.true)
    if edge.claim.unknown is not FALSE:
        yield Item(_record(stack, edge, edge.target, sure=False), edge.claim.unknown)


def _record(stack: Stack, edge: Edge, target: End, *, sure: bool = True) -> Record:
    holder = stack.resource(edge.holder)
    ends = [
        _end(stack, end) if sure or end == edge.holder else Unknown("the template does not say which", edge.origin)
        for end in (edge.source, target)
    ]
    name = f"{end_in_words(edge.source)} {edge.kind} {end_in_words(target)}"
    fields: dict[str, Value] = {
        "name": Known(name),
        "source": ends[0],
        "target": ends[1],
        "kind": Known(edge.kind.value),
        "label": Known(edge.label),
        "place": Known(edge.path, edge.origin),
    }
    return Record("graph.Edge", fields, holder, edge.origin)


def _path(stack: Stack, path: Path) -> Record:
    ends = [end_in_words(path.edges[0].source), *(end_in_words(edge.target) for edge in path.edges)]
    first = path.edges[0]
    fields: dict[str, Value] = {
        "name": Known(" → ".join(ends)),
        "length": Known(len(path.edges)),
        "hops": ListValue(tuple(Item(_record(stack, edge, edge.target)) for edge in path.edges)),
        "place": Known(first.path, first.origin),
    }
    return Record("graph.Path", fields, stack.resource(first.holder), first.origin)


def _end(stack: Stack, end: End) -> Value:
    match end:
        case str():
            return stack.resource(end) or Unknown("not in the template")
        case Outside():
            return Known(end.name)
        case Somewhere() | Each():
            return Unknown("the template does not say which")


def _id(plain: Plain) -> str | None:
    match plain:
        case ResourceValue():
            return plain.resource.logical_id
        case Record(resource=ResourceValue() as resource):
            return resource.resource.logical_id
        case _:
            return None


def _kinds(arguments: Arguments) -> frozenset[Kind]:
    """The kinds of an argument that is a list of words, or one word; all but the written ones without it."""
    found: set[Kind] = set()
    for value in arguments:
        for _, plain in cases_of(value):
            words = [item.value for item in plain.items] if isinstance(plain, ListValue) else [plain]
            found.update(Kind(word.text) for word in words if isinstance(word, Known) and word.text in KINDS)
    return frozenset(found) or WORKING


BUILTINS: Final[tuple[Function | Predicate, ...]] = (
    Predicate(
        "graph.reachable",
        (("from", _RESOURCE), ("to", _RESOURCE), _KINDS),
        _reachable,
        _reachable.__doc__ or "",
        optional=1,
    ),
    Function(
        "graph.paths",
        (("from", _RESOURCE), ("to", _RESOURCE), _KINDS),
        ListType(_PATH),
        _paths,
        _paths.__doc__ or "",
        optional=1,
    ),
    Function(
        "graph.successors",
        (("resource", _RESOURCE), _KINDS),
        ListType(_RESOURCE),
        _successors,
        _successors.__doc__ or "",
        optional=1,
    ),
    Function(
        "graph.predecessors",
        (("resource", _RESOURCE), _KINDS),
        ListType(_RESOURCE),
        _predecessors,
        _predecessors.__doc__ or "",
        optional=1,
    ),
    Predicate(
        "graph.reads",
        (("value", ANY), ("resource", _RESOURCE), ("attribute", STRING)),
        lambda stack, given: reads(stack, given[0], given[1], _text(given[2])),
        "Whether a value is, or contains, an attribute of a resource (`SecretAccessKey`), as `Fn::GetAtt` and `Fn::Sub`"
        " give it.",
    ),
)

COLLECTIONS: Final = (
    Collection("graph.edges", _EDGE, _edges, (), "All edges of the graph; the kinds are told in docs/graph.md."),
)

RECORDS: Final = (
    RecordKind(
        "graph.Edge",
        (("name", STRING), ("source", ANY), ("target", ANY), ("kind", _KIND), ("label", STRING), ("place", STRING)),
        "An edge. `source` and `target` are resources, or texts that name something outside the template; `place` is "
        "the property that makes the edge.",
    ),
    RecordKind(
        "graph.Path",
        (("name", STRING), ("length", NUMBER), ("hops", ListType(_EDGE)), ("place", STRING)),
        "A path: its edges in order, and the property that makes the first.",
    ),
)
