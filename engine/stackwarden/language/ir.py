"""Typed expressions, every name bound: what the checker makes and the evaluator runs.

Two families: `ValueExpr` gives a value, `TruthExpr` gives three-valued truth. Nodes hold only strings, numbers,
booleans, tuples and other nodes, so that a codec can write them down; `at` is the place in the policy file as
(start, end) offsets and takes no part in equality.

The classes are frozen for the type checker only: every scan imports them and reads back thousands of nodes, and frozen
dataclasses with methods of their own would take three times as long for both (measured).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import ClassVar, Literal, TypeVar, dataclass_transform

from stackwarden.language.types import Comparison

__all__ = [
    "And",
    "Apply",
    "Arithmetic",
    "Aspect",
    "At",
    "Bind",
    "BindTruth",
    "Collection",
    "Compare",
    "Comprehension",
    "Const",
    "ConstList",
    "Count",
    "Default",
    "Field",
    "FileIR",
    "FixIR",
    "FixList",
    "FixObject",
    "FixValue",
    "Holds",
    "In",
    "Is",
    "LetIR",
    "LetTruth",
    "LetValue",
    "Like",
    "Local",
    "Matches",
    "Not",
    "Or",
    "ParamIR",
    "ParamRef",
    "Place",
    "Predicate",
    "Quantifier",
    "Refers",
    "RequireIR",
    "Resources",
    "RuleIR",
    "Scalar",
    "Target",
    "Truth",
    "TruthExpr",
    "ValueExpr",
]

Scalar = str | int | float | bool
Place = tuple[int, int]
Kind = Comparison
"""What the sides of a comparison are read as."""


class _Node:
    """What all nodes share: equality, hash and text from the fields that are compared."""

    __slots__ = ()
    _compared: ClassVar[tuple[str, ...]] = ()

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._compared)

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in self._compared)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self._compared)})"


_Class = TypeVar("_Class", bound=_Node)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def _node(cls: type[_Class]) -> type[_Class]:
    made = dataclass(slots=True, repr=False, eq=False)(cls)
    made._compared = tuple(one.name for one in fields(made) if one.compare)  # type: ignore[arg-type]  # a dataclass now
    return made


@_node
class Const(_Node):
    """A literal."""

    value: Scalar
    at: Place = field(compare=False)


@_node
class ConstList(_Node):
    """A list of expressions."""

    items: tuple[ValueExpr, ...]
    at: Place = field(compare=False)


@_node
class Local(_Node):
    """The variable in a slot."""

    slot: int
    name: str
    at: Place = field(compare=False)


@_node
class LetValue(_Node):
    """The value of a rule's `let`, computed once a subject."""

    slot: int
    name: str
    at: Place = field(compare=False)


@_node
class ParamRef(_Node):
    """A policy parameter, by its qualified name."""

    key: str
    at: Place = field(compare=False)


@_node
class Field(_Node):
    """A property of an object, map, resource or record."""

    value: ValueExpr
    name: str
    at: Place = field(compare=False)


@_node
class At(_Node):
    """An element of a list by its index; negative ones count from the end."""

    value: ValueExpr
    index: int
    at: Place = field(compare=False)


@_node
class Aspect(_Node):
    """What stands beside Properties (`@DeletionPolicy`), or `@id`, `@type`."""

    value: ValueExpr
    name: str
    at: Place = field(compare=False)


@_node
class Comprehension(_Node):
    """`[body for slot in collection where where]`; with `flatten`, bodies that are lists are joined."""

    slot: int
    name: str
    collection: ValueExpr
    where: TruthExpr | None
    body: ValueExpr
    flatten: bool
    at: Place = field(compare=False)


@_node
class Count(_Node):
    """How many elements a list has."""

    value: ValueExpr
    at: Place = field(compare=False)


@_node
class Arithmetic(_Node):
    """Numbers added, subtracted, multiplied; `+` also joins strings and lists. `kind` says which."""

    operator: Literal["+", "-", "*"]
    kind: Literal["number", "string", "list"]
    left: ValueExpr
    right: ValueExpr
    at: Place = field(compare=False)


@_node
class Default(_Node):
    """`fallback` where `value` is absent."""

    value: ValueExpr
    fallback: ValueExpr
    at: Place = field(compare=False)


@_node
class Target(_Node):
    """The resources that a value refers to, of these types (empty: any)."""

    value: ValueExpr
    types: tuple[str, ...]
    at: Place = field(compare=False)


@_node
class Resources(_Node):
    """All resources of these types."""

    types: tuple[str, ...]
    at: Place = field(compare=False)


@_node
class Collection(_Node):
    """A collection of a module, or `template`, `parameters`, `outputs`, `conditions`."""

    name: str
    at: Place = field(compare=False)


@_node
class Apply(_Node):
    """A builtin function that gives a value."""

    function: str
    arguments: tuple[ValueExpr, ...]
    at: Place = field(compare=False)


@_node
class Truth(_Node):
    """A truth where a value is asked for."""

    operand: TruthExpr
    at: Place = field(compare=False)


@_node
class Bind(_Node):
    """A call of a `define`: arguments put into slots, then the body. `signature` is that of the define."""

    name: str
    signature: str
    arguments: tuple[tuple[int, ValueExpr], ...]
    body: ValueExpr
    at: Place = field(compare=False)


ValueExpr = (
    Const
    | ConstList
    | Local
    | LetValue
    | ParamRef
    | Field
    | At
    | Aspect
    | Comprehension
    | Count
    | Arithmetic
    | Default
    | Target
    | Resources
    | Collection
    | Apply
    | Truth
    | Bind
)


@_node
class Holds(_Node):
    """A boolean value where a truth is asked for."""

    value: ValueExpr
    at: Place = field(compare=False)


@_node
class LetTruth(_Node):
    """The truth of a rule's `let`, computed once a subject."""

    slot: int
    name: str
    at: Place = field(compare=False)


@_node
class Not(_Node):
    """Negation."""

    operand: TruthExpr
    at: Place = field(compare=False)


@_node
class And(_Node):
    """Conjunction."""

    left: TruthExpr
    right: TruthExpr
    at: Place = field(compare=False)


@_node
class Or(_Node):
    """Disjunction; `a implies b` is `Or(Not(a), b)`."""

    left: TruthExpr
    right: TruthExpr
    at: Place = field(compare=False)


@_node
class Compare(_Node):
    """Equality and order; `kind` says what the sides are read as."""

    operator: Literal["==", "!=", "<", "<=", ">", ">="]
    kind: Kind
    left: ValueExpr
    right: ValueExpr
    at: Place = field(compare=False)


@_node
class In(_Node):
    """`item in container`; `contains` is the same with the sides exchanged.

    `substring` is set where the container is a string.
    """

    item: ValueExpr
    container: ValueExpr
    kind: Kind
    substring: bool
    at: Place = field(compare=False)


@_node
class Matches(_Node):
    """Regular expression, searched."""

    value: ValueExpr
    pattern: str
    at: Place = field(compare=False)


@_node
class Like(_Node):
    """Glob over the whole string."""

    value: ValueExpr
    pattern: str
    at: Place = field(compare=False)


@_node
class Refers(_Node):
    """A value reaches a resource."""

    value: ValueExpr
    resource: ValueExpr
    at: Place = field(compare=False)


@_node
class Is(_Node):
    """`present`, `absent`, `empty`, `not empty`."""

    value: ValueExpr
    state: Literal["present", "absent", "empty", "not empty"]
    at: Place = field(compare=False)


@_node
class Quantifier(_Node):
    """`every`, `some`, `no` element of a collection."""

    kind: Literal["every", "some", "no"]
    slot: int
    name: str
    collection: ValueExpr
    where: TruthExpr | None
    body: TruthExpr
    at: Place = field(compare=False)


@_node
class Predicate(_Node):
    """A builtin function that gives a truth."""

    function: str
    arguments: tuple[ValueExpr, ...]
    at: Place = field(compare=False)


@_node
class BindTruth(_Node):
    """A call of a boolean `define`."""

    name: str
    signature: str
    arguments: tuple[tuple[int, ValueExpr], ...]
    body: TruthExpr
    at: Place = field(compare=False)


TruthExpr = (
    Holds | LetTruth | Not | And | Or | Compare | In | Matches | Like | Refers | Is | Quantifier | Predicate | BindTruth
)


@_node
class ParamIR(_Node):
    """A policy parameter: qualified name, type as written, value, documentation."""

    key: str
    type: str
    value: Scalar | tuple[Scalar, ...]
    doc: str


@_node
class LetIR(_Node):
    """A rule's `let` and the slot of its result."""

    slot: int
    name: str
    meaning: ValueExpr | TruthExpr
    at: Place = field(compare=False)


@_node
class RequireIR(_Node):
    """A `require`: the message is literal parts and values; `severity` is empty for the rule's own.

    `along` is a list of records whose places are reported beside the finding's own.
    """

    condition: TruthExpr
    message: tuple[str | ValueExpr, ...]
    place: ValueExpr | None
    along: ValueExpr | None
    severity: str
    at: Place = field(compare=False)


@_node
class FixObject(_Node):
    """An object that a fix writes."""

    entries: tuple[tuple[str, FixValue], ...]
    at: Place = field(compare=False)


@_node
class FixList(_Node):
    """A list of objects that a fix writes."""

    items: tuple[FixValue, ...]
    at: Place = field(compare=False)


FixValue = ValueExpr | FixObject | FixList


@_node
class FixIR(_Node):
    """A declared fix."""

    action: Literal["set", "remove", "append"]
    path: ValueExpr
    value: FixValue | None
    at: Place = field(compare=False)


@_node
class RuleIR(_Node):
    """A checked rule. `subject` is Resources or Collection; the subject stands in slot 0 of `slots` slots.

    `resources` are the resource types that subjects come from; `line` is the rule's line in its file.
    """

    id: str
    title: str
    severity: str
    category: str
    because: str
    remediation: str
    see: tuple[str, ...]
    tags: tuple[str, ...]
    maps: tuple[tuple[str, tuple[str, ...]], ...]
    deprecated_by: str
    variable: str
    subject: Resources | Collection
    resources: tuple[str, ...]
    slots: int
    lets: tuple[LetIR, ...]
    where: TruthExpr | None
    requires: tuple[RequireIR, ...]
    fixes: tuple[FixIR, ...]
    line: int
    at: Place = field(compare=False)


@_node
class FileIR(_Node):
    """The rules and policy parameters of one file."""

    params: tuple[ParamIR, ...]
    rules: tuple[RuleIR, ...]
