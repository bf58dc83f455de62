"""`Fn::GetAtt`: an attribute of a resource, as `[id, attribute]` or `id.attribute`."""

from __future__ import annotations

from stackwarden.resolve.context import Context
from stackwarden.resolve.values import Known, Unknown, Value
from stackwarden.template.nodes import Node, Scalar, Sequence

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::GetAtt": argument}`."""
    match argument:
        case Scalar() if "." in argument.text:
            logical_id, _, attribute = argument.text.partition(".")
            return context.attribute(logical_id, attribute, node)
        case Sequence() if len(argument.items) >= 2 and isinstance(argument.items[0], Scalar):
            names = [context.resolve(item) for item in argument.items[1:]]
            known = [name.text for name in names if isinstance(name, Known)]
            logical_id = argument.items[0].text
            if len(known) == len(names):
                return context.attribute(logical_id, ".".join(known), node)
            return Unknown("the attribute's name is not known", node, ((logical_id, ""),))
        case _:
            return context.malformed(
                "Fn::GetAtt", node, "expects a logical id and an attribute", "write `[LogicalId, Attribute]`"
            )
