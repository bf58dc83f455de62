"""Regular expressions in linear time (RE2): no pattern, whoever wrote it, can make a scan hang.

The library is native and loaded at the first pattern.
"""

from __future__ import annotations

from typing import Protocol

__all__ = ["Regex", "compile_regex"]


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
