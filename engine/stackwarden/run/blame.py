"""Which part of a template made a condition false: a walk through the rule under one failing assignment.

The walk also binds the variables of quantifiers to the witness that it finds, so that messages can name it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import assert_never

from stackwarden.language import ir
from stackwarden.language.compile import Compiler, Env
from stackwarden.language.operations import elements
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.values import Absent, ListValue, Plain, Record, ResourceValue, Value, cases_of
from stackwarden.template.nodes import Node

__all__ = ["Blame"]


class Blame:
    """Explains one subject under one assignment (variable name → value)."""

    def __init__(self, compiler: Compiler, env: Env, assignment: Mapping[str, str]) -> None:
        self._compiler = compiler
        self._env = env
        self._assignment = assignment

    def of(self, node: ir.TruthExpr, answer: bool) -> Node | None:
        """The node that made a condition `answer`; None where no part of the template did."""
        match node:
            case ir.Not():
                return self.of(node.operand, not answer)
            case ir.And():
                return self._joined(node.left, node.right, answer, all_needed=True)
            case ir.Or():
                return self._joined(node.left, node.right, answer, all_needed=False)
            case ir.LetTruth():
                meaning = self._compiler.let(node.slot).meaning
                return self.of(meaning, answer) if isinstance(meaning, ir.TruthExpr) else None
            case ir.BindTruth():
                for slot, argument in node.arguments:
                    self._env.slots[slot] = self._compiler.value(argument)(self._env)
                return self.of(node.body, answer)
            case ir.Quantifier():
                return self._quantifier(node, answer)
            case ir.Compare():
                return self._first(node.left, node.right)
            case ir.In():
                return self._first(node.item, node.container)
            case ir.Refers():
                return self._first(node.value)
            case ir.Holds() | ir.Matches() | ir.Like() | ir.Is():
                return self._first(node.value)
            case ir.Predicate():
                return self._first(*node.arguments)
            case _:
                assert_never(node)

    def value(self, node: ir.ValueExpr) -> Plain | None:
        """What a value is under the assignment; None where a variable in it has no witness."""
        if any(self._env.slots[slot] is None for slot in _locals(node)):
            return None
        return self.plain(self._compiler.value(node)(self._env))

    def origin(self, node: ir.ValueExpr) -> Node | None:
        """Where a value stands under the assignment; of a list that stands nowhere itself, its first element."""
        plain = self.value(node)
        if isinstance(plain, ListValue) and plain.origin is None:
            there = (item.value for item in plain.items if item.guard.holds(self._assignment))
            plain = next(map(self.plain, there), None)
        return None if plain is None else plain.origin

    def plain(self, value: Value) -> Plain | None:
        """The case of a value that holds under the assignment."""
        return next((plain for guard, plain in cases_of(value) if guard.holds(self._assignment)), None)

    def answer(self, claim: Logic) -> bool | None:
        """A truth under the assignment."""
        if claim.true.holds(self._assignment):
            return True
        return False if claim.false.holds(self._assignment) else None

    def _truth(self, node: ir.TruthExpr) -> bool | None:
        return self.answer(self._compiler.truth(node)(self._env))

    def _joined(self, left: ir.TruthExpr, right: ir.TruthExpr, answer: bool, *, all_needed: bool) -> Node | None:
        """Of two operands the one that decided: the first false one of `and`, the first true one of `or`."""
        decisive = answer is not all_needed
        operands = (left, right)
        if decisive:
            deciding = [operand for operand in operands if self._truth(operand) is answer]
            return self.of(deciding[0], answer) if deciding else None
        nodes = [self.of(operand, answer) for operand in operands]
        return next((node for node in nodes if node is not None), None)

    def _quantifier(self, node: ir.Quantifier, answer: bool) -> Node | None:
        """The witness where one decided, else the list that was searched."""
        collection = self._compiler.value(node.collection)(self._env)
        found, _ = elements(collection)
        has_witness = answer is (node.kind == "some")
        wanted = node.kind != "every"
        for guard, value in found:
            if not guard.holds(self._assignment):
                continue
            self._env.slots[node.slot] = value
            if node.where is not None and self._truth(node.where) is not True:
                continue
            if has_witness and self._truth(node.body) is wanted:
                place = self.of(node.body, wanted)
                return place if place is not None else self._origin(value)
        if not has_witness:
            self._env.slots[node.slot] = None
        return None if isinstance(node.collection, ir.Resources | ir.Collection) else self._origin(collection)

    def _first(self, *nodes: ir.ValueExpr) -> Node | None:
        """The origin of the first operand that stands in the template, present ones before absent ones."""
        absent: Node | None = None
        for node in nodes:
            if isinstance(node, ir.Const | ir.ConstList | ir.ParamRef):
                continue
            plain = self.plain(self._compiler.value(node)(self._env))
            origin = None if plain is None else self._origin(plain)
            if origin is None:
                origin = self._first(*_operands(node))
            if origin is None:
                continue
            if not isinstance(plain, Absent):
                return origin
            absent = absent if absent is not None else origin
        return absent

    def _origin(self, value: Value) -> Node | None:
        plain = self.plain(value)
        if isinstance(plain, ResourceValue | Record):
            return plain.origin
        return None if plain is None else plain.origin


def _operands(node: ir.ValueExpr) -> tuple[ir.ValueExpr, ...]:
    """What a computed value, which stands nowhere itself, was computed from."""
    match node:
        case ir.Count() | ir.Default():
            return (node.value,)
        case ir.Comprehension():
            return (node.collection,)
        case ir.Arithmetic():
            return (node.left, node.right)
        case ir.Apply():
            return node.arguments
        case _:
            return ()


def _locals(node: object) -> frozenset[int]:
    """The slots of the variables that an expression reads, without those that it gives a value itself."""
    match node:
        case ir.Local():
            return frozenset((node.slot,))
        case tuple():
            return frozenset().union(*(_locals(part) for part in node))
        case ir.Comprehension() | ir.Quantifier():
            inner = _locals(node.body) | _locals(node.where)
            return _locals(node.collection) | (inner - {node.slot})
        case ir.Bind() | ir.BindTruth():
            given = frozenset(slot for slot, _ in node.arguments)
            return _locals(tuple(argument for _, argument in node.arguments)) | (_locals(node.body) - given)
        case _ if is_dataclass(node):
            return _locals(tuple(getattr(node, one.name) for one in fields(node)))
        case _:
            return frozenset()
