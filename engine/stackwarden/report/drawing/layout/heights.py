"""Heights within layers: each box as near to the middle of its neighbours as the order and the gaps let it be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from stackwarden.report.drawing.layout.order import Ordered

__all__ = ["heights_of"]

_SWEEPS: Final = 10


def heights_of(made: Ordered, heights: Mapping[str, float], gap: float) -> dict[str, float]:
    """The middle of each box and point on the vertical axis, the topmost edge at 0. A missing height is a point's."""
    middles: dict[str, float] = {}
    for row in made.rows:
        at = 0.0
        for name in row:
            size = heights.get(name, 0.0)
            middles[name] = at + size / 2
            at += size + gap
    for sweep in range(_SWEEPS):
        forwards = sweep % 2 == 0
        for row in made.rows if forwards else reversed(made.rows):
            first, second = (made.before, made.after) if forwards else (made.after, made.before)
            wanted = [_wanted(name, first[name] or second[name], middles) for name in row]
            offsets = _offsets(row, heights, gap)
            fitted = _increasing([one - offset for one, offset in zip(wanted, offsets, strict=True)])
            for name, base, offset in zip(row, fitted, offsets, strict=True):
                middles[name] = base + offset
    top = min((middle - heights.get(name, 0.0) / 2 for name, middle in middles.items()), default=0.0)
    return {name: middle - top for name, middle in middles.items()}


def _wanted(name: str, neighbours: Sequence[str], middles: Mapping[str, float]) -> float:
    found = sorted(middles[one] for one in neighbours)
    if not found:
        return middles[name]
    half = len(found) // 2
    return found[half] if len(found) % 2 else (found[half - 1] + found[half]) / 2


def _offsets(row: Sequence[str], heights: Mapping[str, float], gap: float) -> list[float]:
    """The least distance of each box's middle from the first one's."""
    found: list[float] = []
    at = 0.0
    for index, name in enumerate(row):
        half = heights.get(name, 0.0) / 2
        at += half + (gap if index else 0.0)
        found.append(at)
        at += half
    return found


def _increasing(values: Sequence[float]) -> list[float]:
    """The nearest sequence that never falls, by least squares: neighbours that fall are pooled to their mean."""
    pools: list[tuple[float, int]] = []
    for value in values:
        pools.append((value, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (first, many), (second, more) = pools[-2:]
            pools[-2:] = [((first * many + second * more) / (many + more), many + more)]
    return [mean for mean, count in pools for _ in range(count)]
