"""`Fn::Cidr`: address blocks cut from a block; a list that is not computed."""

from __future__ import annotations

from stackwarden.resolve.context import Context
from stackwarden.resolve.values import ListValue, Value
from stackwarden.template.nodes import Node, Sequence

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::Cidr": [block, count, bits]}`."""
    if not isinstance(argument, Sequence) or not 2 <= len(argument.items) <= 3:
        return context.malformed("Fn::Cidr", node, "expects an address block, a count and optionally the host bits")
    return ListValue((), open=True, origin=node)
