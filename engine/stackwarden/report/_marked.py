"""Texts in Markdown."""

from __future__ import annotations

from typing import Final

from stackwarden.report._text import clean

__all__ = ["code", "plain"]

_SPECIAL: Final = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]()#+!|~"} | {"<": "&lt;", "&": "&amp;"})


def plain(text: str) -> str:
    """A text in which nothing is taken for markup, on one line."""
    return clean(text).translate(_SPECIAL)


def code(text: str) -> str:
    """A text between backticks; in a table a bar ends the cell even there."""
    shown = clean(text).replace("`", "'").replace("|", "\\|")
    return f"`{shown}`"
