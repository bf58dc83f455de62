"""All waivers of templates and of the configuration: what they cover, which are over, and which cover nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from stackwarden.config import Settings
from stackwarden.diagnostics import Diagnostic
from stackwarden.run._marks import marks_of
from stackwarden.run.discover import Found
from stackwarden.run.files import read_source
from stackwarden.run.finding import Finding
from stackwarden.source import Source, Span
from stackwarden.template.edit import TextEdit, apply_edits
from stackwarden.template.load import load
from stackwarden.template.model import Template

__all__ = ["ListedWaiver", "list_waivers", "pruned"]

State = Literal["used", "unused", "ended"]


@dataclass(frozen=True, slots=True)
class ListedWaiver:
    """A waiver: rule ids or globs, reason, last day, who answers for it, where it stands, and how many it covers.

    `state` tells one that covers no finding (`unused`) and one that is over (`ended`) from the others.
    """

    rules: tuple[str, ...]
    reason: str
    until: date | None
    owner: str | None
    source: str
    written: Literal["comment", "metadata", "configuration"]
    findings: int
    state: State
    span: Span | None = field(default=None, compare=False, repr=False)


def list_waivers(
    files: Sequence[Found], findings: Sequence[Finding], settings: Settings | None, today: date
) -> tuple[tuple[ListedWaiver, ...], tuple[Diagnostic, ...]]:
    """The waivers of scanned files and of their configuration, and the marks that cannot be read."""
    covered = Counter(one.waived.source for one in findings if one.waived is not None)
    listed: list[ListedWaiver] = []
    wrong: list[Diagnostic] = []
    for template in _templates(files):
        for mark in marks_of(template):
            if isinstance(mark, Diagnostic):
                wrong.append(mark)
                continue
            source = f"{mark.span.source.name}:{mark.span.begin.line}"
            state = _state(mark.until, covered[source], today)
            listed.append(
                ListedWaiver(
                    mark.rules,
                    mark.reason,
                    mark.until,
                    mark.owner,
                    source,
                    mark.written,
                    covered[source],
                    state,
                    mark.span,
                )
            )
    for waiver in settings.waivers if settings is not None else ():
        count = covered[waiver.place]
        listed.append(
            ListedWaiver(
                (waiver.rule,),
                waiver.reason,
                waiver.until,
                waiver.owner,
                waiver.place,
                "configuration",
                count,
                _state(waiver.until, count, today),
                waiver.span,
            )
        )
    return tuple(listed), tuple(wrong)


def pruned(waivers: Sequence[ListedWaiver]) -> Iterator[tuple[Source, str | None, tuple[ListedWaiver, ...]]]:
    """The files without their waivers that are over or cover nothing: text before, text after, what was taken out.

    Only comments are taken out; what stands in `Metadata` or in the configuration is given with None for the text.
    """
    by_file: dict[str, list[ListedWaiver]] = {}
    for waiver in waivers:
        if waiver.state != "used" and waiver.span is not None:
            by_file.setdefault(waiver.span.source.name, []).append(waiver)
    for found in by_file.values():
        span = found[0].span
        assert span is not None  # only such were taken
        comments = tuple(one for one in found if one.written == "comment")
        others = tuple(one for one in found if one.written != "comment")
        if comments:
            edits = [_without(one.span) for one in comments if one.span is not None]
            yield span.source, apply_edits(span.source.text, edits), comments
        if others:
            yield span.source, None, others


def _templates(files: Sequence[Found]) -> Iterator[Template]:
    for found in files:
        source = read_source(found, None) if found.path is not None else None
        template = load(source) if isinstance(source, Source) else None
        if isinstance(template, Template):
            yield template


def _state(until: date | None, count: int, today: date) -> State:
    if until is not None and until < today:
        return "ended"
    return "used" if count else "unused"


def _without(span: Span) -> TextEdit:
    """Takes a comment out: its line where it stands alone, else what follows the value."""
    text = span.source.text
    line = text.rfind("\n", 0, span.start) + 1
    if text[line : span.start].strip():
        start = span.start
        while text[start - 1] in " \t":
            start -= 1
        return TextEdit(start, span.end, "")
    end = text.find("\n", span.end)
    return TextEdit(line, len(text) if end < 0 else end + 1, "")
