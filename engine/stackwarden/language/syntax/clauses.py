"""From the parser's trees to the clauses of a rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar, cast

from stackwarden.diagnostics import Severity
from stackwarden.language import ast
from stackwarden.language.syntax import texts
from stackwarden.language.syntax.expressions import Expressions
from stackwarden.language.syntax.problems import DuplicateClause, DuplicateKey, UnknownSeverity
from stackwarden.language.syntax.tree import Context, end_of, start_of, tokens, trees
from stackwarden.source import Span

if TYPE_CHECKING:
    from stackwarden.language.syntax.tree import Child, Token, TreeNode

__all__ = ["Clause", "Clauses", "Subject", "Where"]


@dataclass(frozen=True, slots=True)
class Subject:
    """`for variable in collection`."""

    variable: str
    variable_span: Span
    collection: ast.Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Where:
    """`where condition`."""

    condition: ast.Expr
    span: Span


_T = TypeVar("_T")
Clause: TypeAlias = ast.Meta | ast.Param | Subject | ast.Let | Where | ast.Require | ast.Fix | ast.Example


class Clauses:
    """Builds clauses from trees; what is wrong with them goes to the context."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.expressions = Expressions(context)

    def build(self, tree: TreeNode) -> Clause:
        """The clause that a tree stands for."""
        return _BUILD[tree.data](self, tree)

    def param(self, tree: TreeNode) -> ast.Param:
        name, type_, value, doc = tree.children
        return ast.Param(
            name=str(name),
            name_span=self._context.place(name),
            type=self.type(cast("TreeNode", type_)),
            value=self.expressions.build(value),
            doc=None if doc is None else self._text(cast("TreeNode", doc)),
            span=self._context.place(tree),
        )

    def let(self, tree: TreeNode) -> ast.Let:
        name, value = tree.children
        return ast.Let(str(name), self._context.place(name), self.expressions.build(value), self._context.place(tree))

    def type(self, tree: TreeNode) -> ast.TypeExpr:
        """A declared type. Alternatives of resource types are joined in its name: `AWS::A::B | AWS::A::C`."""
        words = [str(token) for token in tokens(tree)]
        joint = " | " if tree.data == "type_resources" else "."
        arguments = tuple(self.type(argument) for argument in trees(tree))
        return ast.TypeExpr(joint.join(words), arguments, self._context.place(tree))

    def meta_text(self, tree: TreeNode) -> ast.Meta:
        return self._meta(tree, self._text(trees(tree)[0]))

    def meta_word(self, tree: TreeNode) -> ast.Meta:
        name, word = tokens(tree)
        if name.type == "SEVERITY":
            self._check_severity(word)
        return self._meta(tree, str(word))

    def meta_list(self, tree: TreeNode) -> ast.Meta:
        return self._meta(tree, self._texts(trees(tree)[0]))

    def meta_map(self, tree: TreeNode) -> ast.Meta:
        value: dict[str, tuple[str, ...]] = {}
        for entry in trees(tree):
            self._add(value, tokens(entry)[0], self._texts(trees(entry)[0]))
        return self._meta(tree, value)

    def for_(self, tree: TreeNode) -> Subject:
        variable, _, collection = tree.children
        return Subject(
            str(variable),
            self._context.place(variable),
            self.expressions.build(collection),
            self._context.place(tree),
        )

    def where(self, tree: TreeNode) -> Where:
        return Where(self.expressions.build(tree.children[0]), self._context.place(tree))

    def require(self, tree: TreeNode) -> ast.Require:
        condition, *rest = tree.children
        parts = self._once(cast("list[TreeNode]", rest))
        message, at, along = parts.get("else"), parts.get("at"), parts.get("along")
        severity = parts.get("severity")
        level = None if severity is None else tokens(severity)[1]
        return ast.Require(
            condition=self.expressions.build(condition),
            message=None if message is None else self._message(trees(message)[0]),
            at=None if at is None else self.expressions.build(at.children[0]),
            along=None if along is None else self.expressions.build(along.children[0]),
            severity=None if level is None else self._check_severity(level),
            severity_span=None if level is None else self._context.place(level),
            span=self._context.place(tree),
        )

    def fix(self, tree: TreeNode) -> ast.Fix:
        span = self._context.place(tree)
        match tree.data, tree.children:
            case "fix_set", [path, value]:
                return ast.Fix("set", self.expressions.build(path), self._fix_value(value), span)
            case "fix_append", [value, path]:
                return ast.Fix("append", self.expressions.build(path), self._fix_value(value), span)
            case _:
                return ast.Fix("remove", self.expressions.build(tree.children[0]), None, span)

    def _fix_value(self, child: Child) -> ast.FixValue:
        if isinstance(child, str):
            return self.expressions.build(child)
        match child.data:
            case "object":
                return self._object(child)
            case "objects":
                return ast.ObjectList(tuple(self._object(item) for item in trees(child)), self._context.place(child))
            case _:
                return self.expressions.build(child)

    def _object(self, tree: TreeNode) -> ast.ObjectLiteral:
        entries: dict[str, tuple[str, Span, ast.FixValue]] = {}
        for pair in trees(tree):
            key, value = pair.children
            assert isinstance(key, str)  # the grammar's `pair` starts with a token
            name = self._word(key)
            if name in entries:
                self._context.diagnostics.append(DuplicateKey(self._context.place(key), name))
            entries.setdefault(name, (name, self._context.place(key), self._fix_value(value)))
        return ast.ObjectLiteral(tuple(entries.values()), self._context.place(tree))

    def example(self, tree: TreeNode) -> ast.Example:
        name, *expectations = trees(tree)
        template = tokens(tree)[-1]
        width = texts.quotes(template)
        return ast.Example(
            name=self._text(name),
            expectations=tuple(self._expectation(expectation) for expectation in expectations),
            template=texts.plain(template, self._context),
            template_span=self._context.span(start_of(template) + width, end_of(template) - width),
            span=self._context.place(tree),
        )

    def _expectation(self, tree: TreeNode) -> ast.Expectation:
        parts = self._once(trees(tree))
        places, severity, when = parts.get("places"), parts.get("severity"), parts.get("when")
        given: dict[str, str] = {}
        for binding in () if when is None else trees(when):
            key, value = tokens(binding)
            self._add(given, key, self._word(value))
        return ast.Expectation(
            verdict=cast(Literal["passes", "fails", "maybe"], str(tokens(tree)[0])),
            at=() if places is None else tuple(self._word(token) for token in tokens(places)),
            severity=None if severity is None else self._check_severity(tokens(severity)[1]),
            given=tuple(given.items()),
            span=self._context.place(tree),
        )

    def _once(self, parts: list[TreeNode]) -> dict[str, TreeNode]:
        """The parts of a clause by kind; one that stands there again is reported, and the first one counts."""
        found: dict[str, TreeNode] = {}
        for part in parts:
            first = found.setdefault(part.data, part)
            if first is not part:
                line = self._context.place(first).begin.line
                word = "at" if part.data == "places" else str(part.data)
                self._context.diagnostics.append(DuplicateClause(self._context.place(part), word, line))
        return found

    def _add(self, target: dict[str, _T], key: Token, value: _T) -> None:
        name = self._word(key)
        if name in target:
            self._context.diagnostics.append(DuplicateKey(self._context.place(key), name))
        target.setdefault(name, value)

    def _meta(self, tree: TreeNode, value: ast.MetaValue) -> ast.Meta:
        name = tokens(tree)[0]
        return ast.Meta(str(name), self._context.place(name), value, self._context.place(tree))

    def _text(self, tree: TreeNode) -> str:
        return "".join(texts.plain(token, self._context) for token in tokens(tree))

    def _texts(self, tree: TreeNode) -> tuple[str, ...]:
        return tuple(texts.plain(token, self._context) for token in tokens(tree))

    def _word(self, token: Token) -> str:
        return texts.plain(token, self._context) if token.type == "STRING" else str(token)

    def _message(self, tree: TreeNode) -> ast.Message:
        return ast.Message(texts.message(tokens(tree), self._context), self._context.place(tree))

    def _check_severity(self, token: Token) -> str:
        if Severity.parse(token) is None:
            self._context.diagnostics.append(UnknownSeverity(self._context.place(token), str(token)))
        return str(token)


_BUILD: Final[Mapping[str, Callable[[Clauses, TreeNode], Clause]]] = {
    "param": Clauses.param,
    "let": Clauses.let,
    "meta_text": Clauses.meta_text,
    "meta_word": Clauses.meta_word,
    "meta_list": Clauses.meta_list,
    "meta_map": Clauses.meta_map,
    "for": Clauses.for_,
    "where": Clauses.where,
    "require": Clauses.require,
    "fix_set": Clauses.fix,
    "fix_remove": Clauses.fix,
    "fix_append": Clauses.fix,
    "example": Clauses.example,
}
"""The builder of each clause of the grammar."""
