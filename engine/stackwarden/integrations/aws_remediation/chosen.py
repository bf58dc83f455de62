"""Which actions answer a rule for a resource type."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stackwarden.integrations.aws_remediation.actions import ACTIONS, Action
from stackwarden.run.declared import Declared, declared_fixes
from stackwarden.run.evaluate import Check
from stackwarden.schema.registry import Registry
from stackwarden.template.edit import Content

__all__ = ["Chosen", "chosen_actions", "remediable_types"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """An action and the values of the properties that it is to write."""

    action: Action
    values: dict[str, Content]


def chosen_actions(check: Check, resource_type: str, registry: Registry) -> tuple[Chosen, ...]:
    """The actions that make all of a rule's fixes for a type; none where one of them has no action."""
    for action in ACTIONS:
        if action.resource_type == resource_type and check.info.id in action.rules:
            return (Chosen(action, {}),)
    if not check.rule.fixes:
        return ()
    chosen: dict[int, Chosen] = {}
    for fix in declared_fixes(check, resource_type, registry):
        name = _name(fix)
        found = _action(resource_type, name)
        if found is None or fix.value is None:
            return ()
        chosen.setdefault(id(found), Chosen(found, {})).values[name] = fix.value
    return tuple(chosen.values())


def remediable_types(check: Check, types: Iterable[str], registry: Registry) -> tuple[str, ...]:
    """Those of some resource types for which a rule has actions."""
    return tuple(one for one in types if chosen_actions(check, one, registry))


def _name(fix: Declared) -> str:
    """A fix as the tables of actions call it; nothing is called what removes."""
    path = ".".join(map(str, fix.path))
    return {"set": path, "append": f"{path}+", "remove": ""}[fix.action]


def _action(resource_type: str, name: str) -> Action | None:
    for action in ACTIONS:
        if action.resource_type == resource_type and name in action.properties:
            return action
    return None
