"""Relations as data: which property of which resource type makes an edge of which kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stackwarden.graph.edges import Edge, Family, Kind
from stackwarden.graph.follow import ends, follow
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.logic import both, under
from stackwarden.resolve.values import Plain, ResourceValue, Unknown

__all__ = ["Link", "Names", "Relation", "Table", "family"]


@dataclass(frozen=True, slots=True)
class Names:
    """A property that names the other end: `source` is a resource type (`Custom::*` is any of those), `path`
    where in its properties.

    `targets` are the types of what is named (none: any). With `reverse`, the edge leads from what is named to the
    resource that names it.
    """

    source: str
    path: str
    kind: Kind
    targets: tuple[str, ...] = ()
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A resource that ties two others together: one property names the source of the edge, another its target."""

    resource: str
    source_path: str
    target_path: str
    kind: Kind
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


Relation = Names | Link


def family(name: str, relations: Iterable[Relation]) -> Family:
    """The edges of some relations as a family."""
    table = Table(tuple(relations))
    return Family(name, frozenset(row.kind for row in table.rows), table)


@dataclass(frozen=True, slots=True)
class Table:
    """Relations as who makes their edges."""

    rows: tuple[Relation, ...]

    def __call__(self, stack: Stack) -> Iterator[Edge]:
        """The edges of all relations, one relation after the other."""
        return _edges(stack, self.rows)


def _edges(stack: Stack, rows: tuple[Relation, ...]) -> Iterator[Edge]:
    for row in rows:
        for resource in stack.resources(_types(stack, row)):
            yield from _named(stack, row, resource) if isinstance(row, Names) else _linked(stack, row, resource)


def _types(stack: Stack, row: Relation) -> tuple[str, ...]:
    name = row.source if isinstance(row, Names) else row.resource
    if not name.endswith("*"):
        return (name,)
    return tuple(sorted(one for one in stack.types if one.startswith(name[:-1]))) or (name,)


def _named(stack: Stack, row: Names, resource: ResourceValue) -> Iterator[Edge]:
    own = resource.resource.logical_id
    for guard, plain in follow(resource.properties, tuple(row.path.split(".")), resource.guard):
        for end, claim in ends(stack, plain, row.targets):
            source, target = (end, own) if row.reverse else (own, end)
            there = under(guard, claim)
            yield Edge(source, target, row.kind, there, own, row.path, plain.origin, written=_is_written(plain))


def _linked(stack: Stack, row: Link, resource: ResourceValue) -> Iterator[Edge]:
    own = resource.resource.logical_id
    firsts = list(follow(resource.properties, tuple(row.source_path.split(".")), resource.guard))
    seconds = list(follow(resource.properties, tuple(row.target_path.split(".")), resource.guard))
    for guard, first in firsts:
        for source, outgoing in ends(stack, first, row.sources):
            for other, second in seconds:
                joint = guard & other
                if joint is FALSE:
                    continue
                for target, incoming in ends(stack, second, row.targets):
                    claim = under(joint, both(outgoing, incoming))
                    written = _is_written(first) and _is_written(second)
                    yield Edge(source, target, row.kind, claim, own, row.target_path, second.origin, written=written)


def _is_written(plain: Plain) -> bool:
    return not isinstance(plain, Unknown) or plain.written
