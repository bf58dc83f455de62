"""From the parser's tree to the syntax tree. Called by `parse` only."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import dedent
from typing import Any, Final, cast

from lark import Token, Transformer, Tree, v_args
from lark.tree import Meta as TreeMeta

from stackwarden.diagnostics import Diagnostic
from stackwarden.language import ast
from stackwarden.language.parse_problems import BadEscape, BadPlaceholder, DuplicateClause
from stackwarden.source import Source, Span

__all__ = ["Builder"]

_ESCAPE: Final = re.compile(r'\\(u[0-9A-Fa-f]{4}|["\\ntr])|\\(.)', re.DOTALL)
_ESCAPES: Final = {'"': '"', "\\": "\\", "n": "\n", "t": "\t", "r": "\r"}
_BRACES: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")

Children = list[Any]
ParseExpression = Callable[[str, int], ast.Expr | None]


@v_args(meta=True)
class Builder(Transformer[Token, Any]):
    """Makes nodes of one chunk that starts at offset `base` of `source`; problems are added to `diagnostics`.

    `parse_expression` parses the text of a placeholder at an offset and gives None where that is no expression.
    """

    def __init__(
        self, source: Source, base: int, diagnostics: list[Diagnostic], parse_expression: ParseExpression
    ) -> None:
        super().__init__()
        self._source = source
        self._base = base
        self._diagnostics = diagnostics
        self._parse_expression = parse_expression

    # --- places and texts

    def _span(self, meta: TreeMeta) -> Span:
        return Span(self._source, self._base + meta.start_pos, self._base + meta.end_pos)

    def _place(self, token: Token) -> Span:
        start = self._base + (token.start_pos or 0)
        return Span(self._source, start, start + len(token))

    def _text_of(self, token: Token) -> str:
        """The text between the quotes with its escapes replaced."""

        def replaced(match: re.Match[str]) -> str:
            known, unknown = match.groups()
            if unknown is not None:
                start = self._base + (token.start_pos or 0) + 1 + match.start()
                self._diagnostics.append(BadEscape(Span(self._source, start, start + 2), match.group()))
                return match.group()
            return chr(int(known[1:], 16)) if known[0] == "u" else _ESCAPES[known]

        return _ESCAPE.sub(replaced, token[1:-1])

    def text(self, meta: TreeMeta, children: Children) -> tuple[str, Span, list[Token]]:
        tokens = [child for child in children if isinstance(child, Token)]
        return "".join(self._text_of(token) for token in tokens), self._span(meta), tokens

    # --- top level

    def use(self, meta: TreeMeta, children: Children) -> ast.Use:
        return ast.Use(self._text_of(children[0]), self._span(meta))

    def param(self, meta: TreeMeta, children: Children) -> ast.Param:
        name, kind, value, doc = children
        return ast.Param(str(name), self._place(name), kind, value, None if doc is None else doc[0], self._span(meta))

    def let(self, meta: TreeMeta, children: Children) -> ast.Let:
        name, value = children
        return ast.Let(str(name), self._place(name), value, self._span(meta))

    def define(self, meta: TreeMeta, children: Children) -> ast.Define:
        name, *parameters, body = children
        given = tuple(parameter for parameter in parameters if parameter is not None)
        return ast.Define(str(name), self._place(name), given, body, self._span(meta))

    def parameter(self, meta: TreeMeta, children: Children) -> ast.Parameter:
        name, kind = children
        return ast.Parameter(str(name), self._place(name), kind, self._span(meta))

    def type_name(self, meta: TreeMeta, children: Children) -> ast.TypeExpr:
        return ast.TypeExpr(str(children[0]), (), self._span(meta))

    def record_type(self, meta: TreeMeta, children: Children) -> ast.TypeExpr:
        return ast.TypeExpr(".".join(children), (), self._span(meta))

    def generic_type(self, meta: TreeMeta, children: Children) -> ast.TypeExpr:
        name, *arguments = children
        return ast.TypeExpr(str(name), tuple(arguments), self._span(meta))

    # --- rules

    def meta_name(self, _: TreeMeta, children: Children) -> Token:
        return cast(Token, children[0])

    def word(self, _: TreeMeta, children: Children) -> str:
        return str(children[0])

    def words(self, _: TreeMeta, children: Children) -> tuple[str, ...]:
        return tuple(self._text_of(token) for token in children if token is not None)

    def meta_entry(self, _: TreeMeta, children: Children) -> tuple[str, tuple[str, ...]]:
        key, *tokens = children
        return str(key), tuple(self._text_of(token) for token in tokens if token is not None)

    def table(self, _: TreeMeta, children: Children) -> dict[str, tuple[str, ...]]:
        return dict(entry for entry in children if entry is not None)

    def meta(self, meta: TreeMeta, children: Children) -> ast.Meta:
        name, value = children
        if isinstance(value, tuple) and len(value) == 3 and isinstance(value[1], Span):
            value = value[0]
        return ast.Meta(str(name), self._place(name), value, self._span(meta))

    def for_(self, meta: TreeMeta, children: Children) -> tuple[str, str, Span, ast.Expr, Span]:
        name, subject = children
        return "for", str(name), self._place(name), subject, self._span(meta)

    def where(self, meta: TreeMeta, children: Children) -> tuple[str, ast.Expr, Span]:
        return "where", children[0], self._span(meta)

    def else_(self, meta: TreeMeta, children: Children) -> tuple[str, ast.Message, Span]:
        text, span, tokens = children[0]
        return "else", self._message(text, span, tokens), self._span(meta)

    def at(self, meta: TreeMeta, children: Children) -> tuple[str, ast.Expr, Span]:
        return "at", children[0], self._span(meta)

    def severity(self, _: TreeMeta, children: Children) -> tuple[str, str, Span]:
        return "severity", str(children[0]), self._place(children[0])

    def require(self, meta: TreeMeta, children: Children) -> ast.Require:
        condition, *clauses = children
        given = self._once(clauses)
        severity = given.get("severity")
        return ast.Require(
            condition,
            given["else"][1] if "else" in given else None,
            given["at"][1] if "at" in given else None,
            severity[1] if severity else None,
            severity[2] if severity else None,
            self._span(meta),
        )

    def _once(self, clauses: Children) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for clause in clauses:
            if clause[0] in given:
                self._diagnostics.append(DuplicateClause(clause[-1], clause[0]))
            else:
                given[clause[0]] = clause
        return given

    def _message(self, text: str, span: Span, tokens: list[Token]) -> ast.Message:
        maps = len(tokens) == 1 and "\\" not in tokens[0]  # else offsets in the text are not those in the file
        start = self._base + (tokens[0].start_pos or 0) + 1 if maps else -1
        parts: list[str | ast.Expr] = []
        position = 0
        literal = ""
        for match in _BRACES.finditer(text):
            literal += text[position : match.start()]
            position = match.end()
            if match.group(1) is None:
                literal += match.group()[0]
                continue
            made = self._placeholder(match, start, span)
            if made is not None:
                parts.extend((literal, made) if literal else (made,))
                literal = ""
        literal += text[position:]
        if literal:
            parts.append(literal)
        return ast.Message(tuple(parts), span)

    def _placeholder(self, match: re.Match[str], start: int, span: Span) -> ast.Expr | None:
        inner = match.group(1)
        offset = start + match.start(1) if start >= 0 else span.start
        made = self._parse_expression(inner, offset) if inner.strip() else None
        if made is None:
            place = Span(self._source, offset - 1, offset + len(inner) + 1) if start >= 0 else span
            self._diagnostics.append(BadPlaceholder(place, inner))
        return made

    def fix_set(self, meta: TreeMeta, children: Children) -> ast.Fix:
        return ast.Fix("set", children[0], children[1], self._span(meta))

    def fix_remove(self, meta: TreeMeta, children: Children) -> ast.Fix:
        return ast.Fix("remove", children[0], None, self._span(meta))

    def fix_append(self, meta: TreeMeta, children: Children) -> ast.Fix:
        return ast.Fix("append", children[1], children[0], self._span(meta))

    def verdict(self, _: TreeMeta, children: Children) -> str:
        return str(children[0])

    def places(self, meta: TreeMeta, children: Children) -> tuple[str, tuple[str, ...], Span]:
        return "at", tuple(str(name) for name in children), self._span(meta)

    def constant(self, _: TreeMeta, children: Children) -> str:
        last = children[-1]
        if last.type == "STRING":
            return self._text_of(last)
        return "".join(str(child) for child in children)

    def binding(self, _: TreeMeta, children: Children) -> tuple[str, str]:
        name, value = children
        return (self._text_of(name) if name.type == "STRING" else str(name)), value

    def given(self, meta: TreeMeta, children: Children) -> tuple[str, tuple[tuple[str, str], ...], Span]:
        return "when", tuple(binding for binding in children if binding is not None), self._span(meta)

    def expectation(self, meta: TreeMeta, children: Children) -> ast.Expectation:
        verdict, *clauses = children
        given = self._once(clauses)
        return ast.Expectation(
            verdict,
            given["at"][1] if "at" in given else (),
            given["severity"][1] if "severity" in given else None,
            given["when"][1] if "when" in given else (),
            self._span(meta),
        )

    def example(self, meta: TreeMeta, children: Children) -> ast.Example:
        name, *expectations, block = children
        place = self._place(block)
        inner = Span(self._source, place.start + 3, place.end - 3)
        text = block[3:-3]
        body = dedent(text.removeprefix("\n")) if text.startswith("\n") else text
        return ast.Example(self._text_of(name), tuple(expectations), body, inner, self._span(meta))

    def rule(self, meta: TreeMeta, children: Children) -> Tree[Any]:
        return Tree("rule", [self._place(children[0]), str(children[0]), children[1:], self._span(meta)])

    # --- expressions

    def string(self, meta: TreeMeta, children: Children) -> ast.Literal:
        return ast.Literal(self._text_of(children[0]), self._span(meta))

    def integer(self, meta: TreeMeta, children: Children) -> ast.Literal:
        return ast.Literal(int(children[0]), self._span(meta))

    def decimal(self, meta: TreeMeta, children: Children) -> ast.Literal:
        return ast.Literal(float(children[0]), self._span(meta))

    def true(self, meta: TreeMeta, _: Children) -> ast.Literal:
        return ast.Literal(True, self._span(meta))

    def false(self, meta: TreeMeta, _: Children) -> ast.Literal:
        return ast.Literal(False, self._span(meta))

    def name(self, meta: TreeMeta, children: Children) -> ast.Name:
        return ast.Name(str(children[0]), self._span(meta))

    def type_ref(self, meta: TreeMeta, children: Children) -> ast.TypeRef:
        patterns = tuple(ast.TypePattern(str(token), self._place(token)) for token in children)
        return ast.TypeRef(patterns, self._span(meta))

    def list_literal(self, meta: TreeMeta, children: Children) -> ast.ListLiteral:
        return ast.ListLiteral(tuple(child for child in children if child is not None), self._span(meta))

    def comprehension(self, meta: TreeMeta, children: Children) -> ast.Comprehension:
        body, name, collection, where = children
        condition = None if where is None else where[1]
        return ast.Comprehension(body, str(name), self._place(name), collection, condition, self._span(meta))

    def property(self, meta: TreeMeta, children: Children) -> ast.Property:
        value, name = children
        return ast.Property(value, str(name), self._place(name), self._span(meta))

    def position(self, _: TreeMeta, children: Children) -> int | str:
        if children[0].type == "STRING":
            return self._text_of(children[0])
        return int("".join(children))

    def index(self, meta: TreeMeta, children: Children) -> ast.Index:
        return ast.Index(children[0], children[1], self._span(meta))

    def each(self, meta: TreeMeta, children: Children) -> ast.Each:
        return ast.Each(children[0], self._span(meta))

    def aspect(self, meta: TreeMeta, children: Children) -> ast.Aspect:
        value, name = children
        return ast.Aspect(value, str(name), self._place(name), self._span(meta))

    def call(self, meta: TreeMeta, children: Children) -> ast.Call:
        function, *arguments = children
        return ast.Call(function, tuple(one for one in arguments if one is not None), self._span(meta))

    def negate(self, meta: TreeMeta, children: Children) -> ast.Negate:
        return ast.Negate(children[0], self._span(meta))

    def sum_op(self, _: TreeMeta, children: Children) -> str:
        return str(children[0])

    def times(self, _: TreeMeta, children: Children) -> str:
        return str(children[0])

    def arithmetic(self, meta: TreeMeta, children: Children) -> ast.Arithmetic:
        left, operator, right = children
        return ast.Arithmetic(operator, left, right, self._span(meta))

    def default(self, meta: TreeMeta, children: Children) -> ast.Default:
        return ast.Default(children[0], children[1], self._span(meta))

    def state(self, _: TreeMeta, children: Children) -> str:
        return " ".join(children)

    def is_(self, meta: TreeMeta, children: Children) -> ast.Is:
        return ast.Is(children[0], children[1], self._span(meta))

    def refers(self, meta: TreeMeta, children: Children) -> ast.Refers:
        return ast.Refers(children[0], children[1], self._span(meta))

    def like(self, meta: TreeMeta, children: Children) -> ast.Like:
        value, pattern = children
        return ast.Like(value, self._text_of(pattern), self._place(pattern), self._span(meta))

    def matches(self, meta: TreeMeta, children: Children) -> ast.Matches:
        value, pattern = children
        raw = pattern[1:-1].replace('\\"', '"')
        return ast.Matches(value, raw, self._place(pattern), self._span(meta))

    def compare_op(self, meta: TreeMeta, children: Children) -> tuple[str, Span]:
        return " ".join(children), self._span(meta)

    def compare(self, meta: TreeMeta, children: Children) -> ast.Compare:
        left, (operator, place), right = children
        return ast.Compare(operator, left, right, place, self._span(meta))

    def quantifier_kind(self, _: TreeMeta, children: Children) -> str:
        return str(children[0])

    def quantifier(self, meta: TreeMeta, children: Children) -> ast.Quantifier:
        kind, name, collection, where, body = children
        condition = None if where is None else where[1]
        return ast.Quantifier(kind, str(name), self._place(name), collection, condition, body, self._span(meta))

    def not_(self, meta: TreeMeta, children: Children) -> ast.Not:
        return ast.Not(children[0], self._span(meta))

    def and_(self, meta: TreeMeta, children: Children) -> ast.And:
        return ast.And(children[0], children[1], self._span(meta))

    def or_(self, meta: TreeMeta, children: Children) -> ast.Or:
        return ast.Or(children[0], children[1], self._span(meta))

    def implies(self, meta: TreeMeta, children: Children) -> ast.Implies:
        return ast.Implies(children[0], children[1], self._span(meta))
