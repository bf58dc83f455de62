"""Files in portions that take about the same time."""

from __future__ import annotations

from collections.abc import Sequence

from stackwarden.run.executors.job import Unit

__all__ = ["chunks"]


def chunks(units: Sequence[Unit], *, workers: int, longest: float) -> list[tuple[int, ...]]:
    """The indices of all units in portions of at most `longest` milliseconds (or one file), costly ones first.

    There are several portions for each worker, so that none is idle while another has much left.
    """
    most = min(longest, sum(unit.cost for unit in units) / (workers * _A_WORKER))
    made: list[tuple[float, tuple[int, ...]]] = []
    members: list[int] = []
    cost = 0.0
    for index, unit in enumerate(units):
        if members and cost + unit.cost > most:
            made.append((cost, tuple(members)))
            members, cost = [], 0.0
        members.append(index)
        cost += unit.cost
    if members:
        made.append((cost, tuple(members)))
    return [chunk for _, chunk in sorted(made, key=lambda one: -one[0])]


_A_WORKER = 4
"""Portions for each worker, at least."""
