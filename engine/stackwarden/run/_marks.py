"""Waivers that stand in a template: comments, and `Metadata` of a resource."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnlyMapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal

from stackwarden.diagnostics import Diagnostic, did_you_mean
from stackwarden.run.places import place_of
from stackwarden.source import Span
from stackwarden.template.model import Comment, Resource, Template
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["Mark", "Target", "marks_of"]

_HEAD: Final = "stackwarden:"
_IGNORE: Final = re.compile(r"ignore\s*\[([^\]]*)\]")
_ATTRIBUTE: Final = re.compile(r"\s*(\w+)\s*=\s*(\"(?:\\.|[^\"\\])*\"|'[^']*'|[^\s\"']+)")
_RULE: Final = re.compile(r"[A-Za-z0-9*?_.\[\]!-]+")
_ATTRIBUTES: Final = ("reason", "until", "owner")
_FIELDS: Final = ("rule", *_ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class Target:
    """What a mark covers: the node at `path`, from `start` to `end`; a whole resource where `resource` names it."""

    path: tuple[str | int, ...]
    start: int
    end: int
    resource: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A waiver in the template. `rules` are globs over rule ids; `until` is the last day on which it counts.

    `written` is how it stands in the text.
    """

    rules: tuple[str, ...]
    reason: str
    until: date | None
    target: Target
    span: Span = field(compare=False)
    owner: str | None = None
    written: Literal["comment", "metadata"] = "comment"


@dataclass(frozen=True, slots=True)
class MalformedMark(Diagnostic):
    """A mark that cannot be read; it waives nothing."""

    reason: str

    def message(self) -> str:
        return f"this waiver does not count: {self.reason}"

    def help(self) -> str | None:
        return 'write `# stackwarden: ignore[rule-id] reason="…" until=2027-01-31`; `until` may be left out'


@dataclass(frozen=True, slots=True)
class MalformedMetadata(Diagnostic):
    """An entry of `Metadata` that cannot be read; it waives nothing."""

    reason: str

    def message(self) -> str:
        return f"this waiver does not count: {self.reason}"

    def help(self) -> str | None:
        return "write `stackwarden: {ignore: [{rule: rule-id, reason: …, until: 2027-01-31}]}`; `until` may be left out"


@dataclass(frozen=True, slots=True)
class UnknownAttribute(Diagnostic):
    """A word in a mark that means nothing."""

    name: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"this waiver does not count: it has no `{self.name}`"

    def help(self) -> str | None:
        return did_you_mean(self.name, self.known) or f"it may have {', '.join(f'`{name}`' for name in self.known)}"


@dataclass(frozen=True, slots=True)
class MarkWithoutReason(Diagnostic):
    """A mark that does not say why."""

    def message(self) -> str:
        return "this waiver does not count: it has no reason"

    def help(self) -> str | None:
        return 'say why the finding is accepted: `reason="…"`'


@dataclass(frozen=True, slots=True)
class MarkWithBadDate(Diagnostic):
    """A mark whose `until` is no date."""

    value: str

    def message(self) -> str:
        return f"this waiver does not count: `{self.value}` is not a date such as 2027-01-31"


@dataclass(frozen=True, slots=True)
class MarkCoversNothing(Diagnostic):
    """A comment beside or above which no resource or property starts."""

    def message(self) -> str:
        return "this waiver does not count: no resource or property starts on its line or the line below"


def marks_of(template: Template) -> Iterator[Mark | Diagnostic]:
    """Every waiver in a template, comments first; what is wrong with one stands in its place."""
    for comment in template.comments:
        if comment.text.startswith(_HEAD):
            yield _from_comment(template, comment)
    for resource in template.resources.values():
        yield from _from_metadata(template, resource)


def _from_comment(template: Template, comment: Comment) -> Mark | Diagnostic:
    source = template.source
    line = source.position(comment.start).line
    length = len(source.text[comment.start :].split("\n", 1)[0].rstrip())
    span = source.span(comment.start, comment.start + length)
    text = comment.text.removeprefix(_HEAD).strip()
    head = _IGNORE.match(text)
    if head is None:
        return MalformedMark(span, "it does not say `ignore[rule-id]`")
    given: dict[str, str] = {}
    at = head.end()
    while text[at:].strip():
        attribute = _ATTRIBUTE.match(text, at)
        if attribute is None:
            return MalformedMark(span, f"`{text[at:].strip()}` is not understood")
        name, value = attribute.groups()
        if name not in _ATTRIBUTES:
            return UnknownAttribute(span, name, _ATTRIBUTES)
        given[name] = re.sub(r"\\(.)", r"\1", value[1:-1]) if value[0] in "\"'" else value
        at = attribute.end()
    target = _target(template, line, comment.start)
    if target is None:
        return MarkCoversNothing(span)
    rules = tuple(word.strip() for word in head[1].split(","))
    return _mark(rules, given, target, span, "comment")


def _mark(
    rules: tuple[str, ...],
    given: ReadOnlyMapping[str, str],
    target: Target,
    span: Span,
    written: Literal["comment", "metadata"],
) -> Mark | Diagnostic:
    reason, until = given.get("reason", ""), given.get("until")
    for rule in rules:
        if not _RULE.fullmatch(rule):
            return MalformedMark(span, f"`{rule}` is not a rule id" if rule else "it names no rule")
    if not reason.strip():
        return MarkWithoutReason(span)
    try:
        day = None if until is None else date.fromisoformat(until)
    except ValueError:
        return MarkWithBadDate(span, until or "")
    return Mark(rules, reason.strip(), day, target, span, given.get("owner"), written)


def _target(template: Template, line: int, comment: int) -> Target | None:
    """What starts on the comment's own line, or where that holds nothing else, on the next line with content.

    Its offsets are those in the text where it stands.
    """
    source = template.source
    starts = source.line_starts
    if not source.text[starts[line - 1] : comment].strip():
        line += 1
        last = source.position(source.piece_end(comment)).line
        while line <= last and source.line(line).lstrip()[:1] in ("", "#"):
            line += 1
        if line > last:
            return None
    begin = starts[line - 1]
    end = starts[line] if line < len(starts) else len(source.text)
    inclusion = next((one for one in template.included if one.start <= comment < one.end), None)
    if inclusion is None:
        found = _first(template.root, (), begin, end)
    else:
        found = _first(inclusion.holder, place_of(template, inclusion.holder).path, begin, end)
    if found is None:
        return None
    span = source.span(found.start, found.end)
    return replace(found, start=span.start, end=span.end)


def _first(node: Node, path: tuple[str | int, ...], begin: int, end: int) -> Target | None:
    """The outermost key or list item that starts in the range; sections such as `Resources` are too much to waive."""
    parts: list[tuple[str | int, int, Node]] = []
    match node:
        case Mapping():
            parts = [(entry.key, entry.start, entry.value) for entry in node]
        case Sequence():
            parts = [(index, item.start, item) for index, item in enumerate(node.items)]
        case Scalar():
            return None
    for step, start, value in parts:
        inner = (*path, step)
        if begin <= start < end and path:
            resource = str(step) if path == ("Resources",) else None
            return Target(inner, start, max(start, value.end), resource)
        if value.start < end and begin < value.end:
            found = _first(value, inner, begin, end)
            if found is not None:
                return found
    return None


def _from_metadata(template: Template, resource: Resource) -> Iterator[Mark | Diagnostic]:
    metadata = resource.node.get("Metadata")
    ours = metadata.get("stackwarden") if isinstance(metadata, Mapping) else None
    if ours is None:
        return
    if not isinstance(ours, Mapping):
        yield MalformedMetadata(template.span(ours), "`stackwarden` must be a map")
        return
    for entry in ours:
        if entry.key != "ignore":
            yield UnknownAttribute(template.source.span(entry.start, entry.end), entry.key, ("ignore",))
    ignore = ours.get("ignore")
    place = template.source.span(resource.key[0], resource.node.end)
    target = Target(("Resources", resource.logical_id), place.start, place.end, resource.logical_id)
    match ignore:
        case None:
            return
        case Sequence(items=items):
            for item in items:
                yield _from_entry(template, item, target)
        case _:
            yield _from_entry(template, ignore, target)


def _from_entry(template: Template, item: Node, target: Target) -> Mark | Diagnostic:
    span = template.span(item)
    if not isinstance(item, Mapping):
        return MalformedMetadata(span, "an entry of `ignore` must be a map")
    given: dict[str, str] = {}
    rules: tuple[str, ...] = ()
    for entry in item:
        if entry.key not in _FIELDS:
            return UnknownAttribute(template.source.span(entry.start, entry.end), entry.key, _FIELDS)
        match entry.value:
            case Scalar(text=text, data=data):
                given[entry.key] = data if isinstance(data, str) else text
            case Sequence(items=items) if entry.key == "rule":
                rules = tuple(part.text for part in items if isinstance(part, Scalar))
            case _:
                return MalformedMetadata(template.span(entry.value), f"`{entry.key}` must be a text")
    if not rules:
        rules = (given.get("rule", ""),)
    return _mark(rules, given, target, span, "metadata")
