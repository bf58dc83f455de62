"""What the shapes are made with: marks for what is not known, and reading that tells null from nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from stackwarden.iam.attachments import RESOURCE_TYPES
from stackwarden.integrations.aws_config.items import ConfigurationItem, Data, decoded, key_of

__all__ = ["POLICIES", "SELF", "UNKNOWN", "Reshape", "Reshaped", "Whole", "member", "of", "renamed", "taken"]


class _Mark:
    """A value that stands for something else."""


UNKNOWN: Final = _Mark()
"""Something that is there, of which nothing is known."""
SELF: Final = _Mark()
"""The item's own resource, in the properties of one beside it."""


class Whole(dict[str, Data]):
    """An object that the item tells in full: a property that it lacks is absent."""


@dataclass(frozen=True, slots=True)
class Reshaped:
    """An item's properties as CloudFormation has them, the resources beside it, and the types that it is whole in."""

    properties: Mapping[str, Data]
    beside: tuple[tuple[str, Mapping[str, Data]], ...] = ()
    whole: frozenset[str] = frozenset()


Reshape = Callable[[ConfigurationItem, dict[str, Data]], Reshaped]
POLICIES: Final = frozenset(RESOURCE_TYPES)
"""What has a resource policy: of a resource whose policy the item tells, no other one is about it."""


def taken(merged: Mapping[str, Data], name: str, *path: str) -> tuple[bool, Data]:
    """Whether an item carries something, and what stands there on a path into it; null where that is null."""
    value: Data = merged
    for step in (name, *path):
        value = decoded(value)
        if value is None:
            return True, None
        if not isinstance(value, Mapping) or not any(key.lower() == step.lower() for key in value):
            return False, None
        value = key_of(value, step)
    return True, decoded(value)


def renamed(value: Data, names: Mapping[str, str]) -> Data:
    """What an object tells of some members, by other names."""
    if not isinstance(value, Mapping):
        return UNKNOWN
    told = ((target, taken(value, name)) for name, target in names.items())
    return {target: inner for target, (is_told, inner) in told if is_told}


def member(value: Data, name: str) -> Data:
    """A member of an object that always has it; of another kind of thing, nothing is known."""
    told, inner = taken(value, name) if isinstance(value, Mapping) else (False, None)
    return inner if told else UNKNOWN


def of(value: Data, name: str) -> Data:
    """A member of an object that may lack it; null where there is none."""
    return key_of(value, name) if isinstance(value, Mapping) else None
