"""Which resources a value may name at all, found by lookup: a value is never compared with every resource.

What is found is a superset: whether a value does name a resource is for `references` to say. A value that mentions a
resource is looked up by the logical id, a literal by its text, a text with holes by how it starts and ends.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, assert_never

from stackwarden.graph.identities import IDENTITIES
from stackwarden.graph.names import Outline, literal_names, outline
from stackwarden.graph.stack import Stack
from stackwarden.resolve.questions import Domains, settle
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Cases,
    ConditionalHole,
    Known,
    ListValue,
    MapValue,
    OpaqueHole,
    ParameterHole,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    cases_of,
)

__all__ = ["NOBODY", "Candidates", "candidates", "matching", "spelled"]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Logical ids of the resources that a value may name; with `open` it may name any other as well."""

    ids: frozenset[str]
    open: bool = False

    def __or__(self, other: Candidates) -> Candidates:
        return Candidates(self.ids | other.ids, self.open or other.open)


NOBODY: Final = Candidates(frozenset())
_ANYBODY: Final = Candidates(frozenset(), open=True)


def candidates(stack: Stack, value: Value) -> Candidates:
    """The resources that a value may name."""
    if not isinstance(value, Cases):
        return _of_plain(stack, value)
    found = NOBODY
    for _, plain in cases_of(value):
        found = found | _of_plain(stack, plain)
    return found


def spelled(stack: Stack, literal: Known) -> frozenset[str]:
    """The resources with a name or ARN of their own that is spelled as a literal is."""
    return _index(stack).spelled(outline(literal).head)


def matching(stack: Stack, pattern: Known | Text) -> frozenset[str]:
    """The resources with an ARN, its name their own or made up, that a pattern with `*` and `?` may match."""
    shape = outline(pattern, wild=True)
    return stack.once("names that patterns match", lambda: _Index(stack, wild=True)).named(shape)


def _of_plain(stack: Stack, plain: Plain) -> Candidates:
    match plain:
        case Known() | Text():
            known = stack.once("candidates", dict[str | Text, Candidates])
            key = plain.text if isinstance(plain, Known) else plain
            if key not in known:
                known[key] = (
                    Candidates(_index(stack).named(outline(plain)))
                    if isinstance(plain, Known)
                    else _of_text(stack, plain)
                )
            return known[key]
        case Unknown():
            ids = frozenset(logical_id for logical_id, _ in plain.mentions)
            return Candidates(ids, open=not ids)
        case ListValue():
            found = _ANYBODY if plain.open else NOBODY
            for item in plain.items:
                found = found | candidates(stack, item.value)
            return found
        case ResourceValue():
            return Candidates(frozenset((plain.resource.logical_id,)))
        case MapValue() | Record() | Absent():
            return NOBODY
        case _:
            assert_never(plain)


def _of_text(stack: Stack, text: Text) -> Candidates:
    """Conditional parts are split into their cases; parameters only where they are all that there is."""
    holes = text.holes
    if any(isinstance(hole, ConditionalHole) for hole in holes):
        found = NOBODY
        for _, plain in settle(text, _ONLY_CONDITIONS):
            remains = isinstance(plain, Text) and any(isinstance(hole, ConditionalHole) for hole in plain.holes)
            found = found | (_ANYBODY if remains else _of_plain(stack, plain))
        return found
    ids = frozenset(hole.logical_id for hole in holes if isinstance(hole, AttributeHole))
    if any(isinstance(hole, OpaqueHole) for hole in holes):
        return Candidates(ids, open=True)
    if len(text.parts) == 1 and isinstance(hole := holes[0], ParameterHole) and not hole.token:
        return _of_parameter(stack, hole)
    if len(text.parts) == 1 and ids:
        return Candidates(ids | _index(stack).named(outline(text)))
    shape = outline(text)
    if not shape.head and not shape.tail and not all(isinstance(hole, ParameterHole) and hole.token for hole in holes):
        return Candidates(ids, open=True)
    return Candidates(ids | _index(stack).named(shape))


def _of_parameter(stack: Stack, hole: ParameterHole) -> Candidates:
    split = stack.domains.split(hole) if hole.excluded is None else None
    if split is None:
        return _ANYBODY
    found = NOBODY
    for _, plain in split:
        found = found | _of_plain(stack, plain)
    return found


class _OnlyConditions:
    """Who leaves parameters whole."""

    def split(self, hole: ParameterHole) -> None:
        """Nothing to split."""

    def spelled(self, hole: AttributeHole) -> None:
        """Nothing to spell."""


_ONLY_CONDITIONS: Final[Domains] = _OnlyConditions()


class _Index:
    """The names that a stack's resources have by their own properties.

    Closed names are kept forwards and backwards; open ones by their known start or end, whichever is longer, with
    the other. All ends are spelled backwards, so that they too are beginnings. With `wild`, only ARNs are kept, and
    a name that only the deployment knows is open.
    """

    def __init__(self, stack: Stack, *, wild: bool = False) -> None:
        closed: dict[str, set[str]] = {}
        heads: dict[str, list[tuple[str, str]]] = {}
        tails: dict[str, list[tuple[str, str]]] = {}
        for resource in stack.present(IDENTITIES):
            logical_id = resource.resource.logical_id
            for shape in _outlines(literal_names(stack, resource), wild):
                if wild and not shape.head.startswith("arn:"):
                    continue
                if shape.closed:
                    closed.setdefault(shape.head, set()).add(logical_id)
                elif len(shape.head) >= len(shape.tail):
                    heads.setdefault(shape.head, []).append((shape.tail[::-1], logical_id))
                else:
                    tails.setdefault(shape.tail[::-1], []).append((shape.head, logical_id))
        self._closed = closed
        self._forwards = _Beginnings(closed)
        self._backwards = _Beginnings(name[::-1] for name in closed)
        self._open = ((heads, _Beginnings(heads)), (tails, _Beginnings(tails)))

    def spelled(self, name: str) -> frozenset[str]:
        """The resources with exactly this name, in no part of which there is a hole."""
        return frozenset(self._closed.get(name, ()))

    def named(self, shape: Outline) -> frozenset[str]:
        """The resources with a name that a text of this shape may be."""
        found = set(self._closed_like(shape))
        ends = ((shape.head, shape.tail[::-1]), (shape.tail[::-1], shape.head))
        for (entries, beginnings), (start, other) in zip(self._open, ends, strict=True):
            for beginning in beginnings.that_fit(start, shape.closed):
                found.update(one for end, one in entries[beginning] if _fits(end, other, shape.closed))
        return frozenset(found)

    def _closed_like(self, shape: Outline) -> Iterator[str]:
        if shape.closed:
            yield from self._closed.get(shape.head, ())
        elif len(shape.head) >= len(shape.tail):
            for name in self._forwards.going_on(shape.head):
                if name.endswith(shape.tail):
                    yield from self._closed[name]
        else:
            for backwards in self._backwards.going_on(shape.tail[::-1]):
                name = backwards[::-1]
                if name.startswith(shape.head):
                    yield from self._closed[name]


class _Beginnings:
    """A set of texts, to be found by how they begin."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._ordered = sorted(texts)
        self._members = frozenset(self._ordered)
        self._lengths = sorted({len(text) for text in self._ordered})

    def going_on(self, start: str) -> Iterator[str]:
        """Those that begin with `start`."""
        position = bisect_left(self._ordered, start)
        while position < len(self._ordered) and self._ordered[position].startswith(start):
            yield self._ordered[position]
            position += 1

    def that_fit(self, start: str, closed: bool) -> Iterator[str]:
        """Those that `start` begins with and, unless it is the whole text (`closed`), those that begin with it."""
        for length in self._lengths:
            if length < len(start) + closed and start[:length] in self._members:
                yield start[:length]
        if not closed:
            yield from self.going_on(start)


def _fits(end: str, other: str, closed: bool) -> bool:
    return other.startswith(end) or (not closed and end.startswith(other))


def _outlines(names: tuple[Value, ...], wild: bool) -> Iterator[Outline]:
    for name in names:
        for _, plain in cases_of(name):
            match plain:
                case Known() | Text():
                    yield outline(plain, wild=wild)
                case Unknown():
                    yield Outline("", "", closed=False)
                case _:
                    pass


def _index(stack: Stack) -> _Index:
    return stack.once("names of resources", lambda: _Index(stack))
