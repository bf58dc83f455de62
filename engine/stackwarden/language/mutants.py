"""Conditions that differ from a written one in one place: an operator, a constant, a quantifier, a property's name.

A mutant that no example tells from the rule shows what the examples do not test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from stackwarden.language import ast
from stackwarden.source import Span

__all__ = ["Mutant", "mutants"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A whole expression with one change at `span`, told in `change`."""

    expression: ast.Expr
    span: Span
    change: str


_OTHER_OPERATORS: Final[dict[ast.CompareOp, tuple[ast.CompareOp, ...]]] = {
    "==": ("!=",),
    "!=": ("==",),
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "in": ("not in",),
    "not in": ("in",),
    "contains": (),
}
_OTHER_STATES: Final[dict[ast.State, ast.State]] = {
    "present": "absent",
    "absent": "present",
    "empty": "not empty",
    "not empty": "empty",
}
_OTHER_ARITHMETIC: Final[dict[ast.ArithmeticOp, ast.ArithmeticOp]] = {"+": "-", "-": "+", "*": "+"}


def mutants(expression: ast.Expr, *, truth: bool) -> Iterator[Mutant]:
    """Every mutant of an expression; `truth` says that it stands where a condition does, so that it may be negated."""
    yield from _changed(expression, truth)
    yield from _below(expression)


def _changed(node: ast.Expr, truth: bool) -> Iterator[Mutant]:
    """The node itself changed."""
    match node:
        case ast.Compare():
            for operator in _OTHER_OPERATORS[node.operator]:
                change = f"`{node.operator}` became `{operator}`"
                yield Mutant(replace(node, operator=operator), node.operator_span, change)
            if node.operator == "contains":
                yield _negated(node)
        case ast.And():
            yield Mutant(ast.Or(node.left, node.right, node.span), node.span, "`and` became `or`")
        case ast.Or():
            yield Mutant(ast.And(node.left, node.right, node.span), node.span, "`or` became `and`")
        case ast.Implies():
            yield Mutant(ast.And(node.left, node.right, node.span), node.span, "`implies` became `and`")
        case ast.Not():
            yield Mutant(node.operand, node.span, "`not` was left out")
        case ast.Quantifier():
            other = replace(node, kind="every" if node.kind == "some" else "some")
            yield Mutant(other, node.span, f"`{node.kind}` became `{other.kind}`")
            if node.where is not None:
                yield Mutant(replace(node, where=None), node.where.span, "`where` was left out")
        case ast.Comprehension() if node.where is not None:
            yield Mutant(replace(node, where=None), node.where.span, "`where` was left out")
        case ast.Is():
            state = _OTHER_STATES[node.state]
            yield Mutant(replace(node, state=state), node.span, f"`is {node.state}` became `is {state}`")
        case ast.Default():
            yield Mutant(node.value, node.span, "`default` was left out")
        case ast.Arithmetic():
            sign = _OTHER_ARITHMETIC[node.operator]
            yield Mutant(replace(node, operator=sign), node.span, f"`{node.operator}` became `{sign}`")
        case ast.Matches() | ast.Like():
            change = f'"{node.pattern}" became another pattern'
            yield Mutant(replace(node, pattern=f"{node.pattern}~"), node.pattern_span, change)
        case ast.Refers():
            yield _negated(node)
        case ast.Property():
            name = f"Not{node.name}"
            yield Mutant(replace(node, name=name), node.name_span, f"`{node.name}` became `{name}`")
        case ast.Call() | ast.Name() if truth:
            yield _negated(node)
        case ast.Literal():
            yield from _constants(node)
        case ast.ListLiteral():
            for index, item in enumerate(node.items):
                shorter = replace(node, items=(*node.items[:index], *node.items[index + 1 :]))
                yield Mutant(shorter, item.span, "the element was left out")
        case _:
            pass
    if truth and isinstance(node, ast.Property):
        yield _negated(node)


def _negated(node: ast.Expr) -> Mutant:
    return Mutant(ast.Not(node, node.span), node.span, "the condition was negated")


def _constants(node: ast.Literal) -> Iterator[Mutant]:
    match node.value:
        case bool():
            others: tuple[str | int | float, ...] = (not node.value,)
        case int() | float():
            others = (node.value + 1,)
        case _:
            others = (f"{node.value}~",)
    for other in others:
        yield Mutant(replace(node, value=other), node.span, f"`{_spelled(node.value)}` became `{_spelled(other)}`")


def _spelled(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _below(node: ast.Expr) -> Iterator[Mutant]:
    """The node with one of its parts changed."""
    match node:
        case ast.ListLiteral():
            for index, item in enumerate(node.items):
                if not isinstance(item, ast.Literal):  # which is left out
                    put = partial(_put, node.items, index)
                    yield from _within(item, False, partial(_with_items, node, put))
        case ast.Property() | ast.Index() | ast.Each() | ast.Aspect() | ast.Is() | ast.Matches() | ast.Like():
            yield from _within(node.value, False, lambda new: replace(node, value=new))
        case ast.Call():
            for index, argument in enumerate(node.arguments):
                put = partial(_put, node.arguments, index)
                yield from _within(argument, False, partial(_with_arguments, node, put))
        case ast.Not():
            yield from _within(node.operand, False, lambda new: replace(node, operand=new))
        case ast.And() | ast.Or() | ast.Implies():
            yield from _within(node.left, True, lambda new: replace(node, left=new))
            yield from _within(node.right, True, lambda new: replace(node, right=new))
        case ast.Compare() | ast.Arithmetic():
            yield from _within(node.left, False, lambda new: replace(node, left=new))
            yield from _within(node.right, False, lambda new: replace(node, right=new))
        case ast.Refers():
            yield from _within(node.value, False, lambda new: replace(node, value=new))
            yield from _within(node.resource, False, lambda new: replace(node, resource=new))
        case ast.Default():
            yield from _within(node.value, False, lambda new: replace(node, value=new))
            yield from _within(node.fallback, False, lambda new: replace(node, fallback=new))
        case ast.Negate():
            yield from _within(node.operand, False, lambda new: replace(node, operand=new))
        case ast.Quantifier():
            yield from _within(node.collection, False, lambda new: replace(node, collection=new))
            yield from _within(node.where, True, lambda new: replace(node, where=new))
            yield from _within(node.body, True, lambda new: replace(node, body=new))
        case ast.Comprehension():
            yield from _within(node.collection, False, lambda new: replace(node, collection=new))
            yield from _within(node.where, True, lambda new: replace(node, where=new))
            yield from _within(node.body, False, lambda new: replace(node, body=new))
        case ast.Literal() | ast.Name() | ast.TypeRef():
            pass


def _within(part: ast.Expr | None, truth: bool, put: Callable[[ast.Expr], ast.Expr]) -> Iterator[Mutant]:
    if part is not None:
        for one in mutants(part, truth=truth):
            yield replace(one, expression=put(one.expression))


_Put = Callable[[ast.Expr], tuple[ast.Expr, ...]]


def _with_items(node: ast.ListLiteral, put: _Put, new: ast.Expr) -> ast.Expr:
    return replace(node, items=put(new))


def _with_arguments(node: ast.Call, put: _Put, new: ast.Expr) -> ast.Expr:
    return replace(node, arguments=put(new))


def _put(items: tuple[ast.Expr, ...], at: int, new: ast.Expr) -> tuple[ast.Expr, ...]:
    return (*items[:at], new, *items[at + 1 :])
