"""Typed expressions, every name bound: what the checker makes and the evaluator runs.

Two families: `ValueExpr` gives a value, `TruthExpr` gives three-valued truth. Nodes hold only strings, numbers,
booleans, tuples and other nodes, so that a codec can write them down; `at` is the place in the policy file as
(start, end) offsets and takes no part in equality.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

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


@dataclass(frozen=True, slots=True)
class Const:
    """A literal."""

    value: Scalar
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class ConstList:
    """A list of expressions."""

    items: tuple[ValueExpr, ...]
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Local:
    """The variable in a slot."""

    slot: int
    name: str
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class LetValue:
    """The value of a rule's `let`, computed once a subject."""

    slot: int
    name: str
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class ParamRef:
    """A policy parameter, by its qualified name."""

    key: str
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Field:
    """A property of an object, map, resource or record."""

    value: ValueExpr
    name: str
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class At:
    """An element of a list by its index; negative ones count from the end."""

    value: ValueExpr
    index: int
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Aspect:
    """What stands beside Properties (`@DeletionPolicy`), or `@id`, `@type`."""

    value: ValueExpr
    name: str
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Comprehension:
    """`[body for slot in collection where where]`; with `flatten`, bodies that are lists are joined."""

    slot: int
    name: str
    collection: ValueExpr
    where: TruthExpr | None
    body: ValueExpr
    flatten: bool
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Count:
    """How many elements a list has."""

    value: ValueExpr
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Numbers added, subtracted, multiplied; `+` also joins strings and lists. `kind` says which."""

    operator: Literal["+", "-", "*"]
    kind: Literal["number", "string", "list"]
    left: ValueExpr
    right: ValueExpr
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Default:
    """`fallback` where `value` is absent."""

    value: ValueExpr
    fallback: ValueExpr
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Target:
    """The resources that a value refers to, of these types (empty: any)."""

    value: ValueExpr
    types: tuple[str, ...]
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Resources:
    """All resources of these types."""

    types: tuple[str, ...]
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of a module, or `template`, `parameters`, `outputs`, `conditions`."""

    name: str
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Apply:
    """A builtin function that gives a value."""

    function: str
    arguments: tuple[ValueExpr, ...]
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Truth:
    """A truth where a value is asked for."""

    operand: TruthExpr
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Bind:
    """A call of a `define`: arguments put into slots, then the body."""

    name: str
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


@dataclass(frozen=True, slots=True)
class Holds:
    """A boolean value where a truth is asked for."""

    value: ValueExpr
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class LetTruth:
    """The truth of a rule's `let`, computed once a subject."""

    slot: int
    name: str
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    operand: TruthExpr
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """Conjunction."""

    left: TruthExpr
    right: TruthExpr
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Disjunction; `a implies b` is `Or(Not(a), b)`."""

    left: TruthExpr
    right: TruthExpr
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """Equality and order; `kind` says what the sides are read as."""

    operator: Literal["==", "!=", "<", "<=", ">", ">="]
    kind: Kind
    left: ValueExpr
    right: ValueExpr
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """`item in container`; `contains` is the same with the sides exchanged.

    `substring` is set where the container is a string.
    """

    item: ValueExpr
    container: ValueExpr
    kind: Kind
    substring: bool
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Matches:
    """Regular expression, searched."""

    value: ValueExpr
    pattern: str
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Like:
    """Glob over the whole string."""

    value: ValueExpr
    pattern: str
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Refers:
    """A value reaches a resource."""

    value: ValueExpr
    resource: ValueExpr
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Is:
    """`present`, `absent`, `empty`, `not empty`."""

    value: ValueExpr
    state: Literal["present", "absent", "empty", "not empty"]
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Quantifier:
    """`every`, `some`, `no` element of a collection."""

    kind: Literal["every", "some", "no"]
    slot: int
    name: str
    collection: ValueExpr
    where: TruthExpr | None
    body: TruthExpr
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Predicate:
    """A builtin function that gives a truth."""

    function: str
    arguments: tuple[ValueExpr, ...]
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class BindTruth:
    """A call of a boolean `define`."""

    name: str
    arguments: tuple[tuple[int, ValueExpr], ...]
    body: TruthExpr
    at: Place = field(compare=False)


TruthExpr = (
    Holds | LetTruth | Not | And | Or | Compare | In | Matches | Like | Refers | Is | Quantifier | Predicate | BindTruth
)


@dataclass(frozen=True, slots=True)
class ParamIR:
    """A policy parameter: qualified name, type as written, value, documentation."""

    key: str
    type: str
    value: Scalar | tuple[Scalar, ...]
    doc: str


@dataclass(frozen=True, slots=True)
class LetIR:
    """A rule's `let` and the slot of its result."""

    slot: int
    name: str
    meaning: ValueExpr | TruthExpr
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class RequireIR:
    """A `require`: the message is literal parts and values; `severity` is empty for the rule's own."""

    condition: TruthExpr
    message: tuple[str | ValueExpr, ...]
    place: ValueExpr | None
    severity: str
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class FixIR:
    """A declared fix."""

    action: Literal["set", "remove", "append"]
    path: ValueExpr
    value: ValueExpr | None
    at: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class RuleIR:
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


@dataclass(frozen=True, slots=True)
class FileIR:
    """The rules and policy parameters of one file."""

    params: tuple[ParamIR, ...]
    rules: tuple[RuleIR, ...]
