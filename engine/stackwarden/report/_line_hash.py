"""GitHub's `primaryLocationLineHash`: a hash of a line and what follows it, the same wherever the line moves.

Source: `fingerprints.ts` of GitHub's codeql-action, described in "SARIF support for code scanning"; this is an
implementation of that description, so that results uploaded through the API match those of the action.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

__all__ = ["line_hashes"]

_WINDOW: Final = 100  # UTF-16 units that a hash looks at
_FACTOR: Final = 37
_BITS: Final = (1 << 64) - 1
_LEAVES: Final = pow(_FACTOR, _WINDOW, 1 << 64)  # the weight of a unit when it leaves the window
_END: Final = 65535
_CR, _LF, _SPACE, _TAB = 13, 10, 32, 9


class _Window:
    """The last units of a text, their hash, and which of them began a line."""

    def __init__(self) -> None:
        self.units = [0] * _WINDOW
        self.begins = [False] * _WINDOW
        self.at = 0
        self.hash = 0
        self.seen: Counter[str] = Counter()
        self.lines: list[str] = []

    def push(self, unit: int, *, begins: bool) -> None:
        """Takes a unit in; where the unit that leaves began a line, the hash is that of the line."""
        if self.begins[self.at]:
            value = f"{self.hash:x}"
            self.seen[value] += 1
            self.lines.append(f"{value}:{self.seen[value]}")
        self.hash = (_FACTOR * self.hash + unit - _LEAVES * self.units[self.at]) & _BITS
        self.units[self.at] = unit
        self.begins[self.at] = begins
        self.at = (self.at + 1) % _WINDOW


def line_hashes(text: str) -> list[str]:
    """For each line of `text`, the first at index 0, its hash in hexadecimal and its occurrence: `600d878939905c1d:1`.

    Blanks and tabs do not count, and every kind of line end counts as the same.
    """
    window = _Window()
    begins = True
    after_cr = False
    for unit in _units(text):
        if unit in (_SPACE, _TAB) or (after_cr and unit == _LF):
            after_cr = False
            continue
        after_cr = unit == _CR
        window.push(_LF if after_cr else unit, begins=begins)
        begins = after_cr or unit == _LF
    for _ in range(_WINDOW):
        window.push(0, begins=False)
    return window.lines


def _units(text: str) -> list[int]:
    data = text.encode("utf-16-le", "surrogatepass")
    return [*memoryview(data).cast("H"), _END]
