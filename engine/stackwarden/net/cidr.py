"""Address ranges."""

from __future__ import annotations

import re
from typing import Final

from stackwarden.resolve.questions import can_equal
from stackwarden.resolve.values import Known, Plain, Text, Unknown

__all__ = ["is_world", "prefix_length"]

_CIDR: Final = re.compile(r"\s*[0-9A-Fa-f:.]+/(\d{1,3})\s*")
_WORLD: Final = ("0.0.0.0/0", "::/0")


def is_world(cidr: Plain) -> bool | None:
    """Whether an address range holds every address: any range with prefix length 0, IPv4 or IPv6."""
    match cidr:
        case Known():
            return prefix_length(cidr) == 0
        case Text():
            return None if any(can_equal(cidr, world) for world in _WORLD) else False
        case Unknown():
            return None
        case _:
            return False


def prefix_length(cidr: Plain) -> int | None:
    """The prefix length of a known address range; None where it is not known or no range."""
    found = _CIDR.fullmatch(cidr.text) if isinstance(cidr, Known) else None
    return int(found.group(1)) if found else None
