"""`Fn::ImportValue`: an output that another stack exports; known where a template of the run exports it."""

from __future__ import annotations

from stackwarden.resolve.context import Context
from stackwarden.resolve.questions import settle
from stackwarden.resolve.values import (
    Known,
    ListValue,
    MapValue,
    OpaqueHole,
    Plain,
    Value,
    fold_cases,
    make_text,
    with_origin,
)
from stackwarden.template.nodes import Node

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::ImportValue": name}`; where nothing is exported under the name, a text that is not known."""
    names = settle(context.resolve(argument), context.domains)
    if any(isinstance(name, ListValue | MapValue) for _, name in names):
        return context.malformed("Fn::ImportValue", node, "expects the name of an export")
    return with_origin(fold_cases((guard, _imported(name, context)) for guard, name in names), node)


def _imported(name: Plain, context: Context) -> Value:
    found = context.imported(name)
    if found is not None:
        return found
    known = name.text if isinstance(name, Known) else "a name that is not known"
    return make_text((OpaqueHole(f"imported from {known}"),))
