"""Rules of AWS Config for the rules of a session.

A rule of AWS Config has one verdict on a resource, and one remediation. So what can be put right gets a rule of its
own for each resource type; everything else is told together, by pack.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from stackwarden.integrations.aws_config.shapes import config_type
from stackwarden.integrations.aws_remediation.actions import Action
from stackwarden.integrations.aws_remediation.chosen import chosen_actions
from stackwarden.run.evaluate import is_composite
from stackwarden.run.session import Session
from stackwarden.schema.registry import Registry

__all__ = ["Check", "Selected", "select_checks"]

_MOST_TYPES: Final = 100
"""Resource types in the scope of a rule, by the API reference of `Scope`."""


@dataclass(frozen=True, slots=True)
class Check:
    """A rule of AWS Config: its name, the resource types by rule, and the actions that put right what it finds."""

    name: str
    title: str
    types: Mapping[str, tuple[str, ...]]
    actions: tuple[Action, ...] = field(default=(), repr=False)

    @property
    def scope(self) -> tuple[str, ...]:
        """Every resource type that the check is about."""
        return tuple(sorted({one for types in self.types.values() for one in types}))


@dataclass(frozen=True, slots=True)
class Selected:
    """The checks of a session, in order. `by_hand` are actions for types that AWS Config does not record, by rule.

    `left_out` are rules that no configuration item can decide, each with the reason.
    """

    checks: tuple[Check, ...]
    by_hand: Mapping[str, tuple[Action, ...]]
    left_out: Mapping[str, str]


def select_checks(session: Session, *, remediation: bool) -> Selected:
    """The checks for the rules of a session; with `remediation`, what can be put right has checks of its own."""
    registry = Registry()
    own: list[Check] = []
    packs: dict[str, dict[str, tuple[str, ...]]] = {}
    by_hand: dict[str, tuple[Action, ...]] = {}
    left_out: dict[str, str] = {}
    for info in session.rules:
        check = session.find(info.id)
        assert check is not None  # the session's own
        actions = {
            one: tuple(chosen.action for chosen in chosen_actions(check, one, registry)) if remediation else ()
            for one in info.resources
        }
        recorded = sorted({config_type(one) for one in info.resources} & _recorded())
        others = [one for kind, one in actions.items() if one and kind not in _recorded()]
        if others:
            by_hand[info.id] = tuple(action for one in others for action in one)
        if is_composite(check.rule):
            left_out[info.id] = "no single resource decides about whole paths"
        elif not recorded:
            left_out[info.id] = "AWS Config records none of their resource types"
        else:
            fixed = [one for one in recorded if actions.get(one)]
            own.extend(
                Check(
                    info.id if len(fixed) == 1 else f"{info.id}-{_tail(one)}",
                    info.title,
                    {info.id: (one,)},
                    actions[one],
                )
                for one in fixed
            )
            rest = tuple(one for one in recorded if one not in fixed)
            if rest:
                packs.setdefault(info.pack, {})[info.id] = rest
    return Selected((*_of_packs(packs), *own), by_hand, left_out)


def _of_packs(packs: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Iterable[Check]:
    """One check for each pack, or several where it is about too many types."""
    for pack, rules in sorted(packs.items()):
        types = sorted({one for kinds in rules.values() for one in kinds})
        parts = [types[start : start + _MOST_TYPES] for start in range(0, len(types), _MOST_TYPES)]
        for number, part in enumerate(parts):
            inside = {rule: tuple(one for one in kinds if one in part) for rule, kinds in rules.items()}
            name = pack if len(parts) == 1 else f"{pack}-{number + 1}"
            title = f"Rules of the pack {pack}"
            yield Check(name, title, {rule: kinds for rule, kinds in inside.items() if kinds})


def _tail(resource_type: str) -> str:
    return "-".join(resource_type.split("::")[1:]).lower()


@cache
def _recorded() -> frozenset[str]:
    """The types that AWS Config records, as its API lists them."""
    from botocore.session import get_session

    return frozenset(get_session().get_service_model("config").shape_for("ResourceType").enum)
