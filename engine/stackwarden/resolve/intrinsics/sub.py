"""`Fn::Sub`: a string with `${Name}` parts, alone or with a map of names; `${!Name}` stands for itself."""

from __future__ import annotations

import re
from typing import Final

from stackwarden.resolve.context import Context
from stackwarden.resolve.values import Hole, Value, make_text
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["resolve"]

_PART: Final = re.compile(r"\$\{([^}]*)\}")


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::Sub": argument}`."""
    match argument:
        case Scalar():
            return _substitute(argument.text, None, node, context)
        case Sequence(items=[Scalar() as template, Mapping() as names]):
            return _substitute(template.text, names, node, context)
        case Sequence(items=[Scalar() as template]):
            return _substitute(template.text, None, node, context)
        case _:
            return context.malformed("Fn::Sub", node, "expects a string, or a string and a map of names")


def _substitute(text: str, names: Mapping | None, node: Node, context: Context) -> Value:
    parts: list[str | Hole | Value] = []
    position = 0
    for match in _PART.finditer(text):
        parts.append(text[position : match.start()])
        position = match.end()
        name = match.group(1).strip()
        if name.startswith("!"):
            parts.append("${" + name[1:] + "}")
        elif names is not None and (given := names.get(name)) is not None:
            parts.append(context.resolve(given))
        elif "." in name:
            logical_id, _, attribute = name.partition(".")
            parts.append(context.attribute(logical_id, attribute, node))
        else:
            parts.append(context.reference(name, node))
    parts.append(text[position:])
    return make_text(parts, node)
