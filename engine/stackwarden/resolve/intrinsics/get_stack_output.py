"""`Fn::GetStackOutput`: an output of another stack, read without an export."""

from __future__ import annotations

from stackwarden.resolve.context import Context
from stackwarden.resolve.values import OpaqueHole, Value, make_text
from stackwarden.template.nodes import Mapping, Node

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::GetStackOutput": {StackName, OutputName, …}}`: a text of which nothing is known."""
    if not isinstance(argument, Mapping):
        return context.malformed("Fn::GetStackOutput", node, "expects a map with `StackName` and `OutputName`")
    return make_text((OpaqueHole("an output of another stack"),), node)
