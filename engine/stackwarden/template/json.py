"""JSON text to nodes with exact places (RFC 8259).

A parser of our own, because the standard library's gives no places. It recurses over lists and mappings only, no
deeper than the limit; strings without escapes, which nearly all are, take one match of a regular expression.
"""

from __future__ import annotations

import re
from typing import Final, NoReturn

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source, Span
from stackwarden.template.faults import DuplicateKey, SyntaxFault, TooDeep
from stackwarden.template.limits import Limits
from stackwarden.template.nodes import Entry, Mapping, Node, Scalar, ScalarData, Sequence

__all__ = ["parse_json"]

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_STRING: Final = re.compile(r'"([^"\\\x00-\x1f]*)"')
_KEY: Final = re.compile(r'[ \t\n\r]*"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_PIECE: Final = re.compile(r"[^\"\\\x00-\x1f]+|\\(?:[\"\\/bfnrt]|u[0-9a-fA-F]{4})")
_SURROGATES: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_LITERAL: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_SHORT_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_LITERALS: Final[dict[str, ScalarData]] = {"true": True, "false": False, "null": None}


def parse_json(source: Source, limits: Limits) -> tuple[Node, tuple[Diagnostic, ...]] | Diagnostic:
    """The root node of a JSON text and its duplicate keys, or the first fault."""
    parser = _Parser(source, limits)
    try:
        root = parser.document()
    except _FaultError as error:
        return error.diagnostic
    return root, tuple(parser.notes)


class _FaultError(Exception):
    """Carries a diagnostic out of the nested calls; `parse_json` gives it back as a value."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic)
        self.diagnostic = diagnostic


class _Parser:
    """One text; every method takes the offset where something starts and gives the node that ends where it does."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.text = source.text + "\0"  # so that every offset has a character; NUL itself is nowhere allowed
        self.limits = limits
        self.notes: list[Diagnostic] = []

    def document(self) -> Node:
        root = self.value(self.skip(0), 0)
        end = self.skip(root.end)
        if end < len(self.source.text):
            self.expected("the end of the file", end)
        return root

    def skip(self, at: int) -> int:
        space = _SPACE.match(self.text, at)
        return at if space is None else space.end()

    def value(self, at: int, depth: int) -> Node:
        char = self.text[at]
        if char == '"':
            return self.string(at)
        if char in "{[":
            if depth >= self.limits.depth:
                raise _FaultError(TooDeep(Span(self.source, at, at + 1), self.limits.depth))
            return self.mapping(at, depth + 1) if char == "{" else self.sequence(at, depth + 1)
        if char in "-0123456789":
            return self.number(at)
        word = _LITERAL.match(self.text, at)
        if word is None or word[0] not in _LITERALS:
            self.expected("a value", at)
        return Scalar(_LITERALS[word[0]], word[0], False, at, word.end())

    def mapping(self, start: int, depth: int) -> Mapping:
        text = self.text
        entries: dict[str, Entry] = {}
        at = self.skip(start + 1)
        if text[at] == "}":
            return Mapping(entries, start, at + 1)
        while True:
            key = _KEY.match(text, at)
            if key is None:
                name, key_start, key_end, at = self.key(at)
            else:
                name, key_start, key_end, at = key[1], key.start(1) - 1, key.end(1) + 1, key.end()
            simple = _STRING.match(text, at)
            value = self.value(at, depth) if simple is None else Scalar(simple[1], simple[1], True, at, simple.end())
            if name in entries:
                self.duplicate(name, entries.pop(name), key_start, key_end)
            entries[name] = Entry(name, value, key_start, key_end)
            at = self.after(value.end)
            if text[at] == "}":
                return Mapping(entries, start, at + 1)
            if text[at] != ",":
                self.expected("`,` or `}`", at)
            at += 1

    def key(self, at: int) -> tuple[str, int, int, int]:
        """A key that has escapes, or none at all: its text, its place and the offset of its value."""
        at = self.skip(at)
        if self.text[at] != '"':
            self.expected("a key in double quotes", at)
        key = self.string(at)
        colon = self.skip(key.end)
        if self.text[colon] != ":":
            self.expected("`:` after the key", colon)
        return key.text, key.start, key.end, self.skip(colon + 1)

    def sequence(self, start: int, depth: int) -> Sequence:
        text = self.text
        items: list[Node] = []
        at = self.skip(start + 1)
        if text[at] == "]":
            return Sequence(items, start, at + 1)
        while True:
            items.append(self.value(at, depth))
            at = self.after(items[-1].end)
            if text[at] == "]":
                return Sequence(items, start, at + 1)
            if text[at] != ",":
                self.expected("`,` or `]`", at)
            at = self.skip(at + 1)

    def after(self, at: int) -> int:
        """The offset of what follows a value."""
        return at if self.text[at] in ",}]" else self.skip(at)

    def string(self, start: int) -> Scalar:
        simple = _STRING.match(self.text, start)
        if simple is not None:
            return Scalar(simple[1], simple[1], True, start, simple.end())
        pieces: list[str] = []
        at = start + 1
        while self.text[at] != '"':
            piece = _SURROGATES.match(self.text, at) or _PIECE.match(self.text, at)
            if piece is None:
                self.bad_string(start, at)
            pieces.append(self.unescape(piece[0], at))
            at = piece.end()
        decoded = "".join(pieces)
        return Scalar(decoded, decoded, True, start, at + 1)

    def unescape(self, piece: str, at: int) -> str:
        if piece[0] != "\\":
            return piece
        if piece[1] != "u":
            return _SHORT_ESCAPES.get(piece[1], piece[1])
        units = [int(unit, 16) for unit in piece.split("\\u")[1:]]
        if len(units) == 2:
            return chr(0x10000 + ((units[0] - 0xD800) << 10) + (units[1] - 0xDC00))
        if 0xD800 <= units[0] <= 0xDFFF:
            self.fault(at, at + 6, f"`{piece}` is one half of a surrogate pair", None)
        return chr(units[0])

    def number(self, at: int) -> Scalar:
        found = _NUMBER.match(self.text, at)
        if found is None or self.text[found.end()] in "0123456789.":
            self.fault(at, at + 1, "this is no JSON number", "digits without leading zeros, then maybe `.` and digits")
        text = found[0]
        data: int | float
        try:
            data = int(text) if found[1] is None and found[2] is None else float(text)
        except ValueError:  # more digits than Python turns into a whole number
            data = float(text)
        return Scalar(data, text, False, at, found.end())

    def duplicate(self, name: str, first: Entry, start: int, end: int) -> None:
        if len(self.notes) < self.limits.diagnostics:
            line = self.source.position(first.start).line
            self.notes.append(DuplicateKey(Span(self.source, start, end), name, line))

    def bad_string(self, start: int, at: int) -> NoReturn:
        char = self.text[at]
        if at >= len(self.source.text):
            self.fault(start, start + 1, "the text that starts here is never closed", None)
        if char in "\r\n":
            self.fault(start, at, "this text is not closed on its line", "write `\\n` for a line break")
        if char == "\\":
            escape = self.text[at : at + 2]
            self.fault(at, at + 2, f"`{escape}` is no JSON escape", "write `\\\\` for a backslash")
        escape = "\\t" if char == "\t" else f"\\u{ord(char):04x}"
        self.fault(at, at + 1, f"a control character (U+{ord(char):04X}) inside of text", f"write `{escape}`")

    def expected(self, what: str, at: int) -> NoReturn:
        """Reports what should stand at `at`, and the likely reason why it does not."""
        if at >= len(self.source.text):
            self.fault(at, at, f"expected {what}, but the file ends", None)
        char = self.text[at]
        word = _LITERAL.match(self.text, at)
        found = word[0] if word else char
        shown = f"`{found}`" if found.isprintable() and found != "`" else f"U+{ord(char):04X}"
        self.fault(at, at + len(found), f"expected {what}, found {shown}", self.likely(what, at, found))

    def likely(self, what: str, at: int, found: str) -> str | None:
        if self.text.startswith(("//", "/*"), at) or found == "#":
            return "JSON has no comments"
        if found == "'":
            return "JSON takes double quotes"
        if found in "]}" and self.text[:at].rstrip(" \t\r\n").endswith(","):
            return "remove the comma before it"
        if what == "a value" and found.lower() in _LITERALS:
            return f"write `{found.lower()}`"
        if found == '"' and what.startswith("`,`"):
            return "a comma is missing before it"
        return None

    def fault(self, start: int, end: int, reason: str, advice: str | None) -> NoReturn:
        raise _FaultError(SyntaxFault(Span(self.source, start, end), reason, advice))
