"""A typed expression on its way through the checker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stackwarden.language import ast, ir
from stackwarden.language.typecheck.scope import Scope
from stackwarden.language.types import Type

__all__ = ["Infer", "Typed", "as_value"]


@dataclass(frozen=True, slots=True)
class Typed:
    """A node and its type. `spread` marks a list made by `[*]`, over which the rest of a path maps."""

    node: ir.ValueExpr | ir.TruthExpr
    type: Type
    spread: bool = False

    def value(self) -> ir.ValueExpr:
        """The node as a value; a truth becomes a boolean."""
        if isinstance(self.node, ir.TruthExpr):
            return ir.Truth(self.node, self.node.at)
        return self.node


Infer = Callable[[ast.Expr, Scope], Typed]
"""The checker's own recursion, handed to the modules that type one kind of expression each."""


def as_value(node: ast.Expr, scope: Scope, infer: Infer) -> Typed:
    """An expression where a value is expected."""
    typed = infer(node, scope)
    return Typed(typed.value(), typed.type, typed.spread)
