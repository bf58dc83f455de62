"""Asking yes-or-no questions about values.

A test answers True, False or None (unknown) for plain values. `ask` maps it over the cases of a value; where the
answer for a text is unknown, it splits one hole (a parameter with known values, a conditional part) into its cases
and asks again, so that the cost is paid only by questions that need it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Final, Protocol

from stackwarden.globs import ANY as ANY_CHARACTER
from stackwarden.globs import STAR, Glob, Wild
from stackwarden.regex import fits, may_contain
from stackwarden.resolve.guards import FALSE, TRUE, Guard, any_of
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic, decided, logic
from stackwarden.resolve.values import (
    AttributeHole,
    Cases,
    ConditionalHole,
    Hole,
    Known,
    ParameterHole,
    Plain,
    Text,
    Value,
    cases_of,
    make_text,
)

__all__ = [
    "Domains",
    "ask",
    "ask_all",
    "ask_both",
    "can_equal",
    "cannot_contain",
    "expand",
    "same_text",
    "settle",
    "text_glob",
    "where_true",
]

Test = Callable[[Plain], bool | None]
Test2 = Callable[[Plain, Plain], bool | None]

_MOST_SPLITS: Final = 2048
"""A question that splits holes more often than this leaves the rest unknown."""

_TOKENS: Final = {
    "AWS::AccountId": r"[0-9]{12}",
    "AWS::Region": r"[a-z]{2,}[a-z0-9-]+",
    "AWS::Partition": r"aws[a-z-]*",
    "AWS::URLSuffix": r"[a-z0-9.-]+",
    "AWS::StackName": r"[A-Za-z][A-Za-z0-9-]*",
}


class Domains(Protocol):
    """Who knows the values that parameters and attributes of resources may have."""

    def split(self, hole: ParameterHole) -> tuple[tuple[Guard, Known | Text], ...] | None:
        """The cases of a parameter; None where it has no known values (left)."""

    def spelled(self, hole: AttributeHole) -> Value | None:
        """An attribute as the resource's own properties spell it; None where they do not."""


def ask(value: Value, test: Test, domains: Domains) -> Logic:
    """Where a test of a value answers yes and where it answers no."""
    if not isinstance(value, Text | Cases):  # nothing to split
        return logic(test(value))
    inquiry = _Inquiry(domains)
    for guard, plain in cases_of(value):
        inquiry.one(plain, test, guard)
    return inquiry.outcome()


def ask_both(left: Value, right: Value, test: Test2, domains: Domains) -> Logic:
    """Where a test of two values answers yes and where it answers no."""
    if not isinstance(left, Text | Cases) and not isinstance(right, Text | Cases):
        return logic(test(left, right))
    inquiry = _Inquiry(domains)
    for left_guard, left_plain in cases_of(left):
        for right_guard, right_plain in cases_of(right):
            guard = left_guard & right_guard
            if guard is not FALSE:
                inquiry.two(left_plain, right_plain, test, guard)
    return inquiry.outcome()


class _Inquiry:
    """One question on its way: answers so far, and how often it was split."""

    __slots__ = ("_domains", "_false", "_splits", "_true")

    def __init__(self, domains: Domains) -> None:
        self._domains = domains
        self._true: list[Guard] = []
        self._false: list[Guard] = []
        self._splits = 0

    def outcome(self) -> Logic:
        return decided(any_of(self._true), any_of(self._false))

    def one(self, plain: Plain, test: Test, under: Guard) -> None:
        answer = test(plain)
        if answer is None:
            for guard, filled in self._filled(plain, under):
                self.one(filled, test, guard)
        else:
            self._record(answer, under)

    def two(self, left: Plain, right: Plain, test: Test2, under: Guard) -> None:
        answer = test(left, right)
        if answer is not None:
            self._record(answer, under)
            return
        filled = self._filled(left, under)
        if filled:
            for guard, plain in filled:
                self.two(plain, right, test, guard)
        else:
            for guard, plain in self._filled(right, under):
                self.two(left, plain, test, guard)

    def _record(self, answer: bool, under: Guard) -> None:
        (self._true if answer else self._false).append(under)

    def _filled(self, plain: Plain, under: Guard) -> list[tuple[Guard, Plain]]:
        if not isinstance(plain, Text) or self._splits >= _MOST_SPLITS:
            return []
        filled = expand(plain, self._domains)
        self._splits += len(filled)
        return [(joint, case) for guard, case in filled if (joint := under & guard) is not FALSE]


def expand(text: Text, domains: Domains, *, spell: bool = True) -> list[tuple[Guard, Plain]]:
    """The text with its first splittable hole filled by each of its cases; empty where no hole can be split.

    Without `spell`, attributes of resources stay what they are.
    """
    for index, part in enumerate(text.parts):
        if isinstance(part, str):
            continue
        cases = _cases_of_hole(part, domains, spell)
        if cases is None:
            continue
        before, after = text.parts[:index], text.parts[index + 1 :]
        if not before and not after:
            return [(guard, _placed(plain, text)) for guard, plain in cases]
        return [(guard, make_text((*before, plain, *after), text.origin)) for guard, plain in cases]
    return []


def _placed(plain: Plain, text: Text) -> Plain:
    if isinstance(plain, Known):
        return Known(plain.data, text.origin, plain.written)
    return Text(plain.parts, text.origin) if isinstance(plain, Text) else plain


def _cases_of_hole(hole: Hole, domains: Domains, spell: bool) -> tuple[tuple[Guard, Plain], ...] | None:
    match hole:
        case AttributeHole() if spell and hole.spellable:
            value = domains.spelled(hole)
            return tuple(cases_of(value)) if value is not None else None
        case ConditionalHole():
            return hole.cases.cases
        case ParameterHole() if hole.excluded is None:
            return domains.split(hole)
        case _:
            return None


def can_equal(text: Text, candidate: str) -> bool:
    """Whether the text may turn out to be exactly `candidate`."""
    if _pattern(text.parts).fullmatch(candidate) is None:
        return False
    return not any(_excluded(part) or _own_pattern(part) for part in text.parts) or _fits(text.parts, candidate)


def cannot_contain(text: Text, char: str) -> bool:
    """Whether a character stands in none of the text's literal parts, and its holes' patterns keep it out of them."""
    for part in text.parts:
        pattern = "" if isinstance(part, str) else _own_pattern(part)
        if char in part if isinstance(part, str) else not pattern or may_contain(pattern, char):
            return False
    return True


def _own_pattern(part: str | Hole) -> str:
    return part.pattern if isinstance(part, ParameterHole) else ""


def _excluded(part: str | Hole) -> tuple[str, ...]:
    return (part.excluded or ()) if isinstance(part, ParameterHole) else ()


def _fits(parts: tuple[str | Hole, ...], candidate: str) -> bool:
    """Whether the parts can make up a candidate without giving a hole one of its excluded values."""
    ends = {0}
    for part in parts:
        if isinstance(part, str):
            ends = {end + len(part) for end in ends if candidate.startswith(part, end)}
            continue
        pattern, excluded, own = _pattern((part,)), _excluded(part), _own_pattern(part)
        ends = {
            end
            for start in ends
            for end in range(start, len(candidate) + 1)
            if candidate[start:end] not in excluded
            and pattern.fullmatch(candidate, start, end)
            and (not own or fits(own, candidate[start:end]))
        }
    return len(candidate) in ends


def same_text(left: Text, right: Text) -> bool | None:
    """Whether two texts with holes are equal: yes for the same parts, no where their known ends differ."""
    if left.parts == right.parts and not any(_varies(hole) for hole in left.holes):
        return True
    for mine, other, cut in ((left.parts[0], right.parts[0], 1), (left.parts[-1], right.parts[-1], -1)):
        if isinstance(mine, str) and isinstance(other, str):
            length = min(len(mine), len(other))
            if (mine[:length] != other[:length]) if cut == 1 else (mine[-length:] != other[-length:]):
                return False
    return None


def text_glob(plain: Known | Text) -> Glob:
    """The texts that a value can be, as a glob: a hole is any text, any but the empty one, or twelve digits."""
    if isinstance(plain, Known):
        return tuple(plain.text)
    symbols: list[str | Wild] = []
    for part in plain.parts:
        if isinstance(part, str):
            symbols.extend(part)
        else:
            symbols.extend(_hole_glob(part))
    return tuple(symbols)


def _hole_glob(hole: Hole) -> Glob:
    if isinstance(hole, ParameterHole) and hole.variable == "AWS::AccountId":
        return (ANY_CHARACTER,) * 12
    return (ANY_CHARACTER, STAR) if hole.token else (STAR,)


def _varies(hole: Hole) -> bool:
    return not isinstance(hole, ParameterHole | AttributeHole) or (isinstance(hole, AttributeHole) and not hole.token)


@lru_cache(maxsize=2048)
def _pattern(parts: tuple[str | Hole, ...]) -> re.Pattern[str]:
    return re.compile("".join(_part_pattern(part) for part in parts), re.DOTALL)


def _part_pattern(part: str | Hole) -> str:
    match part:
        case str():
            return re.escape(part)
        case ParameterHole():
            return _TOKENS.get(part.variable, r"[^*?\s]+" if part.token else ".*")
        case AttributeHole():
            if not part.token:
                return ".*"
            return r"arn:[^*?\s]+" if part.attribute.endswith("Arn") else r"[^*?\s]+"
        case _:
            return ".*"


def where_true(value: Value, test: Callable[[Plain], bool]) -> Guard:
    """The guard of the cases that pass a two-valued test."""
    if not isinstance(value, Cases):
        return TRUE if test(value) else FALSE
    guard: Guard = FALSE
    for case, plain in value.cases:
        if test(plain):
            guard = guard | case
    return guard


def settle(value: Value, domains: Domains) -> list[tuple[Guard, Plain]]:
    """The cases of a value with every parameter and conditional part split, guards never impossible."""
    if not isinstance(value, Text | Cases):
        return [(TRUE, value)]
    settled: list[tuple[Guard, Plain]] = []
    todo = [(guard, plain) for guard, plain in cases_of(value)]
    todo.reverse()
    splits = 0
    while todo:
        guard, plain = todo.pop()
        filled = expand(plain, domains, spell=False) if isinstance(plain, Text) and splits < _MOST_SPLITS else []
        if not filled:
            settled.append((guard, plain))
            continue
        splits += len(filled)
        todo.extend((joint, case) for inner, case in reversed(filled) if (joint := guard & inner) is not FALSE)
    return settled


def ask_all(values: Sequence[Value], test: Callable[..., bool | None], domains: Domains) -> Logic:
    """Where a test of several values, given as positional arguments, answers yes and where no."""
    match values:
        case [one]:
            return ask(one, test, domains)
        case [left, right]:
            return ask_both(left, right, test, domains)
        case [first, *others]:
            outcome_true: Guard = FALSE
            outcome_false: Guard = FALSE
            for guard, plain in settle(first, domains):
                rest = ask_all(others, partial(test, plain), domains)
                outcome_true = outcome_true | (guard & rest.true)
                outcome_false = outcome_false | (guard & rest.false)
            return decided(outcome_true, outcome_false)
        case _:
            answer = test()
            return MAYBE if answer is None else YES if answer else NO
