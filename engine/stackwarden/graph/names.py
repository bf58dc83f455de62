"""The names and ARNs of a resource as values, and what of a name is known: its head and its tail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from stackwarden.graph.identities import IDENTITIES
from stackwarden.graph.stack import Stack
from stackwarden.resolve.attributes import placeholders
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Known,
    MapValue,
    ParameterHole,
    ResourceValue,
    Text,
    Value,
    bind,
    make_text,
)

__all__ = ["Outline", "all_names", "literal_names", "outline"]

_ARN_HEAD: Final = 5
"""`arn`, partition, service, region and account stand before the fifth colon of an ARN."""

_HOLE: Final = "\1"
_MADE_UP: Final = "\0"
_WILD: Final = re.compile(f"[*?]|{_MADE_UP}[^{_MADE_UP}]*{_MADE_UP}")


@dataclass(frozen=True, slots=True)
class Outline:
    """How a name starts and ends. `closed` means that it has no holes, so that head and tail are all of it."""

    head: str
    tail: str
    closed: bool


def all_names(stack: Stack, resource: ResourceValue) -> tuple[Value, ...]:
    """Every name and ARN of a resource: the two that CloudFormation may make up, then `literal_names`."""
    logical_id = resource.resource.logical_id

    def make() -> tuple[Value, ...]:
        return (_generated(logical_id, ""), _generated(logical_id, "Arn"), *literal_names(stack, resource))

    return stack.once(f"all names {logical_id} {resource.resource.resource_type}", make)


def literal_names(stack: Stack, resource: ResourceValue) -> tuple[Value, ...]:
    """The names and ARNs that are made from a resource's own properties."""
    logical_id, resource_type = resource.resource.logical_id, resource.resource.resource_type

    def make() -> tuple[Value, ...]:
        return tuple(_identity(form, resource) for form in IDENTITIES.get(resource_type, ()))

    return stack.once(f"literal names {logical_id} {resource_type}", make)


def outline(plain: Known | Text, *, wild: bool = False) -> Outline:
    """How a name starts and ends. With `wild`, `*`, `?` and what only the deployment knows are holes.

    In an ARN the partition, region and account count as those of the stack, as they do where names are compared.
    """
    text = plain.text if isinstance(plain, Known) else "".join(_symbol(part) for part in plain.parts)
    if wild:
        text = _WILD.sub(_HOLE, text)
    if text.startswith("arn:") and text.count(":") >= _ARN_HEAD:
        _, _, service, _, _, rest = text.split(":", _ARN_HEAD)
        text = f"arn::{service}:::{rest}"
    head, hole, _ = text.partition(_HOLE)
    return Outline(head, text.rpartition(_HOLE)[2] if hole else text, not hole)


def _symbol(part: object) -> str:
    if isinstance(part, str):
        return part
    return f"{_MADE_UP}{part.logical_id}.{part.attribute}{_MADE_UP}" if isinstance(part, AttributeHole) else _HOLE


def _generated(logical_id: str, attribute: str) -> Text:
    """A name that CloudFormation makes up: a parameter may have it, a literal does not."""
    return Text((AttributeHole(logical_id, attribute),))


def _identity(form: str, resource: ResourceValue) -> Value:
    parts: list[str | ParameterHole | Value] = []
    for text, is_placeholder in placeholders(form):
        if not is_placeholder:
            parts.append(text)
        elif text.startswith("AWS::"):
            parts.append(ParameterHole(text, token=True))
        else:
            parts.append(_name_of(resource, text))
    return make_text(parts)


def _name_of(resource: ResourceValue, name: str) -> Value:
    """The value of a property that names a resource, or the name that is made up where it is absent."""
    generated = _generated(resource.resource.logical_id, "")
    value = resource.properties.get(name) if isinstance(resource.properties, MapValue) else Absent()
    return bind(value, lambda plain: generated if isinstance(plain, Absent) else plain)
