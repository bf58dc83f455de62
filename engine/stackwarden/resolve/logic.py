"""Kleene's three-valued logic under guards: where a claim is true, where it is false; elsewhere it is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stackwarden.resolve.guards import FALSE, TRUE, Guard

__all__ = ["MAYBE", "NO", "YES", "Logic", "both", "either", "logic", "negate", "under"]


@dataclass(frozen=True, slots=True)
class Logic:
    """`true` and `false` exclude each other; where neither holds the claim is unknown."""

    true: Guard
    false: Guard

    @property
    def unknown(self) -> Guard:
        """Where the claim is undecided."""
        return ~self.true & ~self.false


YES: Final = Logic(TRUE, FALSE)
NO: Final = Logic(FALSE, TRUE)
MAYBE: Final = Logic(FALSE, FALSE)


def logic(truth: bool | None) -> Logic:
    """The constant for True, False or None (unknown)."""
    return MAYBE if truth is None else YES if truth else NO


def negate(claim: Logic) -> Logic:
    """Not."""
    if claim is YES:
        return NO
    if claim is NO:
        return YES
    return Logic(claim.false, claim.true)


def under(guard: Guard, claim: Logic) -> Logic:
    """The claim where the guard holds; false elsewhere."""
    return claim if guard is TRUE else Logic(guard & claim.true, ~guard | claim.false)


def both(left: Logic, right: Logic) -> Logic:
    """And."""
    if left is YES or right is NO:
        return right
    if right is YES or left is NO:
        return left
    return Logic(left.true & right.true, left.false | right.false)


def either(left: Logic, right: Logic) -> Logic:
    """Or."""
    if left is NO or right is YES:
        return right
    if right is NO or left is YES:
        return left
    return Logic(left.true | right.true, left.false & right.false)
