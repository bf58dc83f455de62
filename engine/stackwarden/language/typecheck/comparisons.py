"""Comparisons: which types compare, as what they are read, and literals outside an enum."""

from __future__ import annotations

from typing import assert_never

from stackwarden.language import ast, ir
from stackwarden.language.typecheck.problems import Incomparable, NotAList, OutsideEnum
from stackwarden.language.typecheck.scope import Scope, place
from stackwarden.language.typecheck.typed import Infer, Typed, as_value
from stackwarden.language.types import (
    AnyType,
    BooleanType,
    ListType,
    NumberType,
    StringType,
    Type,
    comparison,
    describe,
)

__all__ = ["check_enum", "compare"]


def compare(node: ast.Compare, scope: Scope, infer: Infer) -> ir.TruthExpr:
    """A comparison, membership or containment."""
    left, right = as_value(node.left, scope, infer), as_value(node.right, scope, infer)
    at = place(node.span)
    match node.operator:
        case "in":
            return _member(node, left, right, scope)
        case "not in":
            return ir.Not(_member(node, left, right, scope), at)
        case "contains":
            return _member(node, right, left, scope)
        case "==" | "!=":
            check_enum(left.type, node.right, scope)
            check_enum(right.type, node.left, scope)
            return ir.Compare(node.operator, _kind(node, left.type, right.type, scope), left.value(), right.value(), at)
        case "<" | "<=" | ">" | ">=":
            kind = _kind(node, left.type, right.type, scope)
            if not all(isinstance(side.type, NumberType | StringType | AnyType) for side in (left, right)):
                scope.report(Incomparable(node.operator_span, node.operator, describe(left.type), describe(right.type)))
            return ir.Compare(node.operator, kind, left.value(), right.value(), at)
        case _:
            assert_never(node.operator)


def check_enum(kind: Type, node: ast.Expr, scope: Scope) -> None:
    """Reports literals (alone or in a list) that an enum-typed value can never equal."""
    match node:
        case ast.ListLiteral():
            for item in node.items:
                check_enum(kind, item, scope)
        case ast.Literal(value=str() as literal) if isinstance(kind, StringType) and kind.enum:
            known = {name.casefold() for name in kind.enum} if kind.case_insensitive else kind.enum
            if (literal.casefold() if kind.case_insensitive else literal) not in known:
                scope.report(OutsideEnum(node.span, literal, tuple(sorted(kind.enum))))
        case _:
            pass


def _member(node: ast.Compare, item: Typed, container: Typed, scope: Scope) -> ir.TruthExpr:
    at = place(node.span)
    match container.type:
        case ListType():
            listed, one = (node.left, node.right) if node.operator == "contains" else (node.right, node.left)
            check_enum(item.type, listed, scope)
            check_enum(container.type.item, one, scope)
            kind = _kind(node, item.type, container.type.item, scope)
            return ir.In(item.value(), container.value(), kind, False, at)
        case AnyType():
            return ir.In(item.value(), container.value(), comparison(item.type, AnyType()) or "any", False, at)
        case StringType():
            kind = _kind(node, item.type, container.type, scope)
            return ir.In(item.value(), container.value(), kind, True, at)
        case _:
            place_of_container = node.left if node.operator == "contains" else node.right
            scope.report(NotAList(place_of_container.span, describe(container.type)))
            return ir.In(item.value(), container.value(), "any", False, at)


def _kind(node: ast.Compare, left: Type, right: Type, scope: Scope) -> ir.Kind:
    kind = comparison(left, right)
    if kind is None:
        advice = _advice(node, left, right)
        scope.report(Incomparable(node.operator_span, node.operator, describe(left), describe(right), advice))
        return "any"
    return kind


def _advice(node: ast.Compare, left: Type, right: Type) -> str | None:
    """How to write the literal so that it fits, or which operator was meant."""
    for kind, other, operand in ((left, right, node.right), (right, left, node.left)):
        if isinstance(kind, ListType) and isinstance(other, StringType):
            return "use `contains`, `in` or a quantifier"
        if not isinstance(operand, ast.Literal):
            continue
        if isinstance(kind, BooleanType) and operand.value in ("true", "false"):
            return f"write `{operand.value}` without quotes"
        if isinstance(kind, NumberType) and isinstance(operand.value, str):
            return f"write `{operand.value}` without quotes"
        if isinstance(kind, StringType) and not isinstance(operand.value, str):
            return f'write `"{str(operand.value).lower()}"` with quotes'
    return None
