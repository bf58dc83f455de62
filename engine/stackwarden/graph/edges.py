"""What an edge of the graph is: two ends, a kind, and where it is there.

An end is a resource, something outside the template that a text names, or what the template does not determine. An edge
to the latter is never certain; it is kept as one edge, not as one to every resource that it might be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from stackwarden.graph.stack import Stack
from stackwarden.resolve.logic import Logic
from stackwarden.template.nodes import Node

__all__ = [
    "INTERNET",
    "KINDS",
    "WORKING",
    "Each",
    "Edge",
    "End",
    "Family",
    "Kind",
    "Outside",
    "Somewhere",
    "end_in_words",
]


class Kind(StrEnum):
    """The kinds of edges; the value is the word that rules use. An edge reads `source kind target`."""

    REFERS = "refers"
    DEPENDS_ON = "depends_on"
    PART_OF = "part_of"
    ENTERS = "enters"
    ROUTES_TO = "routes_to"
    INVOKES = "invokes"
    MAY_INVOKE = "may_invoke"
    AUTHORIZED_BY = "authorized_by"
    RUNS_AS = "runs_as"
    RUNS = "runs"
    HAS_POLICY = "has_policy"
    ALLOWS = "allows"
    ASSUMES = "assumes"
    IN_GROUP = "in_group"
    MAY_CONNECT = "may_connect"
    PLACED_IN = "placed_in"
    ATTACHED_TO = "attached_to"
    PROTECTS = "protects"
    LOGS_TO = "logs_to"
    ENCRYPTS_WITH = "encrypts_with"
    READS_SECRET = "reads_secret"


KINDS: Final = frozenset(kind.value for kind in Kind)
"""The words of all kinds."""

WORKING: Final = frozenset(Kind) - {Kind.REFERS, Kind.DEPENDS_ON}
"""The kinds that say how the deployment works, not how the template is written."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What the template does not have: the internet, an AWS service (`s3.amazonaws.com`), or what a text names."""

    what: Literal["internet", "service", "external"]
    name: str


@dataclass(frozen=True, slots=True)
class Somewhere:
    """A resource that the template does not determine: perhaps one of its own of these types (none: any)."""

    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Each:
    """Every resource of the template of these types (none: any): the end of a grant on `*`."""

    types: tuple[str, ...]


End = str | Outside | Somewhere | Each
"""A `str` is the logical id of a resource, its path in a nested stack."""

INTERNET: Final = Outside("internet", "internet")


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge, written in the resource `holder` at `path` (`Integration.Uri`) and `origin`.

    `claim` says where it is there, which both ends must be. `label` tells edges of a kind apart (the actions of a
    grant). `written` is false where even the property that makes the edge may not be there.
    """

    source: End
    target: End
    kind: Kind
    claim: Logic
    holder: str
    path: str
    origin: Node | None
    label: str = ""
    written: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """Edges that are made together: the kinds that they may have, and who makes them."""

    name: str
    kinds: frozenset[Kind]
    make: Callable[[Stack], Iterable[Edge]]


def end_in_words(end: End) -> str:
    """What an end of an edge is called."""
    match end:
        case str():
            return end
        case Outside():
            return end.name
        case Somewhere() | Each():
            return "…"
