"""From a resource to the values of a property path, and from a value to the ends of an edge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.graph.candidates import candidates
from stackwarden.graph.edges import End, Outside, Somewhere
from stackwarden.graph.references import elsewhere, refers
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.logic import MAYBE, Logic, decided, under
from stackwarden.resolve.questions import settle
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
    Text,
    Unknown,
    Value,
    cases_of,
    make_text,
)

__all__ = ["ends", "follow", "wording"]

_ANY_KEY: Final = "*"
_FUNCTIONS: Final = ":lambda:path/2015-03-31/functions/"
_INVOCATIONS: Final = "/invocations"
_STAGE_VARIABLE: Final = "${stageVariables."
"""What API Gateway replaces with a variable of the stage when it calls an integration."""


def follow(value: Value, steps: tuple[str, ...], guard: Guard = TRUE) -> Iterator[tuple[Guard, Plain]]:
    """The values at a path, each with its guard. Lists are walked at every step; the step `*` is every key of a map.

    Absent values are left out. What lies behind an unknown value is itself unknown, once.
    """
    for inner, plain in cases_of(value):
        there = guard & inner
        if there is FALSE:
            continue
        match plain:
            case ListValue():
                for item in plain.items:
                    yield from follow(item.value, steps, there & item.guard)
                if plain.open:
                    yield there, Unknown("further elements", plain.origin, written=False)
            case Absent():
                pass
            case _ if not steps:
                yield there, plain
            case MapValue() | Record():
                yield from _inside(plain, steps, there)
            case Unknown():
                yield there, plain
            case _:
                pass


def _inside(plain: MapValue | Record, steps: tuple[str, ...], guard: Guard) -> Iterator[tuple[Guard, Plain]]:
    step, *others = steps
    if step != _ANY_KEY or isinstance(plain, Record):
        yield from follow(plain.get(step), tuple(others), guard)
        return
    for name in plain.names():
        yield from follow(plain.get(name), tuple(others), guard)
    if plain.open:
        yield guard, Unknown("further keys", plain.origin, written=False)


def ends(stack: Stack, value: Value, types: tuple[str, ...] = ()) -> Iterator[tuple[End, Logic]]:
    """What a value names, and where: resources of some types (none: any), or something that is not in the template.

    A custom resource or an opaque nested stack whose attribute is used stands for what it gives.
    """
    for guard, plain in cases_of(value):
        for end, claim in _ends(stack, plain, types):
            yield end, under(guard, claim)


def _ends(stack: Stack, plain: Plain, types: tuple[str, ...]) -> Iterator[tuple[End, Logic]]:
    match plain:
        case Known(text=""):
            return
        case Text(parts=(ParameterHole(excluded=None, token=False),)):
            for guard, case in settle(plain, stack.domains):
                if case != plain:
                    for end, claim in _ends(stack, case, types):
                        yield end, under(guard, claim)
                    continue
                yield Somewhere(types), decided(FALSE, ~guard)
        case Known() | Text() if _STAGE_VARIABLE in wording(plain):
            yield Somewhere(types), MAYBE
        case Known() | Text():
            yield from _named(stack, _function_of(plain), types)
        case Unknown():
            yield from _named(stack, plain, types)
        case _:
            return


def _function_of(plain: Known | Text) -> Known | Text:
    """The function that the URI of an integration or authorizer invokes; any other text as it is.

    The form is `arn:…:lambda:path/2015-03-31/functions/FUNCTION/invocations`. Source: Amazon API Gateway API
    Reference, *Integration*, `uri`.
    """
    parts = [plain.text] if isinstance(plain, Known) else list(plain.parts)
    last = parts[-1]
    if not isinstance(last, str) or not last.endswith(_INVOCATIONS):
        return plain
    parts[-1] = last.removesuffix(_INVOCATIONS)
    for index, part in enumerate(parts):
        if isinstance(part, str) and _FUNCTIONS in part:
            return make_text((part.partition(_FUNCTIONS)[2], *parts[index + 1 :]), plain.origin)
    return plain


def _named(stack: Stack, plain: Known | Text | Unknown, types: tuple[str, ...]) -> Iterator[tuple[End, Logic]]:
    possible = candidates(stack, plain)
    settled: Guard = FALSE
    undecided: Guard = FALSE
    for resource in stack.some_resources(possible.ids):
        resource_type = resource.resource.resource_type
        if types and resource_type not in types and not _is_opaque(resource_type):
            continue
        claim = refers(stack, plain, resource)
        if claim.false is not TRUE:
            settled = settled | (claim.true & resource.guard)
            undecided = undecided | (claim.unknown & resource.guard)
            yield resource.resource.logical_id, under(resource.guard, claim)
    if isinstance(plain, Unknown) and plain.mentions:
        return
    if possible.open:
        rest = elsewhere(stack, plain) & ~settled
        if rest is not FALSE:
            yield Somewhere(types), decided(FALSE, ~rest)
    elif not isinstance(plain, Unknown) and not _mentions(plain) and settled is not TRUE:
        yield Outside("external", wording(plain)), decided(~settled & ~undecided, settled)


def _is_opaque(resource_type: str) -> bool:
    return resource_type.startswith(("Custom::", "AWS::CloudFormation::"))


def _mentions(plain: Known | Text) -> bool:
    return isinstance(plain, Text) and bool(plain.mentions())


def wording(plain: Known | Text) -> str:
    """A text as a reader of the template would write it."""
    if isinstance(plain, Known):
        return plain.text
    return "".join(part if isinstance(part, str) else _hole(part) for part in plain.parts)


def _hole(hole: Hole) -> str:
    match hole:
        case ParameterHole():
            return "${" + hole.variable.removeprefix("Parameters.") + "}"
        case AttributeHole():
            return "${" + ".".join(filter(None, (hole.logical_id, hole.attribute))) + "}"
        case ConditionalHole() | OpaqueHole():
            return "${…}"
