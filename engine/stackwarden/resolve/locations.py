"""Where files are that other files name."""

from __future__ import annotations

import posixpath

__all__ = ["beside"]


def beside(file: str, name: str) -> str:
    """The name for people of what `file` calls `name`, seen from its own folder; of an object both are URLs."""
    scheme, mark, path = file.rpartition("://")
    return scheme + mark + posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
