"""The pattern language of `.gitignore` (gitignore, "Pattern format" of the Git manual), as regular expressions.

The library `pathspec` reads these patterns too, but its patterns match all that is in a folder that they match. On a
walk, which asks folder by folder, that says too much: `*` with `!/out/` re-includes the folder `out` and nothing in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = ["Pattern", "patterns"]

_STARS: Final = re.compile(r"(?:(?<=/)|\A)\*{2,}(?:/|\Z)")  # the only places where two stars are more than one
_NAMED: Final = {
    "alnum": "A-Za-z0-9", "alpha": "A-Za-z", "blank": r" \t", "cntrl": r"\x00-\x1f\x7f", "digit": "0-9",
    "graph": "!-~", "lower": "a-z", "print": " -~", "punct": r"!-/:-@\[-`{-~", "space": r"\t-\r ", "upper": "A-Z",
    "xdigit": "A-Fa-f0-9",
}  # fmt: skip
_NOTHING: Final = "(?!)"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: `regex` matches whole relative paths (without a final `/`), or names where it has no `/`."""

    regex: re.Pattern[str]
    ignores: bool
    only_folders: bool
    only_name: bool

    def matches(self, path: str) -> bool:
        """Whether it is about a relative path; that of a folder ends with `/`."""
        if path.endswith("/"):
            path = path[:-1]
        elif self.only_folders:
            return False
        return self.regex.fullmatch(path[path.rfind("/") + 1 :] if self.only_name else path) is not None


def patterns(lines: Iterable[str]) -> tuple[Pattern, ...]:
    """The patterns in the lines of an ignore file. A line that is no pattern matches nothing."""
    found: list[Pattern] = []
    for line in lines:
        text = _trimmed(line.removesuffix("\r"))
        if text.startswith("#"):
            continue
        ignores = not text.startswith("!")
        text = text if ignores else text[1:]
        only_folders = text.endswith("/")
        text = text[:-1] if only_folders else text
        only_name = "/" not in text
        text = text.removeprefix("/")
        if text:
            found.append(Pattern(re.compile(_regex(text), re.DOTALL), ignores, only_folders, only_name))
    return tuple(found)


def _trimmed(line: str) -> str:
    """The line without spaces at its end, but for one that is escaped."""
    text = line.rstrip(" ")
    escaped = (len(text) - len(text.rstrip("\\"))) % 2 == 1
    return line[: len(text) + 1] if escaped else text


def _regex(pattern: str) -> str:
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if (stars := _STARS.match(pattern, at)) is not None:
            parts.append("(?:.*/)?" if stars[0].endswith("/") else ".*")
            at = stars.end()
        elif char == "*":
            parts.append("[^/]*")
            while pattern[at : at + 1] == "*":
                at += 1
        elif char == "?":
            parts.append("[^/]")
            at += 1
        elif char == "[":
            part, at = _bracket(pattern, at + 1)
            parts.append(part)
        elif char == "\\":
            parts.append(re.escape(pattern[at + 1]) if at + 1 < len(pattern) else _NOTHING)
            at += 2
        else:
            parts.append(re.escape(char))
            at += 1
    return "".join(parts)


def _bracket(pattern: str, at: int) -> tuple[str, int]:
    """The regular expression for a bracket that opens before `at`, and the offset behind it."""
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    parts: list[str] = []
    first = at
    while at == first or pattern[at : at + 1] != "]":
        if at >= len(pattern):
            return _NOTHING, at  # never closed
        if pattern.startswith("[:", at) and (end := pattern.find(":]", at)) > 0:
            name = pattern[at + 2 : end]
            if name not in _NAMED:
                return _NOTHING, len(pattern)
            parts.append(_NAMED[name])
            at = end + 2
            continue
        low, at = _member(pattern, at)
        high = low
        if pattern[at : at + 1] == "-" and pattern[at + 1 : at + 2] not in ("", "]"):
            high, at = _member(pattern, at + 1)
        # git matches the start of a range that is upside down
        parts.append(f"{re.escape(low)}-{re.escape(max(low, high))}")
    at += 1
    return f"(?!/)[{'^' if negated else ''}{''.join(parts)}]", at


def _member(pattern: str, at: int) -> tuple[str, int]:
    """A character of a bracket, maybe escaped, and the offset behind it."""
    if pattern[at] == "\\" and at + 1 < len(pattern):
        at += 1
    return pattern[at], at + 1
