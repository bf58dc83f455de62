"""From the parser's trees to expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Literal, cast

from stackwarden.language import ast
from stackwarden.language.syntax import texts
from stackwarden.language.syntax.problems import NumberTooLong, TooDeep
from stackwarden.language.syntax.tree import Context

if TYPE_CHECKING:
    from stackwarden.language.syntax.tree import Child, Token, TreeNode

__all__ = ["Expressions"]

_MOST_DIGITS: Final = 30
_MOST_LEVELS: Final = 150
"""Deeper expressions are refused: every stage walks them recursively."""


class Expressions:
    """Builds the expressions of one piece of text; what is wrong with them goes to the context."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._level = 0

    def build(self, node: Child) -> ast.Expr:
        """The expression that a tree or a token stands for."""
        if isinstance(node, str):
            return self._atom(node)
        while node.data == "group":
            inner = node.children[0]
            if isinstance(inner, str):
                return self._atom(inner)
            node = inner
        self._level += 1
        if self._level > _MOST_LEVELS:
            return self._too_deep(node)
        made = _BUILD[node.data](self, node)
        self._level -= 1
        return made

    def _too_deep(self, node: TreeNode) -> ast.Expr:
        span = self._context.place(node)
        if not any(isinstance(diagnostic, TooDeep) for diagnostic in self._context.diagnostics):
            self._context.diagnostics.append(TooDeep(span, _MOST_LEVELS))
        self._level -= 1
        return ast.Literal(False, span)

    def _atom(self, token: Token) -> ast.Expr:
        span = self._context.place(token)
        match token.type:
            case "NAME":
                return ast.Name(str(token), span)
            case "BOOLEAN":
                return ast.Literal(token == "true", span)
            case "NUMBER":
                if len(token) > _MOST_DIGITS:
                    self._context.diagnostics.append(NumberTooLong(span, _MOST_DIGITS))
                    return ast.Literal(0, span)
                return ast.Literal(float(token) if "." in token else int(token), span)
            case _:
                return ast.Literal(texts.plain(token, self._context), span)

    def _pair(self, tree: TreeNode) -> tuple[ast.Expr, ast.Expr]:
        return self.build(tree.children[0]), self.build(tree.children[-1])

    def implies(self, tree: TreeNode) -> ast.Expr:
        return ast.Implies(*self._pair(tree), self._context.place(tree))

    def or_(self, tree: TreeNode) -> ast.Expr:
        return ast.Or(*self._pair(tree), self._context.place(tree))

    def and_(self, tree: TreeNode) -> ast.Expr:
        return ast.And(*self._pair(tree), self._context.place(tree))

    def not_(self, tree: TreeNode) -> ast.Expr:
        return ast.Not(self.build(tree.children[0]), self._context.place(tree))

    def quantifier(self, tree: TreeNode) -> ast.Expr:
        quantity, variable, _, collection, where, body = tree.children
        return ast.Quantifier(
            kind=cast(Literal["every", "some", "no"], str(quantity)),
            variable=str(variable),
            variable_span=self._context.place(variable),
            collection=self.build(collection),
            where=None if where is None else self.build(where),
            body=self.build(body),
            span=self._context.place(tree),
        )

    def compare(self, tree: TreeNode) -> ast.Expr:
        operator = tree.children[1]
        assert isinstance(operator, str)
        return ast.Compare(
            cast("ast.CompareOp", " ".join(operator.split())),
            *self._pair(tree),
            operator_span=self._context.place(operator),
            span=self._context.place(tree),
        )

    def matches(self, tree: TreeNode) -> ast.Expr:
        value, token = tree.children
        assert isinstance(token, str)
        span = self._context.place(tree)
        return ast.Matches(self.build(value), texts.pattern(token), self._context.place(token), span)

    def like(self, tree: TreeNode) -> ast.Expr:
        value, token = tree.children
        assert isinstance(token, str)
        glob = texts.plain(token, self._context)
        return ast.Like(self.build(value), glob, self._context.place(token), self._context.place(tree))

    def refers(self, tree: TreeNode) -> ast.Expr:
        return ast.Refers(*self._pair(tree), self._context.place(tree))

    def is_(self, tree: TreeNode) -> ast.Expr:
        value, state = tree.children
        assert isinstance(state, str)
        return ast.Is(self.build(value), cast("ast.State", " ".join(state.split())), self._context.place(tree))

    def default(self, tree: TreeNode) -> ast.Expr:
        return ast.Default(*self._pair(tree), self._context.place(tree))

    def arithmetic(self, tree: TreeNode) -> ast.Expr:
        operator = cast("ast.ArithmeticOp", str(tree.children[1]))
        return ast.Arithmetic(operator, *self._pair(tree), self._context.place(tree))

    def negate(self, tree: TreeNode) -> ast.Expr:
        return ast.Negate(self.build(tree.children[0]), self._context.place(tree))

    def property_(self, tree: TreeNode) -> ast.Expr:
        value, name = tree.children
        return ast.Property(self.build(value), str(name), self._context.place(name), self._context.place(tree))

    def aspect(self, tree: TreeNode) -> ast.Expr:
        value, name = tree.children
        return ast.Aspect(self.build(value), str(name), self._context.place(name), self._context.place(tree))

    def index(self, tree: TreeNode) -> ast.Expr:
        value, token = tree.children
        assert isinstance(token, str)
        index: int | str = 0
        if token.type == "STRING":
            index = texts.plain(token, self._context)
        elif len(token) > _MOST_DIGITS:
            self._context.diagnostics.append(NumberTooLong(self._context.place(token), _MOST_DIGITS))
        else:
            index = int(token)
        return ast.Index(self.build(value), index, self._context.place(tree))

    def each(self, tree: TreeNode) -> ast.Expr:
        return ast.Each(self.build(tree.children[0]), self._context.place(tree))

    def call(self, tree: TreeNode) -> ast.Expr:
        function, *arguments = (self.build(child) for child in tree.children if child is not None)
        return ast.Call(function, tuple(arguments), self._context.place(tree))

    def types(self, tree: TreeNode) -> ast.Expr:
        patterns = tuple(ast.TypePattern(str(token), self._context.place(token)) for token in tree.children)
        return ast.TypeRef(patterns, self._context.place(tree))

    def list_(self, tree: TreeNode) -> ast.Expr:
        items = tuple(self.build(child) for child in tree.children if child is not None)
        return ast.ListLiteral(items, self._context.place(tree))

    def comprehension(self, tree: TreeNode) -> ast.Expr:
        body, variable, _, collection, where = tree.children
        return ast.Comprehension(
            body=self.build(body),
            variable=str(variable),
            variable_span=self._context.place(variable),
            collection=self.build(collection),
            where=None if where is None else self.build(where),
            span=self._context.place(tree),
        )


_BUILD: Final[Mapping[str, Callable[[Expressions, TreeNode], ast.Expr]]] = {
    "implies": Expressions.implies,
    "or": Expressions.or_,
    "and": Expressions.and_,
    "not": Expressions.not_,
    "quantifier": Expressions.quantifier,
    "compare": Expressions.compare,
    "matches": Expressions.matches,
    "like": Expressions.like,
    "refers": Expressions.refers,
    "is": Expressions.is_,
    "default": Expressions.default,
    "arithmetic": Expressions.arithmetic,
    "negate": Expressions.negate,
    "property": Expressions.property_,
    "aspect": Expressions.aspect,
    "index": Expressions.index,
    "each": Expressions.each,
    "call": Expressions.call,
    "types": Expressions.types,
    "list": Expressions.list_,
    "comprehension": Expressions.comprehension,
}
"""The builder of each rule of the grammar that leaves a tree of its own."""
