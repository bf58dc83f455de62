"""What can be wrong with what AWS Config, or who set up the rule, passes to the function."""

from __future__ import annotations

__all__ = ["BadEvent", "BadItem", "BadSetup", "Unanswered"]


class BadEvent(Exception):  # noqa: N818 - the class says what is bad
    """An event that is none of AWS Config's."""


class BadItem(Exception):  # noqa: N818
    """A configuration item that cannot be read."""


class BadSetup(Exception):  # noqa: N818
    """Parameters of the rule, or files beside the function, that are wrong."""


class Unanswered(Exception):  # noqa: N818
    """Evaluations that AWS Config did not take."""
