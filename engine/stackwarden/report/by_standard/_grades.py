"""Grades in words, the same in every format."""

from __future__ import annotations

from typing import Final

from stackwarden.report._text import plural
from stackwarden.run.finding import Outcomes, RuleInfo
from stackwarden.run.score import WEIGHTS, Grade, Graded, GradedRequirement

__all__ = ["COLUMNS", "FORMULA", "columns", "outside", "ran", "score", "told"]

COLUMNS: Final = ("passed", "failed", "maybe", "not applicable")

FORMULA: Final = (
    "A score is the share of checks that passed among those that passed or failed, weighted by severity "
    f"({', '.join(f'{severity.word} {weight}' for severity, weight in WEIGHTS.items())}). "
    "Waived findings count as failed, maybes not at all."
)


def columns(outcomes: Outcomes) -> tuple[int, ...]:
    """The numbers for `COLUMNS`."""
    return outcomes.passed, outcomes.failed, outcomes.maybe, outcomes.not_applicable


def score(grade: Grade) -> str:
    """A score with one decimal, or why there is none."""
    if grade.score is not None:
        return f"{grade.score:.1f}"
    return "no score" if grade.outcomes.passed or grade.outcomes.failed else "nothing to check"


def ran(one: GradedRequirement) -> list[tuple[RuleInfo, Outcomes]]:
    """The rules of a requirement that had something to look at."""
    return [(rule, outcomes) for rule, outcomes in one.rules if outcomes != Outcomes()]


def told(one: GradedRequirement) -> str:
    """How many checks of a requirement came out how."""
    looked = len(ran(one))
    idle = len(one.rules) - looked
    if not looked:
        return f"{plural(idle, 'rule')} found nothing to look at"
    made = one.grade.outcomes
    more = f"; {plural(one.hidden, 'finding')} of lower severity" if one.hidden else ""
    more += f"; {plural(idle, 'rule')} found nothing to look at" if idle else ""
    return f"{plural(looked, 'rule')}: {made.passed} passed, {made.failed} failed, {made.maybe} maybe{more}"


def outside(graded: Graded) -> str:
    """What of the report is not in it; empty for nothing."""
    if not graded.outside:
        return ""
    return f"{plural(graded.outside, 'finding')} of rules outside of this standard are not listed here."
