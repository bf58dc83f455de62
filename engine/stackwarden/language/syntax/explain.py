"""Syntax errors in the words of the people who write rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from stackwarden.diagnostics import Diagnostic, did_you_mean
from stackwarden.language.syntax.chunks import CLAUSES, ITEMS
from stackwarden.language.syntax.problems import (
    OutsideRule,
    UnexpectedText,
    UnknownClause,
    UnknownItem,
    UnterminatedString,
    UnterminatedText,
)
from stackwarden.source import Source, Span

__all__ = ["Failure", "explain"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Where in the source the parser stopped, and the terminals of the grammar that could stand there.

    `limit` is where the text that was parsed ends; `at_end` says that all of it was read and more was wanted.
    """

    offset: int
    limit: int
    at_end: bool
    accepts: frozenset[str]


_SIGNS: Final[Mapping[str, str]] = {
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LESSTHAN": "`<`",
    "MORETHAN": "`>`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "VBAR": "`|`",
    "DOT": "`.`",
    "AT": "`@`",
    "STAR": "`*`",
}
_KINDS: Final[Mapping[str, str]] = {
    "NAME": "a name",
    "PROPERTY": "a name",
    "TYPE": "a resource type",
    "INTEGER": "a whole number",
    "NUMBER": "a number",
    "STRING": "a string",
    "LONG_STRING": 'a text between `"""`',
    "RULE_ID": "a rule id",
    "WORD": "a word",
    "LEVEL": "a severity",
    "KEY": "a key",
    "SETTING": "a value",
    "LOGICAL_ID": "a logical id",
}
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "VERDICT": ("passes", "fails", "maybe"),
    "QUANTITY": ("every", "some", "no"),
    "STATE": ("present", "absent", "empty", "not empty"),
    "NOT_IN": ("not in",),
    "BOOLEAN": ("true", "false"),
}
_UNTOLD: Final = frozenset({"COMPARISON", "PLUS_MINUS", "MINUS", "WHITESPACE", "COMMENT", "$END"})
_OPERAND: Final = frozenset(
    {"NAME", "STRING", "LONG_STRING", "NUMBER", "BOOLEAN", "TYPE", "LPAR", "LSQB", "MINUS", "_NOT", "QUANTITY"}
)
_OPERATOR: Final = frozenset(
    {"_IMPLIES", "_OR", "_AND", "COMPARISON", "IN", "NOT_IN", "CONTAINS", "_MATCHES", "_LIKE", "_REFERS", "_IS"}
    | {"_DEFAULT", "PLUS_MINUS", "STAR"}
)
_POSTFIX: Final = frozenset({"DOT", "AT", "LSQB", "LPAR", "VBAR"})
_CLAUSES: Final = frozenset(
    {"TITLE", "BECAUSE", "REMEDIATE", "CATEGORY", "SEVERITY", "DEPRECATED_BY", "SEE", "TAGS", "MAPS"}
    | {"_PARAM", "_FOR", "_LET", "_WHERE", "_REQUIRE", "_FIX", "_EXAMPLE"}
)
_PARTS: Final = frozenset({"_ELSE", "_AT", "_ALONG"})
_ITEMS: Final = frozenset({"_USE", "_PARAM", "_LET", "_DEFINE", "_RULE"})
_ELSEWHERE: Final[Mapping[str, str]] = {
    "=": "to compare, write `==`",
    "===": "to compare, write `==`",
    "equals": "to compare, write `==`",
    "eq": "to compare, write `==`",
    "&&": "write `and`",
    "&": "write `and`",
    "||": "write `or`",
    "!": "write `not`, or `!=` to compare",
    "<>": "write `!=`",
    "'": 'strings stand in double quotes: `"…"`',
    "`": 'strings stand in double quotes: `"…"`',
    "//": "a comment starts with `#`",
    "/*": "a comment starts with `#`",
    ":": "a resource type is written with `::`, such as `AWS::S3::Bucket`",
    "::": "a resource type is written such as `AWS::S3::Bucket`",
    ";": "nothing stands between clauses but a space or a new line",
    "null": "a missing value is tested with `is absent`",
    "exists": "write `is present`",
    "all": "write `every`",
    "any": "write `some`",
}
"""What people write who think of another language, and what to write here."""
_FOUND: Final = re.compile(
    r'"""(?:[\s\S]*?""")?|"(?!"")(?:[^"\\\r\n]|\\[^\r\n])*"'
    r"|[A-Za-z_]\w*(?:(?:-|::)\w+)*(?:::\*)?|[0-9][\w.]*|[=!<>]=+|<>|&&|\|\||//|/\*|::|.",
    re.DOTALL,
)
_BLANK: Final = re.compile(r"(?:[\s\ufeff]|#[^\r\n]*)*")
_BEFORE: Final = re.compile(r"([A-Za-z_]\w*)\s+\Z")
_BEFORE_OPERAND: Final = ("every", "some", "not")
_COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "contains", "matches", "like", "refers", "is"})
_LONGEST: Final = 40


def explain(failure: Failure, source: Source) -> Diagnostic:
    """What is wrong at the place where the parser stopped."""
    text, accepts = source.text, failure.accepts
    blank = _BLANK.match(text, failure.offset)
    start = blank.end() if blank is not None else failure.offset
    match = _FOUND.match(text, start) if failure.at_end else _FOUND.match(text, start, failure.limit)
    found = match[0] if match is not None else ""
    span = Span(source, start, start + len(found))
    if found == '"""':
        return UnterminatedText(span)
    if found == '"':
        place = source.position(start)
        return UnterminatedString(Span(source, start, start + len(source.line(place.line)) - place.column + 1))
    starts = "_AND" not in accepts or (_first_of_line(source, start) and found not in _COMPARISONS)
    if starts and (found[:1].isalpha() or found[:1] == "_"):
        if accepts >= _ITEMS:
            return OutsideRule(span, found) if found in CLAUSES else UnknownItem(span, found, ITEMS)
        if accepts >= _CLAUSES and found not in ITEMS:
            return UnknownClause(span, found, (*CLAUSES, *_keywords(accepts)))
    if not found:  # the end of the file: point at the last thing in it
        end = len(text.rstrip())
        span = Span(source, max(0, end - 1), end)
    return UnexpectedText(span, _shown(found), _expected(accepts), _advice(found, start, accepts, source))


def _shown(found: str) -> str:
    if found.startswith('"""'):
        return '"""…"""'
    return found if len(found) <= _LONGEST else f"{found[:_LONGEST]}…"


def _first_of_line(source: Source, offset: int) -> bool:
    start = source.line_starts[source.position(offset).line - 1]
    return not source.text[start:offset].strip()


def _advice(found: str, start: int, accepts: frozenset[str], source: Source) -> str | None:
    if found in _ELSEWHERE and not (found == "=" and "EQUAL" in accepts):
        return _ELSEWHERE[found]
    if found == "}" and accepts >= _ITEMS:
        return "this `}` closes nothing"
    if found in _COMPARISONS and "_AND" in accepts:
        return "comparisons do not chain: join two of them with `and`"
    near = did_you_mean(found, _keywords(accepts)) if len(found) > 1 else None
    before = _BEFORE.search(source.text, max(0, start - 60), start)
    if near is None and before is not None and before[1] not in (*CLAUSES, *_BEFORE_OPERAND):
        near = did_you_mean(before[1], _BEFORE_OPERAND)
    return near


def _keywords(accepts: frozenset[str]) -> tuple[str, ...]:
    """The words of the language that could stand there."""
    words: list[str] = []
    for name in sorted(accepts - _UNTOLD - _KINDS.keys() - _SIGNS.keys()):
        words.extend(_CHOICES.get(name, (name.strip("_").lower(),)))
    return tuple(words)


def _expected(accepts: frozenset[str]) -> tuple[str, ...]:
    """What could stand there, in words: kinds of things first, then signs and keywords.

    What may follow any expression is told only where nothing else could stand.
    """
    parts: list[str] = []
    rest = accepts - _UNTOLD
    after_expression = "_AND" in accepts or "PLUS_MINUS" in accepts
    if accepts >= {"NAME", "LPAR", "LSQB"}:
        parts.append("an expression")
        rest -= _OPERAND
    elif after_expression:
        rest -= _OPERATOR | _POSTFIX
    elif not rest <= _POSTFIX:
        rest -= _POSTFIX
    if accepts >= _ITEMS:
        parts.append("the next item" if after_expression else "an item such as `rule`")
        rest -= _ITEMS
    elif accepts >= _CLAUSES:
        parts.append("the next clause" if after_expression else "a clause such as `require`")
        rest -= _CLAUSES | _PARTS
    if "STRING" in rest:
        rest -= {"LONG_STRING"}
    kinds = sorted({_KINDS[name] for name in rest if name in _KINDS})
    words = sorted(f"`{word}`" for word in _keywords(rest))
    signs = sorted(_SIGNS[name] for name in rest if name in _SIGNS)
    told = (*parts, *kinds, *words, *signs)
    return ("an operator", *told) if after_expression and (parts or not told) else told
