"""What can be wrong with a template: one class for each fault, whichever reader finds it."""

from __future__ import annotations

from dataclasses import dataclass

from stackwarden.diagnostics import Diagnostic, did_you_mean
from stackwarden.source import Position

__all__ = [
    "AliasCycle",
    "BadCharacter",
    "BadMerge",
    "BadScalar",
    "ComplexKey",
    "DuplicateKey",
    "EmptyFile",
    "ForbiddenTagUse",
    "MissingType",
    "NoResources",
    "NotATemplate",
    "NotUtf8",
    "Skipped",
    "SyntaxFault",
    "TooDeep",
    "TooLarge",
    "TooManyNodes",
    "UnknownTag",
    "WrongCondition",
    "WrongEntry",
    "WrongSection",
    "WrongType",
]


@dataclass(frozen=True, slots=True)
class NotUtf8(Diagnostic):
    """A byte that is no UTF-8. `offset` counts bytes from 0; `line` and `column` count from 1, the column in bytes.

    There is no text to point at, so the place is in the sentence.
    """

    offset: int
    line: int
    column: int
    byte: int

    def message(self) -> str:
        place = f"line {self.line}, column {self.column} (offset {self.offset})"
        return f"the file is not UTF-8: byte 0x{self.byte:02x} at {place}"

    @property
    def position(self) -> Position:
        return Position(self.line, self.column)

    def help(self) -> str | None:
        if self.offset == 0 and self.byte in (0xFE, 0xFF):
            return "this looks like UTF-16; save the file as UTF-8"
        return "save the file as UTF-8"


@dataclass(frozen=True, slots=True)
class TooLarge(Diagnostic):
    """A file with more bytes than we read; CloudFormation itself takes at most 1 MB (from Amazon S3)."""

    size: int
    limit: int

    def message(self) -> str:
        return f"the file has {self.size} bytes, more than the {self.limit} that are read"


@dataclass(frozen=True, slots=True)
class BadCharacter(Diagnostic):
    """A character that YAML does not allow in a file."""

    code_point: int

    def message(self) -> str:
        return f"the character U+{self.code_point:04X} is not allowed in YAML"

    def help(self) -> str | None:
        return f'write it as an escape in double quotes: `"\\u{self.code_point:04x}"`'


@dataclass(frozen=True, slots=True)
class SyntaxFault(Diagnostic):
    """YAML or JSON that cannot be parsed: what was expected or is not allowed, and what to do about it."""

    reason: str
    advice: str | None = None

    def message(self) -> str:
        return self.reason

    def help(self) -> str | None:
        return self.advice


@dataclass(frozen=True, slots=True)
class TooDeep(Diagnostic):
    """Values nested in values beyond the limit."""

    limit: int
    through_aliases: bool = False

    def message(self) -> str:
        how = ", aliases included" if self.through_aliases else ""
        return f"values are nested more than {self.limit} levels deep{how}"


@dataclass(frozen=True, slots=True)
class TooManyNodes(Diagnostic):
    """Aliases (or merge keys) that stand for more values than we are ready to look at."""

    limit: int

    def message(self) -> str:
        return f"written out, the aliases stand for more than {self.limit} values"


@dataclass(frozen=True, slots=True)
class AliasCycle(Diagnostic):
    """An alias inside of the value that its anchor names."""

    anchor: str

    def message(self) -> str:
        return f"the value of the anchor `&{self.anchor}` contains itself"


@dataclass(frozen=True, slots=True)
class UnknownTag(Diagnostic):
    """A tag that CloudFormation does not know."""

    tag: str
    known: tuple[str, ...]
    long_only: bool = False

    def message(self) -> str:
        return f"`{self.tag}` has no short form" if self.long_only else f"unknown tag `{self.tag}`"

    def help(self) -> str | None:
        if self.tag.startswith("!Rain::"):  # https://aws-cloudformation.github.io/rain/
            return "scan what `rain pkg` makes of this file"
        return f"write `Fn::{self.tag[1:]}:`" if self.long_only else did_you_mean(self.tag, self.known)


@dataclass(frozen=True, slots=True)
class ForbiddenTagUse(Diagnostic):
    """A standard tag on a value of another kind, such as `!!map` on a list."""

    tag: str
    found: str

    def message(self) -> str:
        return f"`{self.tag}` does not fit {self.found}"


@dataclass(frozen=True, slots=True)
class BadScalar(Diagnostic):
    """A scalar that is not what its standard tag says, such as `!!int abc`."""

    tag: str
    text: str

    def message(self) -> str:
        return f"`{self.text}` is no value for `{self.tag}`"


@dataclass(frozen=True, slots=True)
class ComplexKey(Diagnostic):
    """A key that is a list, a mapping or a tagged value."""

    found: str

    def message(self) -> str:
        return f"a key must be text, not {self.found}"


@dataclass(frozen=True, slots=True)
class BadMerge(Diagnostic):
    """A merge key whose value is neither a mapping nor a list of mappings."""

    def message(self) -> str:
        return "the merge key `<<` takes a mapping or a list of mappings"

    def help(self) -> str | None:
        return 'for a key that really is named so, write `"<<"`'


@dataclass(frozen=True, slots=True)
class DuplicateKey(Diagnostic):
    """A key that the same mapping has already; the last one counts."""

    key: str
    first_line: int

    def message(self) -> str:
        return f"duplicate key `{self.key}`, first on line {self.first_line}; the last one counts"


@dataclass(frozen=True, slots=True)
class EmptyFile(Diagnostic):
    """A file in which nothing stands."""

    def message(self) -> str:
        return "the file is empty"


@dataclass(frozen=True, slots=True)
class NotATemplate(Diagnostic):
    """A file whose content is no mapping."""

    found: str

    def message(self) -> str:
        return f"not a template: the file holds {self.found}, not a mapping with `Resources`"


@dataclass(frozen=True, slots=True)
class NoResources(Diagnostic):
    """A mapping without the one section that every template has."""

    keys: tuple[str, ...]

    def message(self) -> str:
        return "not a template: there is no `Resources`"

    def help(self) -> str | None:
        if "service" in self.keys and "provider" in self.keys:
            return "a file of the Serverless Framework: scan what `serverless package` makes of it"
        near = did_you_mean("Resources", self.keys)
        key = near and near.removeprefix("did you mean `").removesuffix("`?")
        return f"`{key}` must be written `Resources`" if key else None


@dataclass(frozen=True, slots=True)
class Skipped(Diagnostic):
    """Base of the faults for which a part of the template is left out while the rest is scanned."""


@dataclass(frozen=True, slots=True)
class WrongSection(Skipped):
    """A section that is no mapping."""

    section: str
    found: str

    def message(self) -> str:
        return f"`{self.section}` must be a mapping, not {self.found}"


@dataclass(frozen=True, slots=True)
class WrongEntry(Skipped):
    """An entry of a section, or the properties of a resource, that is no mapping."""

    what: str
    name: str
    found: str

    def message(self) -> str:
        return f"{self.what} `{self.name}` must be a mapping, not {self.found}"


@dataclass(frozen=True, slots=True)
class MissingType(Skipped):
    """A resource or parameter without `Type`."""

    what: str
    name: str
    keys: tuple[str, ...]

    def message(self) -> str:
        return f"{self.what} `{self.name}` has no `Type`"

    def help(self) -> str | None:
        near = did_you_mean("Type", self.keys)
        key = near and near.removeprefix("did you mean `").removesuffix("`?")
        return f"`{key}` must be written `Type`" if key else None


@dataclass(frozen=True, slots=True)
class WrongType(Skipped):
    """A resource or parameter whose `Type` is no text."""

    what: str
    name: str
    found: str

    def message(self) -> str:
        return f"`Type` of {self.what} `{self.name}` must be text, not {self.found}"


@dataclass(frozen=True, slots=True)
class WrongCondition(Diagnostic):
    """A resource whose `Condition` is not the name of a condition; it counts as always created."""

    name: str
    found: str

    def message(self) -> str:
        return f"`Condition` of resource `{self.name}` must name a condition, not hold {self.found}"

    def help(self) -> str | None:
        return "define it under `Conditions` and write its name here"
