"""Kleene's three-valued logic under guards: where a claim is true, where it is false; elsewhere it is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stackwarden.resolve.guards import FALSE, TRUE, Guard

__all__ = ["MAYBE", "NO", "YES", "Logic", "both", "decided", "either", "logic", "negate", "under"]


@dataclass(frozen=True, slots=True)
class Logic:
    """`true` and `false` exclude each other; where neither holds the claim is unknown.

    The three constants are compared by `is`, so claims are made by `decided`.
    """

    true: Guard
    false: Guard

    @property
    def unknown(self) -> Guard:
        """Where the claim is undecided."""
        return ~self.true & ~self.false


YES: Final = Logic(TRUE, FALSE)
NO: Final = Logic(FALSE, TRUE)
MAYBE: Final = Logic(FALSE, FALSE)


def decided(true: Guard, false: Guard) -> Logic:
    """The claim that is true where `true` holds and false where `false` does."""
    if true is TRUE:
        return YES
    if false is TRUE:
        return NO
    return MAYBE if true is FALSE and false is FALSE else Logic(true, false)


def logic(truth: bool | None) -> Logic:
    """The constant for True, False or None (unknown)."""
    return MAYBE if truth is None else YES if truth else NO


def negate(claim: Logic) -> Logic:
    """Not."""
    if claim is YES:
        return NO
    if claim is NO:
        return YES
    return MAYBE if claim is MAYBE else Logic(claim.false, claim.true)


def under(guard: Guard, claim: Logic) -> Logic:
    """The claim where the guard holds; false elsewhere."""
    if guard is TRUE or claim is NO:
        return claim
    return decided(guard & claim.true, ~guard | claim.false)


def both(left: Logic, right: Logic) -> Logic:
    """And."""
    if left is YES or right is NO:
        return right
    if right is YES or left is NO:
        return left
    return decided(left.true & right.true, left.false | right.false)


def either(left: Logic, right: Logic) -> Logic:
    """Or."""
    if left is NO or right is YES:
        return right
    if right is NO or left is YES:
        return left
    return decided(left.true | right.true, left.false & right.false)
