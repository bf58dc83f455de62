"""`Fn::Cidr`: address blocks of one size, cut from a block one after the other.

The size is given as host bits: 8 of them make a /24 of IPv4, 64 of them a /64 of IPv6. Source: CloudFormation Template
Reference, *Fn::Cidr*.
"""

from __future__ import annotations

from ipaddress import ip_network
from itertools import islice, product
from typing import Final

from stackwarden.resolve.context import Context
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.questions import settle
from stackwarden.resolve.values import (
    AttributeHole,
    Item,
    Known,
    ListValue,
    MapValue,
    Plain,
    Text,
    Value,
    bind,
    fold_cases,
)
from stackwarden.template.nodes import Node, Sequence

__all__ = ["resolve"]

_MOST_BLOCKS: Final = 256
_MOST_CASES: Final = 256
"""Operands with more combinations of cases than this give a list that is not known."""


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::Cidr": [block, count, bits]}`; a list that is not known where one of them is not."""
    if not isinstance(argument, Sequence) or not 2 <= len(argument.items) <= 3:
        return context.malformed("Fn::Cidr", node, "expects an address block, a count and optionally the host bits")
    unknown = ListValue((), open=True, origin=node)
    if len(argument.items) == 2:  # which size that gives is not documented
        return unknown
    block, count, bits = (_settled(context.resolve(item), context) for item in argument.items)
    if any(isinstance(plain, ListValue | MapValue) for _, plain in (*block, *count, *bits)):
        return context.malformed("Fn::Cidr", node, "expects an address block, a count and the host bits")
    if len(block) * len(count) * len(bits) > _MOST_CASES:
        return unknown
    cases: list[tuple[Guard, Value]] = []
    for operands in product(block, count, bits):
        guard = TRUE
        for there, _ in operands:
            guard = guard & there
        if guard is not FALSE:
            texts = [plain.text for _, plain in operands if isinstance(plain, Known)]
            cases.append((guard, _blocks(*texts, node=node, context=context) if len(texts) == 3 else unknown))
    return fold_cases(cases)


def _settled(value: Value, context: Context) -> list[tuple[Guard, Plain]]:
    """The cases of an operand; the block of a VPC is what its properties say."""

    def spelled(plain: Plain) -> Value:
        match plain:
            case Text(parts=(AttributeHole() as hole,)):
                return context.domains.spelled(hole) or plain
            case _:
                return plain

    return settle(bind(value, spelled), context.domains)


def _blocks(block: str, count: str, bits: str, *, node: Node, context: Context) -> Value:
    try:
        network = ip_network(block)
    except ValueError:
        return ListValue((), open=True, origin=node)
    if not count.isdecimal() or not 1 <= int(count) <= _MOST_BLOCKS:
        return context.malformed("Fn::Cidr", node, f"expects a count from 1 to {_MOST_BLOCKS}, not `{count}`")
    if not bits.isdecimal() or int(bits) > network.max_prefixlen - network.prefixlen:
        return context.malformed("Fn::Cidr", node, f"cannot cut blocks with `{bits}` host bits from `{block}`")
    if network.num_addresses >> int(bits) < int(count):
        return context.malformed("Fn::Cidr", node, f"cannot cut {count} blocks with {bits} host bits from `{block}`")
    cut = islice(network.subnets(new_prefix=network.max_prefixlen - int(bits)), int(count))
    return ListValue(tuple(Item(Known(str(one), node)) for one in cut), origin=node)
