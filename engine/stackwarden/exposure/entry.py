"""A way in, from the internet to where code handles what comes in."""

from __future__ import annotations

from dataclasses import dataclass

from stackwarden.exposure.walk import Reached
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.values import Record, ResourceValue, Value

__all__ = ["Entry"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A way in. `name` says what callers use (`GET /orders`), `source` is the API, machine, bucket, … that has it.

    `claim` is where anyone can use it, `hop` says why, and `code` is what handles what comes in.
    """

    kind: Value
    name: str
    source: ResourceValue
    claim: Logic
    hop: Record
    code: tuple[Reached, ...]
    endpoint: Record | None = None
    route: Record | None = None
