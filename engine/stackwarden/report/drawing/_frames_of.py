"""The nodes of a drawing by the nested stacks that they are in, as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from stackwarden.report.drawing.picture import Node, Picture

__all__ = ["FrameTree", "frame_tree"]


@dataclass(slots=True)
class FrameTree:
    """A nested stack by its path (empty: the outermost), what stands in it, and the stacks nested in it."""

    name: str
    nodes: list[Node] = field(default_factory=list)
    inner: list[FrameTree] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The logical id of the stack."""
        return self.name.rpartition("/")[2]


def frame_tree(picture: Picture) -> FrameTree:
    """The tree of the stacks of a drawing, in the order of its nodes."""
    trees = {"": FrameTree("")}
    for node in picture.nodes:
        parts = node.frame.split("/") if node.frame else []
        for index in range(len(parts)):
            name = "/".join(parts[: index + 1])
            if name not in trees:
                trees[name] = FrameTree(name)
                trees[name.rpartition("/")[0]].inner.append(trees[name])
        trees[node.frame].nodes.append(node)
    return trees[""]
