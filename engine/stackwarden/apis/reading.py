"""Reading values case by case: what every form of an API is read with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from stackwarden.graph.stack import Stack
from stackwarden.resolve import reading
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.logic import Logic, decided
from stackwarden.resolve.questions import ask, ask_both, can_equal, same_text
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Item,
    Known,
    ListValue,
    MapValue,
    Plain,
    Text,
    Unknown,
    Value,
    bind,
    cases_of,
    fold_cases,
)

__all__ = [
    "Later",
    "default",
    "elements",
    "in_upper",
    "is_among",
    "is_empty",
    "is_present",
    "is_same",
    "listed",
    "maps",
    "named_resource",
    "resource_of",
    "truth",
    "unseen",
]


class Later(Mapping[str, Value]):
    """The fields of a record, some of which are only worked out when they are read, and then once."""

    __slots__ = ("_known", "_makers")

    def __init__(self, known: Mapping[str, Value], **makers: Callable[[], Value]) -> None:
        self._known = dict(known)
        self._makers = makers

    def __getitem__(self, name: str) -> Value:
        value = self._known.get(name)
        if value is None:
            value = self._known[name] = self._makers[name]()
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._known, *self._makers)))

    def __len__(self) -> int:
        return len(self._known.keys() | self._makers.keys())


def maps(value: Value, under: Guard = TRUE) -> tuple[list[tuple[Guard, MapValue]], Guard]:
    """The objects that a value can be with their guards, and where it is something that is not known."""
    found: list[tuple[Guard, MapValue]] = []
    unknown: Guard = FALSE
    for guard, plain in cases_of(value):
        there = under & guard
        if there is FALSE:
            continue
        if isinstance(plain, MapValue):
            found.append((there, plain))
            unknown = unknown | (there if plain.open else FALSE)
        elif isinstance(plain, Unknown | Text):
            unknown = unknown | there
    return found, unknown


def elements(value: Value, under: Guard = TRUE) -> tuple[list[tuple[Guard, Plain]], Guard]:
    """The elements of a list, case by case, and where there may be more; a single value is a list of one."""
    found: list[tuple[Guard, Plain]] = []
    unknown: Guard = FALSE
    for guard, plain in cases_of(value):
        there = under & guard
        match plain:
            case ListValue():
                for item in plain.items:
                    for inner, element in cases_of(item.value):
                        joint = there & item.guard & inner
                        if joint is not FALSE and not isinstance(element, Absent):
                            found.append((joint, element))
                unknown = unknown | (there if plain.open else FALSE)
            case Unknown():
                unknown = unknown | there
            case Absent():
                pass
            case _:
                if there is not FALSE:
                    found.append((there, plain))
    return found, unknown


def default(value: Value, other: Value) -> Value:
    """A value, or another where it is absent."""
    return bind(value, lambda plain: other if isinstance(plain, Absent) else plain)


def in_upper(value: Value) -> Value:
    """A word in capitals, as the resources' own enums are spelled; what is not wholly known stays as it is."""
    return bind(value, lambda plain: Known(plain.text.upper(), plain.origin) if isinstance(plain, Known) else plain)


def truth(claim: Logic, reason: str = "not determined by the template") -> Value:
    """A claim as a value."""
    cases = ((claim.true, Known(True)), (claim.false, Known(False)), (claim.unknown, Unknown(reason)))
    return fold_cases(cases)


def is_among(stack: Stack, value: Value, *words: str) -> Logic:
    """Where a value is one of some words."""

    def test(plain: Plain) -> bool | None:
        match plain:
            case Known():
                return plain.text in words
            case Text():
                return None if any(can_equal(plain, word) for word in words) else False
            case Unknown():
                return None
            case _:
                return False

    return ask(value, test, stack.domains)


def is_present(stack: Stack, value: Value) -> Logic:
    """Where a value is there; part of an unknown value may be missing."""

    return ask(value, reading.is_present, stack.domains)


def is_empty(value: Value) -> Logic:
    """Where a list has no elements."""
    found, unknown = elements(value)
    some: Guard = FALSE
    for guard, _ in found:
        some = some | guard
    return decided(~some & ~unknown, some)


def is_same(stack: Stack, left: Value, right: Value) -> Logic:
    """Where two texts are equal."""
    return ask_both(left, right, _is_same, stack.domains)


def _is_same(left: Plain, right: Plain) -> bool | None:
    match left, right:
        case Known(), Known():
            return left.text == right.text
        case (Known() as known, Text() as text) | (Text() as text, Known() as known):
            return None if can_equal(text, known.text) else False
        case Text(), Text():
            return same_text(left, right)
        case (Absent(), _) | (_, Absent()):
            return False
        case _:
            return None if isinstance(left, Unknown) or isinstance(right, Unknown) else False


def named_resource(plain: Plain) -> tuple[str, str] | None:
    """The logical id and attribute that a value is, if it is a `Ref` or `Fn::GetAtt` and nothing else."""
    match plain:
        case Text(parts=(AttributeHole(logical_id=logical_id, attribute=attribute),)):
            return logical_id, attribute
        case _:
            return None


def resource_of(stack: Stack, value: Value, types: tuple[str, ...]) -> Value:
    """The resource whose id a value is; absent where it is not one of this template's.

    Ids that AWS makes up cannot be spelled in a template, so a literal, a parameter or an import is another stack's.
    """

    def one(plain: Plain) -> Value:
        named = named_resource(plain)
        if named is not None:
            resource = stack.resource(named[0])
            if resource is not None and resource.resource.resource_type in types:
                return resource
        if isinstance(plain, Unknown) and plain.mentions:
            return Unknown("which resource this names is not known", plain.origin, plain.mentions)
        return Absent(plain.origin)

    return bind(value, one)


def unseen(names: tuple[str, ...], reason: str) -> dict[str, Value]:
    """Fields of a record that stands for things which the template does not show."""
    unknown = Unknown(reason, written=False)
    return dict.fromkeys(names, unknown)


def listed(items: list[tuple[Guard, Value]], *, is_open: bool = False) -> ListValue:
    """A list of values under their guards."""
    return ListValue(tuple(Item(value, guard) for guard, value in items if guard is not FALSE), open=is_open)
