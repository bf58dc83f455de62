"""The comments of a YAML text, found without scanning it a second time.

Once a text has been parsed, a `#` that stands in no scalar starts a comment: in tags, anchors and indicators it
cannot occur.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from stackwarden.template.model import Comment

__all__ = ["MARKS", "comments", "has_marks"]

MARKS: Final = ("stackwarden:", "checkov:skip")
"""What comments are read for; in a text without any of these, none matters."""

_LINE: Final = re.compile(r"#*([^\r\n]*)")


def has_marks(text: str) -> bool:
    """Whether comments of this text may matter."""
    return "#" in text and any(mark in text for mark in MARKS)


def comments(text: str, scalars: Sequence[tuple[int, int]]) -> tuple[Comment, ...]:
    """All comments of `text` in its order; `scalars` are the sorted places of the contents of its scalars."""
    found: list[Comment] = []
    inside = 0
    at = text.find("#")
    while at >= 0:
        while inside < len(scalars) and scalars[inside][1] <= at:
            inside += 1
        if inside < len(scalars) and scalars[inside][0] <= at:
            after = scalars[inside][1]
        else:
            line = _LINE.match(text, at)
            after = at if line is None else line.end()
            found.append(Comment("" if line is None else line[1].strip(), at))
        at = text.find("#", after)
    return tuple(found)
