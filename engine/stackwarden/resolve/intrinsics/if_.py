"""`Fn::If`: one of two values by a named condition; `AWS::NoValue` as a branch leaves the place empty."""

from __future__ import annotations

from stackwarden.resolve.context import Context
from stackwarden.resolve.values import Value, fold_cases
from stackwarden.template.nodes import Node, Scalar, Sequence

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::If": argument}`; each case keeps the place of its branch."""
    if not isinstance(argument, Sequence) or len(argument.items) != 3:
        return context.malformed("Fn::If", node, "expects a condition and two values")
    name, then, otherwise = argument.items
    if not isinstance(name, Scalar):
        return context.malformed("Fn::If", name, "expects the name of a condition first")
    guard = context.condition(name.text, name)
    return fold_cases(((guard, context.resolve(then)), (~guard, context.resolve(otherwise))))
