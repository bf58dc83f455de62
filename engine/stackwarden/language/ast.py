"""A Warden file as written. The grammar's rules and these classes share their names; spans take no part in equality."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf

from stackwarden.source import Span

__all__ = [
    "And",
    "Arithmetic",
    "Aspect",
    "Binary",
    "Call",
    "Compare",
    "Comprehension",
    "Default",
    "Define",
    "Each",
    "Example",
    "Expectation",
    "Expr",
    "File",
    "Fix",
    "FixValue",
    "Implies",
    "Index",
    "Is",
    "Let",
    "Like",
    "ListLiteral",
    "Literal",
    "Matches",
    "Message",
    "Meta",
    "MetaValue",
    "Name",
    "Negate",
    "Not",
    "ObjectList",
    "ObjectLiteral",
    "Or",
    "Param",
    "Parameter",
    "Property",
    "Quantifier",
    "Refers",
    "Require",
    "Rule",
    "TypeExpr",
    "TypePattern",
    "TypeRef",
    "Use",
]

CompareOp = OneOf["==", "!=", "<", "<=", ">", ">=", "in", "not in", "contains"]
ArithmeticOp = OneOf["+", "-", "*"]
State = OneOf["present", "absent", "empty", "not empty"]
MetaValue = str | tuple[str, ...] | dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, number or boolean."""

    value: str | int | float | bool
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """`[a, b]`."""

    items: tuple[Expr, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, param, let, define, or the first word of a module (`iam`)."""

    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class TypePattern:
    """A resource type; `*` may stand for its last part."""

    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class TypeRef:
    """`TYPE | TYPE …` where an expression may stand: as a collection or an argument of `target`."""

    patterns: tuple[TypePattern, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Property:
    """`x.Name`; `name_span` is the place of `Name` alone."""

    value: Expr
    name: str
    name_span: Span = field(compare=False)
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Index:
    """`x[0]` or `x["odd key"]`."""

    value: Expr
    index: int | str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Each:
    """`x[*]`: what follows maps over the list."""

    value: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Aspect:
    """`x@id`, `x@DeletionPolicy`: what stands beside Properties."""

    value: Expr
    name: str
    name_span: Span = field(compare=False)
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`f(a, b)`; the checker accepts a name or `module.name` as function."""

    function: Expr
    arguments: tuple[Expr, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """`not a`."""

    operand: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """`a and b`."""

    left: Expr
    right: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """`a or b`."""

    left: Expr
    right: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Implies:
    """`a implies b`; associates to the right."""

    left: Expr
    right: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Compare:
    """`a == b` and its kin; `operator_span` is the operator's place."""

    operator: CompareOp
    left: Expr
    right: Expr
    operator_span: Span = field(compare=False)
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Matches:
    """`a matches "regular expression"`; the pattern is a literal, so that it is checked once."""

    value: Expr
    pattern: str
    pattern_span: Span = field(compare=False)
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Like:
    """`a like "glob"`."""

    value: Expr
    pattern: str
    pattern_span: Span = field(compare=False)
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Refers:
    """`a refers r`: value `a` reaches resource `r`."""

    value: Expr
    resource: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Is:
    """`a is present`, `absent`, `empty` or `not empty`."""

    value: Expr
    state: State
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Default:
    """`a default b`: b where a is absent."""

    value: Expr
    fallback: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`a + b`, `a - b`, `a * b`."""

    operator: ArithmeticOp
    left: Expr
    right: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Negate:
    """`-a`."""

    operand: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Quantifier:
    """`every x in xs where p satisfies q`, or `some`, or `no`."""

    kind: OneOf["every", "some", "no"]
    variable: str
    variable_span: Span = field(compare=False)
    collection: Expr
    where: Expr | None
    body: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Comprehension:
    """`[e for x in xs where p]`."""

    body: Expr
    variable: str
    variable_span: Span = field(compare=False)
    collection: Expr
    where: Expr | None
    span: Span = field(compare=False)


Binary = And | Or | Implies
Expr = (
    Literal
    | ListLiteral
    | Name
    | TypeRef
    | Property
    | Index
    | Each
    | Aspect
    | Call
    | Not
    | And
    | Or
    | Implies
    | Compare
    | Matches
    | Like
    | Refers
    | Is
    | Default
    | Arithmetic
    | Negate
    | Quantifier
    | Comprehension
)


@dataclass(frozen=True, slots=True)
class Message:
    """A text with `{expression}` parts; `{{` and `}}` stand for braces."""

    parts: tuple[str | Expr, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class TypeExpr:
    """A declared type: `string`, `number`, `boolean`, `any`, `list<T>`, `map<T>`, resource types or `iam.Statement`."""

    name: str
    arguments: tuple[TypeExpr, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Use:
    """`use "path/or/pack.warden"`."""

    path: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Param:
    """`param name: type = value "doc"`, at the top of a file or in a rule."""

    name: str
    name_span: Span = field(compare=False)
    type: TypeExpr
    value: Expr
    doc: str | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Let:
    """`let name = value`, at the top of a file or in a rule."""

    name: str
    name_span: Span = field(compare=False)
    value: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a `define`."""

    name: str
    name_span: Span = field(compare=False)
    type: TypeExpr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Define:
    """`define name(arg: type, …) = body`."""

    name: str
    name_span: Span = field(compare=False)
    parameters: tuple[Parameter, ...]
    body: Expr
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Meta:
    """A line of metadata: `title "…"`, `severity high`, `maps { checkov: ["…"] }`."""

    name: str
    name_span: Span = field(compare=False)
    value: MetaValue
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Require:
    """`require condition else "message" at path along hops severity level`."""

    condition: Expr
    message: Message | None
    at: Expr | None
    along: Expr | None
    severity: str | None
    severity_span: Span | None = field(compare=False)
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ObjectLiteral:
    """`{Name: value}` in a fix; each entry has the name, its place and the value."""

    entries: tuple[tuple[str, Span, FixValue], ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ObjectList:
    """`[{…}, {…}]` in a fix."""

    items: tuple[ObjectLiteral, ...]
    span: Span = field(compare=False)


FixValue = Expr | ObjectLiteral | ObjectList


@dataclass(frozen=True, slots=True)
class Fix:
    """`fix set path = value`, `fix remove path` or `fix append value to path`."""

    action: OneOf["set", "remove", "append"]
    path: Expr
    value: FixValue | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Expectation:
    """`passes`, `fails at A, B` or `maybe at A`, each with an optional `severity level` and `when {Parameter: value}`.

    `at` holds logical ids; `given` binds template parameters, conditions excluded.
    """

    verdict: OneOf["passes", "fails", "maybe"]
    at: tuple[str, ...]
    severity: str | None
    given: tuple[tuple[str, str], ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Example:
    """`example "name" expectation … \"\"\"template\"\"\"`; the template's text is dedented.

    `template_span` is the place of the text between the quotes, as it stands in the file.
    """

    name: str
    expectations: tuple[Expectation, ...]
    template: str
    template_span: Span = field(compare=False)
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """`rule id { … }`. `subject` is a TypeRef, a Name (`template`, `parameters`, …) or a module's collection."""

    id: str
    id_span: Span = field(compare=False)
    metadata: tuple[Meta, ...]
    params: tuple[Param, ...]
    variable: str
    variable_span: Span = field(compare=False)
    subject: Expr
    lets: tuple[Let, ...]
    where: Expr | None
    requires: tuple[Require, ...]
    fixes: tuple[Fix, ...]
    examples: tuple[Example, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class File:
    """A whole Warden file; the order of its parts within each kind is that of the text."""

    uses: tuple[Use, ...]
    params: tuple[Param, ...]
    lets: tuple[Let, ...]
    defines: tuple[Define, ...]
    rules: tuple[Rule, ...]
    span: Span = field(compare=False)
