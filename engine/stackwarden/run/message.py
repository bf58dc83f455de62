"""Values in words, for messages and explanations."""

from __future__ import annotations

from typing import assert_never

from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    ConditionalHole,
    Hole,
    Known,
    ListValue,
    MapValue,
    OpaqueHole,
    ParameterHole,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    cases_of,
)

__all__ = ["in_words"]

_MOST_ITEMS = 5


def in_words(plain: Plain) -> str:
    """A value as a reader of the template would write it: a resource as its logical id, a hole as `${Name}`."""
    match plain:
        case Known():
            return plain.text
        case Text(parts=(AttributeHole(attribute="", logical_id=logical_id),)):
            return logical_id
        case Text():
            return "".join(part if isinstance(part, str) else _hole(part) for part in plain.parts)
        case Absent():
            return "nothing"
        case Unknown():
            return "a value that is not known"
        case ListValue():
            words = [in_words(inner) for item in plain.items for _, inner in cases_of(item.value)]
            more = ["…"] if len(words) > _MOST_ITEMS or plain.open else []
            return ", ".join([*words[:_MOST_ITEMS], *more])
        case MapValue():
            return "{" + ", ".join(plain.names()[:_MOST_ITEMS]) + "}"
        case ResourceValue():
            return plain.resource.logical_id
        case Record():
            return _record(plain)
        case _:
            assert_never(plain)


def _record(record: Record) -> str:
    for name in ("sid", "name", "number"):
        value = record.get(name)
        if isinstance(value, Known | Text):
            return in_words(value)
    return record.resource.resource.logical_id if record.resource is not None else record.kind


def _hole(hole: Hole) -> str:
    match hole:
        case ParameterHole():
            return "${" + hole.variable.removeprefix("Parameters.") + "}"
        case AttributeHole():
            return "${" + (f"{hole.logical_id}.{hole.attribute}" if hole.attribute else hole.logical_id) + "}"
        case ConditionalHole() | OpaqueHole():
            return "${…}"
        case _:
            assert_never(hole)
