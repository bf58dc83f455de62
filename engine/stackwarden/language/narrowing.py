"""Which elements a quantifier has to look at, where its condition asks for a reference.

`some p in TYPES satisfies p.Q refers r` holds for no `p` whose value cannot name `r`, so only those are looked at that
a lookup finds. What is left out is what `refers` says no to, so no answer changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stackwarden.graph.candidates import Candidates, candidates
from stackwarden.graph.stack import Stack
from stackwarden.language import ir
from stackwarden.resolve.guards import Guard
from stackwarden.resolve.values import Record, ResourceValue, Value, cases_of

__all__ = ["Element", "Narrowing", "narrowing"]

Element = tuple[Guard, Value]
_Index = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A condition `value refers resource` that the elements have to meet, with the element on one of its sides.

    `by_value` tells which: the element's own value names something, or the element is what is named.
    """

    node: ir.Refers
    by_value: bool

    @property
    def fixed(self) -> ir.ValueExpr:
        """The side that is the same for all elements."""
        return self.node.resource if self.by_value else self.node.value

    def select(
        self, stack: Stack, found: Sequence[Element], fixed: Value, value_of: Callable[[Value], Value]
    ) -> Sequence[Element]:
        """The elements that may meet the condition, in their order; all of them where nothing is known of it.

        `found` is the same at every call for a stack, `value_of` gives an element's value.
        """
        wanted = _ids(fixed) if self.by_value else _named(candidates(stack, fixed))
        if wanted is None:
            return found
        indices = stack.once("narrowings", dict[int, tuple[ir.Refers, _Index]])
        if id(self.node) not in indices:  # the node is kept, so that no other gets its id
            indices[id(self.node)] = (self.node, self._index(stack, found, value_of))
        index = indices[id(self.node)][1]
        places = {place for logical_id in wanted for place in index.get(logical_id, ())}
        return [found[place] for place in sorted(places.union(index.get("", ())))]

    def _index(self, stack: Stack, found: Sequence[Element], value_of: Callable[[Value], Value]) -> _Index:
        """The places of elements by the logical ids that they may name or have; under "" those that may be any."""
        index: _Index = {}
        for place, (_, element) in enumerate(found):
            ids = _named(candidates(stack, value_of(element))) if self.by_value else _ids(element)
            for logical_id in ("",) if ids is None else ids:
                index.setdefault(logical_id, []).append(place)
        return index


def narrowing(node: ir.Quantifier) -> Narrowing | None:
    """How the elements of a quantifier over resource types can be looked up; None where they cannot."""
    if not isinstance(node.collection, ir.Resources):
        return None
    conditions = [*_conjuncts(node.where), *(_conjuncts(node.body) if node.kind != "every" else ())]
    for condition in conditions:
        if isinstance(condition, ir.Refers):
            if _is_path_of(condition.value, node.slot) and _is_apart(condition.resource, node.slot):
                return Narrowing(condition, by_value=True)
            if _is_slot(condition.resource, node.slot) and _is_apart(condition.value, node.slot):
                return Narrowing(condition, by_value=False)
    return None


def _conjuncts(node: ir.TruthExpr | None) -> list[ir.TruthExpr]:
    if isinstance(node, ir.And):
        return [*_conjuncts(node.left), *_conjuncts(node.right)]
    return [] if node is None else [node]


def _is_slot(node: ir.ValueExpr, slot: int) -> bool:
    return isinstance(node, ir.Local) and node.slot == slot


def _is_path_of(node: ir.ValueExpr, slot: int) -> bool:
    """Whether a value is made of nothing but the element's own properties."""
    while isinstance(node, ir.Field | ir.At):
        node = node.value
    return _is_slot(node, slot)


def _is_apart(node: ir.ValueExpr, slot: int) -> bool:
    """Whether a value has nothing to do with the element."""
    while isinstance(node, ir.Field | ir.At):
        node = node.value
    return isinstance(node, ir.Local | ir.LetValue) and node.slot != slot


def _named(found: Candidates) -> frozenset[str] | None:
    return None if found.open else found.ids


def _ids(value: Value) -> frozenset[str] | None:
    """The logical ids of a resource; None where it may be any."""
    ids: set[str] = set()
    for _, plain in cases_of(value):
        match plain:
            case ResourceValue():
                ids.add(plain.resource.logical_id)
            case Record(resource=ResourceValue() as resource):
                ids.add(resource.resource.logical_id)
            case _:
                return None
    return frozenset(ids)
