"""The sections of a template, from its nodes ("Template sections" of the CloudFormation User Guide).

What is wrong with one entry keeps that entry out (`Skipped`); the others are still read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source, Span
from stackwarden.template.faults import (
    MissingType,
    NoResources,
    NotATemplate,
    WrongCondition,
    WrongEntry,
    WrongSection,
    WrongType,
)
from stackwarden.template.kinds import kind_of
from stackwarden.template.model import Comment, Output, Parameter, Resource, Template
from stackwarden.template.nodes import Entry, Mapping, Node, Scalar, Sequence

__all__ = ["read_sections", "start_of"]

_MACROS: Final = ("Fn::ForEach::", "Fn::Transform")
"""Keys that are no entries of a section: what they stand for is there only after the transforms ran."""


def read_sections(
    source: Source, root: Node, comments: tuple[Comment, ...], notes: tuple[Diagnostic, ...]
) -> Template | Diagnostic:
    """The template over `root`, or why it is none. `notes` are faults known already, to be told with its own."""
    if not isinstance(root, Mapping) or root.tag_form:
        return NotATemplate(source.span(root.start, root.end), kind_of(root))
    reader = _Sections(source, root)
    resources = root.entries.get("Resources")
    if resources is None:
        first = next(iter(root), None)
        place = source.span(first.start, first.end) if first else source.span(root.start, root.end)
        return NoResources(place, tuple(root.entries))
    if not isinstance(resources.value, Mapping):
        return WrongSection(reader.place(resources), "Resources", kind_of(resources.value))
    return Template(
        source=source,
        root=root,
        parameters=reader.parameters(),
        mappings=reader.mappings("Mappings", "mapping"),
        conditions=dict(reader.mappings("Conditions", "condition")),
        resources=reader.resources(),
        outputs=reader.outputs(),
        transforms=_transforms(root.get("Transform")),
        comments=comments,
        diagnostics=tuple(sorted((*notes, *reader.faults), key=start_of)),
    )


def start_of(diagnostic: Diagnostic) -> int:
    """The offset where a diagnostic points, for sorting."""
    return 0 if diagnostic.span is None else diagnostic.span.start


class _Sections:
    """Reads the sections of one template and collects what is wrong with them."""

    def __init__(self, source: Source, root: Mapping) -> None:
        self.source = source
        self.root = root
        self.faults: list[Diagnostic] = []

    def place(self, entry: Entry) -> Span:
        """The key of an entry with its value if that starts on the same line, else the key."""
        start, end = entry.start, entry.end
        value = entry.value
        if value.start >= end and not any(char in "\r\n" for char in self.source.text[end : value.end]):
            end = value.end
        return self.source.span(start, end)

    def entries(self, section: str) -> Iterator[Entry]:
        """What a section has; a missing one and one that is null have nothing."""
        entry = self.root.entries.get(section)
        if entry is None or (isinstance(entry.value, Scalar) and entry.value.data is None):
            return
        if not isinstance(entry.value, Mapping) or entry.value.tag_form:
            if not _is_macro(entry.value):
                self.faults.append(WrongSection(self.place(entry), section, kind_of(entry.value)))
            return
        for one in entry.value:
            if not one.key.startswith(_MACROS):
                yield one

    def mappings(self, section: str, what: str) -> dict[str, Mapping]:
        """The entries of a section that are mappings."""
        found: dict[str, Mapping] = {}
        for entry in self.entries(section):
            if isinstance(entry.value, Mapping):
                found[entry.key] = entry.value
            else:
                self.faults.append(WrongEntry(self.place(entry), what, entry.key, kind_of(entry.value)))
        return found

    def parameters(self) -> dict[str, Parameter]:
        """The parameters that have a type."""
        found: dict[str, Parameter] = {}
        for name, node in self.mappings("Parameters", "parameter").items():
            entry = self.entry("Parameters", name)
            kind = self.type_of("parameter", entry, node)
            if kind is not None:
                found[name] = Parameter(name, kind, node, (entry.start, entry.end))
        return found

    def outputs(self) -> dict[str, Output]:
        """The outputs."""
        found: dict[str, Output] = {}
        for name, node in self.mappings("Outputs", "output").items():
            entry = self.entry("Outputs", name)
            found[name] = Output(name, node, (entry.start, entry.end))
        return found

    def resources(self) -> dict[str, Resource]:
        """The resources that have a type."""
        found: dict[str, Resource] = {}
        for name, node in self.mappings("Resources", "resource").items():
            entry = self.entry("Resources", name)
            resource_type = self.type_of("resource", entry, node)
            if resource_type is None:
                continue
            properties = node.get("Properties")
            if isinstance(properties, Scalar) and properties.data is None:
                properties = None
            if properties is not None and not isinstance(properties, Mapping):
                place = self.place(node.entries["Properties"])
                self.faults.append(WrongEntry(place, "`Properties` of resource", name, kind_of(properties)))
                continue
            key = (entry.start, entry.end)
            found[name] = Resource(name, resource_type, properties, self.condition(name, node), node, key)
        return found

    def entry(self, section: str, name: str) -> Entry:
        """An entry that is known to be there."""
        value = self.root.entries[section].value
        assert isinstance(value, Mapping)
        return value.entries[name]

    def type_of(self, what: str, entry: Entry, node: Mapping) -> str | None:
        """The text under `Type`."""
        given = node.entries.get("Type")
        if given is None and _is_macro(node):
            return None  # what the macro makes has one
        if given is None or (isinstance(given.value, Scalar) and given.value.data in (None, "")):
            place = self.source.span(entry.start, entry.end) if given is None else self.place(given)
            self.faults.append(MissingType(place, what, entry.key, tuple(node.entries)))
            return None
        if isinstance(given.value, Scalar) and isinstance(given.value.data, str):
            return given.value.data
        self.faults.append(WrongType(self.place(given), what, entry.key, kind_of(given.value)))
        return None

    def condition(self, logical_id: str, node: Mapping) -> str | None:
        """The name under `Condition`."""
        given = node.entries.get("Condition")
        if given is None or (isinstance(given.value, Scalar) and given.value.data is None):
            return None
        if isinstance(given.value, Scalar):
            return given.value.text  # a condition may be named `Yes`
        self.faults.append(WrongCondition(self.place(given), logical_id, kind_of(given.value)))
        return None


def _is_macro(node: Node) -> bool:
    return isinstance(node, Mapping) and "Fn::Transform" in node.entries


def _transforms(node: Node | None) -> tuple[str, ...]:
    """The names under `Transform`: a name, a macro with `Name` and `Parameters`, or a list of either."""
    names: list[str] = []
    for one in node.items if isinstance(node, Sequence) else [node]:
        name = one.get("Name") if isinstance(one, Mapping) else one
        if isinstance(name, Scalar) and isinstance(name.data, str):
            names.append(name.data)
    return tuple(names)
