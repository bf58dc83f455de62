"""Which template a node belongs to and what it stands in, for whoever explains a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stackwarden.graph.stack import Stack, stack_path
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import ResourceValue
from stackwarden.run.loops import Loop, loops_around
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["Owner", "Owners"]


@dataclass(frozen=True, slots=True)
class Owner:
    """A node's template by its resolver, and the nodes around it, outermost first."""

    resolver: Resolver
    around: tuple[Node, ...]


_Parents = dict[int, Node | None]
_Places = dict[tuple[int, int], Node]


class Owners:
    """Finds nodes in the templates of a stack. A resource's own nodes come first, as an anchor has many places."""

    def __init__(self, stack: Stack, resource: ResourceValue | None = None) -> None:
        self._stack = stack
        self._resolvers = {resolver.prefix: resolver for resolver in stack.resolvers}
        self._own = _parents((resource.origin,)) if resource is not None else {}
        self._home = stack_path(resource.resource.logical_id) if resource is not None else ""

    def above(self, prefix: str) -> Resolver:
        """The resolver of the stack that deploys a nested one. Raises KeyError for the outermost."""
        return self._resolvers[stack_path(prefix.removesuffix("/"))]

    def resolver(self, prefix: str) -> Resolver:
        """The resolver of the stack with a path, such as `Network/`; empty for the outermost."""
        return self._resolvers[prefix]

    def find(self, node: Node, near: str) -> Owner | None:
        """The owner of a node; of a template that is deployed twice, the stack `near` or one that nests it."""
        if id(node) in self._own:
            return Owner(self._resolvers[self._home], _around(node, self._own))
        for prefix in self._nearest(near):
            parents = self._all(prefix)
            if id(node) in parents:
                return Owner(self._resolvers[prefix], _around(node, parents))
        return None

    def written_at(self, place: tuple[int, int], resolver: Resolver) -> tuple[Node | None, tuple[Loop, ...]]:
        """The node that the author wrote at a place, and the loops around the place, outermost first."""
        root = resolver.template.root

        def places() -> _Places:
            return {(node.start, node.end): node for node in _nodes(root)}

        found = self._stack.once(f"nodes by place {resolver.prefix}", places)
        return found.get(place), tuple(loops_around(root, place[0]))

    def _nearest(self, near: str) -> Iterator[str]:
        prefix = near
        while prefix:
            yield prefix
            prefix = stack_path(prefix.removesuffix("/"))
        yield ""
        yield from (other for other in self._resolvers if other and not near.startswith(other))

    def _all(self, prefix: str) -> _Parents:
        template = self._resolvers[prefix].template

        def parents() -> _Parents:
            made: list[Node] = [one.node for one in (*template.resources.values(), *template.written.values())]
            made.extend(output.node for output in template.outputs.values())
            return _parents((*made, *template.conditions.values(), template.root))

        return self._stack.once(f"nodes around {prefix}", parents)


def _parents(roots: Iterable[Node]) -> _Parents:
    parents: _Parents = {}
    todo: list[tuple[Node, Node | None]] = [(root, None) for root in reversed(tuple(roots))]
    while todo:
        node, parent = todo.pop()
        if id(node) not in parents:
            parents[id(node)] = parent
            todo.extend((child, node) for child in reversed(_children(node)))
    return parents


def _nodes(root: Node) -> Iterator[Node]:
    """All nodes, inner ones after those around them."""
    todo: list[Node] = [root]
    seen: set[int] = set()
    while todo:
        node = todo.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            todo.extend(reversed(_children(node)))


def _children(node: Node) -> list[Node]:
    match node:
        case Scalar():
            return []
        case Sequence():
            return node.items
        case Mapping():
            return [entry.value for entry in node]


def _around(node: Node, parents: _Parents) -> tuple[Node, ...]:
    found: list[Node] = []
    parent = parents[id(node)]
    while parent is not None:
        found.append(parent)
        parent = parents[id(parent)]
    return tuple(reversed(found))
