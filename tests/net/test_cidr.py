"""Address ranges: the world, large parts of it, private ranges, and ranges that only the deployment knows."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.net.cidr import address_range, covers, is_private, is_wide, is_world, prefix_length
from stackwarden.resolve.values import Absent, AttributeHole, Known, ParameterHole, Plain, Text, Unknown

OPEN = ParameterHole("Parameters.Open")
VPC = Text((AttributeHole("Vpc", "CidrBlock"),))
FROM_VPC = Unknown("computed", mentions=(("Vpc", "Ipv6CidrBlocks"),))
SOMETHING = Unknown("an import")


@pytest.mark.parametrize(
    ("cidr", "world", "wide", "private"),
    [
        (Known("0.0.0.0/0"), True, True, False),
        (Known("::/0"), True, True, False),
        (Known("0000::/0"), True, True, False),
        (Known("128.0.0.0/1"), False, True, False),
        (Known("2000::/3"), False, True, False),
        (Known("fc00::/7"), False, False, True),
        (Known("10.0.0.0/8"), False, False, True),
        (Known("10.0.0.0/7"), False, True, False),
        (Known("172.31.0.0/16"), False, False, True),
        (Known("172.32.0.0/16"), False, False, False),
        (Known("192.168.1.1/32"), False, False, True),
        (Known("100.127.0.0/16"), False, False, True),
        (Known("203.0.113.0/24"), False, False, False),
        (Known("fd12::/48"), False, False, True),
        (Known("everyone"), False, False, False),
        (Text((OPEN,)), None, None, None),
        (Text((OPEN, "/32")), False, False, None),
        (Text((OPEN, "/0")), None, True, None),
        (Text(("10.", OPEN, ".0.0/16")), False, False, True),
        (Text(("10.1", OPEN, ".0.0/16")), False, False, True),
        (Text(("172.", OPEN, ".0.0/16")), False, False, None),
        (Text(("172.16.", OPEN, ".0/24")), False, False, True),
        (Text(("54.", OPEN, ".0.0/16")), False, False, False),
        (Text(("10.", OPEN, ".0.0/4")), False, True, None),
        (VPC, False, False, None),
        (FROM_VPC, False, False, None),
        (SOMETHING, None, None, None),
        (Absent(), False, False, False),
    ],
)
def test_kinds_of_ranges(cidr: Plain, world: bool | None, wide: bool | None, private: bool | None) -> None:
    assert is_world(cidr) is world
    assert is_wide(cidr) is wide
    assert is_private(cidr) is private


@pytest.mark.parametrize(
    ("cidr", "length"),
    [
        (Known("10.0.0.0/8"), 8),
        (Known("::/0"), 0),
        (Text((OPEN, "/32")), 32),
        (Text((OPEN, "/", OPEN)), None),
        (Text(("10.0.0.0/1", OPEN)), None),
        (Known("10.0.0.0"), None),
        (SOMETHING, None),
    ],
)
def test_prefix_length(cidr: Plain, length: int | None) -> None:
    assert prefix_length(cidr) == length


NETWORKS = st.builds(
    lambda address, length: f"{ipaddress.ip_address(address)}/{length}",
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)


@given(NETWORKS, NETWORKS)
def test_a_range_holds_another_as_the_standard_library_says(left: str, right: str) -> None:
    outer, inner = (ipaddress.IPv4Network(text, strict=False) for text in (left, right))
    assert covers(Known(left), Known(right)) is inner.subnet_of(outer)


def test_ranges_of_different_versions_hold_nothing_of_each_other() -> None:
    assert covers(Known("::/0"), Known("10.0.0.0/8")) is False
    assert covers(Known("0.0.0.0/0"), Text((OPEN,))) is None
    assert covers(VPC, VPC) is True
    assert covers(Absent(), Known("10.0.0.0/8")) is False


def test_what_is_no_range() -> None:
    assert address_range("10.0.0.0/33") is None
    assert address_range("sg-1") is None
