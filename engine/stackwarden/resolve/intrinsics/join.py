"""`Fn::Join`: the elements of a list with a delimiter between them."""

from __future__ import annotations

from typing import Final

from stackwarden.resolve.context import Context
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.values import Hole, ListValue, Plain, Text, Unknown, Value, bind, fold_cases, make_text
from stackwarden.template.nodes import Node, Scalar, Sequence

__all__ = ["resolve"]

_MOST_SHAPES: Final = 256
"""Lists with more combinations of present elements than this have an unknown join."""


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::Join": [delimiter, list]}`."""
    if not isinstance(argument, Sequence) or len(argument.items) != 2 or not isinstance(argument.items[0], Scalar):
        return context.malformed("Fn::Join", node, "expects a delimiter and a list of values")
    delimiter, items = argument.items[0].text, argument.items[1]
    if isinstance(items, Scalar):
        return context.malformed("Fn::Join", items, "expects a list of values, not a single one")
    return bind(context.resolve(items), lambda plain: _join(delimiter, plain, node))


def _join(delimiter: str, plain: Plain, node: Node) -> Value:
    match plain:
        case ListValue(open=False):
            return _joined(delimiter, plain, node)
        case ListValue():
            return Unknown("the joined list is not known", node, _mentions(plain))
        case Unknown():
            return Unknown("the joined list is not known", node, plain.mentions)
        case Text():
            return Unknown("the joined list is not known", node, plain.mentions())
        case _:
            return Unknown("the joined value is not a list", node)


def _joined(delimiter: str, items: ListValue, node: Node) -> Value:
    shapes: list[tuple[Guard, tuple[str | Hole | Value, ...]]] = [(TRUE, ())]
    for item in items.items:
        if item.guard is FALSE:
            continue
        longer: list[tuple[Guard, tuple[str | Hole | Value, ...]]] = []
        for guard, parts in shapes:
            there = guard & item.guard
            if there is not FALSE:
                longer.append((there, (*parts, delimiter, item.value) if parts else (item.value,)))
            missing = guard & ~item.guard
            if missing is not FALSE:
                longer.append((missing, parts))
        shapes = longer
        if len(shapes) > _MOST_SHAPES:
            return Unknown("too many combinations of list elements", node, _mentions(items))
    return fold_cases((guard, make_text(parts, node)) for guard, parts in shapes)


def _mentions(items: ListValue) -> tuple[tuple[str, str], ...]:
    text = make_text(item.value for item in items.items)
    return text.mentions() if isinstance(text, Text) else ()
