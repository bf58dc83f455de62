"""Text from templates and policies made safe to show: no control characters reach a terminal."""

from __future__ import annotations

import posixpath
import re
from pathlib import PurePath
from typing import Final

__all__ = ["clean", "plural", "tidy"]

# C0 and C1 controls, line separators, bidirectional overrides, lone surrogates: all can change what a reader sees
_UNSAFE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` on one line; line ends and tabs become blanks, other unsafe characters U+FFFD, one for one."""
    return _UNSAFE.sub(lambda match: " " if match[0] in "\t\n\r" else "\ufffd", text)


def plural(count: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def tidy(file: str) -> str:
    """A file's name as platforms want it: with `/`, and without `./` or detours."""
    return posixpath.normpath(PurePath(file).as_posix()) if file else file
