"""Under which settings a finding comes about: the smallest set of condition and parameter settings that says so.

A *way* is a conjunction of settings, such as `IsProd is false` and `Parameters.Env is dev`. The ways of a guard
together cover every assignment under which it holds, and none under which it does not. Few settings come before many,
and of as many, condition names before parameter values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Final

from stackwarden.resolve.guards import FALSE, TRUE, Guard, Variable
from stackwarden.resolve.resolver import Resolver
from stackwarden.run.finding import Setting, When

__all__ = ["Ways"]

_MOST_CONDITIONS: Final = 12
_LONGEST: Final = 3
_MOST_WAYS: Final = 64


@dataclass(frozen=True, slots=True)
class _Literal:
    """One setting and the guard that it means."""

    key: str
    setting: Setting
    guard: Guard


_Way = tuple[_Literal, ...]
_Pairs = list[tuple[_Literal, _Literal]]
"""Named conditions, each as the setting that it holds and the one that it does not."""


class Ways:
    """Computes ways over the conditions and parameters of one template; equal guards are computed once."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._known: dict[Guard, When] = {}
        self._named: list[tuple[tuple[_Literal, _Literal], frozenset[Variable]]] | None = None

    def of(self, guard: Guard) -> When:
        """The ways in which `guard` holds; None where it always does. `guard` must be possible."""
        if guard is TRUE:
            return None
        if guard not in self._known:
            self._known[guard] = self._find(guard)
        return self._known[guard]

    def _find(self, guard: Guard) -> When:
        universe = self._resolver.assumptions
        if universe.implies(guard):
            return None
        conditions = self._conditions(guard)
        ways = _by_conditions(guard, universe, conditions)
        wanted = guard & universe
        left = wanted & ~_union(ways)
        if left is not FALSE:
            found = list(self._cover(guard | ~universe, left, universe, (), conditions))[:_MOST_WAYS]
            ways = [*ways, *(_shortened(way, guard, universe) for way in found)]
        ways = self._by_parameters(_needed(ways, wanted), guard, universe, conditions)
        settings = tuple(_as_settings(way) for way in ways)
        return settings if all(settings) else None

    def _by_parameters(self, ways: list[_Way], guard: Guard, universe: Guard, conditions: _Pairs) -> list[_Way]:
        """The ways by parameter values where those are fewer settings, else the given ones."""
        size = _size(ways)
        if size == 1:
            return ways
        wanted = guard & universe
        found = list(islice(self._cover(guard | ~universe, wanted, universe, (), conditions), size))
        shorter = _needed([_shortened(way, guard, universe) for way in found], wanted)
        if any(not literal.key for way in shorter for literal in way):
            return ways
        return shorter if _size(shorter) < size and wanted.implies(_union(shorter)) else ways

    def _conditions(self, guard: Guard) -> _Pairs:
        """Each named condition that shares a fact with the guard, as its two literals."""
        if self._named is None:
            self._named = list(self._all_conditions())
        support = guard.support()
        return [pair for pair, own in self._named if not own.isdisjoint(support)][:_MOST_CONDITIONS]

    def _all_conditions(self) -> Iterator[tuple[tuple[_Literal, _Literal], frozenset[Variable]]]:
        for name in self._resolver.conditions.names():
            holds = self._resolver.condition(name, self._resolver.template.conditions[name])
            yield (_Literal(name, True, holds), _Literal(name, False, ~holds)), holds.support()

    def _cover(
        self,
        guard: Guard,
        left: Guard,
        context: Guard,
        way: _Way,
        conditions: _Pairs,
    ) -> Iterator[_Way]:
        """Ways that cover `left` inside `context`, by parameters where they say it, else by splitting conditions."""
        if (left & context) is FALSE:
            return
        if context.implies(guard):
            yield way
            return
        rest = left & context
        opaque = {variable for variable in rest.support() if variable.opaque}
        telling = next((pair for pair in conditions if opaque & pair[0].guard.support()), None)
        if telling is not None:
            others = [pair for pair in conditions if pair is not telling]
            for literal in telling:
                yield from self._cover(guard, left, context & literal.guard, (*way, literal), others)
            return
        for literals in self._paths(rest):
            yield (*way, *literals)

    def _paths(self, guard: Guard) -> Iterator[_Way]:
        """Ways by parameter values: one for each group of values that lead to the same remaining function."""
        if guard is TRUE:
            yield ()
            return
        if guard is FALSE or guard.variable is None or guard.rest is None:
            return
        groups: dict[Guard, list[str]] = {}
        for value, branch in guard.branches.items():
            groups.setdefault(branch, []).append(value)
        for branch, values in groups.items():
            if branch is not FALSE:
                literal = self._one_of(guard.variable, values)
                yield from ((literal, *way) for way in self._paths(branch))
        if guard.rest is not FALSE:
            literal = self._none_of(guard.variable, list(guard.branches))
            yield from ((literal, *way) for way in self._paths(guard.rest))

    def _one_of(self, variable: Variable, values: list[str]) -> _Literal:
        guard = FALSE
        for value in values:
            guard = guard | self._resolver.space.fact(variable, value)
        return _Literal(
            "" if variable.opaque else variable.name, values[0] if len(values) == 1 else tuple(values), guard
        )

    def _none_of(self, variable: Variable, values: list[str]) -> _Literal:
        if variable.closed is not None:
            return self._one_of(variable, [value for value in variable.closed if value not in values])
        excluded = self._one_of(variable, values)
        assert not isinstance(excluded.setting, bool) and isinstance(excluded.setting, str | tuple)
        return _Literal(variable.name, {"not": excluded.setting}, ~excluded.guard)


def _by_conditions(guard: Guard, universe: Guard, conditions: _Pairs) -> list[_Way]:
    """The shortest conjunctions of condition literals inside the guard, until they cover it or get too long."""
    ways: list[_Way] = []
    covered = FALSE
    wanted = guard & universe
    for length in range(1, _LONGEST + 1):
        for chosen in combinations(conditions, length):
            for way in _signs(chosen):
                names = {(literal.key, literal.setting) for literal in way}
                if any({(literal.key, literal.setting) for literal in shorter} <= names for shorter in ways):
                    continue
                joint = _joint(way) & universe
                if joint is wanted:
                    return [way]
                if joint is not FALSE and joint.implies(guard) and (joint & ~covered) is not FALSE:
                    ways.append(way)
                    covered = covered | joint
        if wanted.implies(covered):
            return ways
    return ways


def _signs(chosen: tuple[tuple[_Literal, _Literal], ...]) -> Iterator[_Way]:
    if not chosen:
        yield ()
        return
    for rest in _signs(chosen[1:]):
        for literal in chosen[0]:
            yield (literal, *rest)


def _joint(way: _Way) -> Guard:
    joint = TRUE
    for literal in way:
        joint = joint & literal.guard
    return joint


def _union(ways: Iterable[_Way]) -> Guard:
    union = FALSE
    for way in ways:
        union = union | _joint(way)
    return union


def _size(ways: Iterable[_Way]) -> int:
    """How many names and values the ways mention: a parameter with two values counts as two."""
    return sum(_values(literal.setting) for way in ways for literal in way)


def _values(setting: Setting) -> int:
    match setting:
        case bool() | str():
            return 1
        case tuple():
            return len(setting)
        case _:
            return sum(_values(value) for value in setting.values())


def _shortened(way: _Way, guard: Guard, universe: Guard) -> _Way:
    """The way without settings that it does not need; facts that reports cannot name go first."""
    for literal in sorted(way, key=lambda literal: literal.key != ""):
        shorter = tuple(other for other in way if other is not literal)
        joint = _joint(shorter) & universe
        if shorter and joint is not FALSE and joint.implies(guard):
            way = shorter
    return way


def _needed(ways: list[_Way], wanted: Guard) -> list[_Way]:
    """The ways without those that the others cover, longest first."""
    kept = list(ways)
    for way in sorted(ways, key=len, reverse=True):
        others = [other for other in kept if other is not way]
        if others and wanted.implies(_union(others)):
            kept = others
    return kept


def _as_settings(way: _Way) -> dict[str, Setting]:
    """A way as reports have it; a fact that is neither a condition nor a parameter has no name there."""
    return {literal.key: literal.setting for literal in way if literal.key}
