"""The shape of a property: what its schema says about the values that it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = [
    "AnyShape",
    "BooleanShape",
    "LazyShapes",
    "ListShape",
    "MapShape",
    "NumberShape",
    "ObjectShape",
    "Shape",
    "StringShape",
]


@dataclass(frozen=True, slots=True)
class StringShape:
    """A string; `enum` holds the only values allowed, None where any is."""

    enum: frozenset[str] | None = None
    case_insensitive: bool = False


@dataclass(frozen=True, slots=True)
class NumberShape:
    """A number."""

    integer: bool = False


@dataclass(frozen=True, slots=True)
class BooleanShape:
    """True or false."""


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list of elements of one shape."""

    item: Shape


@dataclass(frozen=True, slots=True)
class ObjectShape:
    """Named properties; `open` where others are allowed too.

    `name` is the resource type (`AWS::S3::Bucket`) or, after it, the property type or the path of a property that has
    its object in place (`AWS::S3::Bucket.BucketEncryption`). Shapes are made at their first use: schemas are recursive.
    """

    name: str
    properties: Mapping[str, Shape] = field(compare=False, repr=False)
    open: bool = False


@dataclass(frozen=True, slots=True)
class MapShape:
    """Free keys with values of one shape."""

    value: Shape


@dataclass(frozen=True, slots=True)
class AnyShape:
    """Free-form JSON, or values of several shapes that no path can rely on."""


Shape: TypeAlias = StringShape | NumberShape | BooleanShape | ListShape | ObjectShape | MapShape | AnyShape


class LazyShapes(Mapping[str, "Shape"]):
    """Shapes by property name in the order of the schema, each made at its first use by `make`."""

    def __init__(self, names: tuple[str, ...], make: Callable[[str], Shape]) -> None:
        self._made: dict[str, Shape | None] = dict.fromkeys(names)
        self._make = make

    def __getitem__(self, name: str) -> Shape:
        shape = self._made[name]
        if shape is None:
            shape = self._made[name] = self._make(name)
        return shape

    def __contains__(self, name: object) -> bool:
        return name in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
