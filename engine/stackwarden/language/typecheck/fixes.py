"""Checking fixes: that the path leads from the rule's subject to a property, and that what is written fits it."""

from __future__ import annotations

from stackwarden.language import ast, ir
from stackwarden.language.typecheck import expressions
from stackwarden.language.typecheck.comparisons import check_enum
from stackwarden.language.typecheck.paths import item_of
from stackwarden.language.typecheck.problems import NotAPath, UnknownProperty, WrongType
from stackwarden.language.typecheck.scope import Scope, place
from stackwarden.language.types import ANY, AnyType, ListType, MapType, ObjectType, Type, accepts, describe, from_shape
from stackwarden.source import Span

__all__ = ["check_fix"]


def check_fix(fix: ast.Fix, scope: Scope) -> ir.FixIR:
    """A typed fix; what is wrong with it is reported."""
    path = expressions.value(fix.path, scope)
    if not _is_path(fix.path) or isinstance(fix.path, ast.Name):
        found = describe(path.type) if isinstance(fix.path, ast.Name) else "a value"
        scope.report(NotAPath(fix.path.span, found))
        return ir.FixIR(fix.action, path.value(), None, place(fix.span))
    value = None
    if fix.value is not None:
        written = path.type
        if path.spread and isinstance(written, ListType):
            written = written.item
        wanted = item_of(written, fix.path.span, scope) if fix.action == "append" else written
        value = _value(fix.value, wanted, scope)
    return ir.FixIR(fix.action, path.value(), value, place(fix.span))


def _value(node: ast.FixValue, wanted: Type, scope: Scope) -> ir.FixValue:
    match node:
        case ast.ObjectLiteral():
            entries = (
                (name, _value(value, _entry(wanted, name, span, scope), scope)) for name, span, value in node.entries
            )
            if not isinstance(wanted, ObjectType | MapType | AnyType) and not _is_pseudo_parameter(node):
                scope.report(WrongType(node.span, describe(wanted), "an object"))
            return ir.FixObject(tuple(entries), place(node.span))
        case ast.ObjectList():
            item = wanted.item if isinstance(wanted, ListType) else ANY
            if not isinstance(wanted, ListType | AnyType):
                scope.report(WrongType(node.span, describe(wanted), "a list of objects"))
            return ir.FixList(tuple(_value(one, item, scope) for one in node.items), place(node.span))
        case _:
            typed = expressions.value(node, scope)
            check_enum(wanted, node, scope)
            if not accepts(wanted, typed.type):
                scope.report(WrongType(node.span, describe(wanted), describe(typed.type)))
            return typed.value()


def _is_pseudo_parameter(node: ast.ObjectLiteral) -> bool:
    """Whether an object is a `Ref` of a pseudo parameter, which may stand wherever a text may."""
    match node.entries:
        case (("Ref", _, ast.Literal(value=str() as name)),):
            return name.startswith("AWS::")
        case _:
            return False


def _entry(owner: Type, name: str, span: Span, scope: Scope) -> Type:
    """The type of what stands under a key of an object that is written."""
    match owner:
        case ObjectType():
            shape = scope.registry.property(owner.shape, name)
            if shape is not None:
                return from_shape(shape)
            if not owner.shape.open:
                scope.report(UnknownProperty(span, owner.name, name, tuple(owner.shape.properties)))
            return ANY
        case MapType():
            return owner.value
        case _:
            return ANY


def _is_path(node: ast.Expr) -> bool:
    while isinstance(node, ast.Property | ast.Index | ast.Aspect | ast.Each):
        node = node.value
    return isinstance(node, ast.Name)
