"""Whether the resource policy of a REST API closes it to the internet.

Source: API Gateway Developer Guide, *Control access to a REST API with API Gateway resource policies*; IAM User Guide,
*AWS global condition context keys*.
"""

from __future__ import annotations

from typing import Final

from stackwarden.apis.reading import elements, is_among
from stackwarden.graph.stack import Stack
from stackwarden.iam.conditions import condition_values, is_limited_by
from stackwarden.iam.document import statements
from stackwarden.net.cidr import is_wide, is_world
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import NO, YES, Logic, both, decided, either, negate, under
from stackwarden.resolve.questions import ask
from stackwarden.resolve.values import Plain, Record, Value

__all__ = ["is_closed"]

_KEYS: Final = (
    "aws:SourceVpce",
    "aws:SourceVpc",
    "aws:VpcSourceIp",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:SourceAccount",
    "aws:SourceArn",
)


def is_closed(stack: Stack, policy: Value) -> Logic:
    """Where a policy admits only some callers: by networks, VPCs, accounts or organisations.

    It does where a statement denies everybody else, or where every statement that allows has such a limit.
    """
    found, unknown = elements(statements(policy))
    denies, allows, every = NO, NO, YES
    for guard, statement in found:
        if not isinstance(statement, Record):
            unknown = unknown | guard
            continue
        effect = statement.get("effect")
        deny = under(guard, is_among(stack, effect, "Deny"))
        denies = either(denies, both(deny, _denies_others(stack, statement)))
        allow = under(guard, is_among(stack, effect, "Allow"))
        allows = either(allows, allow)
        every = both(every, either(negate(allow), _is_limited(stack, statement)))
    closed = either(denies, both(allows, every))
    return decided(closed.true & ~unknown, closed.false & ~unknown) if unknown is not FALSE else closed


def _is_limited(stack: Stack, statement: Record) -> Logic:
    """Where an allowing statement is for some callers only."""
    outcome = negate(_is_for_everybody(stack, statement))
    for key in _KEYS:
        outcome = either(outcome, is_limited_by(stack, statement, key))
    return either(outcome, _are_fixed_networks(stack, statement, "IpAddress"))


def _is_for_everybody(stack: Stack, statement: Record) -> Logic:
    """Where anybody is among the principals of a statement."""
    found, unknown = elements(statement.get("principals"))
    outcome = NO
    for guard, principal in found:
        outcome = either(outcome, under(guard, is_among(stack, principal, "*")))
    others, hidden = elements(statement.get("not_principals"))
    excepted: Guard = FALSE
    for guard, _ in others:
        excepted = excepted | guard
    outcome = either(outcome, decided(excepted, ~excepted))
    return decided(outcome.true, outcome.false & ~unknown & ~hidden)


def _denies_others(stack: Stack, statement: Record) -> Logic:
    """Where a denying statement is for all but some networks, VPCs, accounts or organisations."""
    outcome = _are_fixed_networks(stack, statement, "NotIpAddress*")
    for key in _KEYS:
        for operator in ("StringNot*", "ArnNot*"):
            found, unknown = elements(condition_values(statement, operator, key))
            there: Guard = FALSE
            for guard, _ in found:
                there = there | guard
            outcome = either(outcome, decided(there, ~there & ~unknown))
    return outcome


def _are_fixed_networks(stack: Stack, statement: Record, operator: str) -> Logic:
    """Where a statement compares the caller's address with ranges that are no large part of the internet."""
    found, unknown = elements(condition_values(statement, operator, "aws:SourceIp"))
    there: Guard = FALSE
    wide = NO
    for guard, cidr in found:
        there = there | guard
        wide = either(wide, under(guard, ask(cidr, _is_wide, stack.domains)))
    claim = both(decided(there, ~there), negate(wide))
    return decided(claim.true & ~unknown, claim.false & ~unknown)


def _is_wide(cidr: Plain) -> bool | None:
    answers = (is_world(cidr), is_wide(cidr))
    return True if True in answers else None if None in answers else False
