"""What is wrong with the text of a Warden file, one class each."""

from __future__ import annotations

from dataclasses import dataclass

from stackwarden.diagnostics import Diagnostic, Severity, did_you_mean

__all__ = [
    "BadEscape",
    "BadPlaceholder",
    "BadRuleId",
    "DuplicateClause",
    "MissingClause",
    "NotTopLevel",
    "StrayCharacter",
    "UnclosedBlock",
    "UnclosedText",
    "UnexpectedWord",
    "UnknownMetadata",
    "UnknownSeverity",
    "WrongMetadata",
]


@dataclass(frozen=True, slots=True)
class UnexpectedWord(Diagnostic):
    """A word or sign that cannot stand here. `expected` are the user's words for what can."""

    found: str
    expected: tuple[str, ...]
    keywords: tuple[str, ...] = ()

    def message(self) -> str:
        if not self.expected:
            return f"unexpected {self.found}"
        *others, last = self.expected
        wanted = f"{', '.join(others)} or {last}" if others else last
        return f"unexpected {self.found}, expected {wanted}"

    def help(self) -> str | None:
        return did_you_mean(self.found.strip("`"), self.keywords) if self.keywords else None


@dataclass(frozen=True, slots=True)
class StrayCharacter(Diagnostic):
    """A character that the language does not use here."""

    character: str

    def message(self) -> str:
        return f"unexpected character `{self.character}`"

    def help(self) -> str | None:
        return {
            "'": 'write texts in double quotes: "…"',
            "&": "write `and`",
            "!": "write `not`, or `!=` to compare",
            "=": "write `==` to compare",
            ";": "a new line is enough",
        }.get(self.character)


@dataclass(frozen=True, slots=True)
class UnclosedText(Diagnostic):
    """A text without its closing quote."""

    quotes: str

    def message(self) -> str:
        return "this text is not closed"

    def help(self) -> str | None:
        return f"end it with {self.quotes}"


@dataclass(frozen=True, slots=True)
class UnclosedBlock(Diagnostic):
    """A rule, list or call without its end."""

    what: str
    expected: str

    def message(self) -> str:
        return f"{self.what} ends too early"

    def help(self) -> str | None:
        return f"expected {self.expected}"


@dataclass(frozen=True, slots=True)
class NotTopLevel(Diagnostic):
    """Text in front of or between the items of a file."""

    found: str

    def message(self) -> str:
        return f"`{self.found}` cannot stand at the top of a file"

    def help(self) -> str | None:
        near = did_you_mean(self.found, ("define", "let", "param", "rule", "use"))
        return near or "a file holds `use`, `param`, `let`, `define` and `rule`"


@dataclass(frozen=True, slots=True)
class BadEscape(Diagnostic):
    """A backslash in a text that starts no known escape."""

    escape: str

    def message(self) -> str:
        return f"unknown escape `{self.escape}`"

    def help(self) -> str | None:
        return r"known are \" \\ \n \t \r \uXXXX; write \\ for a backslash"


@dataclass(frozen=True, slots=True)
class BadPlaceholder(Diagnostic):
    """A `{…}` in a message that holds no expression."""

    found: str

    def message(self) -> str:
        return f"`{{{self.found}}}` is not an expression"

    def help(self) -> str | None:
        return "write `{{` and `}}` for braces"


@dataclass(frozen=True, slots=True)
class BadRuleId(Diagnostic):
    """A rule id that is not in kebab-case."""

    id: str

    def message(self) -> str:
        return f"rule id `{self.id}` is not in kebab-case"

    def help(self) -> str | None:
        kebab = self.id.lower().replace("_", "-").replace(".", "-").strip("-")
        return f"write `{kebab}`" if kebab else None


@dataclass(frozen=True, slots=True)
class MissingClause(Diagnostic):
    """A rule without something that every rule needs."""

    rule: str
    clause: str

    def message(self) -> str:
        return f"rule `{self.rule}` has no `{self.clause}`"


@dataclass(frozen=True, slots=True)
class DuplicateClause(Diagnostic):
    """Something that a rule or a `require` may have once, a second time."""

    clause: str

    def message(self) -> str:
        return f"a second `{self.clause}`"

    def help(self) -> str | None:
        return {
            "where": "join the conditions with `and`",
            "for": "a rule is about one subject; write a second rule",
        }.get(self.clause)


@dataclass(frozen=True, slots=True)
class UnknownMetadata(Diagnostic):
    """A metadata word that the language does not know."""

    name: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"unknown metadata `{self.name}`"

    def help(self) -> str | None:
        return did_you_mean(self.name, self.known)


@dataclass(frozen=True, slots=True)
class WrongMetadata(Diagnostic):
    """Metadata with a value of the wrong form."""

    name: str
    wanted: str

    def message(self) -> str:
        return f"`{self.name}` takes {self.wanted}"


@dataclass(frozen=True, slots=True)
class UnknownSeverity(Diagnostic):
    """A severity that does not exist."""

    word: str

    def message(self) -> str:
        return f"unknown severity `{self.word}`"

    def help(self) -> str | None:
        return did_you_mean(self.word, Severity.words()) or f"one of {', '.join(Severity.words())}"
