"""Module `exposure`: ways from the internet to code that nobody has to sign in for, and what the code may do."""

from __future__ import annotations

from typing import Final

from stackwarden.exposure import hops, ways
from stackwarden.exposure.stores import LEVELS
from stackwarden.language.builtins._record import Collection, Function, Predicate, RecordKind
from stackwarden.language.types import ANY, BOOLEAN, STRING, STRINGS, ListType, RecordType, ResourceType, StringType

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]

_WAY: Final = RecordType(ways.WAY)
_RESOURCE: Final = ResourceType(())
_KINDS: Final = StringType(
    frozenset(
        {
            "app-runner",
            "bucket",
            "distribution",
            "event-bus",
            "events",
            "function",
            "function-url",
            "graphql",
            "http",
            "instance",
            "load-balancer",
            "queue",
            "rest",
            "topic",
            "websocket",
        }
    )
)

BUILTINS: Final[tuple[Function | Predicate, ...]] = ()

COLLECTIONS: Final = (
    Collection(
        "exposure.ways",
        _WAY,
        ways.ways,
        ways.WAY_SOURCES,
        "Ways from the internet to code that nobody has to sign in for: open routes of public APIs, function URLs and "
        "load balancers, machines that the world reaches, and what everyone may send events to.",
    ),
)

RECORDS: Final = (
    RecordKind(
        ways.WAY,
        (
            ("name", STRING),
            ("kind", _KINDS),
            ("source", _RESOURCE),
            ("code", _RESOURCE),
            ("endpoint", RecordType("api.Endpoint")),
            ("paths", ListType(RecordType(ways.PATH))),
        ),
        "A way in: what is reached (`source`: an API, a machine, a bucket, …) and the `code` that handles what comes in"
        " (a function, an instance, a task). `paths` are what the role of the code makes of it, at most 32, the worst"
        " first. `endpoint` is absent for what is no endpoint of an API.",
    ),
    RecordKind(
        ways.PATH,
        (
            ("name", STRING),
            ("level", StringType(frozenset(LEVELS))),
            ("is_wide", BOOLEAN),
            ("actions", STRINGS),
            ("target", ANY),
            ("role", _RESOURCE),
            ("route", RecordType("api.Route")),
            ("statement", RecordType("iam.Statement")),
            ("hops", ListType(RecordType(hops.HOP))),
        ),
        "A path from the internet to what a role may do. `level` is `admin`, `escalate` (more permissions than it was"
        " given), `administer` (delete or open a store of data), `write`, `send` (messages) or `read` (all stores of a"
        " kind); `is_wide`: on every resource of the kind; `target`: a resource, or a text that names it.",
    ),
    RecordKind(
        hops.HOP,
        (("name", STRING), ("resources", ListType(_RESOURCE))),
        "A step of a path, for `along`: what it says, at its place, and the resources that it passes.",
    ),
)
