"""What a text of a policy stands for: actions and ARNs with wildcards, policy variables and holes, compared exactly.

A pattern keeps two globs. In `known`, a hole or a policy variable is one symbol of its own, so that the same hole on
both sides is the same text. In `widest` it is any text. A comparison of two patterns is decided where both readings
agree and unknown elsewhere. Attributes of resources, pseudo parameters and policy variables hold no wildcards, so they
never stand for more than one text. A name that CloudFormation makes up differs from every literal.

The partition of an ARN counts as `aws`: a stack is in one partition, so that of an ARN is the stack's or the ARN names
nothing. Source: IAM User Guide, *IAM JSON policy elements: Resource* and *Policy elements: Variables and tags*.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from stackwarden.globs import ANY, STAR, Glob, Wild, glob, includes, overlaps
from stackwarden.resolve.values import AttributeHole, Hole, Known, ParameterHole, Plain, Text, Unknown

__all__ = [
    "ANYTHING",
    "Pattern",
    "action_pattern",
    "covers",
    "hole_symbol",
    "literal_pattern",
    "meets",
    "resource_pattern",
    "variable_symbol",
]

_OPEN: Final = "\0"
"""Begins the symbol of a hole that may hold wildcards."""
_SINGLE: Final = "\1"
"""Begins the symbol of a hole that holds none."""
_VARIES: Final = _OPEN
"""The symbol of a hole that may be another text each time it is read."""
_MADE_UP: Final = "\2"
"""Begins the symbol of a name that CloudFormation makes up, which is no other text."""
_FRESH: Final = "\3"
"""A character that no single hole holds."""

_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
_ESCAPED: Final = frozenset("*?$")
_PARTITION: Final = re.compile(r"arn:aws(?:-[a-z0-9-]+)?:")


def _is_hole(symbol: str | Wild) -> bool:
    return isinstance(symbol, str) and symbol.startswith((_OPEN, _SINGLE))


@dataclass(frozen=True, slots=True)
class Pattern:
    """The texts that something of a policy matches: with holes as symbols of their own, and with holes as any text.

    `is_exact` says that there are no holes and no policy variables, `is_settled` that the only holes are names that
    CloudFormation makes up, `is_open` that a hole may be another text each time, `has_any` that there is a `?`.
    """

    known: Glob
    widest: Glob
    is_exact: bool = field(init=False, compare=False)
    is_settled: bool = field(init=False, compare=False)
    is_open: bool = field(init=False, compare=False)
    has_any: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_exact", self.known == self.widest)
        object.__setattr__(self, "is_settled", not any(_is_hole(symbol) for symbol in self.known))
        object.__setattr__(self, "is_open", _VARIES in self.known)
        object.__setattr__(self, "has_any", ANY in self.known)


ANYTHING: Final = Pattern((STAR,), (STAR,))
_NOTHING_KNOWN: Final = Pattern((_VARIES,), (STAR,))


def action_pattern(plain: Plain) -> Pattern | None:
    """The actions that an element of `Action` or `NotAction` matches, in lower case; None for what is no text."""
    match plain:
        case Known():
            return literal_pattern(plain.text.lower())
        case Text():
            return _of_parts(tuple(part.lower() if isinstance(part, str) else part for part in plain.parts), False)
        case Unknown():
            return _NOTHING_KNOWN
        case _:
            return None


def resource_pattern(plain: Plain) -> Pattern | None:
    """The ARNs that an element of `Resource` or `NotResource` matches; None for what is no text."""
    match plain:
        case Known():
            return _of_resource(plain.text)
        case Text():
            return _of_parts(plain.parts, True)
        case Unknown():
            return _NOTHING_KNOWN
        case _:
            return None


@lru_cache(maxsize=8192)
def literal_pattern(text: str) -> Pattern:
    """The pattern that a text with `*` and `?` denotes."""
    symbols = glob(text)
    return Pattern(symbols, symbols)


def covers(outer: Pattern, inner: Pattern) -> bool | None:
    """Whether `outer` matches every text that `inner` matches; None where the holes decide."""
    if not outer.is_open and (not outer.has_any or inner.is_exact) and includes(outer.known, inner.known):
        return True
    if outer.is_settled and inner.is_settled and not outer.has_any:
        return False
    if inner.is_exact:
        word = tuple(_FRESH if isinstance(symbol, Wild) else symbol for symbol in inner.known)
        return None if includes(outer.widest, inner.known) and _can_match(outer.known, word) else False
    return None if overlaps(outer.widest, inner.widest) else False


def meets(left: Pattern, right: Pattern) -> bool | None:
    """Whether some text is matched by both; None where the holes decide."""
    if not overlaps(left.widest, right.widest):
        return False
    if left.is_exact and right.is_exact:
        return True
    if left.is_settled and right.is_settled and not left.has_any and not right.has_any:
        return overlaps(left.known, right.known)
    if left.is_open and right.is_open:
        return None
    return True if overlaps(left.known, right.known) else None


def _can_match(pattern: Glob, word: tuple[str, ...]) -> bool:
    """Whether holes can be filled so that a pattern matches a word, in which something fresh stands for wildcards."""
    states = {0}
    for symbol in (*word, None):
        reached = set(states)
        for state in sorted(states):  # past what may be empty
            while state < len(pattern) and (pattern[state] is STAR or _is_hole(pattern[state])):
                state += 1
                reached.add(state)
        if symbol is None:
            return len(pattern) in reached
        states = set()
        for state in reached:
            if state < len(pattern):
                states.update(_after(pattern[state], state, symbol))
    return False


def _after(expected: str | Wild, state: int, symbol: str) -> tuple[int, ...]:
    """Where a pattern goes on after a symbol of a word."""
    if expected is STAR or (_is_hole(expected) and (symbol != _FRESH or str(expected).startswith(_OPEN))):
        return (state,)
    return (state + 1,) if expected is ANY or expected == symbol else ()


@lru_cache(maxsize=8192)
def _of_resource(text: str) -> Pattern:
    return _of_parts((text,), True)


def _of_parts(parts: tuple[str | Hole, ...], is_resource: bool) -> Pattern:
    known: list[str | Wild] = []
    widest: list[str | Wild] = []
    for index, part in enumerate(parts):
        if isinstance(part, str):
            if is_resource:
                _literal_part(_PARTITION.sub("arn:aws:", part, count=1) if index == 0 else part, known, widest)
            else:
                _add(glob(part), known, widest)
        elif is_resource and _is_partition(parts, index):
            _add(tuple("aws"), known, widest)
        else:
            known.append(hole_symbol(part))
            _add((STAR,), None, widest)
    return Pattern(tuple(known), tuple(widest))


def _literal_part(text: str, known: list[str | Wild], widest: list[str | Wild]) -> None:
    """A text of a policy, in which `${aws:username}` is a variable and `${*}` an asterisk."""
    position = 0
    for match in _VARIABLE.finditer(text):
        _add(glob(text[position : match.start()]), known, widest)
        if match.group(1) in _ESCAPED:
            _add((match.group(1),), known, widest)
        else:
            known.append(variable_symbol(match.group(1)))
            _add((STAR,), None, widest)
        position = match.end()
    _add(glob(text[position:]), known, widest)


def _add(symbols: Glob, known: list[str | Wild] | None, widest: list[str | Wild]) -> None:
    for target in (known, widest):
        if target is not None:
            target.extend(symbols[1:] if symbols[:1] == (STAR,) and target[-1:] == [STAR] else symbols)


def _is_partition(parts: tuple[str | Hole, ...], index: int) -> bool:
    part = parts[index]
    return index == 1 and parts[0] == "arn:" and isinstance(part, ParameterHole) and part.variable == "AWS::Partition"


def hole_symbol(hole: Hole) -> str:
    """The symbol that stands for a hole in `known`."""
    match hole:
        case ParameterHole():
            return f"{_SINGLE if hole.token else _OPEN}{hole.variable}"
        case AttributeHole(token=True, attribute="", spellable=False):
            return f"{_MADE_UP}{hole.logical_id}"
        case AttributeHole(token=True):
            return f"{_SINGLE}{hole.logical_id}.{hole.attribute}"
        case _:
            return _VARIES


def variable_symbol(name: str) -> str:
    """The symbol that stands for a policy variable (`aws:username`) in `known`."""
    return f"{_SINGLE}${{{name}}}"
