"""How a rule was decided on a stack: its conditions as a tree, with the truth of each part and what it read.

Below each `require` that fails, or may, stands how the values that decided came about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, assert_never

from stackwarden.graph.stack import Stack
from stackwarden.language import ir
from stackwarden.language.compile import Env
from stackwarden.language.operations import elements
from stackwarden.language.render import render
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.logic import YES, Logic, both, decided
from stackwarden.resolve.values import ListValue, Plain, Record, ResourceValue, Value, cases_of
from stackwarden.run.derive import Exporters, derive
from stackwarden.run.evaluate import Check, Subject, subjects
from stackwarden.run.finding import When
from stackwarden.run.message import in_words
from stackwarden.run.places import template_with
from stackwarden.run.steps import Derivation
from stackwarden.run.trail_text import cut, derivation_in_words
from stackwarden.run.verdict import Ways
from stackwarden.run.when import when_in_words
from stackwarden.source import Span
from stackwarden.template.model import Resource, Template
from stackwarden.template.nodes import Node

__all__ = ["Clause", "ExplainedSubject", "Explainer", "subject_in_words"]

_INDENT: Final = "  "
_MOST_ELEMENTS: Final = 10
"""Elements of a collection that a quantifier shows; those that decide come first."""
_LONGEST: Final = 120
_Lines = Iterator[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Clause:
    """A `where` or `require` with its parts, as lines with their depth.

    A `where` may be false everywhere (`applies`). A `require` has a verdict; where it is no pass, `when` says under
    which settings it comes about, `words` the same after the verdict, and `derivation` how.
    """

    kind: Literal["where", "require"]
    lines: tuple[tuple[int, str], ...]
    verdict: Literal["", "passes", "maybe", "fails"] = ""
    words: str = ""
    when: When = None
    derivation: Derivation | None = None
    applies: bool = True


@dataclass(frozen=True, slots=True)
class ExplainedSubject:
    """What a rule looked at: `head` introduces it, `resource` is what it is or stands in, `when` where it is there.

    One that is never `deployed` has no clauses.
    """

    head: str
    name: str
    resource: Resource | None
    place: Span | None
    deployed: bool
    when: When
    clauses: tuple[Clause, ...]

    @property
    def applies(self) -> bool:
        """Whether the rule applies to it anywhere."""
        return self.deployed and all(clause.applies for clause in self.clauses)


def subject_in_words(subject: ExplainedSubject) -> Iterator[str]:
    """The lines about a subject, indented."""
    yield subject.head
    for depth, text in _below_head(subject):
        yield f"{_INDENT * depth}{text}"


def _below_head(subject: ExplainedSubject) -> _Lines:
    if not subject.deployed:
        yield 1, "is never deployed"
    for clause in subject.clauses:
        yield from clause.lines
        if clause.verdict:
            yield 1, f"verdict: {clause.verdict}{clause.words}"
        if clause.derivation is not None:
            yield from ((depth + 2, text) for depth, text in derivation_in_words(clause.derivation))
    if subject.deployed and not subject.applies:
        yield 1, "verdict: the rule does not apply"


class Explainer:
    """Explains one rule on one stack; `exporters` gives the outputs that an import may mean."""

    def __init__(self, stack: Stack, check: Check, exporters: Exporters) -> None:
        self._stack = stack
        self._check = check
        self._exporters = exporters
        self._template: Template = stack.template
        self._compiler = check.compiler
        self._ways = Ways(stack.resolver)

    def subjects(self, wanted: Callable[[Subject], bool]) -> Iterator[ExplainedSubject]:
        """The subjects that are wanted, each with the trees of its clauses."""
        for subject, env in subjects(self._stack, self._check):
            if wanted(subject):
                yield self._subject(subject, env)

    def _subject(self, subject: Subject, env: Env) -> ExplainedSubject:
        there = subject.guard & self._stack.resolver.assumptions
        resource = subject.resource
        if resource is not None:
            self._template, _ = self._stack.template_of(resource.resource.logical_id)
        kind = f" ({resource.resource.resource_type})" if resource is not None and resource is subject.value else ""
        origin = subject.value.origin
        name = in_words(subject.value)
        head = f"{self._check.rule.variable} = {name}{kind}{self._place(origin)}{self._when(there)}"
        return ExplainedSubject(
            head,
            name,
            None if resource is None else resource.resource,
            None if origin is None else template_with(self._stack, self._template, origin).span(origin),
            there is not FALSE,
            self._ways.of(there) if there is not FALSE else None,
            tuple(self._clauses(subject, env, there)) if there is not FALSE else (),
        )

    def _clauses(self, subject: Subject, env: Env, there: Guard) -> Iterator[Clause]:
        where = YES
        if self._check.rule.where is not None:
            where = self._compiler.truth(self._check.rule.where)(env)
            applies = not there.implies(where.false)
            yield Clause("where", self._lines("where", self._check.rule.where, env, there), applies=applies)
            if not applies:
                return
        for require in self._check.rule.requires:
            lines = self._lines("require", require.condition, env, there)
            claim = self._compiler.truth(require.condition)(env)
            failing = there & where.true & claim.false
            guard = failing if failing is not FALSE else there & ~where.false & ~claim.true
            if guard is FALSE:
                yield Clause("require", lines, "passes")
                continue
            verdict: Literal["maybe", "fails"] = "maybe" if failing is FALSE else "fails"
            derivation = derive(self._stack, self._check, require, subject, env, guard, self._exporters)
            words = self._when(guard, there)
            yield Clause("require", lines, verdict, words, self._ways.of(guard), derivation)

    def _lines(self, word: str, node: ir.TruthExpr, env: Env, under: Guard) -> tuple[tuple[int, str], ...]:
        """A clause and its parts."""
        (depth, text), *parts = self._truth(node, env, under, 1)
        return ((depth, f"{word} {text}"), *parts)

    def _truth(self, node: ir.TruthExpr, env: Env, under: Guard, depth: int) -> _Lines:
        """A condition with its truth, then its parts."""
        claim = self._compiler.truth(node)(env)
        yield depth, f"{cut(render(node), _LONGEST)}: {self._answer(claim, under)}"
        match node:
            case ir.Not():
                if not isinstance(node.operand, ir.In):
                    yield from self._truth(node.operand, env, under, depth + 1)
                else:
                    yield from self._values((node.operand.item, node.operand.container), env, under, depth + 1)
            case ir.And() | ir.Or():
                for operand in _operands(node, type(node)):
                    yield from self._truth(operand, env, under, depth + 1)
            case ir.LetTruth():
                meaning = self._compiler.let(node.slot).meaning
                if isinstance(meaning, ir.TruthExpr):
                    yield from self._truth(meaning, env, under, depth + 1)
            case ir.BindTruth():
                yield from self._bound(node.arguments, env, under, depth + 1)
                yield from self._truth(node.body, env, under, depth + 1)
            case ir.Quantifier():
                yield from self._elements(node, env, under, depth + 1)
            case ir.Compare():
                yield from self._values((node.left, node.right), env, under, depth + 1)
            case ir.In():
                yield from self._values((node.item, node.container), env, under, depth + 1)
            case ir.Refers():
                yield from self._values((node.value, node.resource), env, under, depth + 1)
            case ir.Holds():
                if not isinstance(node.value, ir.Const):
                    yield from self._values((node.value,), env, under, depth + 1)
            case ir.Matches() | ir.Like() | ir.Is():
                yield from self._values((node.value,), env, under, depth + 1)
            case ir.Predicate():
                yield from self._values(node.arguments, env, under, depth + 1)
            case _:
                assert_never(node)

    def _elements(self, node: ir.Quantifier, env: Env, under: Guard, depth: int) -> _Lines:
        """The elements that a quantifier walked over, those that decided before the others."""
        found, unknown = elements(self._compiler.value(node.collection)(env))
        shown = [(guard & under, value) for guard, value in found if not under.excludes(guard)]
        if not shown and unknown is FALSE:
            yield depth, f"{render(node.collection)}: none"
        if not isinstance(node.collection, ir.Resources | ir.Collection | ir.Target):
            yield from self._parts(node.collection, env, under, depth)
        ranked = sorted(shown, key=lambda one: not self._decides(node, env, *one))
        for guard, value in ranked[:_MOST_ELEMENTS]:
            env.slots[node.slot] = value
            yield depth, f"{node.name} = {self._cases(value, guard)}{'' if guard is under else self._when(guard)}"
            if node.where is not None:
                yield from self._labelled("where", node.where, env, guard, depth + 1)
                if guard.implies(self._compiler.truth(node.where)(env).false):
                    continue
            env.slots[node.slot] = value
            yield from self._labelled("", node.body, env, guard, depth + 1)
        if len(ranked) > _MOST_ELEMENTS:
            yield depth, f"… and {len(ranked) - _MOST_ELEMENTS} more"
        if not under.excludes(unknown):
            yield depth, f"… and elements that the template does not determine{self._when(unknown & under, under)}"

    def _labelled(self, word: str, node: ir.TruthExpr, env: Env, under: Guard, depth: int) -> _Lines:
        for position, (level, text) in enumerate(self._truth(node, env, under, depth)):
            yield level, f"{word} {text}" if word and not position else text

    def _decides(self, node: ir.Quantifier, env: Env, guard: Guard, value: Value) -> bool:
        """Whether an element may be a witness."""
        env.slots[node.slot] = value
        where = YES if node.where is None else self._compiler.truth(node.where)(env)
        body = self._compiler.truth(node.body)(env)
        claim = both(where, decided(body.false, body.true) if node.kind == "every" else body)
        return not guard.implies(claim.false)

    def _bound(self, arguments: Iterable[tuple[int, ir.ValueExpr]], env: Env, under: Guard, depth: int) -> _Lines:
        """Puts the arguments of a define into their slots, and shows those that are no plain variables."""
        values = [(slot, node, self._compiler.value(node)(env)) for slot, node in arguments]
        for slot, node, value in values:
            env.slots[slot] = value
            if not isinstance(node, ir.Local | ir.Const | ir.ConstList | ir.ParamRef):
                yield depth, f"{render(node)} = {self._cases(value, under)}"

    def _values(self, nodes: Iterable[ir.ValueExpr], env: Env, under: Guard, depth: int) -> _Lines:
        for node in nodes:
            if isinstance(node, ir.Const) or (isinstance(node, ir.ConstList) and _is_constant(node)):
                continue
            if isinstance(node, ir.Truth):
                yield from self._truth(node.operand, env, under, depth)
                continue
            value = self._compiler.value(node)(env)
            if isinstance(node, ir.Local) and isinstance(value, ResourceValue | Record):
                continue  # shown where the variable was bound
            yield depth, f"{cut(render(node), _LONGEST)} = {self._cases(value, under)}"
            yield from self._parts(node, env, under, depth + 1)

    def _parts(self, node: ir.ValueExpr, env: Env, under: Guard, depth: int) -> _Lines:
        """The values that a computed value was made of; paths have none."""
        match node:
            case ir.Count() | ir.Target():
                yield from self._values((node.value,), env, under, depth)
            case ir.Default():
                yield from self._values((node.value, node.fallback), env, under, depth)
            case ir.Arithmetic():
                yield from self._values((node.left, node.right), env, under, depth)
            case ir.Apply():
                yield from self._values(node.arguments, env, under, depth)
            case ir.ConstList():
                yield from self._values(node.items, env, under, depth)
            case ir.LetValue():
                meaning = self._compiler.let(node.slot).meaning
                if not isinstance(meaning, ir.TruthExpr):
                    yield from self._values((meaning,), env, under, depth)
            case ir.Bind():
                yield from self._bound(node.arguments, env, under, depth)
                yield from self._values((node.body,), env, under, depth)
            case _:
                return

    def _cases(self, value: Value, under: Guard) -> str:
        """A value in words, case by case, each with its place."""
        cases = [(guard & under, plain) for guard, plain in cases_of(value) if not under.excludes(guard)]
        words = [f"{_quoted(plain)}{self._place(plain.origin)}" for _, plain in cases]
        if len(set(words)) == 1:
            return words[0]
        parts = (f"{word}{self._when(guard)}" for word, (guard, _) in zip(words, cases, strict=True))
        return "; ".join(parts) or "nothing"

    def _answer(self, claim: Logic, under: Guard) -> str:
        """`false when IsProd is false, else true`."""
        parts = [
            (word, joint)
            for word, guard in (("false", claim.false), ("unknown", claim.unknown), ("true", claim.true))
            if (joint := under & guard) is not FALSE
        ]
        *first, (last, _) = parts or [("never evaluated", FALSE)]
        return ", ".join([*(f"{word}{self._when(joint)}" for word, joint in first), f"else {last}" if first else last])

    def _when(self, guard: Guard, unless: Guard = TRUE) -> str:
        """` when …`; empty where the guard always holds, or is the one that goes without saying."""
        if guard is FALSE or guard is unless:
            return ""
        words = when_in_words(self._ways.of(guard))
        return f" when {words}" if words else ""

    def _place(self, origin: Node | None) -> str:
        if origin is None:
            return ""
        span = template_with(self._stack, self._template, origin).span(origin)
        return f" ({span.source.name}:{span.begin.line})"


def _operands(node: ir.TruthExpr, kind: type[ir.And | ir.Or]) -> Iterator[ir.TruthExpr]:
    """The operands of a chain of `and`, or of `or`."""
    if isinstance(node, ir.And | ir.Or) and isinstance(node, kind):
        yield from _operands(node.left, kind)
        yield from _operands(node.right, kind)
    else:
        yield node


def _is_constant(node: ir.ConstList) -> bool:
    return all(isinstance(item, ir.Const) for item in node.items)


def _quoted(plain: Plain) -> str:
    """A value in words; an empty text or list would be none."""
    words = in_words(plain)
    if words:
        return words
    return "an empty list" if isinstance(plain, ListValue) else '""'
