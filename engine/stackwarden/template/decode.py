"""A file's bytes to its text."""

from __future__ import annotations

from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source
from stackwarden.template.limits import Limits

__all__ = ["BOM", "decode", "too_large"]

BOM: Final = "\ufeff"


def decode(data: bytes, name: str, limits: Limits | None = None) -> Source | Diagnostic:
    """The text of a file, without a byte order mark; the fault if it is too large or no UTF-8."""
    most = (limits or Limits()).size
    if len(data) > most:
        return too_large(len(data), most)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        from stackwarden.template.faults import NotUtf8  # only where something is wrong, as below

        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        return NotUtf8(None, error.start, line, column, data[error.start])
    return Source(name, text.removeprefix(BOM))


def too_large(size: int, most: int) -> Diagnostic:
    """The fault of a file of `size` bytes where at most `most` are read."""
    from stackwarden.template.faults import TooLarge

    return TooLarge(None, size, most)
