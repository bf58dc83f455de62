"""What a template may cost: size, depth and the number of values, all bounded before anybody walks the tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source, Span
from stackwarden.template.faults import TooDeep, TooManyNodes
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["Limits", "weigh"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one file.

    `size` is in bytes: the default is twice what CloudFormation takes from Amazon S3 (CloudFormation quotas).
    `depth` is the number of lists and mappings in each other; the readers recurse that deep, so it must stay well
    below the interpreter's recursion limit. `nodes` is the number of values once all aliases are written out.
    `diagnostics` is how many faults of one kind (fatal or not) are told for a file.
    """

    size: int = 2 * 1024 * 1024
    depth: int = 100
    nodes: int = 1_000_000
    diagnostics: int = 100


def weigh(source: Source, root: Node, limits: Limits) -> Diagnostic | None:
    """Checks depth and number of values of a tree that shares nodes (aliases) without writing it out.

    The tree must have no cycle. Takes time in the number of nodes as written: what is shared is weighed once.
    Recursion is no deeper than the tree as written, for an alias stands after its anchor.
    """
    weights: dict[int, tuple[int, int]] = {}

    def weight(node: Node) -> tuple[int, int]:
        if isinstance(node, Scalar):
            return 1, 0
        known = weights.get(id(node))
        if known is None:
            count, height = 1, 0
            for child in _children(node):
                child_count, child_height = weight(child)
                count += child_count
                height = max(height, child_height)
            known = weights[id(node)] = (count, height + 1)
        return known

    count, height = weight(root)
    if height > limits.depth:
        return TooDeep(_descend(source, root, limits.depth, lambda node: weight(node)[1]), limits.depth, True)
    if count > limits.nodes:
        place = root
        while heavy := [child for child in _children(place) if weight(child)[0] > limits.nodes]:
            place = heavy[0]
        return TooManyNodes(Span(source, place.start, place.end), limits.nodes)
    return None


def _descend(source: Source, root: Node, steps: int, height: Callable[[Node], int]) -> Span:
    node = root
    for _ in range(steps):
        node = max(_children(node), key=height)
    return Span(source, node.start, node.end)


def _children(node: Node) -> Iterable[Node]:
    match node:
        case Mapping():
            return [entry.value for entry in node]
        case Sequence():
            return node.items
        case Scalar():
            return ()
