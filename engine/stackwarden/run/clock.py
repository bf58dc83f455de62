"""Where the time of a scan goes, for those who ask: milliseconds by phase and by rule."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from stackwarden.run.finding import Stats

__all__ = ["Clock", "together"]


class Clock:
    """Adds up the time that phases and rules take."""

    def __init__(self) -> None:
        self._phases: dict[str, float] = {}
        self._rules: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """What runs inside counts for a phase."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._phases[name] = self._phases.get(name, 0.0) + (time.perf_counter() - started) * 1000

    @contextmanager
    def rule(self, name: str) -> Iterator[None]:
        """What runs inside counts for a rule. What rules share counts for the first that asks for it."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._rules[name] = self._rules.get(name, 0.0) + (time.perf_counter() - started) * 1000

    @property
    def stats(self) -> Stats:
        """The times so far."""
        return Stats(dict(self._phases), dict(self._rules))


def together(stats: Iterable[Stats | None]) -> Stats:
    """The sums of several times."""
    phases: dict[str, float] = {}
    rules: dict[str, float] = {}
    for each in stats:
        if each is None:
            continue
        for total, times in ((phases, each.phases), (rules, each.rules)):
            for name, duration in times.items():
                total[name] = total.get(name, 0.0) + duration
    return Stats(phases, rules)
