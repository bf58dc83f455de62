"""Module `map`: objects whose keys are data, such as the routes of `RouteSettings`."""

from __future__ import annotations

from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.language.builtins._record import Arguments, Function, Predicate, function
from stackwarden.language.operations import read
from stackwarden.language.types import ANY, STRING, ListType
from stackwarden.resolve.questions import settle
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    ListValue,
    MapValue,
    Plain,
    Text,
    Unknown,
    Value,
    fold_cases,
)

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]


def _get(stack: Stack, arguments: Arguments) -> Value:
    """The value under a key that is itself a value; absent where the map has no such key."""
    mapping, wanted = arguments
    return fold_cases((guard, _under(mapping, key)) for guard, key in settle(wanted, stack.domains))


def _under(mapping: Value, key: Plain) -> Value:
    match key:
        case Known():
            return read(mapping, key.text)
        case Unknown() | Text():
            return Unknown("the key is not known", key.origin, written=False)
        case _:
            return Absent(key.origin)


def _values(plain: Plain) -> Value:
    """The values of a map as a list, in the order of the text."""
    match plain:
        case MapValue():
            return ListValue(tuple(Item(plain.get(name)) for name in plain.names()), plain.open, plain.origin)
        case Unknown() | Text():
            return ListValue((), open=True, origin=plain.origin)
        case _:
            return ListValue((), origin=plain.origin)


BUILTINS: Final[tuple[Function | Predicate, ...]] = (
    Function("map.get", (("map", ANY), ("key", STRING)), ANY, _get, _get.__doc__ or ""),
    function("map.values", (("map", ANY),), ListType(ANY), _values),
)
COLLECTIONS: Final = ()
RECORDS: Final = ()
