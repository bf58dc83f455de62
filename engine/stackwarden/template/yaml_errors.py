"""What libyaml says about a broken file, in words for the author of a template.

libyaml's sentences are fixed texts (scanner.c and parser.c of libyaml 0.2); those that people meet are told anew with
what to do, the others are passed on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source, Span
from stackwarden.template.faults import BadCharacter, SyntaxFault

__all__ = ["Complaint", "bad_character", "explain"]

_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INDENT_HELP: Final = "keys of one mapping must be indented alike"
_QUOTE_HELP: Final = "put the value in quotes"


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error as libyaml gives it: what it was about (with the offset where that began), what is wrong and where."""

    problem: str
    offset: int
    context: str = ""
    begin: int | None = None


def bad_character(source: Source) -> Diagnostic:
    """The first character that YAML does not allow (section 5.1 of YAML 1.1)."""
    found = _FORBIDDEN.search(source.text)
    at = found.start() if found else 0
    return BadCharacter(Span(source, at, at + 1), ord(source.text[at]))


def explain(source: Source, complaint: Complaint) -> Diagnostic:
    """The diagnostic for a complaint."""
    text = source.text
    offset = min(complaint.offset, len(text))
    begin = offset if complaint.begin is None else complaint.begin
    line = source.position(begin).line
    told = (
        _scanning(complaint, text, offset)
        or _structure(complaint, text, offset, line)
        or _naming(complaint, text, offset)
        or (_passed_on(complaint), None)
    )
    at = begin if complaint.problem == "found unexpected end of stream" else offset
    return SyntaxFault(_span(source, at), *told)


def _scanning(complaint: Complaint, text: str, offset: int) -> tuple[str, str | None] | None:
    char = text[offset : offset + 1]
    match complaint.problem:
        case "found character that cannot start any token" if char == "\t":
            return "a tab cannot be used for indentation", "indent with spaces"
        case "found character that cannot start any token":
            return f"a plain value cannot start with {_shown(char)}", _QUOTE_HELP
        case "found a tab character where an indentation space is expected":
            return "a tab cannot be used for indentation", "indent with spaces"
        case "found a tab character that violates indentation":
            return "a tab cannot be used for indentation", "indent with spaces"
        case "found unexpected end of stream":
            return "the quoted text that starts here is never closed", None
        case "found unexpected document indicator":
            return "a document marker (`---` or `...`) stands inside of quoted text", None
        case "found unknown escape character":
            escape = text[offset - 1 : offset + 1] if char != "\\" else text[offset : offset + 2]
            return f"`{escape}` is no escape in double quotes", "write `\\\\` for a backslash, or use single quotes"
        case "did not find expected hexdecimal number":  # libyaml's spelling
            return "an escape lacks hexadecimal digits", None
        case "could not find expected ':'":
            return "a key lacks its `:`", "a key with its `:` must stand on one line"
        case "did not find expected comment or line break":
            return "nothing may follow `|` or `>` on its line", "start the text on the next line, indented"
        case "did not find expected whitespace or line break" if complaint.context.endswith("a tag"):
            return "a tag must end with a blank", None
    return None


def _structure(complaint: Complaint, text: str, offset: int, line: int) -> tuple[str, str | None] | None:
    match complaint.problem:
        case "mapping values are not allowed in this context":
            before = text[text.rfind("\n", 0, offset) + 1 : offset]
            if ": " in before or before.lstrip().startswith("- "):
                return "a value cannot hold `: ` unless it is quoted", _QUOTE_HELP
            return "a key cannot stand here", f"{_INDENT_HELP}, and deeper than the key above that holds them"
        case "block sequence entries are not allowed in this context":
            return "a list entry cannot stand here", "start the list on a line of its own"
        case "mapping keys are not allowed in this context":
            return "a key cannot stand here", "start the mapping on a line of its own"
        case "did not find expected key":
            return f"expected another key of the mapping that starts on line {line}", _INDENT_HELP
        case "did not find expected '-' indicator":
            return f"expected another `- ` of the list that starts on line {line}", "entries of one list align"
        case "did not find expected ',' or '}'":
            return f"expected `,` or `}}` in the mapping that starts on line {line}", None
        case "did not find expected ',' or ']'":
            return f"expected `,` or `]` in the list that starts on line {line}", None
        case "did not find expected node content" if complaint.context.startswith("while parsing a flow"):
            return f"expected a value{_instead_of(text, offset)}", None
        case "did not find expected node content":
            return f"expected a value{_instead_of(text, offset)}", _QUOTE_HELP
        case "did not find expected <document start>":
            return "expected the end of the file", "a file holds one template"
        case "but found another document":
            return "the file holds a second document", "put each template in a file of its own"
    return None


def _naming(complaint: Complaint, text: str, offset: int) -> tuple[str, str | None] | None:
    word = re.compile(r"[*&!]?[^\s,\[\]{}]*").match(text, offset)
    name = word[0] if word else ""
    match complaint.problem:
        case "found undefined alias":
            return f"the alias `{name}` has no anchor before it", f"for text that starts with `*`, {_QUOTE_HELP}"
        case "second occurrence":
            return f"the anchor `{name}` is defined twice", "give one of them another name"
        case "found undefined tag handle":
            return f"unknown tag `{name}`", None
        case "did not find expected alphabetic or numeric character":
            return "a name is missing", f"for text that starts with `*` or `&`, {_QUOTE_HELP}"
    return None


def _passed_on(complaint: Complaint) -> str:
    problem = complaint.problem
    for before in ("did not find expected", "could not find expected"):
        problem = problem.replace(before, "expected")
    return f"{complaint.context}: {problem}" if complaint.context else problem


def _instead_of(text: str, offset: int) -> str:
    if offset >= len(text):
        return ""
    return f", found {_shown(text[offset])}" if text[offset].strip() else ""


def _shown(char: str) -> str:
    return "a backtick" if char == "`" else f"`{char}`"


def _span(source: Source, offset: int) -> Span:
    """From an offset to the end of its word: libyaml tells where an error is, not how far it goes."""
    word = re.compile(r"[^\s,\[\]{}:]+|\S").match(source.text, offset)
    return Span(source, offset, word.end() if word else min(offset + 1, len(source.text)))
