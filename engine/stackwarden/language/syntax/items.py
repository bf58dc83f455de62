"""From the parser's trees to the items of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from stackwarden.language import ast
from stackwarden.language.syntax import structure, texts
from stackwarden.language.syntax.clauses import Clause, Clauses
from stackwarden.language.syntax.tree import Context, tokens, trees

if TYPE_CHECKING:
    from stackwarden.language.syntax.tree import TreeNode

__all__ = ["Item", "build_clauses", "build_expression", "build_items"]

Item: TypeAlias = ast.Use | ast.Param | ast.Let | ast.Define | ast.Rule


def build_items(file: TreeNode, context: Context) -> list[Item]:
    """The items under a `file` tree; a rule that is not complete is reported and left out."""
    clauses = Clauses(context)
    items: list[Item] = []
    for tree in trees(file):
        match tree.data:
            case "use":
                token = tokens(tree)[0]
                items.append(ast.Use(texts.plain(token, context), context.place(tree)))
            case "param":
                items.append(clauses.param(tree))
            case "let":
                items.append(clauses.let(tree))
            case "define":
                items.append(_define(tree, clauses, context))
            case _:
                made = _rule(tree, clauses, context)
                if made is not None:
                    items.append(made)
    return items


def build_clauses(body: TreeNode, context: Context) -> list[Clause]:
    """The clauses under a `body` tree."""
    clauses = Clauses(context)
    return [clauses.build(tree) for tree in trees(body)]


def build_expression(expression: TreeNode, context: Context) -> ast.Expr:
    """The expression under an `expression` tree."""
    return Clauses(context).expressions.build(expression.children[0])


def _define(tree: TreeNode, clauses: Clauses, context: Context) -> ast.Define:
    name, *parameters, body = tree.children
    return ast.Define(
        name=str(name),
        name_span=context.place(name),
        parameters=tuple(
            _parameter(cast("TreeNode", parameter), clauses, context)
            for parameter in parameters
            if parameter is not None
        ),
        body=clauses.expressions.build(body),
        span=context.place(tree),
    )


def _parameter(tree: TreeNode, clauses: Clauses, context: Context) -> ast.Parameter:
    name, type_ = tree.children
    return ast.Parameter(str(name), context.place(name), clauses.type(cast("TreeNode", type_)), context.place(tree))


def _rule(tree: TreeNode, clauses: Clauses, context: Context) -> ast.Rule | None:
    name = tokens(tree)[0]
    parts = [clauses.build(clause) for clause in trees(tree)]
    made, problems = structure.rule(str(name), context.place(name), parts, context.place(tree))
    context.diagnostics.extend(problems)
    return made
