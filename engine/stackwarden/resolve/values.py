"""What a value of a template can be.

A *plain* value is one of a closed union; `Cases` are plain values behind guards that exclude each other and cover
everything. Texts keep what is known of them: `arn:${AWS::Partition}:s3:::${Bucket}/*` is a `Text` whose holes stand
for what only the deployment knows, so that most questions about it still have an answer. A hole for a parameter
or for a conditional part is only split into cases by a question that needs it.

`origin` is the node where the author wrote the value; it takes no part in equality.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Mapping as ReadOnlyMapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.template.model import Resource
from stackwarden.template.nodes import Mapping, Node, ScalarData

__all__ = [
    "ABSENT",
    "NOTHING",
    "UNKNOWN",
    "Absent",
    "AttributeHole",
    "Cases",
    "ConditionalHole",
    "Hole",
    "Item",
    "Known",
    "ListValue",
    "MapValue",
    "OpaqueHole",
    "ParameterHole",
    "Plain",
    "Record",
    "ResourceValue",
    "Text",
    "Unknown",
    "Value",
    "bind",
    "cases_of",
    "fold_cases",
    "make_text",
    "with_origin",
]


@dataclass(frozen=True, slots=True)
class Known:
    """A scalar: `data` as CloudFormation reads it, `text` as it was written where that differs (`010`, `1.10`)."""

    data: ScalarData
    origin: Node | None = field(default=None, compare=False, repr=False)
    written: str | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The scalar where a string is expected: as it was written, as CloudFormation passes it on."""
        if isinstance(self.data, bool):
            return "true" if self.data else "false"
        if self.written is not None:
            return self.written
        return "" if self.data is None else str(self.data)


@dataclass(frozen=True, slots=True)
class Absent:
    """No value: a missing property, or `AWS::NoValue`. `origin` is the nearest node that does exist."""

    origin: Node | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that the template does not determine, of unknown shape.

    `mentions` are the resources that go into it, as (logical id, attribute; empty for `Ref`). `written` is false for
    a part of an unknown value, which may well be missing.
    """

    reason: str
    origin: Node | None = field(default=None, compare=False, repr=False)
    mentions: tuple[tuple[str, str], ...] = ()
    written: bool = True


@dataclass(frozen=True, slots=True)
class ParameterHole:
    """The value of a parameter (`Parameters.NAME`) or a pseudo parameter.

    `excluded` is set once the known values were split off: the hole then stands for any other value. `pattern` is what
    the whole value has to match, a regular expression; empty where anything will do.
    """

    variable: str
    token: bool = False
    excluded: tuple[str, ...] | None = None
    secret: bool = field(default=False, compare=False)
    pattern: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class AttributeHole:
    """`Ref` (empty `attribute`) or `Fn::GetAtt` of a resource: not empty, and without wildcards.

    A `spellable` one may follow from the resource's properties, which a question that needs it looks up.
    """

    logical_id: str
    attribute: str
    token: bool = True
    spellable: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class ConditionalHole:
    """A part of a text that is conditional; split into its cases on demand."""

    cases: Cases
    token: bool = False


@dataclass(frozen=True, slots=True)
class OpaqueHole:
    """A part of a text of which nothing is known: an import, a dynamic reference."""

    reason: str
    token: bool = False


Hole = ParameterHole | AttributeHole | ConditionalHole | OpaqueHole


@dataclass(frozen=True, slots=True)
class Text:
    """A string with at least one hole; literal parts are not empty and never stand next to each other."""

    parts: tuple[str | Hole, ...]
    origin: Node | None = field(default=None, compare=False, repr=False)

    @property
    def holes(self) -> tuple[Hole, ...]:
        """The holes, in order."""
        return tuple(part for part in self.parts if not isinstance(part, str))

    def mentions(self) -> tuple[tuple[str, str], ...]:
        """The resources that go into the text, as (logical id, attribute)."""
        found: list[tuple[str, str]] = []
        for hole in self.holes:
            if isinstance(hole, AttributeHole):
                found.append((hole.logical_id, hole.attribute))
            elif isinstance(hole, ConditionalHole):
                for _, plain in hole.cases.cases:
                    if isinstance(plain, Text):
                        found.extend(plain.mentions())
                    elif isinstance(plain, Unknown):
                        found.extend(plain.mentions)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Item:
    """An element of a list and the guard under which it is there."""

    value: Value
    guard: Guard = TRUE


@dataclass(frozen=True, slots=True)
class ListValue:
    """A list. `open` means that there may be further elements that the template does not determine."""

    items: tuple[Item, ...]
    open: bool = False
    origin: Node | None = field(default=None, compare=False, repr=False)


class _Resolves(Protocol):
    def resolve(self, node: Node) -> Value: ...


class MapValue:
    """A mapping whose values are resolved when they are read. `open`: there may be further keys."""

    __slots__ = ("_resolver", "node", "open", "origin")

    def __init__(self, node: Mapping, resolver: _Resolves, *, is_open: bool = False) -> None:
        self.node = node
        self.origin: Node | None = node
        self.open = is_open
        self._resolver = resolver

    def get(self, key: str) -> Value:
        """The value under a key; absent where there is none, unknown where an open mapping may have it."""
        entry = self.node.entries.get(key)
        if entry is not None:
            return self._resolver.resolve(entry.value)
        return Unknown("the keys are not all known", self.node, written=False) if self.open else Absent(self.node)

    def names(self) -> tuple[str, ...]:
        """The known keys in the order of the text."""
        return tuple(self.node.entries)

    def __repr__(self) -> str:
        return f"MapValue({', '.join(self.names())})"


@dataclass(frozen=True, slots=True)
class ResourceValue:
    """A resource and the guard under which the stack has it. `properties` is absent where there are none."""

    resource: Resource
    properties: Value = field(compare=False, repr=False)
    guard: Guard = field(default=TRUE, compare=False)

    @property
    def origin(self) -> Node:
        """The node of the whole resource."""
        return self.resource.node


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """A thing of the domain (a policy statement, an ingress rule): named fields, made by a module.

    `resource` is the resource that holds it.
    """

    kind: str
    fields: ReadOnlyMapping[str, Value]
    resource: ResourceValue | None = None
    origin: Node | None = field(default=None, repr=False)

    def get(self, name: str) -> Value:
        """A field; absent where the record lacks it."""
        value = self.fields.get(name)
        return Absent(self.origin) if value is None else value


Plain = Known | Text | Unknown | Absent | ListValue | MapValue | ResourceValue | Record


@dataclass(frozen=True, slots=True)
class Cases:
    """Plain values whose guards exclude each other and cover everything."""

    cases: tuple[tuple[Guard, Plain], ...]


Value = Plain | Cases

ABSENT: Final = Absent()
UNKNOWN: Final = Unknown("not determined by the template")
NOTHING: Final = ListValue(())


def cases_of(value: Value) -> Iterator[tuple[Guard, Plain]]:
    """The cases of a value; a plain one has a single case that always holds."""
    if isinstance(value, Cases):
        yield from value.cases
    else:
        yield TRUE, value


def fold_cases(cases: Iterable[tuple[Guard, Value]]) -> Value:
    """A value from guarded values that cover everything: nested cases are flattened, impossible ones dropped."""
    flat: list[tuple[Guard, Plain]] = []
    for guard, value in cases:
        if guard is FALSE:
            continue
        if isinstance(value, Cases):
            for inner, plain in value.cases:
                joint = guard & inner
                if joint is not FALSE:
                    flat.append((joint, plain))
        else:
            flat.append((guard, value))
    if len(flat) == 1:
        return flat[0][1]
    return Cases(tuple(flat)) if flat else UNKNOWN


def bind(value: Value, function: Callable[[Plain], Value]) -> Value:
    """`function` of each case of a value."""
    if not isinstance(value, Cases):
        return function(value)
    return fold_cases((guard, function(plain)) for guard, plain in value.cases)


def with_origin(value: Value, origin: Node) -> Value:
    """The value as written at `origin` (the place of the function that gave it)."""
    match value:
        case Cases():
            return Cases(tuple((guard, _plain_with_origin(plain, origin)) for guard, plain in value.cases))
        case _:
            return _plain_with_origin(value, origin)


def _plain_with_origin(plain: Plain, origin: Node) -> Plain:
    match plain:
        case Known() | Text() | Unknown() | Absent() | ListValue():
            return replace(plain, origin=origin)
        case _:
            return plain


_DYNAMIC: Final = "{{resolve:"
"""How a dynamic reference starts. CloudFormation reads it after the intrinsic functions, so one may make it."""


def make_text(parts: Iterable[str | Hole | Value], origin: Node | None = None) -> Known | Text:
    """A text from literal strings, holes and values; conditional values become holes of their own."""
    flat: list[str | Hole] = []
    for part in parts:
        for piece in _pieces(part):
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            elif piece != "":
                flat.append(piece)
    if any(isinstance(piece, str) and _DYNAMIC in piece for piece in flat):
        flat = _without_dynamic_references(flat)
    if not flat:
        return Known("", origin)
    if len(flat) == 1 and isinstance(flat[0], str):
        return Known(flat[0], origin)
    return Text(tuple(flat), origin)


def _without_dynamic_references(parts: list[str | Hole]) -> list[str | Hole]:
    """Puts one unknown part for each `{{resolve:…}}`, which may have holes of its own; the resources in it stay.

    One that has no end yet is left as it is: what is joined to it may end it.
    """
    kept: list[str | Hole] = []
    for index, part in enumerate(parts):
        before, mark, after = part.partition(_DYNAMIC) if isinstance(part, str) else (part, "", "")
        if not mark:
            kept.append(part)
            continue
        mentions: list[str | Hole] = []
        start, end_mark, _ = after.partition("}}")
        name = _DYNAMIC + start + (end_mark or "…}}")
        for end, piece in enumerate(rest := [after, *parts[index + 1 :]]):
            if isinstance(piece, AttributeHole):
                mentions.append(AttributeHole(piece.logical_id, piece.attribute, token=False))
            elif isinstance(piece, str) and "}}" in piece:
                tail = piece.partition("}}")[2]
                others = _without_dynamic_references([*([tail] if tail else []), *rest[end + 1 :]])
                return [*kept, *([before] if before else []), OpaqueHole(name), *mentions, *others]
        return [*kept, *parts[index:]]
    return kept


def _pieces(part: str | Hole | Value) -> tuple[str | Hole, ...]:
    match part:
        case str() | ParameterHole() | AttributeHole() | ConditionalHole() | OpaqueHole():
            return (part,)
        case Known():
            return (part.text,)
        case Text():
            return part.parts
        case Cases():
            return (ConditionalHole(part),)
        case Unknown():
            mentions = (AttributeHole(logical_id, name, token=False) for logical_id, name in part.mentions)
            return (OpaqueHole(part.reason), *mentions)
        case _:
            return (OpaqueHole("not a text"),)
