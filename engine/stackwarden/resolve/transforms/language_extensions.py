"""`AWS::LanguageExtensions`: loops written out.

`Fn::ForEach::Name: [Identifier, collection, {key: value}]` stands for its value once for each element of the
collection, in Resources, Conditions, Outputs and inside of resources; loops nest. A collection may depend on
parameters: what it gives under some values only exists under the guard of those values. A collection of which nothing
is known stands for one copy, whose element is not known, and which may or may not be there; where its elements are
restricted by `AllowedValues`, for one copy of each.

Source: CloudFormation Template Reference, *Fn::ForEach*, *AWS::LanguageExtensions transform*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnlyMapping
from dataclasses import dataclass, field, replace
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.resolve.constraints import is_list_type
from stackwarden.resolve.context import BadIntrinsic
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.parameters import allowed_of
from stackwarden.resolve.questions import settle
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import Known, ListValue, MapValue, Value, cases_of
from stackwarden.template.model import Output, Resource, Template
from stackwarden.template.nodes import Entry, Mapping, Node, Scalar, Sequence

__all__ = ["TRANSFORM", "Loops", "expand"]

TRANSFORM: Final = "AWS::LanguageExtensions"
_SECTIONS: Final = ("Conditions", "Outputs", "Resources")
_LOOP: Final = "Fn::ForEach::"
_PLACEHOLDER: Final = re.compile(r"([$&])\{(\w+)\}")
_UNKNOWN: Final = "{{resolve:"
"""An element that is not known is written as a dynamic reference: a text that only the deployment knows."""
_NAMING: Final = {"Condition": 1, "DependsOn": 99, "Fn::GetAtt": 1, "Fn::If": 1, "Ref": 1}
"""Keys whose value is a name, or a list that begins with so many names."""
_MOST_COPIES: Final = 10_000
"""More copies than this are no template that CloudFormation would take; the loop counts as unknown."""


@dataclass(frozen=True, slots=True)
class Loops:
    """A template with its loops written out; `document` is its root with them.

    `guards` says where made conditions hold that resources and properties name.
    """

    template: Template
    document: Mapping
    guards: ReadOnlyMapping[str, Guard]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Copy:
    """An entry that a loop gave, and where it exists."""

    entry: Entry
    guard: Guard


@dataclass(slots=True)
class _Writer:
    """Writes the loops of one template out."""

    resolver: Resolver
    guards: dict[str, Guard] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    copies: int = 0

    def entries(self, mapping: Mapping, names: ReadOnlyMapping[str, str], under: Guard) -> Iterator[_Copy]:
        """The entries of a mapping with loops written out and the names of outer loops replaced."""
        for entry in mapping:
            if entry.key.startswith(_LOOP):
                yield from self._loop(entry, names, under)
            else:
                yield _Copy(self._entry(entry, names), under)

    def node(self, node: Node, names: ReadOnlyMapping[str, str], *, named: int = 0) -> Node:
        """A node with loops in it written out and names replaced; the same object where nothing changes.

        The text, or the first `named` texts of the list, is a name of something in the template.
        """
        match node:
            case Scalar():
                return _scalar(node, names, is_name=named > 0)
            case Sequence():
                items = [self.node(item, names, named=index < named) for index, item in enumerate(node.items)]
                same = all(new is old for new, old in zip(items, node.items, strict=True))
                return node if same else Sequence(items, node.start, node.end)
            case Mapping():
                return self._mapping(node, names)

    def condition(self, guard: Guard) -> str:
        """The name of a made condition that holds under a guard."""
        for name, known in self.guards.items():
            if known is guard:
                return name
        name = f"Fn::ForEach {len(self.guards) + 1}"
        self.guards[name] = guard
        return name

    def _mapping(self, node: Mapping, names: ReadOnlyMapping[str, str]) -> Node:
        if len(node.entries) == 1 and names:
            referenced = node.get("Ref")
            if isinstance(referenced, Scalar) and referenced.text in names:
                value = names[referenced.text]
                return Scalar(value, value, True, node.start, node.end)
        if not any(key.startswith(_LOOP) for key in node.entries):
            entries = {(new := self._entry(entry, names)).key: new for entry in node}
            same = all(entries.get(key) is entry for key, entry in node.entries.items())
            return node if same else Mapping(entries, node.start, node.end, node.tag_form)
        written: dict[str, Entry] = {}
        for copy in self.entries(node, names, TRUE):
            entry = copy.entry
            if copy.guard is not TRUE:
                entry = Entry(entry.key, self._if(copy), entry.start, entry.end)
            written[entry.key] = entry
        return Mapping(written, node.start, node.end)

    def _entry(self, entry: Entry, names: ReadOnlyMapping[str, str]) -> Entry:
        key = _replaced(entry.key, names, is_name=True)
        value = self.node(entry.value, names, named=_NAMING.get(entry.key, 0))
        return entry if key == entry.key and value is entry.value else Entry(key, value, entry.start, entry.end)

    def _if(self, copy: _Copy) -> Node:
        place = (copy.entry.start, copy.entry.end)
        name = self.condition(copy.guard)
        nothing = Mapping({"Ref": Entry("Ref", Scalar("AWS::NoValue", "AWS::NoValue", True, *place), *place)}, *place)
        branches: list[Node] = [Scalar(name, name, True, *place), copy.entry.value, nothing]
        return Mapping({"Fn::If": Entry("Fn::If", Sequence(branches, *place), *place)}, *place)

    def _loop(self, loop: Entry, names: ReadOnlyMapping[str, str], under: Guard) -> Iterator[_Copy]:
        match loop.value:
            case Sequence(items=[Scalar() as identifier, collection, Mapping() as body]):
                pass
            case _:
                self._malformed(loop, "expects a name, a collection and a map with one key")
                return
        values = self.resolver.resolve(self.node(collection, names))
        wrong = self._wrong_collection(collection, values)
        if wrong:
            self._malformed(loop, wrong)
            return
        others = self._others(loop.key, collection) or {
            f"{_UNKNOWN}{identifier.text}}}}}": self.resolver.space.flag(f"{loop.key} has other elements")
        }
        seen: dict[str, Guard] = {}
        for guard, known in self._elements(values, under):
            for element, may in others.items() if known is None else ((known, TRUE),):
                seen[element] = seen.get(element, FALSE) | (guard & may)
        for value, guard in seen.items():
            self.copies += 1
            if self.copies > _MOST_COPIES:
                self._malformed(loop, f"makes more than {_MOST_COPIES} copies")
                return
            yield from self.entries(body, {**names, identifier.text: value}, guard)

    def _wrong_collection(self, collection: Node, values: Value) -> str:
        """Why nothing can be looped over; empty where something can."""
        if any(isinstance(plain, MapValue | Known) for _, plain in cases_of(values)):
            return "expects a list to loop over"
        name = collection.get("Ref") if isinstance(collection, Mapping) else None
        template = self.resolver.template
        if not isinstance(name, Scalar) or name.text in template.parameters or name.text.startswith("AWS::"):
            return ""
        by_macro = template.has_macro("Parameters") or any("::" not in one for one in template.transforms)
        return "" if by_macro else f"loops over `{name.text}`, which is not a parameter"

    def _elements(self, values: Value, under: Guard) -> Iterator[tuple[Guard, str | None]]:
        """The elements of a collection and where it has them; None for elements that are not known."""
        for guard, plain in settle(values, self.resolver.domains):
            there = under & guard
            if there is FALSE:
                continue
            if not isinstance(plain, ListValue):
                yield there, None
                continue
            if plain.open:
                yield there, None
            for item in plain.items:
                for inner, element in settle(item.value, self.resolver.domains):
                    joint = there & item.guard & inner
                    if joint is not FALSE:
                        yield joint, element.text if isinstance(element, Known) else None

    def _others(self, loop: str, collection: Node) -> dict[str, Guard]:
        """The elements of a parameter that allows some only, and where a list that is not known has each."""
        name = collection.get("Ref") if isinstance(collection, Mapping) else None
        parameter = self.resolver.template.parameters.get(name.text) if isinstance(name, Scalar) else None
        if parameter is None or not is_list_type(parameter.type):
            return {}
        return {one: self.resolver.space.flag(f"{loop} has the element {one}") for one in allowed_of(parameter)}

    def _malformed(self, loop: Entry, reason: str) -> None:
        place = self.resolver.template.source.span(loop.start, loop.end)
        self.diagnostics.append(BadIntrinsic(place, "Fn::ForEach", reason))


def expand(template: Template, resolver: Resolver) -> Loops:
    """The template with its loops written out; `resolver` is that of the template as it is."""
    writer = _Writer(resolver)
    sections = {name: list(writer.entries(_section(template, name), {}, TRUE)) for name in _SECTIONS}
    conditions = {copy.entry.key: copy.entry.value for copy in sections["Conditions"]}
    outputs = {
        copy.entry.key: Output(copy.entry.key, copy.entry.value, (copy.entry.start, copy.entry.end))
        for copy in sections["Outputs"]
        if isinstance(copy.entry.value, Mapping)
    }
    made = [_resource(template, writer, copy) for copy in sections["Resources"]]
    resources = {resource.logical_id: resource for resource in made if resource is not None}
    transforms = tuple(name for name in template.transforms if name != TRANSFORM)
    written = replace(template, conditions=conditions, outputs=outputs, resources=resources, transforms=transforms)
    return Loops(written, _document(template, sections), writer.guards, tuple(writer.diagnostics))


def _document(template: Template, sections: ReadOnlyMapping[str, list[_Copy]]) -> Mapping:
    entries = dict(template.root.entries)
    for name, copies in sections.items():
        if name in entries:
            old = entries[name]
            written = Mapping({copy.entry.key: copy.entry for copy in copies}, old.value.start, old.value.end)
            entries[name] = Entry(name, written, old.start, old.end)
    return Mapping(entries, template.root.start, template.root.end)


def _section(template: Template, name: str) -> Mapping:
    section = template.root.get(name)
    return section if isinstance(section, Mapping) else Mapping({}, template.root.start, template.root.start)


def _resource(template: Template, writer: _Writer, copy: _Copy) -> Resource | None:
    node = copy.entry.value
    known = template.resources.get(copy.entry.key)
    if known is not None and known.node is node:
        return known
    kind = node.get("Type") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or not isinstance(kind, Scalar):
        return None
    condition = node.get("Condition")
    return Resource(
        copy.entry.key,
        kind.text,
        node.get("Properties"),
        condition.text if isinstance(condition, Scalar) else None,
        node,
        (copy.entry.start, copy.entry.end),
        None if copy.guard is TRUE else writer.condition(copy.guard),
    )


def _scalar(node: Scalar, names: ReadOnlyMapping[str, str], *, is_name: bool) -> Scalar:
    if not names or not isinstance(node.data, str):
        return node
    text = _replaced(node.data, names, is_name=is_name)
    return node if text == node.data else Scalar(text, text, node.quoted, node.start, node.end)


def _replaced(text: str, names: ReadOnlyMapping[str, str], *, is_name: bool) -> str:
    """`${Name}` by the element, `&{Name}` by its letters and digits, as logical ids take them.

    In a name and as `&{Name}`, an element that is not known stands as the name of the loop's variable.
    """
    if not names or "{" not in text:
        return text

    def replaced(match: re.Match[str]) -> str:
        value = names.get(match.group(2))
        if value is None:
            return match.group()
        if value.startswith(_UNKNOWN) and (is_name or match.group(1) == "&"):
            return match.group(2)
        return value if match.group(1) == "$" else "".join(char for char in value if char.isalnum())

    return _PLACEHOLDER.sub(replaced, text)
