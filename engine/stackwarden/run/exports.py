"""What the templates of a run export, for `Fn::ImportValue`.

An import is met by the templates of the run that can export its name: by the one whose export has exactly this name,
else by all whose name may come out so, as in `${AWS::StackName}-Vpc`. Of the value counts what they agree on, in every
deployment that has the name. A resource of the exporting stack is a text of which nothing is known but that it is a
name, or an ARN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from stackwarden.globs import overlaps
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.questions import can_equal, settle, text_glob
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.transforms import open_template
from stackwarden.resolve.values import (
    AttributeHole,
    Hole,
    Known,
    OpaqueHole,
    ParameterHole,
    Plain,
    Text,
    Value,
    make_text,
)
from stackwarden.source import Span
from stackwarden.template.model import Output, Template
from stackwarden.template.nodes import Mapping as MappingNode
from stackwarden.template.nodes import Scalar

__all__ = ["Export", "Exports", "exports_of"]


@dataclass(frozen=True, slots=True)
class Export:
    """A name that an output may be exported under, and its value as other stacks see it.

    `certain` tells a name that every deployment of the template exports; `value` is None where the exporting stack's
    deployment decides it. `at` is the place of the output's value.
    """

    name: Known | Text
    certain: bool
    value: Known | Text | None
    at: Span


class Exports:
    """The exports of one run."""

    def __init__(self, exports: Iterable[Export]) -> None:
        self._exact: dict[str, list[Export]] = {}
        self._open: list[Export] = []
        for export in exports:
            if export.certain and isinstance(export.name, Known):
                self._exact.setdefault(export.name.text, []).append(export)
            else:
                self._open.append(export)

    def meeting(self, name: Plain) -> tuple[Export, ...]:
        """The exports that an import of `name` may mean."""
        match name:
            case Known():
                exact = self._exact.get(name.text)
                possible = tuple(exact or (one for one in self._open if _may_be(one.name, name.text)))
                return possible if any(_says_something(one.name) for one in possible) else ()
            case Text():
                if not any(_same_shape(one.name, name) for one in self._open):
                    return ()
                every = (*(one for exact in self._exact.values() for one in exact), *self._open)
                wanted = text_glob(name)
                return tuple(one for one in every if overlaps(text_glob(one.name), wanted))
            case _:
                return ()

    def places(self, name: Plain) -> tuple[Span, ...]:
        """Where the values stand that an import of `name` may mean."""
        return tuple(export.at for export in self.meeting(name))

    def value(self, name: Plain) -> Value | None:
        """What an import of `name` gives; None where that is not certain."""
        return _agreed(export.value for export in self.meeting(name))


def exports_of(templates: Iterable[Template], given: Callable[[str], Mapping[str, str]]) -> Exports:
    """The exports of templates, whose parameters are `given` by the name of the file."""
    found: list[Export] = []
    for template in templates:
        resolver, _ = open_template(template, given(template.source.name))
        for output in resolver.template.outputs.values():
            found.extend(_exports(output, resolver))
    return Exports(found)


def _exports(output: Output, resolver: Resolver) -> Iterator[Export]:
    export, value = output.node.get("Export"), output.node.get("Value")
    name = export.get("Name") if isinstance(export, MappingNode) else None
    if name is None or value is None:
        return
    there = resolver.assumptions & _exists(output, resolver)
    names = [(joint, plain) for guard, plain in settle(resolver.resolve(name), resolver.domains)
             if (joint := guard & there) is not FALSE]  # fmt: skip
    values = settle(resolver.resolve(value), resolver.domains)
    for guard, plain in names:
        if isinstance(plain, Known | Text):
            seen = (_foreign(inner) for when, inner in values if not when.excludes(guard))
            yield Export(plain, len(names) == 1, _agreed(seen), resolver.template.span(value))


def _exists(output: Output, resolver: Resolver) -> Guard:
    """Where the stack has an output."""
    condition = output.node.get("Condition")
    guard = resolver.gate
    return guard & resolver.condition(condition.text, condition) if isinstance(condition, Scalar) else guard


def _agreed(values: Iterable[Known | Text | None]) -> Known | Text | None:
    """The one value that all are; None where they differ, or one is not known."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


def _may_be(name: Known | Text, wanted: str) -> bool:
    return name.text == wanted if isinstance(name, Known) else can_equal(name, wanted)


def _says_something(name: Known | Text) -> bool:
    """Whether a name has a part that is written, so that an import can be recognised by it."""
    return isinstance(name, Known) or len(name.parts) > 1


def _same_shape(name: Known | Text, wanted: Text) -> bool:
    """Whether two names are put together alike: `${AWS::StackName}-Vpc` and `${NetworkStack}-Vpc`."""
    return isinstance(name, Text) and _says_something(name) and _shape(name) == _shape(wanted)


def _shape(text: Text) -> tuple[str | None, ...]:
    return tuple(part if isinstance(part, str) else None for part in text.parts)


def _foreign(plain: Plain) -> Known | Text | None:
    """A value as another stack sees it; None where that stack can say nothing of it."""
    match plain:
        case Known():
            return Known(plain.data, None, plain.written)
        case Text():
            return make_text(piece for part in plain.parts for piece in _foreign_part(part))
        case _:
            return None


def _foreign_part(part: str | Hole) -> tuple[str | Hole, ...]:
    match part:
        case str():
            return (part,)
        case ParameterHole(variable="AWS::Partition" | "AWS::Region" | "AWS::AccountId"):
            return (part,)  # an export is read in its own region and account
        case AttributeHole(token=True):
            start = ("arn:",) if part.attribute.endswith("Arn") else ()
            return (*start, OpaqueHole("part of another stack", token=True))
        case _:
            return (OpaqueHole("part of another stack"),)
