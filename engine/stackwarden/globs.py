"""Wildcard patterns as languages: inclusion and overlap, exactly.

A glob is a tuple of symbols: a character, `ANY` (exactly one character) or `STAR` (any number of them). Two globs are
compared by walking the positions that each can be in, over an alphabet of the literal characters of both and one
character that stands for all others; globs are short, so the walk is too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from typing import Final, Literal

__all__ = ["ANY", "STAR", "Glob", "Wild", "glob", "includes", "includes_any_of", "literal", "matches", "overlaps"]


class Wild(Enum):
    """The two wildcards."""

    ANY = "?"
    STAR = "*"


ANY: Final[Literal[Wild.ANY]] = Wild.ANY
STAR: Final[Literal[Wild.STAR]] = Wild.STAR
Glob = tuple[str | Wild, ...]
_OTHER: Final = "\0"
_WILD: Final = {"?": ANY, "*": STAR}


@lru_cache(maxsize=4096)
def glob(pattern: str) -> Glob:
    """The glob that a text with `*` and `?` denotes."""
    symbols: list[str | Wild] = []
    for char in pattern:
        symbol: str | Wild = _WILD.get(char, char)
        if symbol is STAR and symbols and symbols[-1] is STAR:
            continue
        symbols.append(symbol)
    return tuple(symbols)


def literal(text: str) -> Glob:
    """The glob that matches exactly `text`; `*` and `?` in it are ordinary characters."""
    return tuple(text)


def matches(pattern: Glob, text: Iterable[str | Wild]) -> bool:
    """Whether a text, or a sequence of other symbols, is in the language of a glob."""
    symbols = text if isinstance(text, str | tuple) else tuple(text)
    position = at = 0
    star, resumed = -1, 0
    while at < len(symbols):
        wanted = pattern[position] if position < len(pattern) else None
        if wanted is STAR:
            if position == len(pattern) - 1:
                return True
            star, resumed = position, at
            position += 1
        elif wanted is not None and (wanted is ANY or wanted == symbols[at]):
            position += 1
            at += 1
        elif star >= 0:  # the last star takes one symbol more; an earlier one never has to
            position = star + 1
            resumed += 1
            at = resumed
        else:
            return False
    return all(symbol is STAR for symbol in pattern[position:])


def includes(outer: Glob, inner: Glob) -> bool:
    """Whether every text of `inner` is one of `outer`."""
    for index, (wanted, given) in enumerate(zip(outer, inner, strict=False)):  # most differ before the first star
        if wanted is STAR:
            if index == len(outer) - 1:
                return True
            break
        if wanted is not ANY and wanted != given:
            return False
        if given is STAR:
            break
    if ANY in outer and any(isinstance(symbol, Wild) for symbol in inner):
        return includes_any_of((outer,), inner)
    return matches(
        outer, inner
    )  # only a star of `outer` takes a wildcard of `inner`, and it takes whatever stands there


def includes_any_of(outers: Iterable[Glob], inner: Glob) -> bool:
    """Whether every text of `inner` is one of at least one of `outers`."""
    globs = tuple(outers)
    start = (_closure(inner, (0,)), tuple(_closure(one, (0,)) for one in globs))
    seen = {start}
    todo = [start]
    while todo:
        inside, outside = todo.pop()
        if len(inner) in inside and not any(len(one) in states for one, states in zip(globs, outside, strict=True)):
            return False
        for char in _next_characters(inner, inside, globs, outside):
            following = _step(inner, inside, char)
            if not following:
                continue
            state = (following, tuple(_step(one, states, char) for one, states in zip(globs, outside, strict=True)))
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return True


def overlaps(left: Glob, right: Glob) -> bool:
    """Whether some text is in both languages."""
    for first, second in zip(left, right, strict=False):  # most differ before the first star
        if first is STAR or second is STAR:
            break
        if first is not ANY and second is not ANY and first != second:
            return False
    seen = {(0, 0)}
    todo = [(0, 0)]
    while todo:
        mine, other = todo.pop()
        if mine == len(left) and other == len(right):
            return True
        for state in _together(left, mine, right, other):
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return False


def _together(left: Glob, mine: int, right: Glob, other: int) -> Iterator[tuple[int, int]]:
    """Where two globs can stand after a step from two positions: one character in both, or past a star."""
    first = left[mine] if mine < len(left) else None
    second = right[other] if other < len(right) else None
    if first is STAR:
        yield mine + 1, other
        if second is not None and second is not STAR:
            yield mine, other + 1
    if second is STAR:
        yield mine, other + 1
        if first is not None and first is not STAR:
            yield mine + 1, other
    elif first is not None and second is not None and (first is ANY or second is ANY or first == second):
        yield mine + 1, other + 1


def _next_characters(
    inner: Glob, inside: frozenset[int], globs: tuple[Glob, ...], outside: tuple[frozenset[int], ...]
) -> Iterable[str]:
    """The characters that make a difference as the next one; one that no glob names stands for all others."""
    expected = [inner[position] for position in inside if position < len(inner)]
    named = {symbol for symbol in expected if isinstance(symbol, str)}
    if len(named) == len(expected):
        return named
    for one, states in zip(globs, outside, strict=True):
        symbols = (one[position] for position in states if position < len(one))
        named.update(symbol for symbol in symbols if isinstance(symbol, str))
    return (*named, _OTHER)


def _closure(pattern: Glob, positions: Iterable[int]) -> frozenset[int]:
    reached = set(positions)
    todo = list(reached)
    while todo:
        position = todo.pop()
        if position < len(pattern) and pattern[position] is STAR and position + 1 not in reached:
            reached.add(position + 1)
            todo.append(position + 1)
    return frozenset(reached)


def _step(pattern: Glob, states: frozenset[int], char: str) -> frozenset[int]:
    following: set[int] = set()
    for position in states:
        if position == len(pattern):
            continue
        symbol = pattern[position]
        if symbol is STAR:
            following.add(position)
        elif symbol is ANY or symbol == char:
            following.add(position + 1)
    return _closure(pattern, following)
