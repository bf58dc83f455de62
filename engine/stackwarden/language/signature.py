"""What tells the meaning of one define from another: equal signatures give equal results for equal arguments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Final

from stackwarden.language import ir

__all__ = ["signature"]

_LENGTH: Final = 20
"""Characters of a signature: 80 bits, for some thousands of defines."""


def signature(parameters: Iterable[int], body: ir.ValueExpr | ir.TruthExpr) -> str:
    """The signature of a checked body whose parameters stand in the given slots.

    Places and names of variables do not count, and slots only by the order in which they come. A define that the body
    calls counts by its own signature.
    """
    numbers: dict[int, int] = {}
    for slot in parameters:
        _number(slot, numbers)
    return hashlib.sha256(repr(_outline(body, numbers)).encode()).hexdigest()[:_LENGTH]


def _number(slot: int, numbers: dict[int, int]) -> int:
    return numbers.setdefault(slot, len(numbers))


def _outline(node: object, numbers: dict[int, int]) -> object:
    """A node as nested tuples, with slots numbered anew."""
    match node:
        case ir.Bind() | ir.BindTruth():
            return node.signature, tuple(_outline(argument, numbers) for _, argument in node.arguments)
        case tuple():
            return tuple(_outline(item, numbers) for item in node)
        case _ if is_dataclass(node):
            parts = {one.name: getattr(node, one.name) for one in fields(node) if one.compare}
            slot = parts.pop("slot", None)
            if slot is not None:
                parts["name"] = str(_number(slot, numbers))
            return type(node).__name__, *(_outline(value, numbers) for value in parts.values())
        case _:
            return node
