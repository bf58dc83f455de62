"""What the templates of a run export, for `Fn::ImportValue`.

Only names and values that the exporting template determines by itself count: its parameters are another deployment's.
A resource of the exporting stack is a text of which nothing is known but that it is a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stackwarden.resolve.questions import settle
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.transforms import open_template
from stackwarden.resolve.values import AttributeHole, Hole, Known, OpaqueHole, ParameterHole, Text, Value, make_text
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping

__all__ = ["exports_of"]


def exports_of(templates: Iterable[Template]) -> dict[str, Value]:
    """The values that are exported, by name; a name that two templates export is left out, as it says nothing."""
    found: dict[str, Value] = {}
    twice: set[str] = set()
    for template in templates:
        resolver, _ = open_template(template, {})
        for name, value in _exports(resolver):
            if name in found:
                twice.add(name)
            found[name] = value
    return {name: value for name, value in found.items() if name not in twice}


def _exports(resolver: Resolver) -> Iterator[tuple[str, Value]]:
    for output in resolver.template.outputs.values():
        export, value = output.node.get("Export"), output.node.get("Value")
        name = export.get("Name") if isinstance(export, Mapping) else None
        if name is None or value is None:
            continue
        names = settle(resolver.resolve(name), resolver.domains)
        if len(names) == 1 and isinstance(names[0][1], Known):
            foreign = _foreign(resolver, resolver.resolve(value))
            if foreign is not None:
                yield names[0][1].text, foreign


def _foreign(resolver: Resolver, value: Value) -> Value | None:
    """A value as another stack sees it; None where the exporting stack's deployment decides it."""
    cases = settle(value, resolver.domains)
    if len(cases) != 1:
        return None
    match cases[0][1]:
        case Known() as known:
            return Known(known.data, None, known.written)
        case Text() as text:
            return make_text(part if isinstance(part, str) else _foreign_hole(part) for part in text.parts)
        case _:
            return None


def _foreign_hole(hole: Hole) -> Hole:
    if isinstance(hole, ParameterHole) and hole.variable in ("AWS::Partition", "AWS::Region", "AWS::AccountId"):
        return hole  # an export is read in its own region and account
    is_name = isinstance(hole, AttributeHole) and hole.token
    return OpaqueHole("part of another stack", token=is_name)
