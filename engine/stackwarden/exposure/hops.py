"""A step of a path, in words and with its place."""

from __future__ import annotations

from typing import Final

from stackwarden.graph.edges import Edge, Kind, end_in_words
from stackwarden.graph.stack import Stack
from stackwarden.resolve.values import Item, Known, ListValue, Record, ResourceValue
from stackwarden.template.nodes import Node

__all__ = ["HOP", "end_in_words", "hop", "hop_of_edge"]

HOP: Final = "exposure.Hop"


def hop(words: str, holder: ResourceValue | None, origin: Node | None, *passed: ResourceValue | None) -> Record:
    """A step that is written in the resource `holder` at `origin`, and the resources that it passes."""
    resources = tuple(Item(one) for one in passed if one is not None)
    return Record(HOP, {"name": Known(words), "resources": ListValue(resources)}, holder, origin)


def hop_of_edge(stack: Stack, edge: Edge) -> Record:
    """An edge of the graph as a step: `Fn runs as Role`."""
    verb = _VERBS.get(edge.kind, edge.kind.value.replace("_", " "))
    words = f"{end_in_words(edge.source)} {verb} {end_in_words(edge.target)}"
    ends = [stack.resource(end) for end in (edge.source, edge.target) if isinstance(end, str)]
    return hop(words, stack.resource(edge.holder), edge.origin, *ends)


_VERBS: Final = {Kind.ROUTES_TO: "leads to"}
