"""Text to syntax tree. This is the one module that loads Lark, so nothing on the way of a plain scan imports it.

A file is parsed item by item, and an item that is wrong clause by clause: all errors of a file come in one run.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser

from stackwarden.assets import grammar_dir
from stackwarden.diagnostics import Diagnostic
from stackwarden.language import ast
from stackwarden.language.syntax import chunks, structure
from stackwarden.language.syntax.chunks import Piece
from stackwarden.language.syntax.clauses import Clause
from stackwarden.language.syntax.explain import Failure, explain
from stackwarden.language.syntax.items import Item, build_clauses, build_expression, build_items
from stackwarden.language.syntax.problems import MissingBrace
from stackwarden.language.syntax.tree import Context
from stackwarden.source import Source, Span

__all__ = ["parse"]

_END: Final = "$END"


def parse(source: Source) -> tuple[ast.File, tuple[Diagnostic, ...]]:
    """The syntax tree of a Warden file and what is wrong with its text, in the order of places.

    Never raises on bad input: an item with a syntax error is reported and left out of the tree.
    Raises FileNotFoundError when the installation lacks the grammar.
    """
    parser = _Parser(source)
    items = [item for piece in chunks.split(source.text) for item in parser.items(piece)]
    file = ast.File(
        uses=tuple(item for item in items if isinstance(item, ast.Use)),
        params=tuple(item for item in items if isinstance(item, ast.Param)),
        lets=tuple(item for item in items if isinstance(item, ast.Let)),
        defines=tuple(item for item in items if isinstance(item, ast.Define)),
        rules=tuple(item for item in items if isinstance(item, ast.Rule)),
        span=Span(source, 0, len(source.text)),
    )
    found = {(diagnostic.span, diagnostic): diagnostic for diagnostic in parser.diagnostics}
    return file, tuple(sorted(found.values(), key=lambda diagnostic: diagnostic.span.start if diagnostic.span else 0))


@cache
def _lark() -> Lark:
    return Lark.open(
        str(grammar_dir() / "warden.lark"),
        parser="lalr",
        lexer="contextual",
        start=["file", "body", "expression"],
        propagate_positions=True,
        maybe_placeholders=True,
    )


class _Parser:
    """Parses pieces of one source and collects what is wrong with them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.diagnostics: list[Diagnostic] = []

    def items(self, piece: Piece) -> list[Item]:
        """The items in a piece of the source; one with errors is searched for all of them."""
        text = self._source.text[piece.start : piece.end]
        parsed = self._parse("file", text, piece.start)
        if isinstance(parsed, Failure):
            self._report(parsed, text, piece)
            return []
        return build_items(parsed, self._context(piece.start))

    def _context(self, base: int) -> Context:
        return Context(self._source, base, self._embedded, self.diagnostics)

    def _embedded(self, text: str, base: int) -> ast.Expr | None:
        parsed = self._parse("expression", text, base)
        if isinstance(parsed, Failure):
            self.diagnostics.append(explain(parsed, self._source))
            return None
        return build_expression(parsed, self._context(base))

    def _parse(self, kind: str, text: str, base: int) -> Tree[Token] | Failure:
        """The tree of a text that stands at `base` in the source, or where and why there is none."""
        try:
            return _lark().parse(text, start=kind)
        except UnexpectedInput as error:
            return _failure(error, text, base)

    def _report(self, failure: Failure, text: str, piece: Piece) -> None:
        """Reports an error in a piece; in a rule, the errors of all its clauses."""
        head = chunks.head_of(text)
        if head is None:
            self.diagnostics.append(explain(failure, self._source))
            return
        before = len(self.diagnostics)
        clauses = self._clauses(text, head.body, len(text) - 1 if piece.closed else len(text), piece.start)
        if not piece.closed:
            span = Span(self._source, piece.start + head.start, piece.start + head.end)
            self.diagnostics.append(MissingBrace(span, head.id))
        elif len(self.diagnostics) == before:
            self.diagnostics.append(explain(failure, self._source))
        id_span = Span(self._source, piece.start + head.end - len(head.id), piece.start + head.end)
        self.diagnostics.extend((*structure.check_id(head.id, id_span), *structure.check_clauses(clauses)))

    def _clauses(self, text: str, start: int, end: int, base: int) -> list[Clause]:
        """The clauses between two offsets of a piece, those with errors reported and left out."""
        clauses: list[Clause] = []
        ranges = list(chunks.segments(text, start, end))
        while ranges:
            first, last = ranges.pop(0)
            parsed = self._parse("body", text[first:last], base + first)
            # A clause that ends too early may go on in the next line, or that line is what stands there wrongly.
            while isinstance(parsed, Failure) and parsed.at_end and ranges:
                longer = self._parse("body", text[first : ranges[0][1]], base + first)
                if isinstance(longer, Failure) and not longer.at_end:
                    break
                parsed = longer
                ranges.pop(0)
            if isinstance(parsed, Failure):
                self.diagnostics.append(explain(parsed, self._source))
            else:
                clauses.extend(build_clauses(parsed, self._context(base + first)))
        return clauses


def _failure(error: UnexpectedInput, text: str, base: int) -> Failure:
    at_end = isinstance(error, UnexpectedToken) and error.token.type == _END
    offset = len(text) if at_end else error.pos_in_stream or 0
    parser = getattr(error, "interactive_parser", None)
    accepts: set[str] = set()
    if isinstance(parser, InteractiveParser):
        accepts = parser.accepts()  # type: ignore[no-untyped-call]  # Lark gives it no annotations
    return Failure(base + offset, base + len(text), at_end, frozenset(accepts))
