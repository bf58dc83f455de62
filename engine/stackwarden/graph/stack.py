"""The stack that a template describes: its resources by type, and what modules computed of it, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.questions import Domains
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import Item, ListValue, ResourceValue, Unknown
from stackwarden.template.model import Template

__all__ = ["Stack", "stack_path"]

_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A resource before it is resolved: the stack that has it, its id there, whether a transform expanded it."""

    resolver: Resolver
    logical_id: str
    written: bool

    def value(self) -> ResourceValue:
        if self.written:
            return self.resolver.written(self.logical_id)
        resource = self.resolver.resource(self.logical_id)
        assert resource is not None  # the id is the template's own
        return resource


class Stack:
    """A template with its resolver, and the stacks nested in it, whose resources are called by their path."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.domains: Domains = resolver.domains  # the values of parameters
        self.template: Template = resolver.template
        self._parts: dict[str, Resolver] = {part.prefix: part for part in _parts(resolver)}
        self._by_type: dict[str, list[_Entry]] = {}
        self._deployed: list[_Entry] = []
        self._by_id: dict[str, list[tuple[str, _Entry]]] = {}
        for part in self._parts.values():
            for logical_id, resource in part.template.resources.items():
                entry = _Entry(part, logical_id, False)
                self._deployed.append(entry)
                self._note(entry, resource.resource_type)
            for logical_id, resource in part.template.written.items():
                self._note(_Entry(part, logical_id, True), resource.resource_type)
        self._made: dict[str, object] = {}
        self._kept: dict[tuple[object, ...], tuple[object, object]] = {}

    def _note(self, entry: _Entry, resource_type: str) -> None:
        self._by_type.setdefault(resource_type, []).append(entry)
        self._by_id.setdefault(entry.resolver.prefix + entry.logical_id, []).append((resource_type, entry))

    @property
    def types(self) -> frozenset[str]:
        """The resource types that the stacks have."""
        return frozenset(self._by_type)

    @property
    def resolvers(self) -> tuple[Resolver, ...]:
        """The resolvers of the outermost stack and of all nested ones."""
        return tuple(self._parts.values())

    def resource(self, logical_id: str) -> ResourceValue | None:
        """A resource by its logical id, which is its path where it is a nested stack's."""
        part = self._parts.get(stack_path(logical_id))
        return None if part is None else part.resource(logical_id.rpartition("/")[2])

    def template_of(self, logical_id: str) -> tuple[Template, str]:
        """The template that a resource stands in, and its logical id there."""
        return self._parts[stack_path(logical_id)].template, logical_id.rpartition("/")[2]

    def resources(self, types: Iterable[str] = ()) -> list[ResourceValue]:
        """The resources of the given types in the order of the text; none given: all that are deployed.

        What a transform expanded is found by its own type (`AWS::Serverless::Function`).
        """
        wanted = tuple(types)
        if not wanted:
            return [entry.value() for entry in self._deployed]
        found = [entry.value() for name in wanted for entry in self._by_type.get(name, ())]
        return found if len(wanted) == 1 else sorted(found, key=_position)

    def some_resources(self, logical_ids: Iterable[str], types: Iterable[str] = ()) -> list[ResourceValue]:
        """Those of `resources` that have one of the logical ids; unknown ids count for nothing."""
        wanted = frozenset(types)
        found: list[ResourceValue] = []
        for logical_id in logical_ids:
            for resource_type, entry in self._by_id.get(logical_id, ()):
                if resource_type in wanted or not (wanted or entry.written):
                    found.append(entry.value())
        return sorted(found, key=_position)

    def collection(self, types: tuple[str, ...]) -> ListValue:
        """The resources of the given types as a list, each under its own guard."""
        return self.once("resources " + " ".join(types), lambda: ListValue(tuple(self._items(types))))

    def _items(self, types: tuple[str, ...]) -> Iterator[Item]:
        for resource in self.resources(types):
            yield Item(resource, resource.guard)
        unseen = self.unseen(types)
        if unseen is not FALSE:
            yield Item(Unknown("there may be further resources"), unseen)

    def unseen(self, types: Iterable[str]) -> Guard:
        """Where there may be resources of some types (none given: of any) that no template shows: macros make some."""
        wanted = frozenset(types)
        found = FALSE
        for part in self._parts.values():
            for name, guard in part.unknown_resources:
                if name == "*" or name in wanted or not wanted:
                    found = found | (guard & part.gate)
        return found

    def forget(self) -> None:
        """Lets go of everything that was computed; the stack is of no use after."""
        self._made.clear()
        self._kept.clear()
        for part in self._parts.values():
            part.forget()

    def once(self, key: str, make: Callable[[], _Made]) -> _Made:
        """What `make` gave at the first call with this key."""
        if key not in self._made:
            self._made[key] = make()
        return cast(_Made, self._made[key])  # a key belongs to one caller, which always makes the same kind of thing

    def kept(self, key: tuple[object, ...], holds: object, make: Callable[[], _Made]) -> _Made:
        """What `make` gave at the first call with this key, with identities of objects that `holds` keeps alive."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = (make(), holds)
        return cast(_Made, found[0])  # as above


def _parts(resolver: Resolver) -> Iterator[Resolver]:
    yield resolver
    for child in resolver.children.values():
        yield from _parts(child)


def _position(resource: ResourceValue) -> tuple[str, tuple[int, int]]:
    return resource.resource.logical_id.rpartition("/")[0], resource.resource.key


def stack_path(logical_id: str) -> str:
    """The path of the stack that has a resource, with the `/` that ends it; empty for the outermost."""
    above = logical_id.rpartition("/")[0]
    return f"{above}/" if above else ""
