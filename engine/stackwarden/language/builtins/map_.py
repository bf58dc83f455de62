"""Module `map`: objects whose keys are data, such as the routes of `RouteSettings`."""

from __future__ import annotations

from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.language.builtins._record import Arguments, Function, Predicate, function
from stackwarden.language.types import ANY, STRING, STRINGS, ListType
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.questions import settle
from stackwarden.resolve.reading import read
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
    cases_of,
    fold_cases,
)
from stackwarden.template.nodes import Mapping

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


def _keys(plain: Plain) -> Value:
    """The keys of a map as a list, in the order of the text."""
    match plain:
        case MapValue():
            return ListValue(tuple(Item(Known(name)) for name in plain.names()), plain.open, plain.origin)
        case Unknown() | Text():
            return ListValue((), open=True, origin=plain.origin)
        case _:
            return ListValue((), origin=plain.origin)


def _values(plain: Plain) -> Value:
    """The values of a map as a list, in the order of the text."""
    match plain:
        case MapValue():
            return ListValue(tuple(Item(plain.get(name)) for name in plain.names()), plain.open, plain.origin)
        case Unknown() | Text():
            return ListValue((), open=True, origin=plain.origin)
        case _:
            return ListValue((), origin=plain.origin)


def _find(stack: Stack, arguments: Arguments) -> Value:
    """All that stands under a key in a map, at any depth: the `Body` of a statement, however deep it is nested."""
    inside, wanted = arguments
    return fold_cases((guard, _all_under(inside, key)) for guard, key in settle(wanted, stack.domains))


def _all_under(inside: Value, key: Plain) -> Value:
    match key:
        case Known():
            found: list[Item] = []
            unknown = FALSE
            for guard, plain in cases_of(inside):
                unknown = unknown | (
                    guard if isinstance(plain, Unknown | Text) else _collect(plain, key.text, guard, found)
                )
            return fold_cases(((unknown, ListValue(tuple(found), open=True)), (~unknown, ListValue(tuple(found)))))
        case Unknown() | Text():
            return ListValue((), open=True, origin=key.origin)
        case _:
            return ListValue((), origin=key.origin)


def _collect(plain: Plain, key: str, under: Guard, found: list[Item]) -> Guard:
    """Adds what stands under the key inside a value; gives the guard under which there may be more.

    Unknown parts count as texts (imports, attributes), unless a macro makes them.
    """
    unknown = FALSE
    parts: list[tuple[Guard, Value]] = []
    match plain:
        case MapValue():
            if key in plain.names():
                found.append(Item(plain.get(key), under))
            parts = [(under, plain.get(name)) for name in plain.names()]
            unknown = under if plain.open else FALSE
        case ListValue():
            parts = [(under & item.guard, item.value) for item in plain.items]
        case Unknown(origin=Mapping(entries=entries)) if "Fn::Transform" in entries:
            unknown = under
        case _:
            pass
    for guard, value in parts:
        for inner, part in cases_of(value):
            if (there := guard & inner) is not FALSE:
                unknown = unknown | _collect(part, key, there, found)
    return unknown


BUILTINS: Final[tuple[Function | Predicate, ...]] = (
    Function("map.find", (("map", ANY), ("key", STRING)), ListType(ANY), _find, _find.__doc__ or ""),
    Function("map.get", (("map", ANY), ("key", STRING)), ANY, _get, _get.__doc__ or ""),
    function("map.keys", (("map", ANY),), STRINGS, _keys),
    function("map.values", (("map", ANY),), ListType(ANY), _values),
)
COLLECTIONS: Final = ()
RECORDS: Final = ()
