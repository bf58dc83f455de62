"""Ways from the internet to code, and the paths that lead on from there to what the role of the code may do.

A way is a pair of what is reached (an API, a machine, a bucket) and the code that handles it. Of several routes between
the two only so many are kept as differ in when they are open, as all lead to the same powers; a way lists at most
`MOST_PATHS` paths, the worst first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from stackwarden.apis.endpoints import ENDPOINT_SOURCES
from stackwarden.apis.reading import Later
from stackwarden.exposure.entry import Entry
from stackwarden.exposure.hops import hop
from stackwarden.exposure.machines import MACHINES, open_machines
from stackwarden.exposure.powers import Power, powers_of
from stackwarden.exposure.routes import open_routes
from stackwarden.exposure.senders import SENDERS, open_senders
from stackwarden.exposure.walk import Reached, roles_of
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.values import Absent, Item, Known, ListValue, Record, ResourceValue, Value, fold_cases

__all__ = ["MOST_PATHS", "PATH", "WAY", "WAY_SOURCES", "ways"]

WAY: Final = "exposure.Way"
PATH: Final = "exposure.Path"
WAY_SOURCES: Final = tuple(dict.fromkeys((*ENDPOINT_SOURCES, *MACHINES, *SENDERS)))
"""The resource types that ways start from."""

MOST_PATHS: Final = 32


@dataclass(slots=True)
class _Way:
    """A way while it is collected: how one gets in, and where; `perhaps` is where that is not decided."""

    entry: Entry
    code: ResourceValue
    entered: list[tuple[Entry, Reached, Guard]] = field(default_factory=list)
    there: Guard = FALSE
    perhaps: Guard = FALSE


def ways(stack: Stack) -> ListValue:
    """Every way from the internet to code that nobody has to sign in for, as an `exposure.Way` record."""
    return stack.once("exposure.ways", lambda: ListValue(tuple(_ways(stack))))


def _ways(stack: Stack) -> Iterator[Item]:
    found: dict[tuple[str, str], _Way] = {}
    for entry in (*open_routes(stack), *open_machines(stack), *open_senders(stack)):
        for reached in entry.code:
            key = (entry.source.resource.logical_id, reached.resource.resource.logical_id)
            way = found.setdefault(key, _Way(entry, reached.resource))
            guard = entry.claim.true & reached.guard & reached.resource.guard
            fresh = guard & ~way.there
            if fresh is not FALSE:
                way.entered.append((entry, reached, fresh))
                way.there = way.there | guard
            way.perhaps = way.perhaps | (entry.claim.unknown & reached.guard & reached.resource.guard)
    for way in found.values():
        there = way.there | way.perhaps
        if there is not FALSE:
            yield Item(_record(stack, way), there)


def _record(stack: Stack, way: _Way) -> Record:
    entry = way.entry
    fields: dict[str, Value] = {
        "name": Known(f"{entry.source.resource.logical_id} → {way.code.resource.logical_id}"),
        "kind": entry.kind,
        "source": entry.source,
        "code": way.code,
        "endpoint": entry.endpoint or Absent(way.code.origin),
    }
    return Record(WAY, Later(fields, paths=partial(_paths, stack, way)), way.code, way.code.origin)


def _paths(stack: Stack, way: _Way) -> Value:
    """The paths of a way; open where it is not known who gets in or what the role may do."""
    roles = roles_of(stack, way.code)
    unknown: Guard = roles.elsewhere
    items: list[tuple[int, Item]] = []
    for role in roles.found:
        powers = powers_of(stack, role.resource)
        unknown = unknown | (role.guard & powers.unknown)
        for rank, power in enumerate(powers.found):
            allowed = role.guard & power.claim.true
            if allowed is FALSE:
                continue
            unknown = unknown | (way.perhaps & ~way.there & allowed)
            for entry, reached, guard in way.entered:
                there = guard & allowed
                if there is not FALSE:
                    items.append((rank, Item(_path(entry, reached, role, power), there)))
    items.sort(key=lambda one: one[0])
    if len(items) > MOST_PATHS:
        unknown = TRUE
    listed = tuple(item for _, item in items[:MOST_PATHS])
    origin = way.code.origin
    return fold_cases(
        ((unknown, ListValue(listed, open=True, origin=origin)), (~unknown, ListValue(listed, origin=origin)))
    )


def _path(entry: Entry, reached: Reached, role: Reached, power: Power) -> Record:
    role_id = role.resource.resource.logical_id
    holder = power.statement.resource
    target = power.target if isinstance(power.target, ResourceValue) else None
    last = hop(f"{role_id} may {power.what}", holder, power.statement.origin, role.resource, holder, target)
    hops = (entry.hop, *reached.hops, *role.hops, last)
    stations = [entry.source.resource.logical_id, reached.resource.resource.logical_id, role_id]
    name = " → ".join(dict.fromkeys(("internet", entry.name, *stations[1:], power.what)))
    fields: dict[str, Value] = {
        "name": Known(name),
        "level": Known(power.level),
        "is_wide": Known(power.is_wide),
        "actions": ListValue(tuple(Item(Known(action)) for action in power.actions)),
        "target": power.target,
        "role": role.resource,
        "route": entry.route or Absent(entry.source.origin),
        "statement": power.statement,
        "hops": ListValue(tuple(Item(step) for step in hops)),
    }
    return Record(PATH, fields, entry.hop.resource, entry.hop.origin)
