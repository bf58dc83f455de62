"""ARNs of resources whose names CloudFormation makes up, as far as they are known.

`!GetAtt Bucket.Arn` of a bucket without a name is `arn:aws:s3:::` and a name that no literal spells, so it is known not
to be the ARN of a bucket that a literal names.
"""

from __future__ import annotations

from collections.abc import Iterator

from stackwarden.graph.stack import Stack
from stackwarden.resolve.attributes import ATTRIBUTES, placeholders
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Hole,
    Known,
    MapValue,
    ParameterHole,
    Plain,
    ResourceValue,
    Text,
    make_text,
)

__all__ = ["with_made_up_names"]


def with_made_up_names(stack: Stack, plain: Plain) -> Plain:
    """A text whose attributes of resources are spelled out but for the made-up name.

    An attribute that the resource's own properties spell is left as it is, and so is one whose form is not known.
    """
    if not isinstance(plain, Text) or not any(isinstance(part, AttributeHole) for part in plain.parts):
        return plain
    return make_text([piece for part in plain.parts for piece in _pieces(stack, part)], plain.origin)


def _pieces(stack: Stack, part: str | Hole) -> tuple[str | Hole, ...]:
    if not isinstance(part, AttributeHole) or not part.spellable or stack.domains.spelled(part) is not None:
        return (part,)
    resource = stack.resource(part.logical_id)
    form = ATTRIBUTES.get(resource.resource.resource_type, {}).get(part.attribute) if resource is not None else None
    if resource is None or form is None:
        return (part,)
    pieces = [piece for piece in _of_form(form, resource) if piece is not None]
    return tuple(pieces) if len(pieces) == len(placeholders(form)) else (part,)


def _of_form(form: str, resource: ResourceValue) -> Iterator[str | Hole | None]:
    """The form with the made-up name; None for a property that is not known."""
    for text, is_placeholder in placeholders(form):
        name, bar, default = text.partition("|")
        if not is_placeholder:
            yield text
        elif text.startswith("AWS::"):
            yield ParameterHole(text, token=True)
        elif not bar:
            yield AttributeHole(resource.resource.logical_id, "", spellable=False)
        else:
            properties = resource.properties
            value = properties.get(name) if isinstance(properties, MapValue) else Absent()
            yield value.text if isinstance(value, Known) else default if isinstance(value, Absent) else None
