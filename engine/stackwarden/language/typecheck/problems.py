"""What the checker finds wrong with a rule, one class each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from stackwarden.diagnostics import Diagnostic, did_you_mean

__all__ = [
    "BadPattern",
    "BadUse",
    "DuplicateName",
    "DuplicateParam",
    "DuplicateRule",
    "Incomparable",
    "MisplacedType",
    "NeverHolds",
    "NotABoolean",
    "NotAList",
    "NotAPath",
    "NotAProperty",
    "NotConstant",
    "OutsideEnum",
    "PropertyOfAnyResource",
    "Recursive",
    "ReservedName",
    "UnknownAspect",
    "UnknownFunction",
    "UnknownMember",
    "UnknownName",
    "UnknownProperty",
    "UnknownResourceType",
    "UnknownType",
    "Unused",
    "WrongArgument",
    "WrongArgumentCount",
    "WrongParamType",
    "WrongType",
]

_LISTED = 8


def _nearest(name: str, known: Iterable[str], otherwise: str) -> str | None:
    names = sorted(known)
    near = did_you_mean(name, names)
    if near is not None or not names:
        return near
    return f"{otherwise}: {', '.join(names)}" if len(names) <= _LISTED else None


@dataclass(frozen=True, slots=True)
class UnknownName(Diagnostic):
    """A name that is neither a variable, let, param, define, collection nor module."""

    name: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"unknown name `{self.name}`"

    def help(self) -> str | None:
        return _nearest(self.name, self.known, "names here")


@dataclass(frozen=True, slots=True)
class UnknownFunction(Diagnostic):
    """A call of something that is neither a builtin nor a define."""

    name: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"unknown function `{self.name}`"

    def help(self) -> str | None:
        return _nearest(self.name, self.known, "functions of this module")


@dataclass(frozen=True, slots=True)
class UnknownMember(Diagnostic):
    """`module.name` with a name that the module lacks. `known` are the module's full names."""

    module: str
    name: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"module `{self.module}` has nothing called `{self.name}`"

    def help(self) -> str | None:
        return _nearest(f"{self.module}.{self.name}", self.known, "it has")


@dataclass(frozen=True, slots=True)
class UnknownResourceType(Diagnostic):
    """A resource type that CloudFormation does not have."""

    name: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"unknown resource type `{self.name}`"

    def help(self) -> str | None:
        return did_you_mean(self.name, self.known)


@dataclass(frozen=True, slots=True)
class UnknownType(Diagnostic):
    """A declared type that does not exist."""

    name: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"unknown type `{self.name}`"

    def help(self) -> str | None:
        return _nearest(self.name, self.known, "types")


@dataclass(frozen=True, slots=True)
class UnknownProperty(Diagnostic):
    """A path names a property that its owner lacks. `owner` is a resource type, property type or record kind."""

    owner: str
    name: str
    known: tuple[str, ...]
    attribute: bool = False

    def message(self) -> str:
        return f"`{self.owner}` has no property `{self.name}`"

    def help(self) -> str | None:
        if self.attribute:
            return "that is an attribute of the deployed resource, which a template cannot set"
        return _nearest(self.name, self.known, "properties")


@dataclass(frozen=True, slots=True)
class PropertyOfAnyResource(Diagnostic):
    """A property of a resource whose type is not known."""

    name: str

    def message(self) -> str:
        return f"cannot read `{self.name}` of a resource of unknown type"

    def help(self) -> str | None:
        return "name the types, as in `target(value, AWS::ApiGateway::RestApi)`"


@dataclass(frozen=True, slots=True)
class NotAProperty(Diagnostic):
    """A property of something that has none."""

    name: str
    of: str
    is_list: bool

    def message(self) -> str:
        return f"cannot read `{self.name}` of {self.of}"

    def help(self) -> str | None:
        return "map over the list with `[*]`, or use `every`, `some` or `no`" if self.is_list else None


@dataclass(frozen=True, slots=True)
class UnknownAspect(Diagnostic):
    """`@name` with a name that nothing beside Properties has."""

    name: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"nothing beside Properties is called `@{self.name}`"

    def help(self) -> str | None:
        return _nearest(self.name, self.known, "known")


@dataclass(frozen=True, slots=True)
class OutsideEnum(Diagnostic):
    """A comparison with a value that the schema does not allow, so that it can never be equal."""

    value: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"`{self.value}` is not one of the values that the schema allows"

    def help(self) -> str | None:
        return _nearest(self.value, self.known, "allowed")


@dataclass(frozen=True, slots=True)
class Incomparable(Diagnostic):
    """A comparison of two types that never compare."""

    operator: str
    left: str
    right: str
    advice: str | None = None

    def message(self) -> str:
        return f"`{self.operator}` cannot compare {self.left} with {self.right}"

    def help(self) -> str | None:
        return self.advice


@dataclass(frozen=True, slots=True)
class WrongType(Diagnostic):
    """A value of another type than its place asks for."""

    wanted: str
    given: str
    advice: str | None = None

    def message(self) -> str:
        return f"expected {self.wanted}, found {self.given}"

    def help(self) -> str | None:
        return self.advice


@dataclass(frozen=True, slots=True)
class NotABoolean(Diagnostic):
    """A condition that is no boolean."""

    given: str

    def message(self) -> str:
        return f"expected a condition, found {self.given}"

    def help(self) -> str | None:
        return "compare it, or ask whether it `is present`"


@dataclass(frozen=True, slots=True)
class NotAList(Diagnostic):
    """A quantifier, comprehension or `[*]` over something that is no list."""

    given: str

    def message(self) -> str:
        return f"expected a list, found {self.given}"


@dataclass(frozen=True, slots=True)
class WrongArgumentCount(Diagnostic):
    """A call with too few or too many arguments."""

    name: str
    wanted: str
    given: int

    def message(self) -> str:
        return f"`{self.name}` takes {self.wanted}, found {self.given}"


@dataclass(frozen=True, slots=True)
class WrongArgument(Diagnostic):
    """An argument of the wrong type."""

    function: str
    parameter: str
    wanted: str
    given: str

    def message(self) -> str:
        return f"`{self.parameter}` of `{self.function}` is {self.wanted}, found {self.given}"


@dataclass(frozen=True, slots=True)
class MisplacedType(Diagnostic):
    """A resource type where a value is expected."""

    name: str

    def message(self) -> str:
        return f"`{self.name}` is a resource type, not a value"

    def help(self) -> str | None:
        return "write `some x in TYPE satisfies …`, or `target(value, TYPE)`"


@dataclass(frozen=True, slots=True)
class BadPattern(Diagnostic):
    """A regular expression that RE2 refuses."""

    reason: str

    def message(self) -> str:
        return f"bad regular expression: {self.reason}"

    def help(self) -> str | None:
        return "patterns follow RE2: no look-around and no back-references"


@dataclass(frozen=True, slots=True)
class NotConstant(Diagnostic):
    """A policy parameter's value that is not a literal."""

    name: str

    def message(self) -> str:
        return f"the value of param `{self.name}` must be a literal or a list of literals"


@dataclass(frozen=True, slots=True)
class WrongParamType(Diagnostic):
    """A policy parameter of a type that no option or setting can give."""

    given: str

    def message(self) -> str:
        return f"a param cannot be {self.given}"

    def help(self) -> str | None:
        return "a param is a string, a number or a boolean, or a list of these"


@dataclass(frozen=True, slots=True)
class NotAPath(Diagnostic):
    """A fix whose target is no property that a path leads to."""

    found: str

    def message(self) -> str:
        return f"a fix needs the path of a property, found {self.found}"

    def help(self) -> str | None:
        return "start from the rule's variable, as in `x.Property`"


@dataclass(frozen=True, slots=True)
class Unused(Diagnostic):
    """A `let`, or a rule's `param`, that nothing reads."""

    name: str
    what: Literal["let", "param"]

    def message(self) -> str:
        return f"`{self.name}` is never used"

    def help(self) -> str | None:
        return f"remove the `{self.what}`, or use it"


@dataclass(frozen=True, slots=True)
class DuplicateName(Diagnostic):
    """A name that is taken."""

    name: str
    line: int | None = None

    def message(self) -> str:
        where = f" in line {self.line}" if self.line else ""
        return f"`{self.name}` is already defined{where}"


@dataclass(frozen=True, slots=True)
class ReservedName(Diagnostic):
    """A name that the language itself has a meaning for."""

    name: str
    what: str

    def message(self) -> str:
        return f"`{self.name}` is {self.what} of the language"

    def help(self) -> str | None:
        return "choose another name"


@dataclass(frozen=True, slots=True)
class DuplicateRule(Diagnostic):
    """A rule id that another rule has."""

    id: str
    other: str

    def message(self) -> str:
        return f"rule `{self.id}` is already defined in {self.other}"


@dataclass(frozen=True, slots=True)
class DuplicateParam(Diagnostic):
    """A param at the top of a file that has the name of one in a file that does not use it, or is used by it."""

    name: str
    other: str

    def message(self) -> str:
        return f"param `{self.name}` is already defined in {self.other}"

    def help(self) -> str | None:
        return "put it into a file that both `use`, or give it another name"


@dataclass(frozen=True, slots=True)
class Recursive(Diagnostic):
    """A define or let that depends on itself."""

    name: str

    def message(self) -> str:
        return f"`{self.name}` depends on itself"


@dataclass(frozen=True, slots=True)
class NeverHolds(Diagnostic):
    """A condition that is false whatever the template says."""

    clause: str

    def message(self) -> str:
        return f"this `{self.clause}` can never hold"


@dataclass(frozen=True, slots=True)
class BadUse(Diagnostic):
    """A `use` of a file that cannot be read."""

    path: str
    reason: str

    def message(self) -> str:
        return f"cannot use `{self.path}`: {self.reason}"
