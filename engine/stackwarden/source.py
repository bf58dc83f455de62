"""Texts and places in them.

Offsets are counted in code points from 0 and spans are half open. Lines and columns, counted from 1,
exist only at the edges (reports, diagnostics, editors), so they are computed on demand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

__all__ = ["JoinedSource", "Position", "Source", "Span"]


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place for people: line and column, both counted from 1, the column in code points."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """A text and the name under which it was given (a path as on the command line, or `<stdin>`)."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first code point of each line; a line ends with LF, CR LF or CR."""
        starts = [0]
        text = self.text
        if "\r" not in text:
            position = text.find("\n")
            while position >= 0:
                starts.append(position + 1)
                position = text.find("\n", position + 1)
            return starts
        for index, char in enumerate(text):
            if char == "\n" or (char == "\r" and text[index + 1 : index + 2] != "\n"):
                starts.append(index + 1)
        return starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset; an offset past the end counts as the end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    @property
    def pieces(self) -> tuple[tuple[int, Source], ...]:
        """The texts that this one is made of, each with the offset where it begins."""
        return ((0, self),)

    def span(self, start: int, end: int) -> Span:
        """The range between two offsets, in the text that it is a part of."""
        return Span(self, start, end)

    def piece_end(self, offset: int) -> int:
        """Where the text ends that an offset lies in."""
        return next((start - 1 for start, _ in self.pieces if start > offset), len(self.text))

    def offset(self, position: Position) -> int:
        """Offset of a line and column; the inverse of `position`, clamped to the text."""
        line = max(1, min(position.line, len(self.line_starts)))
        return max(0, min(self.line_starts[line - 1] + position.column - 1, len(self.text)))

    def line(self, number: int) -> str:
        """Text of a line (counted from 1) without its line end; empty when there is no such line."""
        if not 1 <= number <= len(self.line_starts):
            return ""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")


@dataclass(frozen=True)
class JoinedSource(Source):
    """A text with others behind it, that are included in it: nodes of all have offsets in the whole.

    Its name is that of the first text; for people, a place is one in the text where it stands (`span`).
    """

    joined: tuple[tuple[int, Source], ...] = field(repr=False)

    @classmethod
    def of(cls, texts: Sequence[Source]) -> JoinedSource:
        """The texts in their order, each on lines of its own."""
        starts = accumulate((len(text.text) + 1 for text in texts), initial=0)
        joined = tuple(zip(starts, texts, strict=False))
        return cls(texts[0].name, "\n".join(text.text for text in texts), joined)

    @property
    def pieces(self) -> tuple[tuple[int, Source], ...]:
        return self.joined

    def span(self, start: int, end: int) -> Span:
        index = bisect_right(self.joined, start, key=lambda piece: piece[0]) - 1
        offset, source = self.joined[index]
        return Span(source, start - offset, min(end - offset, len(source.text)))


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of a source."""

    source: Source = field(repr=False)
    start: int
    end: int

    @property
    def begin(self) -> Position:
        """Where the range starts."""
        return self.source.position(self.start)

    @property
    def finish(self) -> Position:
        """One past the last code point."""
        return self.source.position(self.end)

    @property
    def text(self) -> str:
        """The text in the range."""
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The range from the start of this one to the end of `other` (same source)."""
        return Span(self.source, self.start, max(self.end, other.end))
