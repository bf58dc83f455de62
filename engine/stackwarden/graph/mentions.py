"""Whether a value has an attribute of a resource in it, as far as the template tells."""

from __future__ import annotations

from functools import partial

from stackwarden.graph.stack import Stack
from stackwarden.resolve.logic import NO, Logic, either, under
from stackwarden.resolve.questions import ask
from stackwarden.resolve.values import (
    AttributeHole,
    ConditionalHole,
    Plain,
    ResourceValue,
    Text,
    Unknown,
    Value,
    cases_of,
)

__all__ = ["reads"]


def reads(stack: Stack, value: Value, resource: Value, attribute: str) -> Logic:
    """Where a value is or contains an attribute (`SecretAccessKey`) of a resource of the template.

    A value that is made of it in some other way, such as a text in base 64, counts too.
    """
    outcome = NO
    for guard, plain in cases_of(resource):
        if isinstance(plain, ResourceValue):
            wanted = (plain.resource.logical_id, attribute)
            outcome = either(outcome, under(guard, ask(value, partial(_has, wanted=wanted), stack.domains)))
    return outcome


def _has(plain: Plain, wanted: tuple[str, str]) -> bool | None:
    match plain:
        case Text():
            holes = plain.holes
            if any(isinstance(hole, AttributeHole) and (hole.logical_id, hole.attribute) == wanted for hole in holes):
                return True
            return None if any(isinstance(hole, ConditionalHole) for hole in holes) else False
        case Unknown():
            return wanted in plain.mentions
        case _:
            return False
