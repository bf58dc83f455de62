"""Declared types: what `list<string>` or `AWS::S3::Bucket` after a colon stands for."""

from __future__ import annotations

from typing import Final

from stackwarden.language import ast
from stackwarden.language.builtins import RECORDS
from stackwarden.language.typecheck.collections import unknown_type
from stackwarden.language.typecheck.problems import UnknownType
from stackwarden.language.typecheck.scope import Scope
from stackwarden.language.types import (
    ANY,
    BOOLEAN,
    NUMBER,
    STRING,
    ListType,
    MapType,
    RecordType,
    ResourceType,
    Type,
)
from stackwarden.source import Span

__all__ = ["declared", "spelled"]

_SIMPLE: Final[dict[str, Type]] = {
    "any": ANY,
    "boolean": BOOLEAN,
    "number": NUMBER,
    "string": STRING,
    "resource": ResourceType(()),
}


def declared(node: ast.TypeExpr, scope: Scope) -> Type:
    """The type that a declaration names; an unknown one is reported and taken as any."""
    if node.name in _SIMPLE:
        return _SIMPLE[node.name]
    if node.name in ("list", "map"):
        item = declared(node.arguments[0], scope) if node.arguments else ANY
        return ListType(item) if node.name == "list" else MapType(item)
    if node.name in RECORDS:
        return RecordType(node.name)
    if "::" in node.name:
        found: dict[str, None] = {}
        for name in node.name.split(" | "):
            types = scope.registry.matching(name)
            if not types:
                scope.report(unknown_type(name, _word(node, name), scope))
            found.update(dict.fromkeys(types))
        return ResourceType(tuple(found)) if found else ANY
    scope.report(UnknownType(_word(node, node.name), node.name, (*_SIMPLE, "list", "map", *RECORDS)))
    return ANY


def _word(node: ast.TypeExpr, name: str) -> Span:
    """The place of one word of a declaration."""
    start = node.span.start + max(0, node.span.text.find(name))
    return Span(node.span.source, start, start + len(name))


def spelled(node: ast.TypeExpr) -> str:
    """A declared type as it is written."""
    if not node.arguments:
        return node.name
    return f"{node.name}<{', '.join(spelled(argument) for argument in node.arguments)}>"
