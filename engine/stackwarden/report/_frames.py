"""Code frames and diagnostics as rich text. Only what prints for people imports this, as rich takes its time."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from io import StringIO
from typing import Final

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from stackwarden.diagnostics import Diagnostic, code_frame
from stackwarden.report._text import clean
from stackwarden.source import Span

__all__ = ["diagnostic_block", "frame", "of_diagnostic", "paragraph", "print_out"]

_LEAST_CODE: Final = 20  # columns of code that a frame keeps on however narrow a terminal


def print_out(parts: Iterable[RenderableType], *, colour: bool, width: int) -> str:
    """`parts` one below the other as text, with terminal escapes where `colour` says so."""
    out = StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        force_jupyter=False,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},  # what the output depends on is said by the arguments
    )
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def paragraph(text: Text | str, indent: int = 0) -> RenderableType:
    """A text that wraps at its own indentation."""
    return Padding(text if isinstance(text, Text) else Text(text), (0, 0, 0, indent), expand=False)


def frame(span: Span, *, style: str, width: int, note: str = "", indent: int = 2, most: int = 4) -> list[Text]:
    """The lines of `span` with their numbers, the range underlined and `note` beside the underline.

    Where the range spans lines, a bar beside the numbers marks them. Long lines are cut around the range.
    """
    data = code_frame(span, most=most)
    marked = [number for number, mark in enumerate(data.marks) if mark is not None]
    last_is_blank = not data.lines[-1].strip() and data.marks[-1] is None
    count = len(data.lines) - last_is_blank  # a blank line below says nothing
    digits = len(str(data.first + count - 1))
    room = max(_LEAST_CODE, width - indent - digits - 3)
    margin = " " * (indent + digits + 1)
    rows: list[Text] = []
    for number, (line, mark) in enumerate(zip(data.lines[:count], data.marks, strict=False)):
        code, left, right = _cut(clean(line), mark or (0, 0), room)
        bar = len(marked) > 1 and mark is not None
        row = Text(" " * indent, no_wrap=True, overflow="ignore")
        row.append(f"{data.first + number:>{digits}} ", "bold" if mark else "dim")
        row.append("┃ " if bar else "│ ", style if bar else "dim")
        rows.append(row.append(code))
        if marked == [number]:
            rows += _underline(code, left, right, margin, note, style, width)
        elif note and number == marked[-1]:
            rows += _note(margin, note, style, width)
    return rows


def _underline(code: str, left: int, right: int, margin: str, note: str, style: str, width: int) -> list[Text]:
    start, length = cell_len(code[:left]), max(1, cell_len(code[left:right]))
    marks = f"{' ' * start}{'^' * length}"
    if note and len(margin) + 2 + len(marks) + 1 + cell_len(note) <= width:
        return [_aside(margin, Text(f"{marks} {note}", style))]
    return [_aside(margin, Text(marks, style)), *(_note(margin, note, style, width) if note else [])]


def _note(margin: str, note: str, style: str, width: int) -> list[Text]:
    """The note below the code, in as many lines as it takes."""
    lines = textwrap.wrap(note, max(_LEAST_CODE, width - len(margin) - 2), break_on_hyphens=False)
    return [_aside(margin, Text(line, style)) for line in lines]


def _aside(margin: str, text: Text) -> Text:
    return Text(margin).append("│ ", "dim").append(text)


def _cut(line: str, mark: tuple[int, int], room: int) -> tuple[str, int, int]:
    """At most `room` characters of a line, the mark among them, and the mark as seen from the first of them."""
    left, right = mark
    if len(line) <= room:
        return line, left, min(right, max(len(line), left + 1))
    start = max(0, min(left - room // 3, len(line) - room))
    part = line[start : start + room]
    if start > 0:
        part = "…" + part[1:]
    if start + room < len(line):
        part = part[:-1] + "…"
    return part, left - start, min(right - start, room)


def diagnostic_block(
    level: str, file: str, at: tuple[int, int], message: str, advice: str | None, span: Span | None, width: int
) -> list[RenderableType]:
    """`error: file:line:column message`, the place in the text, and what to do; `level` is `error` or `warning`."""
    style = "red" if level == "error" else "yellow"
    head = Text().append(f"{level}: ", f"bold {style}")
    if file:
        head.append(f"{clean(file)}:{at[0]}:{at[1]} " if span is not None else f"{clean(file)} ", "bold")
    head.append(clean(message))
    parts: list[RenderableType] = [head]
    if span is not None and span.source.text:
        parts += frame(span, style=style, width=width)
    if advice:
        parts.append(paragraph(Text().append("help: ", "cyan").append(clean(advice)), 2))
    return parts


def of_diagnostic(diagnostic: Diagnostic, width: int) -> list[RenderableType]:
    """A diagnostic as `diagnostic_block` shows it."""
    at, span = diagnostic.position, diagnostic.span
    file = span.source.name if span is not None else ""
    return diagnostic_block("error", file, (at.line, at.column), diagnostic.message(), diagnostic.help(), span, width)
