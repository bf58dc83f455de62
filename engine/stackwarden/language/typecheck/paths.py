"""Types of paths: properties, indices, `[*]` and what stands beside Properties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stackwarden.language import ast, ir
from stackwarden.language.builtins import RECORDS
from stackwarden.language.typecheck.problems import (
    NotAList,
    NotAProperty,
    PropertyOfAnyResource,
    UnknownAspect,
    UnknownProperty,
    WrongType,
)
from stackwarden.language.typecheck.scope import Scope, place
from stackwarden.language.typecheck.typed import Typed
from stackwarden.language.types import (
    ANY,
    STRING,
    AnyType,
    ListType,
    MapType,
    ObjectType,
    RecordType,
    ResourceType,
    StringType,
    Type,
    describe,
    from_shape,
    join,
    listed,
)
from stackwarden.source import Span

__all__ = ["aspect", "each", "index", "item_of", "property_"]

_DELETION: Final = StringType(frozenset({"Delete", "Retain", "RetainExceptOnCreate", "Snapshot"}))
_ASPECTS: Final[dict[str, Type]] = {
    "Condition": STRING,
    "CreationPolicy": ANY,
    "DeletionPolicy": _DELETION,
    "DependsOn": ANY,
    "Metadata": ANY,
    "UpdatePolicy": ANY,
    "UpdateReplacePolicy": _DELETION,
    "id": STRING,
    "type": STRING,
}


def property_(owner: Typed, node: ast.Property, scope: Scope) -> Typed:
    """`owner.Name`; over `[*]` it maps over the list."""
    if owner.spread:
        return _mapped(owner, node.span, scope, lambda item: _field(item, node, scope))
    return _field(owner, node, scope)


def index(owner: Typed, node: ast.Index, scope: Scope) -> Typed:
    """`owner[0]` or `owner["key"]`."""
    if owner.spread:
        return _mapped(owner, node.span, scope, lambda item: _at(item, node, scope))
    return _at(owner, node, scope)


def each(owner: Typed, node: ast.Each, scope: Scope) -> Typed:
    """`owner[*]`; over another `[*]`, the lists are joined."""
    if not owner.spread:
        return Typed(owner.value(), ListType(item_of(owner.type, node.value.span, scope)), spread=True)
    assert isinstance(owner.type, ListType)
    slot = scope.new_slot()
    body = ir.Local(slot, "*", place(node.span))
    item = item_of(owner.type.item, node.value.span, scope)
    joined = ir.Comprehension(slot, "*", owner.value(), None, body, True, place(node.span))
    return Typed(joined, ListType(item), spread=True)


def aspect(owner: Typed, node: ast.Aspect, scope: Scope) -> Typed:
    """`owner@name`."""
    if owner.spread:
        return _mapped(owner, node.span, scope, lambda item: _beside(item, node, scope))
    return _beside(owner, node, scope)


def _mapped(owner: Typed, span: Span, scope: Scope, body: Callable[[Typed], Typed]) -> Typed:
    assert isinstance(owner.type, ListType)
    slot = scope.new_slot()
    made = body(Typed(ir.Local(slot, "*", place(span)), owner.type.item))
    mapped = ir.Comprehension(slot, "*", owner.value(), None, made.value(), False, place(span))
    return Typed(mapped, ListType(made.type), spread=True)


def item_of(kind: Type, span: Span, scope: Scope) -> Type:
    """The type of the elements of a list; a problem is noted for what is none."""
    match kind:
        case ListType():
            return kind.item
        case AnyType():
            return ANY
        case _:
            scope.report(NotAList(span, describe(kind)))
            return ANY


def _field(owner: Typed, node: ast.Property, scope: Scope) -> Typed:
    kind = _field_type(owner.type, node.name, node.name_span, scope)
    return Typed(ir.Field(owner.value(), node.name, place(node.span)), kind)


def _field_type(owner: Type, name: str, span: Span, scope: Scope) -> Type:
    match owner:
        case AnyType():
            return ANY
        case MapType():
            return owner.value
        case ObjectType():
            return _object_property(owner, name, span, scope)
        case ResourceType():
            return _resource_property(owner, name, span, scope)
        case RecordType():
            fields: dict[str, Type] = dict(RECORDS[owner.kind].fields)
            if name not in fields:
                scope.report(UnknownProperty(span, owner.kind, name, tuple(fields)))
            return fields.get(name, ANY)
        case _:
            scope.report(NotAProperty(span, name, describe(owner), isinstance(owner, ListType)))
            return ANY


def _object_property(owner: ObjectType, name: str, span: Span, scope: Scope) -> Type:
    shape = scope.registry.property(owner.shape, name)
    if shape is not None:
        return from_shape(shape)
    if not owner.shape.open:
        scope.report(UnknownProperty(span, owner.name, name, tuple(owner.shape.properties)))
    return ANY


def _resource_property(owner: ResourceType, name: str, span: Span, scope: Scope) -> Type:
    if not owner.names:
        scope.report(PropertyOfAnyResource(span, name))
        return ANY
    found: list[Type] = []
    known: dict[str, None] = {}
    attribute = False
    for resource_type in owner.names:
        shape = scope.registry.shape(resource_type)
        if shape is None:
            return ANY  # a custom resource: its properties are its provider's affair
        property_shape = scope.registry.property(shape, name)
        if property_shape is not None:
            found.append(from_shape(property_shape))
        elif shape.open:
            found.append(ANY)
        known.update(dict.fromkeys(shape.properties))
        attribute = attribute or name in scope.registry.attributes(resource_type)
    if not found:
        scope.report(UnknownProperty(span, listed(owner.names), name, tuple(known), attribute))
        return ANY
    kind = found[0]
    for other in found[1:]:
        kind = join(kind, other)
    return kind


def _at(owner: Typed, node: ast.Index, scope: Scope) -> Typed:
    if isinstance(node.index, str):
        key = Span(node.span.source, node.value.span.end, node.span.end)
        kind = _field_type(owner.type, node.index, key, scope)
        return Typed(ir.Field(owner.value(), node.index, place(node.span)), kind)
    match owner.type:
        case ListType():
            kind = owner.type.item
        case AnyType():
            kind = ANY
        case _:
            scope.report(WrongType(node.value.span, "a list", describe(owner.type)))
            kind = ANY
    return Typed(ir.At(owner.value(), node.index, place(node.span)), kind)


def _beside(owner: Typed, node: ast.Aspect, scope: Scope) -> Typed:
    if not isinstance(owner.type, ResourceType | RecordType | AnyType):
        scope.report(WrongType(node.value.span, "a resource", describe(owner.type)))
    kind = _ASPECTS.get(node.name)
    if kind is None:
        scope.report(UnknownAspect(node.name_span, node.name, tuple(_ASPECTS)))
        return Typed(ir.Const("", place(node.span)), ANY)
    return Typed(ir.Aspect(owner.value(), node.name, place(node.span)), kind)
