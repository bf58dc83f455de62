"""The relations that CloudFormation's properties make, one family a file."""

from __future__ import annotations

from typing import Final

from stackwarden.graph.edges import Family
from stackwarden.graph.relations import (
    apis,
    balancers,
    containers,
    distributions,
    entries,
    events,
    firewalls,
    functions,
    graphql,
    keys,
    logs,
    mentions,
    network,
    roles,
    users,
)

__all__ = ["FAMILIES"]

FAMILIES: Final[tuple[Family, ...]] = (
    mentions.FAMILY,
    entries.FAMILY,
    apis.FAMILY,
    graphql.FAMILY,
    users.FAMILY,
    functions.FAMILY,
    events.FAMILY,
    balancers.FAMILY,
    containers.FAMILY,
    distributions.FAMILY,
    firewalls.FAMILY,
    roles.FAMILY,
    network.FAMILY,
    logs.FAMILY,
    keys.FAMILY,
)
