"""`Fn::Select`: the element of a list at an index that counts from 0."""

from __future__ import annotations

from functools import partial

from stackwarden.resolve.context import Context
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.questions import settle
from stackwarden.resolve.values import Known, ListValue, MapValue, Plain, Text, Unknown, Value, bind, fold_cases
from stackwarden.template.nodes import Node, Sequence

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::Select": [index, list]}`."""
    if not isinstance(argument, Sequence) or len(argument.items) != 2:
        return context.malformed("Fn::Select", node, "expects an index and a list")
    items = context.resolve(argument.items[1])
    index = context.resolve(argument.items[0])
    return fold_cases(
        (guard, bind(items, partial(_select, plain, node=node, context=context)))
        for guard, plain in settle(index, context.domains)
    )


def _select(index: Plain, listed: Plain, node: Node, context: Context) -> Value:
    if isinstance(index, ListValue | MapValue):
        return context.malformed("Fn::Select", node, "expects a number from 0 as index")
    if not isinstance(index, Known):
        return Unknown("the index is not known", node, _mentions(listed))
    if not index.text.isdecimal():
        return context.malformed("Fn::Select", node, f"expects a number from 0 as index, not `{index.text}`")
    position = int(index.text)
    match listed:
        case ListValue(open=False):
            return _at(position, listed, node, context)
        case ListValue() | Unknown() | Text():
            return Unknown("the list is not known", node, _mentions(listed))
        case _:
            return context.malformed("Fn::Select", node, "expects a list to select from")


def _at(position: int, listed: ListValue, node: Node, context: Context) -> Value:
    cases: list[tuple[Guard, Value]] = []
    counts: dict[int, Guard] = {0: TRUE}  # how many elements are there so far, and under which guard
    for item in listed.items:
        following: dict[int, Guard] = {}
        for count, guard in counts.items():
            there, missing = guard & item.guard, guard & ~item.guard
            if there is not FALSE:
                if count == position:
                    cases.append((there, item.value))
                else:
                    following[count + 1] = following.get(count + 1, FALSE) | there
            if missing is not FALSE:
                following[count] = following.get(count, FALSE) | missing
        counts = following
    beyond = FALSE
    for guard in counts.values():
        beyond = beyond | guard
    if beyond is TRUE:
        return context.malformed("Fn::Select", node, f"index {position} is out of range")
    cases.append((beyond, Unknown(f"index {position} is out of range", node)))
    return fold_cases(cases)


def _mentions(listed: Plain) -> tuple[tuple[str, str], ...]:
    match listed:
        case Unknown():
            return listed.mentions
        case Text():
            return listed.mentions()
        case _:
            return ()
