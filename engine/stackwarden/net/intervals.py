"""Sets of whole numbers as ranges: ports, and addresses as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = ["EMPTY", "Intervals", "intervals"]

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Intervals:
    """A set of whole numbers. `ranges` are (first, last), both inclusive, ascending and with a gap in between.

    Made by `intervals`, which puts ranges into that order; equal sets are then equal objects.
    """

    ranges: tuple[Range, ...]

    def __contains__(self, number: int) -> bool:
        return any(first <= number <= last for first, last in self.ranges)

    def __or__(self, other: Intervals) -> Intervals:
        return intervals((*self.ranges, *other.ranges))

    def __and__(self, other: Intervals) -> Intervals:
        return intervals(
            (max(first, begin), min(last, end)) for first, last in self.ranges for begin, end in other.ranges
        )

    def covers(self, other: Intervals) -> bool:
        """Whether every number of the other set is in this one."""
        return all(any(first <= begin and end <= last for first, last in self.ranges) for begin, end in other.ranges)

    def meets(self, other: Intervals) -> bool:
        """Whether the sets have a number in common."""
        return any(first <= end and begin <= last for first, last in self.ranges for begin, end in other.ranges)

    def size(self) -> int:
        """How many numbers the set has."""
        return sum(last - first + 1 for first, last in self.ranges)


def intervals(ranges: Iterable[Range]) -> Intervals:
    """The numbers that lie in one of the ranges, which may overlap and come in any order; empty ones are dropped."""
    merged: list[Range] = []
    for first, last in sorted(one for one in ranges if one[0] <= one[1]):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return Intervals(tuple(merged))


EMPTY: Final = Intervals(())
