"""`Fn::GetAZs`: the availability zones of a region, which the account decides."""

from __future__ import annotations

from stackwarden.resolve.context import Context
from stackwarden.resolve.values import ListValue, Value
from stackwarden.template.nodes import Node, Sequence

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::GetAZs": region}`."""
    if isinstance(argument, Sequence):
        return context.malformed("Fn::GetAZs", node, "expects a region, not a list")
    return ListValue((), open=True, origin=node)
