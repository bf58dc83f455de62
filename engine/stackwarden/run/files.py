"""Reading a file that a run looks at."""

from __future__ import annotations

from pathlib import Path

from stackwarden.diagnostics import Diagnostic, Message
from stackwarden.run.discover import Found
from stackwarden.run.objects import is_url, read_object
from stackwarden.source import Source
from stackwarden.template.decode import decode, too_large
from stackwarden.template.limits import Limits

__all__ = ["read_bytes", "read_named", "read_source"]


def read_source(found: Found, stdin: bytes | None) -> Source | Diagnostic:
    """The text of a file (`stdin` for standard input), or why there is none."""
    limit = Limits().size
    data = read_bytes(found, stdin, limit + 1)
    if isinstance(data, Diagnostic):
        return data
    if len(data) > limit and found.path is not None:
        return too_large(found.path.stat().st_size, limit)
    return decode(data, found.name)


def read_bytes(found: Found, stdin: bytes | None, limit: int) -> bytes | Diagnostic:
    """The first bytes of a file, `limit` at most, or why they cannot be read."""
    if found.path is not None:
        try:
            with found.path.open("rb") as file:
                return file.read(limit)
        except OSError as error:
            return Message(None, f"cannot be read: {error.strerror}")
    if not found.is_object:
        return (stdin or b"")[:limit]
    data = read_object(found.name, limit)
    return Message(None, "cannot be read: no such object") if data is None else data


def read_named(name: str) -> bytes | Diagnostic | None:
    """What another file or object names: its bytes, why they cannot be read, or None where there is no such thing."""
    if is_url(name):
        return read_object(name, Limits().size + 1)
    path = Path(name)
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None
