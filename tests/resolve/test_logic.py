"""Three-valued logic under guards: the tables of Kleene, and constants that `is` finds."""

from __future__ import annotations

import pytest

from stackwarden.resolve.guards import FALSE, TRUE, GuardSpace
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic, both, decided, either, negate, under

_CONSTANTS = (YES, NO, MAYBE)


def test_constants_are_found_again() -> None:
    assert decided(TRUE, FALSE) is YES
    assert decided(FALSE, TRUE) is NO
    assert decided(FALSE, FALSE) is MAYBE


@pytest.mark.parametrize("left", _CONSTANTS)
@pytest.mark.parametrize("right", _CONSTANTS)
def test_constants_stay_constants(left: Logic, right: Logic) -> None:
    order = (NO, MAYBE, YES)
    assert both(left, right) is min(left, right, key=order.index)
    assert either(left, right) is max(left, right, key=order.index)
    assert negate(left) is order[2 - order.index(left)]


def test_opposite_halves_make_a_constant() -> None:
    space = GuardSpace()
    half = space.fact(space.variable("Parameters.Env", ("prod", "test")), "prod")
    some, other = decided(half, ~half), decided(~half, half)
    assert both(some, other) is NO
    assert either(some, other) is YES
    assert under(half, YES) == some
    assert under(half, NO) is NO
