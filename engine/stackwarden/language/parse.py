"""Text to syntax tree; the one place where Lark runs.

A file is cut at the lines that start a top-level item, and each piece is parsed by itself: a mistake in one rule
hides nothing of the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from stackwarden.assets import grammar_dir
from stackwarden.diagnostics import Diagnostic
from stackwarden.language import ast
from stackwarden.language.build import Builder
from stackwarden.language.parse_problems import (
    NotTopLevel,
    StrayCharacter,
    UnclosedBlock,
    UnclosedText,
    UnexpectedWord,
)
from stackwarden.language.structure import build_rule
from stackwarden.source import Source, Span

__all__ = ["parse"]

_STARTS: Final = re.compile(r"^(?:use|param|let|define|rule)\b", re.MULTILINE)
_BLOCK: Final = re.compile(r'"""(?:.|\n)*?"""')
_WORDS: Final = {
    "NAME": "a name",
    "TYPE": "a resource type",
    "RULE_ID": "a rule id",
    "META_KEY": "a key",
    "STRING": 'a text in "quotes"',
    "TEXT_BLOCK": 'a template in """quotes"""',
    "INTEGER": "a number",
    "DECIMAL": "a number",
}
_OPERATORS: Final = frozenset({"==", "!=", "<", "<=", ">", ">=", "+", "-", "*", ".", "@", "[", "(", "|"})
_MOST: Final = 6


def parse(source: Source) -> tuple[ast.File, tuple[Diagnostic, ...]]:
    """The syntax tree of a Warden file and everything that is wrong with its text.

    Never raises on bad input; an item with a mistake is left out of the tree.
    """
    diagnostics: list[Diagnostic] = []
    items: list[ast.Use | ast.Param | ast.Let | ast.Define | ast.Rule] = []
    for start, end in _pieces(source, diagnostics):
        item = _item(source, start, end, diagnostics)
        if item is not None:
            items.append(item)
    file = ast.File(
        tuple(item for item in items if isinstance(item, ast.Use)),
        tuple(item for item in items if isinstance(item, ast.Param)),
        tuple(item for item in items if isinstance(item, ast.Let)),
        tuple(item for item in items if isinstance(item, ast.Define)),
        tuple(item for item in items if isinstance(item, ast.Rule)),
        Span(source, 0, len(source.text)),
    )
    diagnostics.sort(key=lambda diagnostic: diagnostic.span.start if diagnostic.span else 0)
    return file, tuple(diagnostics)


@cache
def _parser() -> Lark:
    return Lark.open(
        str(grammar_dir() / "tmp_warden.lark"),
        parser="lalr",
        start=["item", "expr"],
        propagate_positions=True,
        maybe_placeholders=True,
    )


def _pieces(source: Source, diagnostics: list[Diagnostic]) -> Iterator[tuple[int, int]]:
    """The ranges of top-level items; other text in front of them is reported."""
    text = source.text
    blocks = [(match.start(), match.end()) for match in _BLOCK.finditer(text)]
    starts = [match.start() for match in _STARTS.finditer(text) if not any(a < match.start() < b for a, b in blocks)]
    lead = _strip_comments(text[: starts[0] if starts else len(text)])
    found = re.search(r"\S+", lead)
    if found is not None:
        diagnostics.append(NotTopLevel(Span(source, found.start(), found.end()), found.group()))
    yield from zip(starts, [*starts[1:], len(text)], strict=True)


def _strip_comments(text: str) -> str:
    return re.sub(r"#[^\n]*", lambda match: " " * len(match.group()), text)


def _item(
    source: Source, start: int, end: int, diagnostics: list[Diagnostic]
) -> ast.Use | ast.Param | ast.Let | ast.Define | ast.Rule | None:
    tree = _tree(source, start, end, "item", diagnostics)
    if tree is None:
        return None
    made = _build(tree, source, start, diagnostics)
    if isinstance(made, Tree):
        id_span, name, clauses, span = made.children
        return build_rule(cast(Span, id_span), cast(str, name), cast(list[Any], clauses), cast(Span, span), diagnostics)
    return cast(ast.Use | ast.Param | ast.Let | ast.Define, made)


def _build(tree: Tree[Token], source: Source, base: int, diagnostics: list[Diagnostic]) -> object:
    def expression(text: str, offset: int) -> ast.Expr | None:
        inner = _tree(source, offset, offset + len(text), "expr", None, text)
        return None if inner is None else cast(ast.Expr, _build(inner, source, offset, diagnostics))

    return Builder(source, base, diagnostics, expression).transform(tree)


def _tree(
    source: Source, start: int, end: int, rule: str, diagnostics: list[Diagnostic] | None, text: str | None = None
) -> Tree[Token] | None:
    """The parser's tree of a piece; None where it has a mistake, which goes to `diagnostics`."""
    piece = source.text[start:end] if text is None else text
    try:
        parsed = _parser().parse(piece, start=rule)
    except UnexpectedInput as error:
        if diagnostics is not None:
            diagnostics.append(_diagnostic(error, source, start, piece))
        return None
    return parsed if isinstance(parsed, Tree) else Tree("token", [parsed])


def _diagnostic(error: UnexpectedInput, source: Source, base: int, piece: str) -> Diagnostic:
    offset = len(piece) if error.pos_in_stream is None else error.pos_in_stream
    at = base + offset
    if isinstance(error, UnexpectedCharacters):
        return _stray(source, at, error)
    assert isinstance(error, UnexpectedToken)
    token = error.token
    expected = _expected(frozenset(error.accepts or error.expected))
    if token.type == "$END":
        tail = base + len(piece.rstrip())
        first = piece.split(None, 2)
        what = f"{first[0]} `{first[1].rstrip('{')}`" if first[0] == "rule" and len(first) > 1 else f"this {first[0]}"
        wanted = "`}`" if "`}`" in expected else expected[0] if expected else "more"
        return UnclosedBlock(Span(source, max(base, tail - 1), tail), what, wanted)
    span = Span(source, at, at + len(token))
    keywords = tuple(word.strip("`") for word in _all_words(frozenset(error.accepts or error.expected)))
    shown = str(token).splitlines()[0] if str(token) else ""
    return UnexpectedWord(span, f"`{shown}`", expected, keywords if token.type == "NAME" else ())


def _stray(source: Source, at: int, error: UnexpectedCharacters) -> Diagnostic:
    text = source.text
    if text.startswith('"""', at):
        return UnclosedText(Span(source, at, at + 3), '"""')
    if text[at] == '"':
        line_end = text.find("\n", at)
        return UnclosedText(Span(source, at, line_end if line_end >= 0 else len(text)), '"')
    word = re.compile(r"[A-Za-z_][\w-]*").match(text, at)
    expected = _expected(frozenset(error.allowed or ()))
    if word is not None:
        return UnexpectedWord(Span(source, at, word.end()), f"`{word.group()}`", expected)
    return StrayCharacter(Span(source, at, at + 1), text[at])


def _all_words(terminals: frozenset[str]) -> tuple[str, ...]:
    patterns = {terminal.name: terminal.pattern for terminal in _parser().terminals}
    words: set[str] = set()
    for name in terminals:
        pattern = patterns.get(name)
        if name not in _WORDS and pattern is not None and pattern.type == "str":
            words.add(f"`{pattern.value}`")
    return tuple(sorted(words))


def _expected(terminals: frozenset[str]) -> tuple[str, ...]:
    """What could stand here in the user's words: keywords and signs, or a summary where there are many."""
    words = _all_words(terminals)
    starts_expression = {"STRING", "INTEGER", "NAME", "TYPE"} <= terminals
    kinds = {_WORDS[name] for name in terminals if name in _WORDS} if not starts_expression else {"an expression"}
    if starts_expression:
        words = tuple(word for word in words if word in ("`]`", "`)`"))
    if len(words) > _MOST:
        plain = tuple(word for word in words if word.strip("`") not in _OPERATORS and not word.strip("`").isalpha())
        keep = tuple(word for word in words if word in ("`satisfies`", "`}`", "`{`", "`in`"))
        words = tuple(dict.fromkeys((*keep, *plain)))[:_MOST]
        kinds = kinds | {"an operator"} if "`and`" in _all_words(terminals) else kinds
    return (*sorted(kinds), *words)
