"""What can be wrong with the text of a Warden file, one class per fault."""

from __future__ import annotations

from dataclasses import dataclass

from stackwarden.diagnostics import Diagnostic, Severity, did_you_mean

__all__ = [
    "BadRuleId",
    "DuplicateClause",
    "DuplicateKey",
    "LoneBrace",
    "MissingBrace",
    "MissingClause",
    "NumberTooLong",
    "OutsideRule",
    "TooDeep",
    "UnclosedInterpolation",
    "UnexpectedText",
    "UnknownClause",
    "UnknownEscape",
    "UnknownItem",
    "UnknownSeverity",
    "UnterminatedString",
    "UnterminatedText",
    "one_of",
]


def one_of(parts: tuple[str, ...]) -> str:
    """`a, b or c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


@dataclass(frozen=True, slots=True)
class UnexpectedText(Diagnostic):
    """Something else stands where the grammar asks for one of `expected`; `found` is empty at the end of the text."""

    found: str
    expected: tuple[str, ...]
    advice: str | None = None

    def message(self) -> str:
        if not self.expected:
            return f"`{self.found}` cannot stand here" if self.found else "the text ends too early"
        found = f"found `{self.found}`" if self.found else "the text ends here"
        return f"expected {one_of(self.expected)}, {found}"

    def help(self) -> str | None:
        return self.advice


@dataclass(frozen=True, slots=True)
class UnknownClause(Diagnostic):
    """A word at the start of a clause that no clause starts with."""

    word: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"a rule has no clause `{self.word}`"

    def help(self) -> str | None:
        return did_you_mean(self.word, self.known)


@dataclass(frozen=True, slots=True)
class UnknownItem(Diagnostic):
    """A word at the top of a file that no item starts with."""

    word: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"expected {one_of(tuple(f'`{word}`' for word in self.known))}, found `{self.word}`"

    def help(self) -> str | None:
        return did_you_mean(self.word, self.known)


@dataclass(frozen=True, slots=True)
class OutsideRule(Diagnostic):
    """A clause of a rule that stands at the top of a file."""

    word: str

    def message(self) -> str:
        return f"`{self.word}` stands outside of a rule"

    def help(self) -> str | None:
        return "a `}` before it may be one too many"


@dataclass(frozen=True, slots=True)
class UnterminatedString(Diagnostic):
    """A string whose closing quote is not on its line."""

    def message(self) -> str:
        return "this string is not closed on its line"

    def help(self) -> str | None:
        return 'close it with `"`, or write a text of many lines between `"""` and `"""`'


@dataclass(frozen=True, slots=True)
class UnterminatedText(Diagnostic):
    """A triple-quoted text that is never closed."""

    def message(self) -> str:
        return "this text is not closed"

    def help(self) -> str | None:
        return 'close it with `"""`'


@dataclass(frozen=True, slots=True)
class UnknownEscape(Diagnostic):
    """A backslash before a character that it does not escape."""

    escape: str

    def message(self) -> str:
        return f"unknown escape `{self.escape}` in a string"

    def help(self) -> str | None:
        if self.escape in ("\\{", "\\}"):
            return f"a brace that is only text is written `{self.escape[1] * 2}`"
        return 'the escapes are `\\"`, `\\\\`, `\\n`, `\\t`, `\\r` and `\\uXXXX`; a backslash itself is `\\\\`'


@dataclass(frozen=True, slots=True)
class UnclosedInterpolation(Diagnostic):
    """A `{` in a message without its `}`."""

    def message(self) -> str:
        return "this `{` of the message is not closed"

    def help(self) -> str | None:
        return "close it with `}`; a brace that is only text is written `{{`"


@dataclass(frozen=True, slots=True)
class LoneBrace(Diagnostic):
    """A `}` in a message that closes nothing."""

    def message(self) -> str:
        return "this `}` of the message closes nothing"

    def help(self) -> str | None:
        return "a brace that is only text is written `}}`"


@dataclass(frozen=True, slots=True)
class NumberTooLong(Diagnostic):
    """A number with more digits than any value of a template."""

    most: int

    def message(self) -> str:
        return f"a number has at most {self.most} digits"


@dataclass(frozen=True, slots=True)
class TooDeep(Diagnostic):
    """Expressions nested too deeply."""

    most: int

    def message(self) -> str:
        return f"an expression is nested more than {self.most} levels deep"

    def help(self) -> str | None:
        return "name parts of it with `let`, or write `x in [a, b, …]` for a long chain of `or`"


@dataclass(frozen=True, slots=True)
class MissingBrace(Diagnostic):
    """A rule that is not closed; `span` is its head."""

    rule: str

    def message(self) -> str:
        return f"rule `{self.rule}` is not closed"

    def help(self) -> str | None:
        return "a `}` is missing at its end"


@dataclass(frozen=True, slots=True)
class BadRuleId(Diagnostic):
    """A rule id that is not kebab-case."""

    id: str
    better: str

    def message(self) -> str:
        return f"rule id `{self.id}` is not in kebab-case"

    def help(self) -> str | None:
        return f"write `{self.better}`" if self.better else "such as `s3-bucket-public-read`"


@dataclass(frozen=True, slots=True)
class UnknownSeverity(Diagnostic):
    """A word that is no severity."""

    word: str

    def message(self) -> str:
        return f"unknown severity `{self.word}`"

    def help(self) -> str | None:
        words = Severity.words()
        return did_you_mean(self.word, words) or f"severities are {one_of(tuple(f'`{word}`' for word in words))}"


@dataclass(frozen=True, slots=True)
class DuplicateClause(Diagnostic):
    """A clause that may stand only once; `first_line` is the line (from 1) of the first one."""

    clause: str
    first_line: int

    def message(self) -> str:
        return f"`{self.clause}` is given twice, first on line {self.first_line}"

    def help(self) -> str | None:
        match self.clause:
            case "for":
                return "a rule has one subject: join resource types with `|`, or write another rule"
            case "where":
                return "join the conditions with `and`"
            case _:
                return None


@dataclass(frozen=True, slots=True)
class DuplicateKey(Diagnostic):
    """A key that a map holds twice."""

    key: str

    def message(self) -> str:
        return f"key `{self.key}` is given twice"


@dataclass(frozen=True, slots=True)
class MissingClause(Diagnostic):
    """A rule without a clause that it must have; `span` is the rule's id."""

    rule: str
    clause: str
    advice: str | None = None

    def message(self) -> str:
        return f"rule `{self.rule}` has no `{self.clause}`"

    def help(self) -> str | None:
        return self.advice
