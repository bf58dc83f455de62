"""Sets of numbers as ranges, against Python's sets on a small universe."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from stackwarden.net.intervals import EMPTY, Intervals, intervals

UNIVERSE = range(-1, 26)
RANGES = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), max_size=5)


def numbers(ranges: list[tuple[int, int]]) -> set[int]:
    return {number for first, last in ranges for number in range(first, last + 1)}


@given(RANGES)
def test_the_numbers_are_those_of_the_ranges(ranges: list[tuple[int, int]]) -> None:
    made = intervals(ranges)
    assert {number for number in UNIVERSE if number in made} == numbers(ranges)
    assert made.size() == len(numbers(ranges))


@given(RANGES)
def test_ranges_are_in_order_and_apart(ranges: list[tuple[int, int]]) -> None:
    made = intervals(ranges).ranges
    assert all(first <= last for first, last in made)
    assert all(left[1] + 1 < right[0] for left, right in pairwise(made))


@given(RANGES, RANGES)
def test_equal_sets_are_equal_objects(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    assert (intervals(left) == intervals(right)) == (numbers(left) == numbers(right))


@given(RANGES, RANGES)
def test_union_intersection_and_comparisons(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    mine, other = intervals(left), intervals(right)
    assert mine | other == intervals([*left, *right])
    assert {number for number in UNIVERSE if number in mine & other} == numbers(left) & numbers(right)
    assert mine.covers(other) == (numbers(right) <= numbers(left))
    assert mine.meets(other) == bool(numbers(left) & numbers(right))


def test_neighbours_become_one_range() -> None:
    assert intervals([(5, 9), (0, 4)]) == Intervals(((0, 9),))
    assert intervals([(3, 2)]) == EMPTY
