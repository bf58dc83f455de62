"""A world: a stack with those that it nests, under one assignment of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from run.brute_force.concrete import Stack, section
from run.brute_force.values import Data, Value

__all__ = ["Domain", "World"]


@dataclass(frozen=True, slots=True)
class Domain:
    """What a parameter can be: its known values, and with `closed` no others; any other is none of `literals`."""

    values: tuple[str, ...]
    literals: frozenset[str]
    closed: bool


@dataclass(frozen=True, slots=True)
class World:
    """A stack with those that it nests, whose resources are called by their path, under one assignment."""

    stacks: Mapping[str, Stack]
    known: Mapping[str, Domain]
    assignment: Mapping[str, str]

    def _at(self, path: str) -> tuple[Stack, str]:
        prefix, slash, logical_id = path.rpartition("/")
        return self.stacks[prefix + slash], logical_id

    @property
    def nameless(self) -> bool:
        """Whether a fact was decided that reports have no name for: of a nested stack, or of a loop's elements."""
        return bool(self.stacks[""].facts) and (len(self.stacks) > 1 or "Transform" in self.stacks[""].template)

    @property
    def shares_facts(self) -> bool:
        """Whether a fact is asked for by two stacks."""
        stacks = [stack.asked for stack in self.stacks.values()]
        return sum(map(len, stacks)) > len(frozenset[str]().union(*stacks))

    def paths(self) -> list[str]:
        """All resources, deployed or not."""
        return [prefix + name for prefix, stack in self.stacks.items() for name in section(stack.template, "Resources")]

    def deployed(self, path: str) -> bool:
        """Whether there is such a resource in this world."""
        prefix, slash, logical_id = path.rpartition("/")
        stack = self.stacks.get(prefix + slash)
        return stack is not None and stack.there and stack.deployed(logical_id)

    def resources(self, resource_type: str) -> list[str]:
        """The paths of the resources of a type that are there."""
        return [one for one in self.paths() if self.resource(one)["Type"] == resource_type and self.deployed(one)]

    def resource(self, path: str) -> Mapping[str, Data]:
        """A resource as it is written."""
        stack, logical_id = self._at(path)
        return stack.resource(logical_id)

    def properties(self, path: str) -> Value:
        """What the properties of a resource are."""
        stack, logical_id = self._at(path)
        return stack.properties(logical_id)

    def beside(self, path: str, name: str) -> Value:
        """What stands beside the properties of a resource."""
        stack, logical_id = self._at(path)
        return stack.value(stack.resource(logical_id).get(name))

    def condition(self, name: str) -> bool:
        """Whether a condition of the outermost stack holds."""
        return self.stacks[""].condition(name)
