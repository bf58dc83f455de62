"""Cutting a Warden file into pieces that are parsed one by one, so that one error does not hide the next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

__all__ = ["CLAUSES", "ITEMS", "Head", "Piece", "head_of", "segments", "split"]

ITEMS: Final = ("rule", "define", "param", "let", "use")
"""The words that start an item of a file."""

CLAUSES: Final = (
    *("title", "severity", "category", "maps", "because", "remediate", "see", "tags", "deprecated_by"),
    *("param", "for", "let", "where", "require", "fix", "example"),
)
"""The words that start a clause of a rule."""

_STRING: Final = r'"(?!"")(?:[^"\\\r\n]|\\[^\r\n])*"?'
_NEXT_RULE: Final = r"^rule[ \t]+[\w-]+[ \t]*\{"
_REST: Final = (
    rf"|{_STRING}|\#[^\r\n]*|(?P<brace>[{{}}])|^(?P<sure>(?:rule|define|use)(?=[ \t]))|^(?P<item>(?:param|let)(?!\w))"
)
_SCAN: Final = re.compile(r'(?P<long>"""[\s\S]*?(?:"""|\Z))' + _REST, re.MULTILINE)
# A text that is never closed would swallow all rules after it: it then ends where a line looks like a rule's head.
_SCAN_OPEN: Final = re.compile(
    rf'(?P<long>"""(?:(?!{_NEXT_RULE})[\s\S])*?(?:"""|(?={_NEXT_RULE})|\Z))' + _REST, re.MULTILINE
)
_HEAD: Final = re.compile(r"(?:\s|\#[^\r\n]*)*(?P<rule>rule\s+(?P<id>[^\s{}\"#]+))\s*(?P<brace>\{)")
_BODY: Final = re.compile(
    rf'"""[\s\S]*?(?:"""|\Z)|{_STRING}|\#[^\r\n]*'
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|^(?P<indent>[ \t]*)(?=[A-Za-z_])",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a rule: offsets of `rule id`, of the id, and of the first code point after `{`."""

    start: int
    end: int
    id: str
    body: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A half-open range of a file; `closed` where no brace in it is left open."""

    start: int
    end: int
    closed: bool


def split(text: str) -> tuple[Piece, ...]:
    """The pieces of a file; together they cover it.

    A piece ends with the brace that closes a rule, and before a line that starts an item in its first column.
    """
    pieces, closed = _split(text, _SCAN)
    return pieces if closed else _split(text, _SCAN_OPEN)[0]


def _split(text: str, pattern: re.Pattern[str]) -> tuple[tuple[Piece, ...], bool]:
    """The pieces, and whether all texts in triple quotes are closed."""
    pieces: list[Piece] = []
    start, depth, all_closed = 0, 0, True

    def cut(end: int) -> None:
        nonlocal start, depth
        if start < end:
            pieces.append(Piece(start, end, closed=depth == 0))
        start, depth = end, 0

    for found in pattern.finditer(text):
        match found.lastgroup:
            case "brace" if found[0] == "{":
                depth += 1
            case "brace":
                depth = max(0, depth - 1)
                if depth == 0:
                    cut(found.end())
            case "sure":  # no clause starts so, so a brace before it was never closed
                cut(found.start())
            case "item" if depth == 0:
                cut(found.start())
            case "long":
                all_closed = all_closed and len(found[0]) >= 6 and found[0].endswith('"""')
    cut(len(text))
    return tuple(pieces), all_closed


def head_of(piece: str) -> Head | None:
    """The head of the rule that a piece starts with."""
    found = _HEAD.match(piece)
    return Head(found.start("rule"), found.end("rule"), found["id"], found.end("brace")) if found else None


def segments(piece: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The ranges of the clauses between two offsets of a piece, as far as lines and indentation tell.

    A line that is indented no deeper than the first one starts a clause.
    """
    cuts = [start]
    margin: int | None = None
    depth = 0
    for found in _BODY.finditer(piece, start, end):
        match found.lastgroup:
            case "open":
                depth += 1
            case "close":
                depth = max(0, depth - 1)
            case "indent":
                width = len(found["indent"])
                if margin is None:
                    margin = width
                elif width <= margin:  # even inside brackets: one of them may never be closed
                    depth = 0
                    cuts.append(found.start())
    cuts.append(end)
    return tuple((first, last) for first, last in pairwise(cuts) if first < last)
