"""Which values decided a condition under one assignment: a walk through the rule, as for the place of a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, assert_never

from stackwarden.language import ir
from stackwarden.language.compile import Compiler, Env
from stackwarden.language.operations import elements
from stackwarden.language.render import render
from stackwarden.resolve.values import Plain, Value, cases_of

__all__ = ["Reads"]

_MOST_ELEMENTS: Final = 5
"""Elements of a collection that are looked at where all of them decided."""


class Reads:
    """The values that one subject's conditions read under an assignment (variable name → value)."""

    def __init__(self, compiler: Compiler, env: Env, assignment: Mapping[str, str]) -> None:
        self._compiler = compiler
        self._env = env
        self._assignment = assignment

    def of(self, node: ir.TruthExpr) -> Iterator[tuple[str, Plain]]:
        """The expressions that decided a condition, as text, each with its value; what decided alone comes alone."""
        match node:
            case ir.Not():
                yield from self.of(node.operand)
            case ir.And():
                yield from self._joined((node.left, node.right), decisive=False)
            case ir.Or():
                yield from self._joined((node.left, node.right), decisive=True)
            case ir.LetTruth():
                meaning = self._compiler.let(node.slot).meaning
                if isinstance(meaning, ir.TruthExpr):
                    yield from self.of(meaning)
            case ir.BindTruth():
                yield from self._bound(node.arguments)
                yield from self.of(node.body)
            case ir.Quantifier():
                yield from self._quantifier(node)
            case ir.Compare():
                yield from self.values(node.left, node.right)
            case ir.In():
                yield from self.values(node.item, node.container)
            case ir.Refers():
                yield from self.values(node.value, node.resource)
            case ir.Holds() | ir.Matches() | ir.Like() | ir.Is():
                yield from self.values(node.value)
            case ir.Predicate():
                yield from self.values(*node.arguments)
            case _:
                assert_never(node)

    def values(self, *nodes: ir.ValueExpr) -> Iterator[tuple[str, Plain]]:
        """Values with their text, and what those that are computed were computed from."""
        for node in nodes:
            if isinstance(node, ir.Const | ir.ParamRef | ir.Resources | ir.Collection):
                continue
            if isinstance(node, ir.Truth):
                yield from self.of(node.operand)
                continue
            plain = self._plain(self._compiler.value(node)(self._env))
            if plain is not None:
                yield render(node), plain
            yield from self._parts(node)

    def _parts(self, node: ir.ValueExpr) -> Iterator[tuple[str, Plain]]:
        match node:
            case ir.Count() | ir.Target():
                yield from self.values(node.value)
            case ir.Default():
                yield from self.values(node.value, node.fallback)
            case ir.Arithmetic():
                yield from self.values(node.left, node.right)
            case ir.Apply():
                yield from self.values(*node.arguments)
            case ir.ConstList():
                yield from self.values(*node.items)
            case ir.Comprehension():
                yield from self.values(node.collection)
            case ir.LetValue():
                meaning = self._compiler.let(node.slot).meaning
                if not isinstance(meaning, ir.TruthExpr):
                    yield from self.values(meaning)
            case ir.Bind():
                yield from self._bound(node.arguments)
                yield from self.values(node.body)
            case _:
                return

    def _bound(self, arguments: Iterable[tuple[int, ir.ValueExpr]]) -> Iterator[tuple[str, Plain]]:
        """Puts the arguments of a define into their slots; those that are no plain variables are read here."""
        values = [(slot, node, self._compiler.value(node)(self._env)) for slot, node in arguments]
        for slot, node, value in values:
            self._env.slots[slot] = value
            if not isinstance(node, ir.Local):
                yield from self.values(node)

    def _joined(self, operands: tuple[ir.TruthExpr, ...], *, decisive: bool) -> Iterator[tuple[str, Plain]]:
        """Of two operands the first that decided: a false one of `and`, a true one of `or`; else those in doubt."""
        answers = [self._answer(operand) for operand in operands]
        if decisive in answers:
            yield from self.of(operands[answers.index(decisive)])
            return
        in_doubt = None in answers
        for operand, answer in zip(operands, answers, strict=True):
            if answer is None or not in_doubt:
                yield from self.of(operand)

    def _quantifier(self, node: ir.Quantifier) -> Iterator[tuple[str, Plain]]:
        """The element that decided; where none did, the collection and some of what is in it."""
        collection = self._compiler.value(node.collection)(self._env)
        found, _ = elements(collection)
        there = [value for guard, value in found if guard.holds(self._assignment)]
        witness = next((value for value in there if self._decides(node, value)), None)
        if witness is None:
            yield from self.values(node.collection)
        for value in there[:_MOST_ELEMENTS] if witness is None else (witness,):
            self._env.slots[node.slot] = value
            plain = self._plain(value)
            if plain is not None:
                yield node.name, plain
            applies = True if node.where is None else self._answer(node.where)
            if node.where is not None:
                yield from self.of(node.where)
            if applies is not False:
                self._env.slots[node.slot] = value
                yield from self.of(node.body)

    def _decides(self, node: ir.Quantifier, value: Value) -> bool:
        self._env.slots[node.slot] = value
        if node.where is not None and self._answer(node.where) is not True:
            return False
        return self._answer(node.body) is (node.kind != "every")

    def _answer(self, node: ir.TruthExpr) -> bool | None:
        claim = self._compiler.truth(node)(self._env)
        if claim.true.holds(self._assignment):
            return True
        return False if claim.false.holds(self._assignment) else None

    def _plain(self, value: Value) -> Plain | None:
        return next((plain for guard, plain in cases_of(value) if guard.holds(self._assignment)), None)
