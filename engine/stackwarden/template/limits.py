"""What a template may cost: size, depth and the number of values, all bounded before anybody walks the tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source, Span
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


def weigh(source: Source, root: Node, limits: Limits, *, is_shared: bool = True) -> Diagnostic | None:
    """Checks depth and number of values of a tree that shares nodes (aliases) without writing it out.

    The tree must have no cycle. Takes time in the number of nodes as written: what is shared is weighed once.
    `is_shared` tells whether the tree may share nodes, for the wording.
    """
    from stackwarden.template.faults import TooDeep, TooManyNodes

    weights = _weigh_all(root, limits.nodes + 1)

    def weight(node: Node) -> _Weight:
        return _SCALAR if isinstance(node, Scalar) else weights[id(node)]

    count, height = weight(root)
    if height > limits.depth:
        place = root
        for _ in range(limits.depth):
            place = max(_children(place), key=lambda node: weight(node)[1])
        return TooDeep(Span(source, place.start, place.end), limits.depth, is_shared)
    if count > limits.nodes:
        place = root
        while heavy := [child for child in _children(place) if weight(child)[0] > limits.nodes]:
            place = heavy[0]
        return TooManyNodes(Span(source, place.start, place.end), limits.nodes)
    return None


_Weight = tuple[int, int]  # number of values, and of lists and mappings in each other
_SCALAR: Final[_Weight] = (1, 0)


def _weigh_all(root: Node, most: int) -> dict[int, _Weight]:
    """The weights of all lists and mappings by identity; a number of values is no greater than `most`.

    Without recursion: an alias leads to where no recursion over the text has been if the key that had its anchor was
    given again, for then only the second value is in the tree.
    """
    weights: dict[int, _Weight] = {}
    todo = [root]
    while todo:
        node = todo[-1]
        inner = [child for child in _children(node) if not isinstance(child, Scalar)]
        if id(node) not in weights:
            unknown = [child for child in inner if id(child) not in weights]
            if unknown:
                todo += unknown
                continue
            known = [weights[id(child)] for child in inner]
            count = 1 + len(_children(node)) - len(inner) + sum(count for count, _ in known)
            weights[id(node)] = (min(count, most), 1 + max((height for _, height in known), default=0))
        todo.pop()
    return weights


def _children(node: Node) -> list[Node]:
    match node:
        case Mapping():
            return [entry.value for entry in node]
        case Sequence():
            return node.items
        case Scalar():
            return []
