"""The parser's trees as the builders see them. Lark is imported for its types only: nothing here loads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from stackwarden.diagnostics import Diagnostic
from stackwarden.language import ast
from stackwarden.source import Source, Span

if TYPE_CHECKING:
    from lark import Token as Token  # the builders name it too
    from lark import Tree

    TreeNode: TypeAlias = Tree[Token]
    Child: TypeAlias = Tree[Token] | Token

__all__ = ["Context", "end_of", "start_of", "tokens", "trees"]


@dataclass(slots=True)
class Context:
    """What the builders of one piece of text share.

    `base` is the offset of the piece in the source. `embedded` parses an expression that stands inside a string, given
    its text and its offset in the source; it reports what is wrong with it and then gives None.
    """

    source: Source
    base: int
    embedded: Callable[[str, int], ast.Expr | None]
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def span(self, start: int, end: int) -> Span:
        """The range of the source for offsets in the piece."""
        return Span(self.source, self.base + start, self.base + end)

    def place(self, child: Child) -> Span:
        """Where a tree or token stands."""
        return self.span(start_of(child), end_of(child))


def start_of(child: Child) -> int:
    """Offset of the first code point of a tree or token in its piece."""
    return (child.start_pos if isinstance(child, str) else child.meta.start_pos) or 0


def end_of(child: Child) -> int:
    """Offset just past a tree or token in its piece."""
    return (child.end_pos if isinstance(child, str) else child.meta.end_pos) or 0


def tokens(tree: TreeNode) -> list[Token]:
    """The tokens right under a tree."""
    return [child for child in tree.children if isinstance(child, str)]


def trees(tree: TreeNode) -> list[TreeNode]:
    """The trees right under a tree; optional parts that are missing are left out."""
    return [child for child in tree.children if child is not None and not isinstance(child, str)]
