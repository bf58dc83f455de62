"""`Ref`: a parameter's value, or what identifies a resource."""

from __future__ import annotations

from stackwarden.resolve.context import Context
from stackwarden.resolve.values import Known, Unknown, Value
from stackwarden.template.nodes import Node, Scalar, Sequence

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Ref": argument}`."""
    if isinstance(argument, Scalar):
        return context.reference(argument.text, node)
    if isinstance(argument, Sequence):
        return context.malformed("Ref", node, "expects the logical id of a resource or a parameter's name")
    name = context.resolve(argument)  # AWS::LanguageExtensions allows functions here
    if isinstance(name, Known):
        return context.reference(name.text, node)
    return Unknown("the name that Ref refers to is not known", node)
