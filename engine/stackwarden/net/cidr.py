"""Address ranges.

Sources: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291 (ranges that the internet does not route); Amazon VPC User
Guide, *VPC CIDR blocks* (no VPC is larger than a /16, nor its IPv6 block than a /44).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_network
from typing import Final, Literal

from stackwarden.net.intervals import Intervals, intervals
from stackwarden.resolve.questions import can_equal
from stackwarden.resolve.values import AttributeHole, Known, Plain, Text, Unknown

__all__ = [
    "AddressRange",
    "address_range",
    "covers",
    "is_of_a_vpc",
    "is_private",
    "is_wide",
    "is_world",
    "prefix_length",
]

_CIDR: Final = re.compile(r"\s*[0-9A-Fa-f:.]+/(\d{1,3})\s*")
_END: Final = re.compile(r"/(\d{1,3})\s*$")
_WORLD: Final = ("0.0.0.0/0", "::/0")
_WIDE: Final = 8
"""A shorter prefix is more than 2^24 IPv4 addresses, which no single organisation has."""
_OF_A_VPC: Final = frozenset({"CidrBlock", "CidrBlockAssociations", "Ipv6CidrBlock", "Ipv6CidrBlocks"})


@dataclass(frozen=True, slots=True)
class AddressRange:
    """An IPv4 or IPv6 range; `addresses` are the addresses as numbers."""

    version: Literal[4, 6]
    addresses: Intervals


@lru_cache(maxsize=1024)
def address_range(text: str) -> AddressRange | None:
    """The range that a text such as `10.0.0.0/8` or `::/0` stands for, host bits ignored; None where it is none."""
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    first, last = int(network.network_address), int(network.broadcast_address)
    return AddressRange(network.version, intervals([(first, last)]))


_PRIVATE: Final = tuple(
    block
    for block in map(
        address_range,
        (
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10",
            "169.254.0.0/16",
            "127.0.0.0/8",
            "fc00::/7",
            "fe80::/10",
            "::1/128",
        ),
    )
    if block is not None
)


def is_world(cidr: Plain) -> bool | None:
    """Whether an address range holds every address: any range with prefix length 0, IPv4 or IPv6."""
    match cidr:
        case Known():
            return prefix_length(cidr) == 0
        case Text():
            return None if not is_of_a_vpc(cidr) and any(can_equal(cidr, world) for world in _WORLD) else False
        case Unknown():
            return False if is_of_a_vpc(cidr) else None
        case _:
            return False


def is_wide(cidr: Plain) -> bool | None:
    """Whether an address range is a large part of the internet: a prefix shorter than 8, but not `fc00::/7`."""
    if is_of_a_vpc(cidr):
        return False
    length = prefix_length(cidr)
    if length is not None:
        return length < _WIDE and is_private(cidr) is not True
    return None if isinstance(cidr, Text | Unknown) else False


def is_private(cidr: Plain) -> bool | None:
    """Whether the internet routes no address of a range: private, shared, link-local and loopback addresses."""
    match cidr:
        case Known():
            found = address_range(cidr.text)
            return found is not None and any(_holds(block, found) for block in _PRIVATE)
        case Text():
            around = _surrounding(cidr)
            if around is None:
                return None
            if any(_holds(block, around) for block in _PRIVATE):
                return True
            return None if any(_meets(block, around) for block in _PRIVATE) else False
        case Unknown():
            return None
        case _:
            return False


def covers(outer: Plain, inner: Plain) -> bool | None:
    """Whether an address range holds every address of another one."""
    if isinstance(outer, Known) and isinstance(inner, Known):
        wide, narrow = address_range(outer.text), address_range(inner.text)
        return wide is not None and narrow is not None and _holds(wide, narrow)
    if isinstance(outer, Text) and outer == inner:
        return True
    return None if isinstance(outer, Known | Text | Unknown) and isinstance(inner, Known | Text | Unknown) else False


def prefix_length(cidr: Plain) -> int | None:
    """The prefix length of an address range; None where it is not known or no range."""
    match cidr:
        case Known():
            found = _CIDR.fullmatch(cidr.text)
        case Text(parts=(*_, str() as end)):
            found = _END.search(end)
        case _:
            return None
    return int(found.group(1)) if found else None


def is_of_a_vpc(cidr: Plain) -> bool:
    """Whether a value is a range of a VPC or subnet, or computed from one (`Fn::Cidr`)."""
    match cidr:
        case Text(parts=(AttributeHole() as hole,)):
            return hole.attribute in _OF_A_VPC
        case Unknown():
            return bool(cidr.mentions) and all(attribute in _OF_A_VPC for _, attribute in cidr.mentions)
        case _:
            return False


def _holds(outer: AddressRange, inner: AddressRange) -> bool:
    return outer.version == inner.version and outer.addresses.covers(inner.addresses)


def _meets(left: AddressRange, right: AddressRange) -> bool:
    return left.version == right.version and left.addresses.meets(right.addresses)


def _surrounding(cidr: Text) -> AddressRange | None:
    """The smallest range of whole octets that a text such as `10.1.${Third}.0/24` lies in; None where none is known."""
    start, length = cidr.parts[0], prefix_length(cidr)
    if not isinstance(start, str) or length is None:
        return None
    octets = start.split(".")[:-1]
    known = min(8 * len(octets), length)
    return address_range(".".join([*octets, *["0"] * (4 - len(octets))]) + f"/{known}") if octets else None
