"""What a node is, in words."""

from __future__ import annotations

from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["kind_of"]


def kind_of(node: Node) -> str:
    """What a node is, for a sentence: `a list`, `text`."""
    match node:
        case Mapping(tag_form=True):
            (entry,) = node
            return f"a `{entry.key}`"
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case Scalar(data=None):
            return "null"
        case Scalar(data=bool()):
            return "a boolean"
        case Scalar(data=str()):
            return "text"
        case Scalar():
            return "a number"
