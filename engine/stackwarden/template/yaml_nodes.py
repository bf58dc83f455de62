"""libyaml's nodes to ours.

Resolves plain scalars, expands short tags, merges `<<`, and works out where block collections end (libyaml's mark
lies at the next token). This is the hottest code of a scan, hence the few places where a call is written out.

Where a file has both anchors and aliases, a node that is named twice becomes one shared node of ours; it has the
place of its anchor.
"""

from __future__ import annotations

import re
from typing import Final

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source, Span
from stackwarden.template.faults import (
    AliasCycle,
    BadMerge,
    BadScalar,
    ComplexKey,
    DuplicateKey,
    ForbiddenTagUse,
    TooManyNodes,
    UnknownTag,
)
from stackwarden.template.kinds import kind_of
from stackwarden.template.limits import Limits
from stackwarden.template.nodes import Entry, Mapping, Node, Scalar, Sequence
from stackwarden.template.short_tags import LONG_ONLY, SHORT_TAGS, expand
from stackwarden.template.yaml_scalars import NUMBER_STARTS, STANDARD, TEXT, WORDS, number, standard

__all__ = ["Reader", "scalar_spans"]

_NOT_PLAIN: Final = frozenset("&!|>")  # what the text of a plain or quoted scalar never starts with
_BLOCK: Final = ("|", ">")
_ANCHOR: Final = re.compile(r"&[A-Za-z0-9_-]")
_ALIAS: Final = re.compile(r"\*[A-Za-z0-9_-]")
_BLANK: Final = " \t\r\n\x85\u2028\u2029"  # what separates tokens in YAML 1.1; not all that Unicode calls white space
_GAP: Final = rf"(?:[{_BLANK}]+(?:#[^\r\n]*(?:[{_BLANK}]+|$))*)"
_ANCHOR_AND_GAP: Final = re.compile(rf"&([A-Za-z0-9_-]+){_GAP}?")
_TAG: Final = re.compile(r"!<[^>]*>|![^\s,\[\]{}]*")
_PROPERTIES: Final = re.compile(rf"(?:(?:!<[^>]*>|[!&][^\s,\[\]{{}}]*){_GAP}?)+")
_NEXT_ALIAS: Final = re.compile(r"(?:[\s,:?-]|#[^\r\n]*)*\*[A-Za-z0-9_-]+")
_LINE_END: Final = re.compile(r"[\r\n]|$")


class Reader:
    """Makes our nodes of libyaml's. `faults` make the file no template, `notes` are only worth telling."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.text = source.text + "\0"  # an empty value may stand at the very end
        self.limits = limits
        self.faults: list[Diagnostic] = []
        self.notes: list[Diagnostic] = []
        self.merged = 0
        aliased = _ANCHOR.search(source.text) is not None and _ALIAS.search(source.text) is not None
        self.shared: dict[int, Node | None] | None = {} if aliased else None

    def read(self, node: yaml.Node) -> Node:
        """The node of ours for one of libyaml's."""
        if self.shared is None:
            return self._fresh(node)
        key = id(node)
        if key in self.shared:
            known = self.shared[key]
            return self._cycle(node) if known is None else known
        self.shared[key] = None
        made = self.shared[key] = self._fresh(node)
        return made

    def _fresh(self, node: yaml.Node) -> Node:
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        tag: str | None = node.tag
        if tag is not None:
            return self._tagged(node)
        start = node.start_mark.index
        if self.text[start] == "&":
            start = self._content(start, node.end_mark.index)
        return self._collection(node, start)

    def _collection(self, node: yaml.Node, start: int) -> Node:
        if isinstance(node, MappingNode):
            return self._mapping(node, start)
        assert isinstance(node, SequenceNode)  # libyaml has these three kinds
        return self._sequence(node, start)

    def _scalar(self, node: ScalarNode) -> Node:
        tag: str | None = node.tag
        value: str = node.value
        start: int = node.start_mark.index
        end: int = node.end_mark.index
        if self.text[start] in _NOT_PLAIN and start < end:
            if tag is not None and tag != TEXT:
                return self._tagged(node)
            start = self._content(start, end)
            end = self._block_end(node, start, end)
        if tag is None:
            data = WORDS.get(value, value)
            if data is value and value[0] in NUMBER_STARTS:
                data = number(value)
            return Scalar(data, value, False, start, end)
        return Scalar(value, value, bool(node.style), start, end)

    def _sequence(self, node: SequenceNode, start: int) -> Sequence:
        items: list[Node] = []
        at = start
        for child in node.value:
            item = self._scalar(child) if self.shared is None and isinstance(child, ScalarNode) else self.read(child)
            items.append(item)
            at = item.end if item.start >= at else self._alias_end(at)
        return Sequence(items, start, node.end_mark.index if node.flow_style else at)

    def _mapping(self, node: MappingNode, start: int) -> Mapping:
        entries: dict[str, Entry] = {}
        merges: list[Node] = []
        text, plain = self.text, self.shared is None
        at = start
        for key_node, value_node in node.value:
            key: str = key_node.value
            key_start: int = key_node.start_mark.index
            key_end: int = key_node.end_mark.index
            tag: str | None = key_node.tag
            if not isinstance(key_node, ScalarNode) or text[key_start] in _NOT_PLAIN:
                key, key_start, key_end = self._unusual_key(key_node)
            after = key_end if key_start >= at else self._alias_end(at)
            value = self._scalar(value_node) if plain and isinstance(value_node, ScalarNode) else self.read(value_node)
            at = value.end if value.start >= after else self._alias_end(after)
            if key == "<<" and tag is None:
                merges.append(value)
                continue
            if key in entries:
                self._duplicate(key, entries.pop(key), key_start, key_end)
            entries[key] = Entry(key, value, key_start, key_end)
        if merges:
            entries = self._merge(merges) | entries
        return Mapping(entries, start, node.end_mark.index if node.flow_style else at)

    def _unusual_key(self, node: yaml.Node) -> tuple[str, int, int]:
        """Text and place of a key that has an anchor or a tag, or is a block scalar, a list or a mapping."""
        key = self.read(node)
        if isinstance(key, Scalar):
            return key.text, key.start, key.end
        self._fault(ComplexKey(self._span(key.start, key.end), kind_of(key)))
        return self.text[key.start : key.end], key.start, key.end

    def _duplicate(self, key: str, first: Entry, start: int, end: int) -> None:
        if len(self.notes) < self.limits.diagnostics:
            line = self.source.position(first.start).line
            self.notes.append(DuplicateKey(self._span(start, end), key, line))

    def _merge(self, values: list[Node]) -> dict[str, Entry]:
        """The entries of merge keys: of a list, the first mapping wins (https://yaml.org/type/merge.html)."""
        merged: dict[str, Entry] = {}
        for value in values:
            for one in reversed(value.items) if isinstance(value, Sequence) else [value]:
                if not isinstance(one, Mapping) or one.tag_form:
                    self._fault(BadMerge(self._span(one.start, one.end)))
                    continue
                self.merged += len(one.entries)
                if self.merged > self.limits.nodes:
                    self._fault(TooManyNodes(self._span(one.start, one.end), self.limits.nodes))
                    return merged
                merged |= one.entries
        return merged

    def _tagged(self, node: yaml.Node) -> Node:
        """A node with a tag of its own. Scalars under a short tag are text: `!Sub 1` is `{"Fn::Sub": "1"}`."""
        start, end = node.start_mark.index, node.end_mark.index
        tag: str = node.tag
        value = self._untagged(node, self._content(start, end), end)
        if tag in SHORT_TAGS:
            if self.text[start] == "&" and (anchor := _ANCHOR_AND_GAP.match(self.text, start)) is not None:
                start = anchor.end()
            written = _TAG.match(self.text, start)
            return expand(tag, value, start, written.end() if written else start)
        if tag.startswith(STANDARD):
            return self._standard(tag.removeprefix(STANDARD), value)
        written = _TAG.search(self.text, start, end)
        place = self._span(*written.span()) if written else self._span(start, end)
        self._fault(UnknownTag(place, tag, tuple(SHORT_TAGS), tag in LONG_ONLY))
        return value

    def _untagged(self, node: yaml.Node, start: int, end: int) -> Node:
        if isinstance(node, ScalarNode):
            return Scalar(node.value, node.value, bool(node.style), start, self._block_end(node, start, end))
        return self._collection(node, start)

    def _standard(self, tag: str, value: Node) -> Node:
        place = self._span(value.start, value.end)
        match value:
            case Scalar():
                try:
                    return Scalar(standard(tag, value.text), value.text, value.quoted, value.start, value.end)
                except ValueError:
                    self._fault(BadScalar(place, f"!!{tag}", value.text))
                    return value
                except KeyError:
                    fits = False
            case Mapping():
                fits = tag == "map"
            case Sequence():
                fits = tag == "seq"
        if not fits:
            self._fault(ForbiddenTagUse(place, f"!!{tag}", kind_of(value)))
        return value

    def _content(self, start: int, end: int) -> int:
        """Where a value starts behind its tag and anchor."""
        properties = _PROPERTIES.match(self.text, start, end)
        return start if properties is None else properties.end()

    def _block_end(self, node: ScalarNode, start: int, end: int) -> int:
        """The end of a scalar; libyaml counts the blank lines after a block scalar as part of it."""
        return start + len(self.text[start:end].rstrip(_BLANK)) if node.style in _BLOCK else end

    def _alias_end(self, at: int) -> int:
        """The end of the alias that comes next after `at`: libyaml leaves nothing of it but the node it names."""
        alias = _NEXT_ALIAS.match(self.text, at)
        return at if alias is None else alias.end()

    def _cycle(self, node: yaml.Node) -> Node:
        start = node.start_mark.index
        anchor = _ANCHOR_AND_GAP.search(self.text, start)
        name, end = (anchor[1], anchor.end(1)) if anchor else ("", start)
        self._fault(AliasCycle(self._span(start, end), name))
        return Scalar(None, "", False, start, start)

    def _fault(self, fault: Diagnostic) -> None:
        if len(self.faults) < self.limits.diagnostics:
            self.faults.append(fault)

    def _span(self, start: int, end: int) -> Span:
        return Span(self.source, start, end)


def scalar_spans(text: str, root: yaml.Node) -> list[tuple[int, int]]:
    """The places of the contents of all scalars, sorted: without tag and anchor, block scalars without their header."""
    spans: list[tuple[int, int]] = []
    seen: set[int] = set()
    todo = [root]
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            todo += [one for pair in node.value for one in pair]
        elif isinstance(node, ScalarNode):
            spans.append(_content_span(text, node))
        else:
            todo += node.value
    return sorted(spans)


def _content_span(text: str, node: ScalarNode) -> tuple[int, int]:
    start, end = node.start_mark.index, node.end_mark.index
    properties = _PROPERTIES.match(text, start, end)
    start = start if properties is None else properties.end()
    if node.style in _BLOCK and (line_end := _LINE_END.search(text, start)) is not None:
        start = line_end.start()
    return start, end
