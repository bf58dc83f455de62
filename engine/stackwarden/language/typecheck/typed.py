"""A typed expression on its way through the checker."""

from __future__ import annotations

from dataclasses import dataclass

from stackwarden.language import ir
from stackwarden.language.types import Type

__all__ = ["Typed"]


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
