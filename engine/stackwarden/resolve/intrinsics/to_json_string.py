"""`Fn::ToJsonString`: a value as JSON text (`AWS::LanguageExtensions`); written where all of it is known."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from stackwarden.resolve.context import Context
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.questions import Domains, settle
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    ListValue,
    MapValue,
    OpaqueHole,
    Value,
    fold_cases,
    make_text,
)
from stackwarden.template.nodes import Node

__all__ = ["resolve"]

_MOST_SHAPES: Final = 256
"""A value with more combinations of cases than this has an unknown text."""
_OMITTED: Final = ""
_Cases = list[tuple[Guard, str | None]]
"""The JSON of a value in each of its cases: None where it is not wholly known, empty where there is no value."""


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::ToJsonString": value}`."""
    unknown = make_text((OpaqueHole("JSON of a value that is not wholly known"),), node)
    cases = _json(context.resolve(argument), context.domains)
    return fold_cases((guard, unknown if text is None else Known(text, node)) for guard, text in cases)


def _json(value: Value, domains: Domains) -> _Cases:
    cases: _Cases = []
    for guard, plain in settle(value, domains):
        match plain:
            case Known():
                texts: _Cases = [(TRUE, json.dumps(plain.data))]
            case Absent():
                texts = [(TRUE, _OMITTED)]
            case ListValue(open=False):
                texts = _joined("[]", (("", item) for item in plain.items), domains)
            case MapValue() if not plain.open:
                entries = ((f"{json.dumps(name)}:", Item(plain.get(name))) for name in plain.names())
                texts = _joined("{}", entries, domains)
            case _:
                texts = [(TRUE, None)]
        cases.extend((joint, text) for inner, text in texts if (joint := guard & inner) is not FALSE)
    return cases


def _joined(brackets: str, parts: Iterable[tuple[str, Item]], domains: Domains) -> _Cases:
    """What stands between the brackets: the parts that are there, each after its label, with commas between them."""
    shapes: _Cases = [(TRUE, "")]
    for label, item in parts:
        cases = [(item.guard & guard, text) for guard, text in _json(item.value, domains)]
        cases.append((~item.guard, _OMITTED))
        shapes = [
            (joint, _with(before, label, text))
            for guard, before in shapes
            for inner, text in cases
            if (joint := guard & inner) is not FALSE
        ]
        if len(shapes) > _MOST_SHAPES:
            return [(TRUE, None)]
    return [(guard, None if text is None else f"{brackets[0]}{text}{brackets[1]}") for guard, text in shapes]


def _with(before: str | None, label: str, text: str | None) -> str | None:
    if before is None or text is None:
        return None
    if text == _OMITTED:
        return before
    return f"{before},{label}{text}" if before else f"{label}{text}"
