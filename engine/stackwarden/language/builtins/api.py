"""Module `api`: paths and routes."""

from __future__ import annotations

from typing import Final

from stackwarden.apis import rest_paths
from stackwarden.graph.stack import Stack
from stackwarden.language.builtins._record import Arguments, Function, Predicate
from stackwarden.language.types import STRING
from stackwarden.resolve.values import Value

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]


def _rest_path(stack: Stack, arguments: Arguments) -> Value:
    """The path of a REST API's resource, from the `ResourceId` of a method: `/`, `/orders/{id}`."""
    return rest_paths.path_of(stack, arguments[0])


BUILTINS: Final[tuple[Function | Predicate, ...]] = (
    Function("api.rest_path", (("resource_id", STRING),), STRING, _rest_path, _rest_path.__doc__ or ""),
)
COLLECTIONS: Final = ()
RECORDS: Final = ()
