"""Forms of ARNs, whose parts hold no colon or slash, compared with the patterns of policies.

A form is a text in which `*` stands for one part of an ARN and `%` for the rest of a name, which may have slashes:
`arn:aws:iam::*:role/%`. A pattern's wildcards, in contrast, match anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from stackwarden.globs import ANY, STAR, Glob

__all__ = ["fits", "matches_all_after"]

_SEPARATORS = ":/"


def fits(pattern: Glob, form: str) -> bool:
    """Whether a pattern matches some text of a form."""
    return _walk(pattern, form, lambda mine, other: mine == len(pattern) and other == len(form))


@lru_cache(maxsize=4096)
def matches_all_after(pattern: Glob, form: str) -> bool:
    """Whether a pattern, after some text of a form, matches whatever follows."""
    if pattern[-1:] != (STAR,):
        return False
    return _walk(pattern, form, lambda mine, other: mine == len(pattern) - 1 and other == len(form))


def _walk(pattern: Glob, form: str, is_goal: Callable[[int, int], bool]) -> bool:
    """Whether the walk over positions in both comes to a goal."""
    seen = {(0, 0)}
    todo = [(0, 0)]
    while todo:
        mine, other = todo.pop()
        if is_goal(mine, other):
            return True
        for state in _steps(pattern, mine, form, other):
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return False


def _steps(pattern: Glob, mine: int, form: str, other: int) -> Iterator[tuple[int, int]]:
    symbol = pattern[mine] if mine < len(pattern) else None
    wanted = form[other] if other < len(form) else None
    if wanted == "*" or wanted == "%":
        yield mine, other + 1
        if symbol is ANY or (isinstance(symbol, str) and (wanted == "%" or symbol not in _SEPARATORS)):
            yield mine + 1, other
    elif wanted is not None and (symbol is ANY or symbol == wanted):
        yield mine + 1, other + 1
    if symbol is STAR:
        yield mine + 1, other
        if wanted is not None and wanted not in "*%":
            yield mine, other + 1
