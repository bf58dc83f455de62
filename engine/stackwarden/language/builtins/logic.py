"""What is certain, and what only the deployment decides."""

from __future__ import annotations

from typing import Final

from stackwarden.language.builtins._record import Function, Predicate, predicate
from stackwarden.language.types import BOOLEAN
from stackwarden.resolve.values import Known, Plain

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]


def _certainly(condition: Plain) -> bool | None:
    """Whether the template itself makes a condition true; false where it is false, or left to the deployment."""
    return isinstance(condition, Known) and condition.data is True


BUILTINS: Final[tuple[Function | Predicate, ...]] = (predicate("certainly", (("condition", BOOLEAN),), _certainly),)
COLLECTIONS: Final = ()
RECORDS: Final = ()
