"""Where the keys of a TOML document stand, which `tomllib` does not tell.

The text must already have been accepted by `tomllib`, so that this scanner may assume it well formed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["KeyPath", "key_places"]

KeyPath = tuple[str | int, ...]
"""Keys and list indices from the top of the document."""

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:\\.|[^"\\\n])*"|' + r"'[^'\n]*'", re.DOTALL
)
_ATOM: Final = re.compile(r"[^,\]}#\r\n]*")
_SIMPLE_ESCAPES: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)


def _unescape(match: re.Match[str]) -> str:
    short, long, simple = match.groups()
    code = short or long
    return chr(int(code, 16)) if code else _SIMPLE_ESCAPES.get(simple, simple)


class _Scanner:
    """Walks over a document once and notes the offsets of each key, or of each list item."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: dict[KeyPath, tuple[int, int]] = {}
        self.tables: dict[KeyPath, int] = {}  # how many `[[name]]` were seen so far

    def document(self) -> None:
        table: KeyPath = ()
        while True:
            self.skip(_BLANK)
            if self.at >= len(self.text):
                return
            if self.text.startswith("[[", self.at):
                table = self.header(2)
            elif self.text[self.at] == "[":
                table = self.header(1)
            else:
                self.pair(table)

    def header(self, brackets: int) -> KeyPath:
        start = self.at
        self.at += brackets
        keys = self.dotted()
        self.skip(_SPACE)
        self.at += brackets
        path: KeyPath = ()
        for number, (key, begin, end) in enumerate(keys, start=1):
            path = (*path, key)
            self.places.setdefault(path, (begin, end))
            if path in self.tables and number < len(keys):  # the name of a list of tables means its newest table
                path = (*path, self.tables[path] - 1)
        if brackets == 2:
            index = self.tables.get(path, 0)
            self.tables[path] = index + 1
            path = (*path, index)
        self.places.setdefault(path, (start, self.at))
        return path

    def dotted(self) -> list[tuple[str, int, int]]:
        keys: list[tuple[str, int, int]] = []
        while True:
            self.skip(_SPACE)
            start = self.at
            if self.text[self.at] in "\"'":
                self.skip(_STRING)
                written = self.text[start + 1 : self.at - 1]
                name = _ESCAPE.sub(_unescape, written) if self.text[start] == '"' else written
            else:
                self.skip(_BARE_KEY)
                name = self.text[start : self.at]
            keys.append((name, start, self.at))
            self.skip(_SPACE)
            if self.text[self.at : self.at + 1] != ".":
                return keys
            self.at += 1

    def pair(self, table: KeyPath) -> None:
        path = table
        for key, begin, end in self.dotted():
            path = (*path, key)
            self.places.setdefault(path, (begin, end))
        self.at += 1  # `=`
        self.value(path)

    def value(self, path: KeyPath) -> None:
        self.skip(_SPACE)
        match self.text[self.at]:
            case "[":
                self.items(path)
            case "{":
                self.inline_table(path)
            case '"' | "'":
                self.skip(_STRING)
            case _:
                self.skip(_ATOM)

    def items(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while True:
            self.skip(_BLANK)
            if self.text[self.at] == "]":
                self.at += 1
                return
            start = self.at
            self.value((*path, index))
            self.places[(*path, index)] = (start, start + len(self.text[start : self.at].rstrip()))
            index += 1
            self.skip(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1

    def inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while True:
            self.skip(_BLANK)
            if self.text[self.at] == "}":
                self.at += 1
                return
            self.pair(path)
            self.skip(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()


def key_places(text: str) -> Mapping[KeyPath, tuple[int, int]]:
    """Offsets (code points, end exclusive) of every key and list item of a TOML document that `tomllib` accepts."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.places
