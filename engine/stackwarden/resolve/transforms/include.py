"""`AWS::Include`: snippets in local files, put where the template includes them, before anything else reads it.

CloudFormation runs macros from the most deeply nested outward, so an `Fn::Transform` anywhere in the template is done
before the transforms of the whole template see it. An object keeps its own keys over those of the snippet. A snippet
under `Transform` belongs to the whole template: its sections are added, entry by entry where both have one.

Snippets keep their own places: their nodes have offsets in a source that the template's and their texts are joined to.
What is not a local file (an object in Amazon S3, a location that is computed) stays an `Fn::Transform`.

Source: CloudFormation Template Reference, *AWS::Include transform*, *Fn::Transform*; User Guide, *Template macros*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from stackwarden.diagnostics import Diagnostic
from stackwarden.resolve.locations import beside
from stackwarden.source import JoinedSource, Source
from stackwarden.template.model import Comment, Inclusion, Snippet, Template
from stackwarden.template.nodes import Entry, Mapping, Node, Scalar, Sequence
from stackwarden.template.sections import read_sections

__all__ = ["IncludeFault", "Snippets", "expand"]

_INCLUDE: Final = "AWS::Include"
_KEY: Final = "Fn::Transform"


class Snippets(Protocol):
    """Who has the files that a template includes."""

    def snippet(self, name: str, /) -> Snippet | None:
        """The object in a file, by its name for people; None where there is none that can be read."""


@dataclass(frozen=True, slots=True)
class IncludeFault(Diagnostic):
    """A snippet that cannot be included."""

    file: str
    reason: str

    def message(self) -> str:
        return f"`{self.file}` cannot be included: it {self.reason}"


def expand(template: Template, snippets: Snippets) -> tuple[Template, tuple[Diagnostic, ...]]:
    """The template with its local snippets in place, and what is wrong with them; the same one without any."""
    if _INCLUDE not in template.source.text:
        return template, ()
    writer = _Writer(template.source, snippets)
    root = writer.whole(template.root)
    source = JoinedSource.of(writer.texts) if writer.included else template.source
    faults = tuple(
        IncludeFault(source.span(at.start, at.end), name, reason) for at, name, reason in writer.faults.values()
    )
    if not writer.included:
        return template, faults
    comments = (*template.comments, *writer.comments)
    made = read_sections(source, root, comments, ())
    if not isinstance(made, Template):
        return template, (*faults, made)
    news = tuple(one for one in made.diagnostics if one not in template.diagnostics)
    return replace(made, diagnostics=template.diagnostics, included=tuple(writer.included)), (*faults, *news)


@dataclass(slots=True)
class _Writer:
    """Puts the snippets of one template in place. `texts` are its own and those of the snippets, in their order."""

    source: Source
    snippets: Snippets
    texts: list[Source] = field(init=False)
    included: list[Inclusion] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    faults: dict[int, tuple[Scalar, str, str]] = field(default_factory=dict)
    _length: int = field(init=False)
    _written: dict[int, tuple[Node, Node]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.texts = [self.source]
        self._length = len(self.source.text) + 1

    def whole(self, root: Mapping) -> Mapping:
        """The root with its snippets, those of the `Transform` section among them."""
        written = self.node(root, (self.source.name,))
        assert isinstance(written, Mapping)
        given = written.get("Transform")
        if given is None:
            return written
        rest, found = self._read(given, (self.source.name,))
        if not found:
            return written
        entries = dict(written.entries)
        for snippet, _ in found:
            for entry in snippet:
                own = entries.get(entry.key)
                entries[entry.key] = entry if own is None else _together(own, entry)
        del entries["Transform"]
        if rest is not None:
            entries["Transform"] = _with_value(written.entries["Transform"], rest)
        return self._held(Mapping(entries, root.start, root.end), found)

    def node(self, node: Node, above: tuple[str, ...]) -> Node:
        """A node with the snippets below it; the same object where there are none. `above` are the files around it."""
        known = self._written.get(id(node))  # aliases share nodes
        if known is not None:
            return known[1]
        written = self._node(node, above)
        self._written[id(node)] = (node, written)  # the node is kept, so that no other has its id
        return written

    def _node(self, node: Node, above: tuple[str, ...]) -> Node:
        match node:
            case Scalar():
                return node
            case Sequence():
                items = [self.node(item, above) for item in node.items]
                same = all(new is old for new, old in zip(items, node.items, strict=True))
                return node if same else Sequence(items, node.start, node.end)
            case Mapping():
                entries = {entry.key: _with_value(entry, self.node(entry.value, above)) for entry in node}
                transform = node.get(_KEY)
                rest, found = self._read(transform, above) if transform is not None else (None, [])
                if not found:
                    same = all(entries[entry.key] is entry for entry in node)
                    return node if same else Mapping(entries, node.start, node.end, node.tag_form)
                own = {key: entry for key, entry in entries.items() if key != _KEY}
                if rest is not None:
                    own[_KEY] = _with_value(entries[_KEY], rest)
                added = {entry.key: entry for snippet, _ in found for entry in snippet}
                return self._held(Mapping({**added, **own}, node.start, node.end), found)

    def _read(self, transform: Node, above: tuple[str, ...]) -> tuple[Node | None, list[tuple[Mapping, Inclusion]]]:
        """What is left of a transform, and the snippets that it includes."""
        found: list[tuple[Mapping, Inclusion]] = []
        rest: list[Node] = []
        several = transform.items if isinstance(transform, Sequence) else [transform]
        for one in several:
            location = _local_file(one)
            snippet = self._snippet(location, above) if location is not None else None
            if snippet is None:
                rest.append(one)
            else:
                found.append(snippet)
        if len(rest) == len(several):
            return transform, found
        left = rest[0] if len(rest) == 1 else Sequence(rest, transform.start, transform.end)
        return (left if rest else None), found

    def _snippet(self, location: Scalar, above: tuple[str, ...]) -> tuple[Mapping, Inclusion] | None:
        name = beside(above[-1], location.text)
        snippet = None if name in above else self.snippets.snippet(name)
        if snippet is None:
            reason = "includes itself" if name in above else "is no file with an object that can be read"
            self.faults[location.start] = (location, name, reason)
            return None
        start = self._length
        self.texts.append(snippet.source)
        self._length += len(snippet.source.text) + 1
        self.comments.extend(Comment(one.text, one.start + start) for one in snippet.comments)
        root = self.node(_shifted(snippet.root, start, {}), (*above, name))
        assert isinstance(root, Mapping)
        return root, Inclusion(start, start + len(snippet.source.text) + 1, root, (location.start, location.end))

    def _held(self, holder: Mapping, found: list[tuple[Mapping, Inclusion]]) -> Mapping:
        self.included.extend(replace(inclusion, holder=holder) for _, inclusion in found)
        return holder


def _with_value(entry: Entry, value: Node) -> Entry:
    """The entry with another value; the same object where it is no other."""
    return entry if value is entry.value else Entry(entry.key, value, entry.start, entry.end)


def _together(own: Entry, added: Entry) -> Entry:
    """A section of the template with the entries that a snippet adds to it."""
    if not isinstance(own.value, Mapping) or not isinstance(added.value, Mapping):
        return own
    entries = {**added.value.entries, **own.value.entries}
    return Entry(own.key, Mapping(entries, own.value.start, own.value.end), own.start, own.end)


def _local_file(transform: Node) -> Scalar | None:
    """Where an `AWS::Include` says that its local file is; None for other macros and for objects in Amazon S3."""
    if not isinstance(transform, Mapping):
        return None
    name, parameters = transform.get("Name"), transform.get("Parameters")
    location = parameters.get("Location") if isinstance(parameters, Mapping) else None
    if isinstance(name, Scalar) and name.text == _INCLUDE and isinstance(location, Scalar) and location.text:
        return location if "://" not in location.text else None
    return None


def _shifted(node: Node, by: int, known: dict[int, Node]) -> Node:
    """A copy of a node whose offsets are further on; what aliases share stays shared."""
    if id(node) in known:
        return known[id(node)]
    match node:
        case Scalar():
            made: Node = Scalar(node.data, node.text, node.quoted, node.start + by, node.end + by)
        case Sequence():
            made = Sequence([_shifted(item, by, known) for item in node.items], node.start + by, node.end + by)
        case Mapping():
            entries = {entry.key: entry for entry in _shifted_entries(node, by, known)}
            made = Mapping(entries, node.start + by, node.end + by, node.tag_form)
    known[id(node)] = made
    return made


def _shifted_entries(node: Mapping, by: int, known: dict[int, Node]) -> Iterator[Entry]:
    for entry in node:
        yield Entry(entry.key, _shifted(entry.value, by, known), entry.start + by, entry.end + by)
