"""How far templates hold to a standard, practice by practice, as numbers that can be watched over time.

A check is a rule and a subject that it applies to. A score is the share of checks that passed among those that passed
or failed, each weighted by its severity, from 0 to 100. A maybe counts for neither side, nor does a subject that
a rule does not apply to, and a waiver mends nothing. So a mended finding never lowers a score: its check passes, or is
no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from stackwarden.diagnostics import Severity
from stackwarden.run.finding import Finding, Outcomes, Report, RuleInfo, added
from stackwarden.run.standards import Practice, Requirement, Standard

__all__ = ["WEIGHTS", "Grade", "Graded", "GradedPractice", "GradedRequirement", "grade"]

WEIGHTS: Final[Mapping[Severity, int]] = {
    Severity.CRITICAL: 10,
    Severity.HIGH: 5,
    Severity.MEDIUM: 2,
    Severity.LOW: 1,
    Severity.INFO: 0,
}
"""What a check counts for: one that passed by the severity of its rule, one that failed by that of its finding."""


@dataclass(frozen=True, slots=True)
class Grade:
    """How checks came out and the score, with one decimal; None where nothing that counts was checked."""

    outcomes: Outcomes
    score: float | None


@dataclass(frozen=True, slots=True)
class GradedRequirement:
    """A requirement with the outcomes of each rule that checks it, and the findings of these rules.

    `hidden` counts the findings that are less severe than what the report shows.
    """

    requirement: Requirement
    rules: tuple[tuple[RuleInfo, Outcomes], ...]
    findings: tuple[Finding, ...]
    hidden: int
    grade: Grade


@dataclass(frozen=True, slots=True)
class GradedPractice:
    """A practice, its requirements and its grade, in which a rule counts once however many of them it checks."""

    practice: Practice
    requirements: tuple[GradedRequirement, ...]
    grade: Grade


@dataclass(frozen=True, slots=True)
class Graded:
    """A report by a standard. `outside` counts the findings of rules that check nothing of the standard."""

    standard: Standard
    practices: tuple[GradedPractice, ...]
    grade: Grade
    outside: int


def grade(standard: Standard, report: Report) -> Graded:
    """Grades a report that has `outcomes`."""
    outcomes = report.outcomes or {}
    findings: dict[str, list[Finding]] = {}
    for finding in report.shown():
        findings.setdefault(finding.rule.id, []).append(finding)
    minor = Counter(one.rule.id for one in report.findings if one.severity < report.min_severity)
    practices: list[GradedPractice] = []
    for practice in standard.practices:
        requirements: list[GradedRequirement] = []
        for requirement in practice.requirements:
            rules = [rule for rule in report.rules if requirement.is_checked_by(rule)]
            requirements.append(
                GradedRequirement(
                    requirement,
                    tuple((rule, outcomes.get(rule.id, Outcomes())) for rule in rules),
                    tuple(sorted((one for rule in rules for one in findings.get(rule.id, ())), key=_rank)),
                    sum(minor[rule.id] for rule in rules),
                    _grade(rules, outcomes),
                )
            )
        rules = [rule for rule in report.rules if practice.is_checked_by(rule)]
        practices.append(GradedPractice(practice, tuple(requirements), _grade(rules, outcomes)))
    chosen = [rule for rule in report.rules if standard.selects(rule)]
    inside = {rule.id for rule in chosen}
    outside = sum(len(listed) for name, listed in findings.items() if name not in inside)
    return Graded(standard, tuple(practices), _grade(chosen, outcomes), outside)


def _rank(finding: Finding) -> tuple[bool, bool, int]:
    """What counts and fails first, worst first; the order is otherwise that of the report."""
    return not finding.counts, finding.verdict == "maybe", -finding.severity


def _grade(rules: Iterable[RuleInfo], outcomes: Mapping[str, Outcomes]) -> Grade:
    counted = [(WEIGHTS[rule.severity], outcomes[rule.id]) for rule in rules if rule.id in outcomes]
    passed = sum(weight * one.passed for weight, one in counted)
    failed = sum(WEIGHTS[severity] * count for _, one in counted for severity, count in one.failures)
    total = added({"": one} for _, one in counted).get("", Outcomes())
    # rounded down, so that only what has no failure that counts gets 100
    score = passed * 1000 // (passed + failed) / 10 if passed + failed else None
    return Grade(total, score)
