"""Regular expressions in linear time (RE2): no pattern, whoever wrote it, can make a scan hang.

The library is native and loaded at the first pattern.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Protocol

__all__ = ["Regex", "compile_regex", "fits", "may_contain"]


class Regex(Protocol):
    """A compiled pattern."""

    def search(self, text: str, /) -> object | None:
        """A match anywhere in the text, or None."""

    def fullmatch(self, text: str, /) -> object | None:
        """A match of the whole text, or None."""


def compile_regex(pattern: str) -> Regex | str:
    """The compiled pattern, or why RE2 refuses it (look-around and back-references, for example)."""
    import re2

    options = re2.Options()
    options.log_errors = False  # to standard error, past all our formats
    try:
        compiled: Regex = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        return reason.decode() if isinstance(reason, bytes) else str(reason)
    return compiled


_TOKEN: Final = re.compile(
    r"\\(?P<escape>.)|(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])|\(\?(?P<group>.)|[(|)^$*+?]|\{\d+(?:,\d*)?\}|(?P<literal>.)",
    re.DOTALL,
)
_CLASSES: Final = "dDwWsSnrt"
_ANCHORS: Final = "bBAz"


def fits(pattern: str, text: str) -> bool:
    """Whether a pattern matches a whole text; one that RE2 refuses matches any."""
    compiled = _compiled(pattern)
    return isinstance(compiled, str) or compiled.fullmatch(text) is not None


def may_contain(pattern: str, char: str) -> bool:
    """Whether a character may occur in a text that the pattern matches wholly.

    Only what the pattern is made of is looked at, not in which order: no is certain, yes is not.
    """
    alphabet = _alphabet(pattern)
    return alphabet is None or alphabet.fullmatch(char) is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Regex | str:
    return compile_regex(pattern)


@lru_cache(maxsize=512)
def _alphabet(pattern: str) -> Regex | None:
    """What matches one character that a pattern's texts may have; None where that is not told by its parts."""
    if isinstance(_compiled(pattern), str):
        return None
    parts: dict[str, None] = {}
    for token in _TOKEN.finditer(pattern):
        escape, group = token["escape"], token["group"]
        if group not in (None, ":") or (escape is not None and escape.isalnum() and escape not in _CLASSES + _ANCHORS):
            return None  # flags, names, classes and quotations that are longer than the token
        if escape is not None and escape not in _ANCHORS:
            parts["\\" + escape] = None
        elif token["class"] is not None:
            parts[token["class"]] = None
        elif token["literal"] is not None:
            parts["." if token["literal"] == "." else re.escape(token["literal"])] = None
    compiled = compile_regex(f"(?s:{'|'.join(parts)})") if parts else compile_regex("[^\\x00-\\x{10FFFF}]")
    return None if isinstance(compiled, str) else compiled
