"""The shape of a property: what its schema says about the values that it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

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
    """A boolean."""


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list; the shape of its elements is made when asked for, as schemas may be recursive."""

    make_item: Callable[[], Shape] = field(compare=False, repr=False)

    @property
    def item(self) -> Shape:
        """The shape of the elements."""
        return self.make_item()


@dataclass(frozen=True, slots=True)
class ObjectShape:
    """Named properties; `open` where others are allowed too. `name` is the property type's or resource type's."""

    name: str
    properties: Mapping[str, Shape] = field(compare=False, repr=False)
    open: bool = False


@dataclass(frozen=True, slots=True)
class MapShape:
    """Free keys with values of one shape."""

    make_value: Callable[[], Shape] = field(compare=False, repr=False)

    @property
    def value(self) -> Shape:
        """The shape of the values."""
        return self.make_value()


@dataclass(frozen=True, slots=True)
class AnyShape:
    """Free-form JSON."""


Shape = StringShape | NumberShape | BooleanShape | ListShape | ObjectShape | MapShape | AnyShape


class LazyShapes(Mapping[str, Shape]):
    """Shapes by property name, each made at its first use."""

    def __init__(self, makers: Mapping[str, Callable[[], Shape]]) -> None:
        self._makers = makers
        self._made: dict[str, Shape] = {}

    def __getitem__(self, name: str) -> Shape:
        if name not in self._made:
            self._made[name] = self._makers[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)
