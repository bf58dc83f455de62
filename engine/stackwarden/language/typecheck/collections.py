"""What quantifiers, comprehensions, `count` and rules walk over."""

from __future__ import annotations

from stackwarden.language import ast, ir
from stackwarden.language.typecheck.problems import NotAList, UnknownResourceType
from stackwarden.language.typecheck.scope import Scope, place
from stackwarden.language.typecheck.typed import Infer, as_value
from stackwarden.language.types import ANY, AnyType, ListType, ResourceType, Type, describe

__all__ = ["collection", "resource_types"]


def collection(node: ast.Expr, scope: Scope, infer: Infer) -> tuple[ir.ValueExpr, Type]:
    """What a quantifier, comprehension or rule walks over, and the type of its elements."""
    if isinstance(node, ast.TypeRef):
        types = resource_types(node, scope)
        return ir.Resources(types, place(node.span)), ResourceType(types)
    typed = as_value(node, scope, infer)
    match typed.type:
        case ListType():
            return typed.value(), typed.type.item
        case AnyType():
            return typed.value(), ANY
        case _:
            scope.report(NotAList(node.span, describe(typed.type)))
            return typed.value(), ANY


def resource_types(node: ast.TypeRef, scope: Scope) -> tuple[str, ...]:
    """The resource types that patterns stand for; unknown ones are reported."""
    found: dict[str, None] = {}
    for pattern in node.patterns:
        names = scope.registry.matching(pattern.name)
        if not names and pattern.name.startswith("Custom::"):
            names = (pattern.name,)
        if not names:
            scope.report(UnknownResourceType(pattern.span, pattern.name, tuple(scope.registry.types())))
        found.update(dict.fromkeys(names))
    return tuple(found)
