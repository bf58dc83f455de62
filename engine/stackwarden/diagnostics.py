"""What is wrong with an input: diagnostics are values that are collected, not exceptions.

One class per diagnostic stands beside the code that finds it; this module holds what they share.
Wording: one lower-case sentence without full stop, the user's own words in backticks, a near miss as help.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from stackwarden.source import Position, Span

__all__ = ["CodeFrame", "Diagnostic", "Message", "Severity", "code_frame", "did_you_mean"]


class Severity(IntEnum):
    """How grave a finding is; ordered, so that severities compare."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The severity as written in policies, options and reports."""
        return self.name.lower()

    @classmethod
    def parse(cls, word: str) -> Severity | None:
        """The severity for a word such as `high`, or None."""
        return _SEVERITIES.get(word)

    @classmethod
    def words(cls) -> tuple[str, ...]:
        """All severities, worst first."""
        return tuple(_SEVERITIES)


_SEVERITIES = {severity.name.lower(): severity for severity in sorted(Severity, reverse=True)}


@dataclass(frozen=True, slots=True)
class Diagnostic(ABC):
    """Something wrong with a file that stackwarden reads: a template, a policy or a setting.

    `span` is None only where there is no text to point at (a file that cannot be opened).
    """

    span: Span | None = field(compare=False)

    @abstractmethod
    def message(self) -> str:
        """What is wrong, in one sentence."""

    def help(self) -> str | None:
        """What to do about it, where that is known."""
        return None

    @property
    def position(self) -> Position:
        """Where it starts; line 1, column 1 without a span."""
        return self.span.begin if self.span is not None else Position(1, 1)


@dataclass(frozen=True, slots=True)
class Message(Diagnostic):
    """A diagnostic whose sentence is given by a library (YAML, TOML, an operating system error)."""

    text: str
    advice: str | None = None

    def message(self) -> str:
        return self.text

    def help(self) -> str | None:
        return self.advice


@dataclass(frozen=True, slots=True)
class CodeFrame:
    """Some lines of a source and the part of them to mark, as data for whoever prints it.

    `first` is the number of the first line; `marks` holds, for each line, the half-open column range
    (counted from 0) to underline, or None.
    """

    first: int
    lines: tuple[str, ...]
    marks: tuple[tuple[int, int] | None, ...]


def code_frame(span: Span, *, context: int = 1, most: int = 6) -> CodeFrame:
    """The lines of `span` with `context` lines before and after, at most `most` marked lines."""
    begin, finish = span.begin, span.finish
    last = finish.line
    if finish.column == 1 and last > begin.line:  # the span ends with a line end: the next line is not part of it
        last -= 1
    last = min(last, begin.line + most - 1)
    source = span.source
    first = max(1, begin.line - context)
    end = min(len(source.line_starts), last + context)
    lines: list[str] = []
    marks: list[tuple[int, int] | None] = []
    for number in range(first, end + 1):
        text = source.line(number)
        lines.append(text)
        if begin.line <= number <= last:
            left = begin.column - 1 if number == begin.line else len(text) - len(text.lstrip())
            right = finish.column - 1 if number == finish.line else len(text.rstrip())
            marks.append((left, max(right, left + 1)))
        else:
            marks.append(None)
    return CodeFrame(first, tuple(lines), tuple(marks))


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """A help text that names the nearest of `known`, or None where nothing is near."""
    from difflib import get_close_matches  # only needed once something is wrong

    folded = {word.casefold(): word for word in sorted(known, reverse=True)}
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean `{folded[near[0]]}`?" if near else None
