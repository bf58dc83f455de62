"""The order within layers: long links pass through points of their own, and barycentres reduce crossings."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from stackwarden.report.drawing.layout.shapes import Link

__all__ = ["Ordered", "ordered"]

_SWEEPS: Final = 12


@dataclass(slots=True)
class Ordered:
    """Rows of box ids and of points `\\0N`; `before` and `after` are the neighbours; `chains` the points of links."""

    rows: list[list[str]]
    before: dict[str, list[str]] = field(default_factory=dict)
    after: dict[str, list[str]] = field(default_factory=dict)
    chains: dict[Link, list[str]] = field(default_factory=dict)


def ordered(names: Sequence[str], links: Sequence[Link], layers: Mapping[str, int]) -> Ordered:
    """The boxes by layers, each layer in an order with few crossings."""
    made = _split(names, links, layers)
    best = [list(row) for row in made.rows]
    least = _crossings(best, made.after)
    for sweep in range(_SWEEPS):
        forwards = sweep % 2 == 0
        neighbours = made.before if forwards else made.after
        order = range(1, len(made.rows)) if forwards else range(len(made.rows) - 2, -1, -1)
        for index in order:
            other = made.rows[index - 1 if forwards else index + 1]
            _sort(made.rows[index], other, neighbours)
        crossings = _crossings(made.rows, made.after)
        if crossings < least:
            best, least = [list(row) for row in made.rows], crossings
    made.rows = best
    return made


def _split(names: Sequence[str], links: Sequence[Link], layers: Mapping[str, int]) -> Ordered:
    made = Ordered([[] for _ in range(max(layers.values(), default=0) + 1)])
    for name in names:
        made.rows[layers[name]].append(name)
        made.before[name], made.after[name] = [], []
    number = 0
    for source, target in links:
        chain = [source]
        for layer in range(layers[source] + 1, layers[target]):
            point = f"\0{number}"
            number += 1
            made.rows[layer].append(point)
            made.before[point], made.after[point] = [], []
            chain.append(point)
        chain.append(target)
        made.chains[(source, target)] = chain
        for left, right in pairwise(chain):
            made.after[left].append(right)
            made.before[right].append(left)
    return made


def _sort(row: list[str], other: Sequence[str], neighbours: Mapping[str, list[str]]) -> None:
    """Sorts a row by the mean position of neighbours in the other; what has none keeps its place."""
    position = {name: index for index, name in enumerate(other)}
    weights: dict[str, float] = {}
    for index, name in enumerate(row):
        found = [position[one] for one in neighbours[name] if one in position]
        weights[name] = sum(found) / len(found) if found else index * len(other) / max(len(row), 1)
    row.sort(key=weights.__getitem__)


def _crossings(rows: Sequence[Sequence[str]], after: Mapping[str, list[str]]) -> int:
    """How many pairs of links between neighbouring rows cross."""
    count = 0
    for left, right in pairwise(rows):
        position = {name: index for index, name in enumerate(right)}
        seen: list[int] = []
        for name in left:
            ends = sorted(position[one] for one in after[name])
            count += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return count
