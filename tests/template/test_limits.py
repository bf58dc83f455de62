"""Weighing a tree agrees with writing it out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stackwarden.source import Source
from stackwarden.template.limits import Limits, weigh
from stackwarden.template.nodes import Node, Scalar, Sequence
from template.reading import nodes


def _graph(shape: list[list[int]]) -> Node:
    """A list per row whose items are earlier rows (counted modulo) or scalars."""
    made: list[Node] = []
    for row in shape:
        items: list[Node] = [
            made[pick % len(made)] if made and pick >= 0 else Scalar(1, "1", False, 0, 0) for pick in row
        ]
        made.append(Sequence(items, 0, 0))
    return made[-1]


def _height(node: Node) -> int:
    return 1 + max((_height(item) for item in node.items), default=0) if isinstance(node, Sequence) else 0


@given(st.lists(st.lists(st.integers(-1, 5), max_size=3), min_size=1, max_size=7))
def test_size_and_depth_are_those_of_the_written_out_tree(shape: list[list[int]]) -> None:
    root = _graph(shape)
    source = Source("a.yaml", "")
    count, height = sum(1 for _ in nodes(root)), _height(root)
    assert weigh(source, root, Limits(nodes=count, depth=height)) is None
    assert weigh(source, root, Limits(nodes=count - 1, depth=height)) is not None
    assert weigh(source, root, Limits(nodes=count, depth=height - 1)) is not None


def test_a_tree_that_would_have_more_nodes_than_atoms_takes_no_time() -> None:
    node: Node = Scalar(1, "1", False, 0, 0)
    for _ in range(90):
        node = Sequence([node] * 10, 0, 0)
    fault = weigh(Source("a.yaml", ""), node, Limits())
    assert fault is not None
    assert "stand for more than" in fault.message()


def test_a_chain_longer_than_the_interpreter_recurses_is_weighed() -> None:
    """As of anchors under a key that is given again and again, of which only the last value is in the tree."""
    node: Node = Sequence([], 0, 0)
    for _ in range(50_000):
        node = Sequence([node, node], 0, 0)
    fault = weigh(Source("a.yaml", ""), node, Limits())
    assert fault is not None
    assert "nested more than 100 levels" in fault.message()
