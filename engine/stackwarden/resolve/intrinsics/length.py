"""`Fn::Length`: how many elements a list has (`AWS::LanguageExtensions`)."""

from __future__ import annotations

from stackwarden.resolve.context import Context
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.values import Known, ListValue, Plain, Text, Unknown, Value, bind, fold_cases
from stackwarden.template.nodes import Node

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::Length": list}`."""

    def length(plain: Plain) -> Value:
        match plain:
            case ListValue(open=False):
                return _length(plain, node)
            case ListValue() | Unknown() | Text():
                return Unknown("the list is not known", node)
            case _:
                return context.malformed("Fn::Length", node, "expects a list")

    return bind(context.resolve(argument), length)


def _length(items: ListValue, node: Node) -> Value:
    counts: dict[int, Guard] = {0: TRUE}
    for item in items.items:
        following: dict[int, Guard] = {}
        for count, guard in counts.items():
            for longer, there in ((count + 1, guard & item.guard), (count, guard & ~item.guard)):
                if there is not FALSE:
                    following[longer] = following.get(longer, FALSE) | there
        counts = following
    return fold_cases((guard, Known(count, node)) for count, guard in counts.items())
