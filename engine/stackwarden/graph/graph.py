"""The graph of a stack: its edges, made family by family when a kind is asked for, and networks over some kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from stackwarden.graph.edges import Each, Edge, End, Family, Kind, Somewhere
from stackwarden.graph.reach import Network
from stackwarden.graph.relations import FAMILIES
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import TRUE
from stackwarden.resolve.logic import MAYBE, both, under

__all__ = ["Graph", "graph_of"]


class Graph:
    """The edges of a stack. `families` say who makes them; modules above this one add their own."""

    def __init__(self, stack: Stack, families: tuple[Family, ...]) -> None:
        self._stack = stack
        self._families = families
        self._made: dict[str, tuple[Edge, ...]] = {}
        self._networks: dict[frozenset[Kind], Network] = {}
        self._by_end: dict[tuple[frozenset[Kind], bool], dict[End, list[Edge]]] = {}

    def edges(self, kinds: Iterable[Kind] = ()) -> tuple[Edge, ...]:
        """The edges of the given kinds (none: all), family by family, in the order of the text within each."""
        wanted = frozenset(kinds)
        found: list[Edge] = []
        for family in self._families:
            if wanted and wanted.isdisjoint(family.kinds):
                continue
            if family.name not in self._made:
                self._made[family.name] = tuple(edge for edge in family.make(self._stack) if _may_be(edge))
            found.extend(edge for edge in self._made[family.name] if not wanted or edge.kind in wanted)
        return tuple(found)

    def network(self, kinds: Iterable[Kind] = ()) -> Network:
        """The edges of the given kinds (none: all), to be walked."""
        wanted = frozenset(kinds)
        if wanted not in self._networks:
            self._networks[wanted] = Network(self._stack, self.edges(wanted))
        return self._networks[wanted]

    def at(self, logical_id: str, kinds: Iterable[Kind], *, leaving: bool) -> Iterator[Edge]:
        """The edges of some kinds (none: all) that leave a resource, or that lead to it, with open ends filled in.

        An edge whose own end is open may be one of this resource; it is then given with this end, and never certain.
        """
        resource = self._stack.resource(logical_id)
        if resource is None:
            return
        for end, edges in self._indexed(frozenset(kinds), leaving).items():
            if end == logical_id:
                yield from edges
            elif isinstance(end, Somewhere | Each) and (not end.types or resource.resource.resource_type in end.types):
                for edge in edges:
                    claim = under(resource.guard, edge.claim if isinstance(end, Each) else both(edge.claim, MAYBE))
                    yield (
                        replace(edge, source=logical_id, claim=claim)
                        if leaving
                        else replace(edge, target=logical_id, claim=claim)
                    )

    def _indexed(self, kinds: frozenset[Kind], leaving: bool) -> dict[End, list[Edge]]:
        key = (kinds, leaving)
        if key not in self._by_end:
            index: dict[End, list[Edge]] = {}
            for edge in self.edges(kinds):
                index.setdefault(edge.source if leaving else edge.target, []).append(edge)
            self._by_end[key] = index
        return self._by_end[key]


def _may_be(edge: Edge) -> bool:
    return edge.claim.false is not TRUE


def graph_of(stack: Stack, families: tuple[Family, ...] = FAMILIES) -> Graph:
    """The graph of a stack, made once. Callers of one stack are expected to give the same families."""
    return stack.once("graph " + " ".join(family.name for family in families), lambda: Graph(stack, families))
