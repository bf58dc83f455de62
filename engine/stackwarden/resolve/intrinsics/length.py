"""`Fn::Length`: how many elements a list has (`AWS::LanguageExtensions`)."""

from __future__ import annotations

from stackwarden.resolve.context import Context
from stackwarden.resolve.guards import how_many
from stackwarden.resolve.values import Known, ListValue, Plain, Text, Unknown, Value, bind, fold_cases
from stackwarden.template.nodes import Node

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::Length": list}`."""

    def length(plain: Plain) -> Value:
        match plain:
            case ListValue(open=False):
                counts = how_many(item.guard for item in plain.items)
                return fold_cases((guard, Known(count, node)) for count, guard in counts.items())
            case ListValue() | Unknown() | Text():
                return Unknown("the list is not known", node)
            case _:
                return context.malformed("Fn::Length", node, "expects a list")

    return bind(context.resolve(argument), length)
