"""What is certain, and what only the deployment decides."""

from __future__ import annotations

from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.language.builtins._record import Arguments, Function, Predicate
from stackwarden.language.types import BOOLEAN
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.questions import ask
from stackwarden.resolve.values import Known, Plain, Text, Unknown

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]


def _certainly(stack: Stack, arguments: Arguments) -> Logic:
    """Whether the template itself makes a condition true; false where it is false, or left to the deployment.

    A resource that AWS describes without its template leaves nothing to a deployment: what is not known stays so.
    """

    def test(plain: Plain) -> bool | None:
        if stack.excerpt is not None and isinstance(plain, Unknown | Text):
            return None
        return isinstance(plain, Known) and plain.data is True

    return ask(arguments[0], test, stack.domains)


BUILTINS: Final[tuple[Function | Predicate, ...]] = (
    Predicate("certainly", (("condition", BOOLEAN),), _certainly, _certainly.__doc__ or ""),
)
COLLECTIONS: Final = ()
RECORDS: Final = ()
