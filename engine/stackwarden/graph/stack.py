"""The stack that a template describes: its resources by type, and what modules computed of it, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar, cast

from stackwarden.resolve.questions import Domains
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import Item, ListValue, ResourceValue, Unknown
from stackwarden.template.model import Template

__all__ = ["Stack"]

_Made = TypeVar("_Made")


class Stack:
    """One template with its resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.template: Template = resolver.template
        self._by_type: dict[str, list[str]] = {}
        for resources in (self.template.resources, self.template.written):
            for logical_id, resource in resources.items():
                self._by_type.setdefault(resource.resource_type, []).append(logical_id)
        self._made: dict[str, object] = {}

    @property
    def domains(self) -> Domains:
        """The values of parameters."""
        return self.resolver.domains

    @property
    def types(self) -> frozenset[str]:
        """The resource types that the template has."""
        return frozenset(self._by_type)

    def resource(self, logical_id: str) -> ResourceValue | None:
        """A resource by its logical id."""
        return self.resolver.resource(logical_id)

    def resources(self, types: Iterable[str] = ()) -> list[ResourceValue]:
        """The resources of the given types in the order of the text; none given: all that are deployed.

        What a transform expanded is found by its own type (`AWS::Serverless::Function`).
        """
        wanted = tuple(types)
        if not wanted:
            return [self._deployed(logical_id) for logical_id in self.template.resources]
        found: list[ResourceValue] = []
        for name in wanted:
            for logical_id in self._by_type.get(name, ()):
                written = (
                    logical_id in self.template.written and name == self.template.written[logical_id].resource_type
                )
                found.append(self.resolver.written(logical_id) if written else self._deployed(logical_id))
        return found if len(wanted) == 1 else sorted(found, key=lambda one: one.resource.key)

    def _deployed(self, logical_id: str) -> ResourceValue:
        resource = self.resolver.resource(logical_id)
        assert resource is not None  # the id is the template's own
        return resource

    def collection(self, types: tuple[str, ...]) -> ListValue:
        """The resources of the given types as a list, each under its own guard."""
        return self.once("resources " + " ".join(types), lambda: ListValue(tuple(self._items(types))))

    def _items(self, types: tuple[str, ...]) -> Iterator[Item]:
        for resource in self.resources(types):
            yield Item(resource, resource.guard)
        for name, guard in self.resolver.unknown_resources:
            if name == "*" or name in types or not types:
                yield Item(Unknown("there may be further resources"), guard)

    def once(self, key: str, make: Callable[[], _Made]) -> _Made:
        """What `make` gave at the first call with this key."""
        if key not in self._made:
            self._made[key] = make()
        return cast(_Made, self._made[key])  # a key belongs to one caller, which always makes the same kind of thing
