"""The types of the Warden language and how they relate.

Property types come from CloudFormation's resource schemas; modules add records (`iam.Statement`). `AnyType` is
free-form JSON and is not checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, assert_never

from stackwarden.schema.shapes import (
    AnyShape,
    BooleanShape,
    LazyShapes,
    ListShape,
    MapShape,
    NumberShape,
    ObjectShape,
    Shape,
    StringShape,
)

__all__ = [
    "ANY",
    "BOOLEAN",
    "NUMBER",
    "STRING",
    "STRINGS",
    "AnyType",
    "BooleanType",
    "Comparison",
    "ListType",
    "MapType",
    "NumberType",
    "ObjectType",
    "RecordType",
    "ResourceType",
    "StringType",
    "Type",
    "accepts",
    "comparison",
    "describe",
    "from_shape",
    "join",
    "listed",
]


@dataclass(frozen=True, slots=True)
class AnyType:
    """Free-form JSON, or something that was already reported as wrong."""


@dataclass(frozen=True, slots=True)
class BooleanType:
    """True or false."""


@dataclass(frozen=True, slots=True)
class NumberType:
    """A number."""


@dataclass(frozen=True, slots=True)
class StringType:
    """A string; `enum` holds the only possible values where the schema names them."""

    enum: frozenset[str] | None = None
    case_insensitive: bool = False

    def __repr__(self) -> str:
        words = None if self.enum is None else sorted(self.enum)  # the same in every run: packs are kept by it
        return f"StringType({words}, {self.case_insensitive})"


@dataclass(frozen=True, slots=True)
class ListType:
    """A list whose elements have type `item`."""

    item: Type


@dataclass(frozen=True, slots=True)
class MapType:
    """Free keys with values of one type."""

    value: Type


@dataclass(frozen=True, slots=True)
class ObjectType:
    """Named properties, as a schema says."""

    shape: ObjectShape = field(compare=False)
    name: str


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource of one of these types; an empty tuple is a resource of any type."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordType:
    """A record of a module, by the name of its kind (`iam.Statement`)."""

    kind: str


Type = AnyType | BooleanType | NumberType | StringType | ListType | MapType | ObjectType | ResourceType | RecordType

ANY: Final = AnyType()
BOOLEAN: Final = BooleanType()
NUMBER: Final = NumberType()
STRING: Final = StringType()
STRINGS: Final = ListType(STRING)

Comparison = Literal["boolean", "number", "string", "word", "any"]
"""What the sides of a comparison are read as; a word is a string whose case does not matter."""

_MOST_NAMES: Final = 3

Records = Mapping[str, Mapping[str, Type]]
"""The fields of each kind of record."""


def from_shape(shape: Shape) -> Type:
    """The type of a property with the given shape."""
    match shape:
        case StringShape():
            return StringType(shape.enum, shape.case_insensitive) if shape.enum else STRING
        case NumberShape():
            return NUMBER
        case BooleanShape():
            return BOOLEAN
        case ListShape():
            return ListType(from_shape(shape.item))
        case ObjectShape():
            return ObjectType(shape, shape.name)
        case MapShape():
            return MapType(from_shape(shape.value))
        case AnyShape():
            return ANY
        case _:
            assert_never(shape)


def describe(kind: Type) -> str:
    """The type in words, with an article where one is due."""
    match kind:
        case AnyType():
            return "any value"
        case BooleanType():
            return "a boolean"
        case NumberType():
            return "a number"
        case StringType():
            return "a string"
        case ListType():
            return f"a list of {_plural(kind.item)}"
        case MapType():
            return f"a map of {_plural(kind.value)}"
        case ObjectType():
            return f"an object ({kind.name})"
        case ResourceType():
            return f"a resource ({listed(kind.names)})" if kind.names else "a resource"
        case RecordType():
            return f"an {kind.kind}" if kind.kind[0].lower() in "aeiou" else f"a {kind.kind}"
        case _:
            assert_never(kind)


def listed(names: tuple[str, ...]) -> str:
    """A few of the names; a pattern with `*` stands for many."""
    return " | ".join(names if len(names) <= _MOST_NAMES else (*names[:_MOST_NAMES], "…"))


def _plural(kind: Type) -> str:
    match kind:
        case AnyType():
            return "any values"
        case BooleanType() | NumberType() | StringType():
            return describe(kind).removeprefix("a ") + "s"
        case ListType():
            return "lists"
        case MapType():
            return "maps"
        case ObjectType():
            return f"objects ({kind.name})"
        case ResourceType():
            return "resources"
        case RecordType():
            return kind.kind
        case _:
            assert_never(kind)


def comparison(left: Type, right: Type) -> Comparison | None:
    """How values of two types are compared: as what they are read (see `Comparison`); None where they never are."""
    match left, right:
        case (AnyType(), BooleanType()) | (BooleanType(), AnyType() | BooleanType()):
            return "boolean"
        case (AnyType(), NumberType()) | (NumberType(), AnyType() | NumberType()):
            return "number"
        case (AnyType(), StringType() as one) | (StringType() as one, AnyType()):
            return "word" if one.case_insensitive else "string"
        case StringType(), StringType():
            return "word" if left.case_insensitive or right.case_insensitive else "string"
        case (AnyType(), _) | (_, AnyType()):
            return "any"
        case ListType(), ListType():
            return "any" if comparison(left.item, right.item) else None
        case ResourceType(), ResourceType():
            return "any"
        case _:
            return None


def accepts(wanted: Type, given: Type) -> bool:
    """Whether a value of type `given` may stand where `wanted` is asked for."""
    match wanted, given:
        case (AnyType(), _) | (_, AnyType()):
            return True
        case StringType(), StringType():
            return True
        case ListType(), ListType():
            return accepts(wanted.item, given.item)
        case MapType(), MapType():
            return accepts(wanted.value, given.value)
        case MapType(), ObjectType():
            return isinstance(wanted.value, AnyType)
        case ObjectType(), ObjectType():
            return wanted == given or set(wanted.shape.properties) <= set(given.shape.properties)
        case ResourceType(), ResourceType():
            return not wanted.names or not given.names or bool(set(wanted.names) & set(given.names))
        case _:
            return wanted == given


def join(left: Type, right: Type) -> Type:
    """A type for a value that is of one type or the other."""
    if left == right:
        return left
    match left, right:
        case StringType(), StringType():
            return StringType(left.enum | right.enum) if left.enum and right.enum else STRING
        case ListType(), ListType():
            return ListType(join(left.item, right.item))
        case MapType(), MapType():
            return MapType(join(left.value, right.value))
        case ObjectType(), ObjectType():
            return from_shape(_either(left.shape, right.shape))
        case ResourceType(), ResourceType():
            return (
                ResourceType(tuple(dict.fromkeys((*left.names, *right.names))))
                if left.names and right.names
                else (ResourceType(()))
            )
        case _:
            return ANY


def _either(left: Shape, right: Shape) -> Shape:
    """The shape of a value that has one shape or the other: an object has the properties of both."""
    if left == right:
        return left
    match left, right:
        case StringShape(), StringShape():
            enum = left.enum | right.enum if left.enum and right.enum else None
            return StringShape(enum, left.case_insensitive or right.case_insensitive)
        case NumberShape(), NumberShape():
            return NumberShape()
        case ListShape(), ListShape():
            return ListShape(_either(left.item, right.item))
        case MapShape(), MapShape():
            return MapShape(_either(left.value, right.value))
        case ObjectShape(), ObjectShape():
            return _either_object(left, right)
        case _:
            return AnyShape()


def _either_object(left: ObjectShape, right: ObjectShape) -> ObjectShape:
    def make(name: str) -> Shape:
        found = [shape.properties[name] for shape in (left, right) if name in shape.properties]
        return found[0] if len(found) == 1 else _either(found[0], found[1])

    names = tuple(dict.fromkeys((*left.properties, *right.properties)))
    return ObjectShape(f"{left.name} | {right.name}", LazyShapes(names, make), left.open or right.open)
