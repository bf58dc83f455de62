"""Policy documents written as JSON text, with holes where `Fn::Sub` or `Fn::Join` put values in.

A hole inside a string of the JSON text is part of that string. A text that is no JSON without the values of its
holes (a hole stands for a whole object) is unknown.
"""

from __future__ import annotations

import json
import re
from typing import Final

from stackwarden.iam.made import made_map
from stackwarden.resolve.values import Absent, Hole, Item, Known, ListValue, Plain, Text, Unknown, make_text
from stackwarden.template.nodes import Node, ScalarData

__all__ = ["read_json"]

_Json = ScalarData | list["_Json"] | dict[str, "_Json"]

_MARK: Final = re.compile("\ue000([0-9]+)\ue001")


def read_json(text: Known | Text) -> Plain:
    """The object or list that a JSON text denotes, all of it written at the text's place; unknown for other texts."""
    if text.origin is None:
        return Unknown("not a policy document")
    marked, holes = _marked(text)
    if not marked.lstrip().startswith(("{", "[")):
        return Unknown("not a policy document", text.origin)
    try:
        data: _Json = json.loads(marked, strict=False)
    except (ValueError, RecursionError):  # no JSON, or nested deeper than anyone writes a policy
        return Unknown("not a policy document", text.origin)
    return _value(data, holes, text.origin)


def _marked(text: Known | Text) -> tuple[str, tuple[Hole, ...]]:
    """The text with a mark for each hole."""
    if isinstance(text, Known):
        return text.text, ()
    pieces: list[str] = []
    holes: list[Hole] = []
    for part in text.parts:
        if isinstance(part, str):
            pieces.append(part)
        else:
            pieces.append(f"\ue000{len(holes)}\ue001")
            holes.append(part)
    return "".join(pieces), tuple(holes)


def _value(data: _Json, holes: tuple[Hole, ...], origin: Node) -> Plain:
    match data:
        case None:
            return Absent(origin)
        case str():
            return make_text(_parts(data, holes), origin)
        case dict():
            known = {key: _value(inner, holes, origin) for key, inner in data.items() if not _MARK.search(key)}
            return made_map(known, origin, is_open=len(known) < len(data))
        case list():
            return ListValue(tuple(Item(_value(inner, holes, origin)) for inner in data), origin=origin)
        case _:
            return Known(data, origin)


def _parts(text: str, holes: tuple[Hole, ...]) -> list[str | Hole]:
    parts: list[str | Hole] = []
    position = 0
    for match in _MARK.finditer(text):
        parts.extend((text[position : match.start()], holes[int(match.group(1))]))
        position = match.end()
    parts.append(text[position:])
    return parts
