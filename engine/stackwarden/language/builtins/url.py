"""Module `url`: parts of web addresses."""

from __future__ import annotations

from typing import Final

from stackwarden.language.builtins._record import Function, Predicate, function
from stackwarden.language.types import STRING
from stackwarden.net import urls

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]

BUILTINS: Final[tuple[Function | Predicate, ...]] = (
    function("url.scheme", (("url", STRING),), STRING, urls.scheme),
    function("url.host", (("url", STRING),), STRING, urls.host),
)
COLLECTIONS: Final = ()
RECORDS: Final = ()
