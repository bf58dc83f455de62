"""The `Rules` section: which assignments of parameters CloudFormation refuses to deploy.

Source: CloudFormation User Guide, *Rules*; Template Reference, *Rule-specific intrinsic functions*.
"""

from __future__ import annotations

from collections.abc import Iterator

from stackwarden.resolve.conditions import Conditions
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping, Sequence

__all__ = ["deployable"]


def deployable(template: Template, conditions: Conditions) -> Guard:
    """The guard of the assignments that every rule's assertions accept.

    Where no assignment is accepted, the rules contradict each other; then they restrict nothing.
    """
    rules = template.root.get("Rules")
    if not isinstance(rules, Mapping):
        return TRUE
    accepted: Guard = TRUE
    for rule in rules:
        if isinstance(rule.value, Mapping):
            accepted = accepted & _accepted(rule.value, conditions)
    return TRUE if accepted is FALSE else accepted


def _accepted(rule: Mapping, conditions: Conditions) -> Guard:
    applies = rule.get("RuleCondition")
    guard = TRUE if applies is None else conditions.evaluate(applies)
    accepted = TRUE
    for assertion in _assertions(rule):
        claim = assertion.get("Assert")
        if claim is not None:
            accepted = accepted & conditions.evaluate(claim)
    return ~guard | accepted


def _assertions(rule: Mapping) -> Iterator[Mapping]:
    assertions = rule.get("Assertions")
    if isinstance(assertions, Sequence):
        yield from (item for item in assertions.items if isinstance(item, Mapping))
