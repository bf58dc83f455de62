"""What quantifiers, comprehensions, `count` and rules walk over."""

from __future__ import annotations

from stackwarden.language import ast, ir
from stackwarden.language.typecheck.problems import NotAList, UnknownResourceType
from stackwarden.language.typecheck.scope import Scope, place
from stackwarden.language.typecheck.typed import Infer, as_value
from stackwarden.language.types import ANY, AnyType, ListType, ResourceType, Type, describe
from stackwarden.source import Span

__all__ = ["collection", "resource_types", "unknown_type"]


def collection(node: ast.Expr, scope: Scope, infer: Infer) -> tuple[ir.ValueExpr, Type]:
    """What a quantifier, comprehension or rule walks over, and the type of its elements."""
    if isinstance(node, ast.TypeRef):
        types = resource_types(node, scope)
        return ir.Resources(types, place(node.span)), ResourceType(types) if types else ANY
    typed = as_value(node, scope, infer)
    match typed.type:
        case ListType():
            return typed.value(), typed.type.item
        case AnyType():
            return typed.value(), ANY
        case _:
            scope.report(NotAList(node.span, describe(typed.type)))
            return typed.value(), ANY


def unknown_type(name: str, span: Span, scope: Scope) -> UnknownResourceType:
    """The report of a resource type, or a pattern of types, that CloudFormation lacks."""
    known = scope.registry.types()
    if name.endswith("*"):
        known = frozenset(f"{one.rpartition('::')[0]}::*" for one in known)
    return UnknownResourceType(span, name, tuple(known))


def resource_types(node: ast.TypeRef, scope: Scope) -> tuple[str, ...]:
    """The resource types that patterns stand for; unknown ones are reported."""
    found: dict[str, None] = {}
    for pattern in node.patterns:
        names = scope.registry.matching(pattern.name)
        if not names and pattern.name.startswith("Custom::"):
            names = (pattern.name,)
        if not names:
            scope.report(unknown_type(pattern.name, pattern.span, scope))
        found.update(dict.fromkeys(names))
    return tuple(found)
