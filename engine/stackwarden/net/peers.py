"""Who stands at the other end of a rule: the whole internet, or only the inside.

Source: Amazon VPC User Guide, *Security group rules* and *Managed prefix lists*.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stackwarden.graph.references import refers
from stackwarden.graph.stack import Stack
from stackwarden.net.cidr import AddressRange, address_range, is_of_a_vpc, is_private, is_world, prefix_length
from stackwarden.net.intervals import EMPTY, Intervals, intervals
from stackwarden.net.ports import covers_rule
from stackwarden.net.reading import elements, is_same_id, of_rules, property_of, resources_named
from stackwarden.net.security_groups import egress_rules, ingress_rules
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic, both, decided, either, negate, under
from stackwarden.resolve.questions import ask, ask_both, settle
from stackwarden.resolve.reading import is_present, read
from stackwarden.resolve.values import (
    Known,
    Plain,
    Record,
    ResourceValue,
    Value,
    cases_of,
)

__all__ = ["is_internal", "is_open_to_world", "is_same_group"]

_PREFIX_LIST: Final = "AWS::EC2::PrefixList"
_BROAD: Final = 8
"""A range with a longer prefix is not added up: more than 256 of them make up the internet."""
_MOST_SUMS: Final = 256
"""So many combinations of conditional ranges are added up at most; what is beyond is left out."""
_ALL_ADDRESSES: Final = {4: intervals([(0, 2**32 - 1)]), 6: intervals([(0, 2**128 - 1)])}


def is_open_to_world(stack: Stack, rule: Value) -> Logic:
    """Where the whole internet is a rule's other end: by its range, a prefix list, or with others of its group."""
    return of_rules(rule, lambda record: _is_open(stack, record))


def is_internal(stack: Stack, rule: Value) -> Logic:
    """Where a rule's other end is inside: a group, or a range or prefix list of private addresses or of a VPC."""
    return of_rules(rule, lambda record: _is_internal(stack, record))


def is_same_group(stack: Stack, left: Value, right: Value) -> Logic:
    """Where two rules belong to the same security group, or two entries to the same network ACL."""
    return of_rules(left, lambda mine: of_rules(right, lambda other: _same_group(stack, mine, other)))


def _same_group(stack: Stack, left: Record, right: Record) -> Logic:
    mine, other = left.get("group"), right.get("group")
    if isinstance(mine, ResourceValue):
        return refers(stack, other, mine)
    if isinstance(other, ResourceValue):
        return refers(stack, mine, other)
    return ask_both(mine, other, is_same_id, stack.domains)


def _is_open(stack: Stack, rule: Record) -> Logic:
    alone = ask(rule.get("cidr"), is_world, stack.domains)
    listed, _ = _of_lists(stack, rule, lambda entries: _some_world(stack, entries))
    claim = either(alone, listed)
    if claim is YES or not any(_broad(plain) for _, plain in settle(rule.get("cidr"), stack.domains)):
        return claim
    together = _together(stack, rule)
    return decided(claim.true | together, claim.false & ~together)


def _is_internal(stack: Stack, rule: Record) -> Logic:
    ranged = ask(rule.get("cidr"), _is_inside, stack.domains)
    grouped = ask(rule.get("peer_group"), is_present, stack.domains)
    listed, known = _of_lists(stack, rule, lambda entries: _all_inside(stack, entries))
    is_list = ask(rule.get("prefix_list"), is_present, stack.domains)
    elsewhere = both(both(is_list, negate(known)), MAYBE)
    return either(either(ranged, grouped), either(listed, elsewhere))


def _is_inside(cidr: Plain) -> bool | None:
    return True if is_of_a_vpc(cidr) else is_private(cidr)


def _of_lists(stack: Stack, rule: Record, claim: Callable[[Value], Logic]) -> tuple[Logic, Logic]:
    """A claim about the entries of the template's prefix lists that a rule names, and where it names one of them."""
    outcome, known = NO, NO
    for resource, named in resources_named(stack, rule.get("prefix_list"), (_PREFIX_LIST,)):
        known = either(known, named)
        outcome = either(outcome, both(named, claim(property_of(resource, "Entries"))))
    return outcome, known


def _some_world(stack: Stack, entries: Value) -> Logic:
    outcome = NO
    for guard, entry in elements(entries):
        claim = MAYBE if entry is None else ask(read(entry, "Cidr"), is_world, stack.domains)
        outcome = either(outcome, under(guard, claim))
    return outcome


def _all_inside(stack: Stack, entries: Value) -> Logic:
    outcome = YES
    for guard, entry in elements(entries):
        claim = MAYBE if entry is None else ask(read(entry, "Cidr"), _is_inside, stack.domains)
        outcome = both(outcome, either(claim, decided(~guard, guard)))
    return outcome


def _together(stack: Stack, rule: Record) -> Guard:
    """Where a rule and others of its group, which let the same traffic pass, leave out no address."""
    direction = rule.get("direction")
    rules = egress_rules(stack) if isinstance(direction, Known) and direction.text == "egress" else ingress_rules(stack)
    sums = [(guard, found, EMPTY) for guard, found in _ranges(stack, rule)]
    for item in rules.items:
        for case, other in cases_of(item.value):
            if not isinstance(other, Record) or other is rule:
                continue
            alike = both(_same_group(stack, rule, other), covers_rule(stack, other, rule))
            beside = [(case & item.guard & alike.true & guard, found) for guard, found in _ranges(stack, other)]
            sums = _added(sums, [(guard, found) for guard, found in beside if guard is not FALSE])
    true = FALSE
    for guard, own, more in sums:
        if (own.addresses | more).covers(_ALL_ADDRESSES[own.version]):
            true = true | guard
    return true


def _added(
    sums: list[tuple[Guard, AddressRange, Intervals]], ranges: list[tuple[Guard, AddressRange]]
) -> list[tuple[Guard, AddressRange, Intervals]]:
    more = list(sums)
    for guard, found in ranges:
        for under_sum, own, others in sums:
            joint = guard & under_sum
            if joint is not FALSE and own.version == found.version and len(more) < _MOST_SUMS:
                more.append((joint, own, others | found.addresses))
    return [one for one in more if not any(_is_weaker(one, other) for other in more)]


def _is_weaker(one: tuple[Guard, AddressRange, Intervals], other: tuple[Guard, AddressRange, Intervals]) -> bool:
    """Whether a sum holds nowhere that the other does not, and the other has more addresses."""
    return one[1] == other[1] and one[2] != other[2] and other[2].covers(one[2]) and one[0].implies(other[0])


def _ranges(stack: Stack, rule: Record) -> list[tuple[Guard, AddressRange]]:
    found: list[tuple[Guard, AddressRange]] = []
    for guard, plain in settle(rule.get("cidr"), stack.domains):
        block = address_range(plain.text) if isinstance(plain, Known) and _broad(plain) else None
        if block is not None:
            found.append((guard, block))
    return found


def _broad(cidr: Plain) -> bool:
    length = prefix_length(cidr)
    return isinstance(cidr, Known) and length is not None and 0 < length <= _BROAD
