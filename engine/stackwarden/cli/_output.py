"""Writing to the terminal and to files."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, TextIO

import typer

if TYPE_CHECKING:
    from stackwarden.diagnostics import Diagnostic

__all__ = ["fail", "has_colour", "tell", "width_of", "write", "write_diagnostics", "write_file"]

_PLAIN_WIDTH: Final = 100  # columns where no terminal says how wide it is
_NARROWEST: Final = 60
_WIDEST: Final = 140


def has_colour(stream: TextIO) -> bool:
    """Whether escapes may be written: a terminal, and no wish to the contrary (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO) -> int:
    """Columns for text on `stream`."""
    if not stream.isatty():
        return _PLAIN_WIDTH
    import shutil

    return max(_NARROWEST, min(shutil.get_terminal_size().columns, _WIDEST))


def write(text: str, stream: TextIO | None = None) -> None:
    """`text` as UTF-8 where no terminal decides; what a terminal cannot show becomes `?`. A closed pipe is no fault."""
    out = sys.stdout if stream is None else stream
    encoding = (out.encoding or "utf-8") if out.isatty() else "utf-8"
    try:
        out.flush()
        out.buffer.write(text.encode(encoding, "replace"))
        out.flush()
    except BrokenPipeError:  # `| head` has read enough; what Python flushes at its end must find a place
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


def write_file(text: str, file: str) -> str | None:
    """Writes a report, making its folder; the reason where that failed."""
    path = Path(file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    except OSError as error:
        return f"cannot write `{file}`: {(error.strerror or str(error)).lower()}"
    return None


def tell(message: str) -> None:
    """One line on standard error."""
    write(f"{message}\n", sys.stderr)


def write_diagnostics(diagnostics: Sequence[Diagnostic]) -> None:
    """Diagnostics with their code frames, on standard error."""
    from stackwarden.report import render_diagnostics

    colour, width = has_colour(sys.stderr), width_of(sys.stderr)
    write(render_diagnostics(diagnostics, colour=colour, width=width), sys.stderr)


def fail(message: str) -> NoReturn:
    """Ends with exit code 2: the call is wrong."""
    tell(f"stackwarden: {message}")
    raise typer.Exit(2)
