"""What the strings of a Warden file stand for."""

from __future__ import annotations

import re
from itertools import cycle
from textwrap import dedent
from typing import TYPE_CHECKING, Final

from stackwarden.language import ast
from stackwarden.language.syntax.problems import LoneBrace, UnclosedInterpolation, UnknownEscape
from stackwarden.language.syntax.tree import Context, start_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackwarden.language.syntax.tree import Token

__all__ = ["inside", "message", "pattern", "plain", "quotes"]

# Two escapes that make one character beyond U+FFFF, as JSON writes it, count as one.
_PAIR: Final = r"u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
_ESCAPE: Final = re.compile(rf"\\(?:{_PAIR}|u[0-9A-Fa-f]{{4}}|.)")
_SIMPLE: Final = {'\\"': '"', "\\\\": "\\", "\\n": "\n", "\\t": "\t", "\\r": "\r"}
_PIECE: Final = re.compile(rf"\{{\{{|\}}\}}|[{{}}]|{_ESCAPE.pattern}|[^{{}}\\]+|\\")
_CLOSE: Final = re.compile(r'(?:[^"}\\]|"(?:[^"\\]|\\.)*"|\\"(?:[^"\\]|\\[^"])*\\")*\}')


def quotes(token: Token) -> int:
    """How many quotes stand at each end of a string."""
    return 3 if token.type == "LONG_STRING" else 1


def inside(token: Token) -> str:
    """The text between the quotes, as it stands in the file."""
    width = quotes(token)
    return token[width:-width]


def plain(token: Token, context: Context) -> str:
    """The value of a string: escapes undone, or, between triple quotes, line ends and indentation put right."""
    if token.type == "LONG_STRING":
        return _layout(inside(token))
    text, start = inside(token), start_of(token) + 1
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: _character(found[0], start + found.start(), context), text)


def pattern(token: Token) -> str:
    """The value of a string after `matches`: raw, except that a backslash before a quote is dropped."""
    return inside(token) if token.type == "LONG_STRING" else inside(token).replace('\\"', '"')


def message(tokens: Iterable[Token], context: Context) -> tuple[str | ast.Expr, ...]:
    """The texts and `{expressions}` of adjacent strings; neighbouring texts are joined and empty ones left out."""
    parts: list[str | ast.Expr] = []
    for token in tokens:
        for part in _interpolated(token, context):
            if isinstance(part, str) and parts and isinstance(parts[-1], str):
                parts[-1] += part
            elif part != "":
                parts.append(part)
    return tuple(parts)


def _layout(text: str) -> str:
    return dedent(text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\n"))


def _character(escape: str, start: int, context: Context) -> str:
    """What an escape stands for; one that does not exist is reported and stands for itself."""
    if escape in _SIMPLE:
        return _SIMPLE[escape]
    units = bytes.fromhex(escape.replace("\\u", "")) if len(escape) > 2 else b""
    if units and (len(units) == 4 or not 0xD8 <= units[0] <= 0xDF):  # half of a pair is no character
        return units.decode("utf-16-be")
    context.diagnostics.append(UnknownEscape(context.span(start, start + len(escape)), escape))
    return escape


def _interpolated(token: Token, context: Context) -> list[str | ast.Expr]:
    """The parts of one string, texts and expressions by turns; a text may be empty."""
    text, start = inside(token), start_of(token) + quotes(token)
    escaped = token.type == "STRING"
    texts: list[str] = [""]
    expressions: list[ast.Expr] = []
    position = 0
    while found := _PIECE.match(text, position):
        piece, at = found[0], start + position
        position = found.end()
        if piece == "{":
            end = _CLOSE.match(text, position)
            if end is None:
                context.diagnostics.append(UnclosedInterpolation(context.span(at, at + 1)))
                continue
            expression = _embedded(text[position : end.end() - 1], at + 1, escaped, context)
            if expression is not None:
                expressions.append(expression)
                texts.append("")
            position = end.end()
        elif piece == "}":
            context.diagnostics.append(LoneBrace(context.span(at, at + 1)))
        elif piece in ("{{", "}}"):
            texts[-1] += piece[0]
        else:
            texts[-1] += _character(piece, at, context) if escaped and piece[0] == "\\" else piece
    return _woven(texts if escaped else _layout_parts(texts), expressions)


def _embedded(text: str, start: int, escaped: bool, context: Context) -> ast.Expr | None:
    """The expression in braces. In a string its own quotes are escaped; undoing that keeps all offsets."""
    if escaped:
        marks = cycle((' "', '" '))
        text = re.sub(r'\\"', lambda _: next(marks), text)
    return context.embedded(text, context.base + start)


def _layout_parts(texts: list[str]) -> list[str]:
    """The parts of a triple-quoted text with the indentation common to all its lines dropped."""
    mark = next(chr(code) for code in range(0xE000, 0xF8FF) if not any(chr(code) in part for part in texts))
    return _layout(mark.join(texts)).split(mark)


def _woven(texts: list[str], expressions: list[ast.Expr]) -> list[str | ast.Expr]:
    parts: list[str | ast.Expr] = [texts[0]]
    for expression, text in zip(expressions, texts[1:], strict=True):
        parts += [expression, text]
    return parts
