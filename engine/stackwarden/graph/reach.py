"""What can be reached from a resource over edges: under which guard surely, under which perhaps, and by which paths.

Guards multiply along a path and add over alternatives; a fixpoint of both bounds, which a cycle cannot keep from
ending, as guards only grow. An edge to what the template does not determine leads through a node that stands for it, so
that the graph has as many edges as the template has properties that make one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from stackwarden.graph.edges import Each, Edge, End, Somewhere
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic, decided, under

__all__ = ["LONGEST", "MOST_PATHS", "Network", "Path", "Paths"]

LONGEST: Final = 12
"""Edges of a path at most; longer ones are not listed."""

MOST_PATHS: Final = 32
"""How many paths are listed at most, the shortest first."""

_MOST_STEPS: Final = 4096
"""How many beginnings of paths are looked at before the search is given up."""


@dataclass(frozen=True, slots=True)
class _Way:
    """Whichever resources an open end may be: reached through it (`in`), or leading on from it (`out`)."""

    end: Somewhere | Each
    direction: Literal["in", "out"]


_Node = End | _Way


@dataclass(frozen=True, slots=True)
class _Step:
    target: _Node
    claim: Logic
    edge: Edge | None


@dataclass(frozen=True, slots=True)
class Path:
    """Edges that lead from one resource to another, each from where the one before ends, and where all are there."""

    edges: tuple[Edge, ...]
    guard: Guard


@dataclass(frozen=True, slots=True)
class Paths:
    """Paths that are there, the shortest first, and where there may be others."""

    found: tuple[Path, ...]
    others: Guard


class Network:
    """The edges of a stack of some kinds, to be walked."""

    def __init__(self, stack: Stack, edges: tuple[Edge, ...]) -> None:
        self._stack = stack
        self._steps: dict[_Node, list[_Step]] = {}
        self._reached: dict[str, dict[_Node, tuple[Guard, Guard]]] = {}
        sources: set[Somewhere | Each] = set()
        targets: set[Somewhere | Each] = set()
        for edge in edges:
            source: _Node = edge.source
            target: _Node = edge.target
            if isinstance(source, Somewhere | Each):
                sources.add(source)
                source = _Way(source, "out")
            if isinstance(target, Somewhere | Each):
                targets.add(target)
                target = _Way(target, "in")
            self._steps.setdefault(source, []).append(_Step(target, edge.claim, edge))
        for end in targets:
            self._steps.setdefault(_Way(end, "in"), []).extend(_Step(one, there, None) for one, there in self._of(end))
        for end in sources:
            for one, there in self._of(end):
                self._steps.setdefault(one, []).append(_Step(_Way(end, "out"), there, None))

    def reaches(self, source: str, target: str) -> Logic:
        """Whether a resource can be reached from another over one edge or more."""
        surely, perhaps = self._from(source).get(target, (FALSE, FALSE))
        return NO if perhaps is FALSE else decided(surely, ~perhaps)

    def paths(self, source: str, target: str) -> Paths:
        """The paths between two resources that pass no resource twice, within `LONGEST` and `MOST_PATHS`."""
        surely, perhaps = self._from(source).get(target, (FALSE, FALSE))
        if perhaps is FALSE:
            return Paths((), FALSE)
        found: list[Path] = []
        useful = self._leading_to(target)
        todo: deque[tuple[_Node, tuple[_Node, ...], tuple[Edge, ...], Guard]] = deque([(source, (source,), (), TRUE)])
        steps = 0
        complete = True
        while todo and len(found) < MOST_PATHS and steps < _MOST_STEPS:
            node, passed, edges, guard = todo.popleft()
            for step in self._steps.get(node, ()):
                joint = guard & step.claim.true
                if joint is FALSE or step.target not in useful or (step.target in passed and step.target != target):
                    continue
                longer = _extended(edges, step)
                if step.target == target:
                    found.append(Path(longer, joint))
                elif len(longer) < LONGEST:
                    steps += 1
                    todo.append((step.target, (*passed, step.target), longer, joint))
                else:
                    complete = False
        complete = complete and not todo and len(found) <= MOST_PATHS
        found.sort(key=lambda path: len(path.edges))  # a step through an open end is no edge
        return Paths(tuple(found[:MOST_PATHS]), perhaps & ~surely if complete else perhaps)

    def _from(self, source: str) -> dict[_Node, tuple[Guard, Guard]]:
        """Every node that is reached from a resource, surely and perhaps."""
        if source not in self._reached:
            self._reached[source] = self._fixpoint(source)
        return self._reached[source]

    def _fixpoint(self, source: str) -> dict[_Node, tuple[Guard, Guard]]:
        reached: dict[_Node, tuple[Guard, Guard]] = {}
        todo: dict[_Node, None] = {}  # in order, each once
        self._spread(source, (TRUE, TRUE), reached, todo)
        while todo:
            node = next(iter(todo))
            del todo[node]
            self._spread(node, reached[node], reached, todo)
        return reached

    def _spread(
        self,
        node: _Node,
        bounds: tuple[Guard, Guard],
        reached: dict[_Node, tuple[Guard, Guard]],
        todo: dict[_Node, None],
    ) -> None:
        for step in self._steps.get(node, ()):
            known = reached.get(step.target, (FALSE, FALSE))
            surely = known[0] | (bounds[0] & step.claim.true)
            perhaps = known[1] | (bounds[1] & ~step.claim.false)
            if (surely, perhaps) != known:
                reached[step.target] = (surely, perhaps)
                todo[step.target] = None

    def _leading_to(self, target: str) -> set[_Node]:
        """The nodes from which there is a way to a resource, whatever the guards."""
        backwards: dict[_Node, list[_Node]] = {}
        for node, steps in self._steps.items():
            for step in steps:
                backwards.setdefault(step.target, []).append(node)
        found: set[_Node] = {target}
        todo: list[_Node] = [target]
        while todo:
            for node in backwards.get(todo.pop(), ()):
                if node not in found:
                    found.add(node)
                    todo.append(node)
        return found

    def _of(self, end: Somewhere | Each) -> Iterator[tuple[str, Logic]]:
        """The resources that an open end stands for."""
        sure = MAYBE if isinstance(end, Somewhere) else YES
        for resource in self._stack.resources(end.types):
            yield resource.resource.logical_id, under(resource.guard, sure)


def _extended(edges: tuple[Edge, ...], step: _Step) -> tuple[Edge, ...]:
    """The edges with one more; a step out of `Each` names the resource that the edge before led to."""
    if step.edge is not None:
        return (*edges, step.edge)
    if edges and isinstance(step.target, str):
        return (*edges[:-1], replace(edges[-1], target=step.target))
    return edges
