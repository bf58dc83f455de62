"""`Fn::ImportValue`: an output that another stack exports."""

from __future__ import annotations

from stackwarden.resolve.context import Context
from stackwarden.resolve.values import Known, OpaqueHole, Value, make_text
from stackwarden.template.nodes import Node

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::ImportValue": name}`: a text of which nothing is known."""
    name = context.resolve(argument)
    shown = name.text if isinstance(name, Known) else "a name that is not known"
    return make_text((OpaqueHole(f"imported from {shown}"),), node)
