"""How a value came about under one assignment, as data: a trail is a label with steps, each step has those below it.

`at` is where a step is written. Where the fact itself stands elsewhere (a parameter's declaration, a map's value, the
output of another stack), `source` is that place. `value` is the outcome in words.
"""

from __future__ import annotations

from dataclasses import dataclass

from stackwarden.source import Span

__all__ = [
    "Attribute",
    "Branch",
    "Claim",
    "Computed",
    "Condition",
    "Derivation",
    "DynamicReference",
    "Element",
    "FromMapping",
    "FromOutput",
    "FromParameter",
    "FromPseudoParameter",
    "Generated",
    "Imported",
    "Included",
    "Nested",
    "NotKnown",
    "Nothing",
    "Passed",
    "Step",
    "Trail",
    "Written",
]


@dataclass(frozen=True, slots=True)
class Written:
    """A literal."""

    at: Span
    value: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """`AWS::NoValue`, or null: the place is left empty."""

    at: Span


@dataclass(frozen=True, slots=True)
class FromParameter:
    """`Ref` of a parameter: its declaration is `source`.

    `given` tells a value that was given for the run, `stored` one that is read from Parameter Store by the name
    `value`. `default` is None where there is none, `allowed` empty where any value is.
    """

    at: Span
    source: Span
    name: str
    value: str
    given: bool
    stored: bool
    default: str | None
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FromPseudoParameter:
    """`Ref` of a pseudo parameter."""

    at: Span
    name: str
    value: str
    given: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """`Ref` of a nested stack's parameter, which the stack that nests it passes at `source`, as the steps below say."""

    at: Span
    source: Span
    name: str
    stack: str
    value: str
    below: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class FromOutput:
    """`Fn::GetAtt` of a nested stack's output; `source` is the output's value in the nested template."""

    at: Span
    source: Span
    stack: str
    output: str
    value: str
    below: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """`Fn::If`: which branch a condition chose; its number counts from 1."""

    at: Span
    condition: str
    holds: bool
    below: tuple[Step, ...]

    @property
    def number(self) -> int:
        """1 for the value of a condition that holds, else 2."""
        return 1 if self.holds else 2


@dataclass(frozen=True, slots=True)
class Condition:
    """A named condition and, where it is met first, its definition."""

    at: Span
    name: str
    holds: bool
    below: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A condition function with its operands in words; one that is not `certain` no parameter's value decides."""

    at: Span
    function: str
    operands: tuple[str, ...]
    holds: bool
    certain: bool
    below: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class FromMapping:
    """`Fn::FindInMap`: `source` is the value in `Mappings`, None where the default stands in or a key is not known."""

    at: Span
    source: Span | None
    mapping: str
    keys: tuple[str, ...]
    value: str
    below: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """`Fn::ImportValue`: `sources` are the outputs of the run that may be meant."""

    at: Span
    name: str
    sources: tuple[Span, ...]
    value: str
    below: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class DynamicReference:
    """A part of a text that CloudFormation reads from another service when it deploys."""

    at: Span
    reference: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """`Ref` (empty `attribute`) or `Fn::GetAtt` of a resource, known only once that is made."""

    at: Span
    source: Span | None
    logical_id: str
    attribute: str
    resource_type: str


@dataclass(frozen=True, slots=True)
class Computed:
    """The outcome of any other function, and what went into it."""

    at: Span
    function: str
    value: str
    below: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """A variable of the loop at `at` (`Fn::ForEach`), and the collection that it walks over.

    `value` is None for an element that the template does not determine.
    """

    at: Span
    loop: str
    variable: str
    value: str | None
    below: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Generated:
    """A resource that a transform made for one of the author's, which stands at `at`."""

    at: Span
    logical_id: str
    written_id: str
    written_type: str


@dataclass(frozen=True, slots=True)
class Included:
    """A part that `AWS::Include` took from another file."""

    at: Span
    file: str


@dataclass(frozen=True, slots=True)
class Nested:
    """A nested stack on the way to a resource."""

    at: Span
    logical_id: str
    file: str
    below: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A value of which the template says no more."""

    at: Span
    reason: str


Step = (
    Written
    | Nothing
    | FromParameter
    | FromPseudoParameter
    | Passed
    | FromOutput
    | Branch
    | Condition
    | Claim
    | FromMapping
    | Imported
    | DynamicReference
    | Attribute
    | Computed
    | Element
    | Generated
    | Included
    | Nested
    | NotKnown
)


@dataclass(frozen=True, slots=True)
class Trail:
    """How one value came about. `label` is the rule's expression (empty: why the subject is there at all)."""

    label: str
    value: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Derivation:
    """The trails of the values that decided, under one assignment of the facts that matter, by name."""

    setting: tuple[tuple[str, str], ...]
    trails: tuple[Trail, ...]
