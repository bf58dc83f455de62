"""Reading a file that a run looks at."""

from __future__ import annotations

from stackwarden.diagnostics import Diagnostic, Message
from stackwarden.run.discover import Found
from stackwarden.source import Source
from stackwarden.template.decode import decode, too_large
from stackwarden.template.limits import Limits

__all__ = ["read_source"]


def read_source(found: Found, stdin: bytes | None) -> Source | Diagnostic:
    """The text of a file (`stdin` for one without a path), or why there is none."""
    limit = Limits().size
    if found.path is None:
        return decode(stdin or b"", found.name)
    try:
        with found.path.open("rb") as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            return too_large(found.path.stat().st_size, limit)
    except OSError as error:
        return Message(None, f"cannot be read: {error.strerror}")
    return decode(data, found.name)
