"""What the format of an access log says: its variables, and whether its lines are JSON.

Sources: API Gateway Developer Guide, *Variables for access logging for API Gateway*, *Customize HTTP API access logs*,
*Set up CloudWatch logging for REST APIs* (formats CLF, JSON, XML and CSV).
"""

from __future__ import annotations

import json
import re
from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.resolve.questions import settle
from stackwarden.resolve.values import Item, Known, ListValue, Plain, Text, Unknown, Value, fold_cases

__all__ = ["is_json", "variables_of"]

_VARIABLE: Final = re.compile(r"\$(\{)?context\.([A-Za-z0-9_.-]*[A-Za-z0-9_-])(?:\['[^']*'\])?(?(1)\})")
_HOLE: Final = "\0"
_FILLINGS: Final = ("x", "0", "")
"""What stands for an open part of a format while it is read as JSON: within a string, a number, or nothing."""


def variables_of(stack: Stack, written: Value) -> Value:
    """The `$context` variables of a format, without `$context.`, each once; open where the format is."""
    return fold_cases((guard, _variables(plain)) for guard, plain in settle(written, stack.domains))


def _variables(plain: Plain) -> Value:
    match plain:
        case Known() | Text():
            found = dict.fromkeys(match[2] for match in _VARIABLE.finditer(_with_holes(plain)))
            items = tuple(Item(Known(name, plain.origin)) for name in found)
            return ListValue(items, open=isinstance(plain, Text), origin=plain.origin)
        case Unknown():
            return ListValue((), open=True, origin=plain.origin)
        case _:
            return ListValue((), origin=plain.origin)


def is_json(written: Plain) -> bool | None:
    """Whether a line of an access log of this format is a JSON object, whatever the values of its variables are."""
    match written:
        case Known():
            return _reads_as_object(_VARIABLE.sub("0", written.text))
        case Text():
            text = _VARIABLE.sub("0", _with_holes(written))
            if any(_reads_as_object(text.replace(_HOLE, filling)) for filling in _FILLINGS):
                return True
            is_told = text.strip()[:1] not in ("{", _HOLE)  # what starts otherwise is no object, whatever follows
            return False if is_told else None
        case Unknown():
            return None
        case _:
            return False


def _with_holes(written: Known | Text) -> str:
    if isinstance(written, Known):
        return written.text
    return "".join(part if isinstance(part, str) else _HOLE for part in written.parts)


def _reads_as_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text, strict=False), dict)
    except ValueError:
        return False
