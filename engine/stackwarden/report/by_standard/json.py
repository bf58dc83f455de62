"""A report by a standard as JSON: the JSON report with the standard's scores added."""

from __future__ import annotations

from dataclasses import dataclass

from stackwarden.report import json
from stackwarden.report.json import Object, dump
from stackwarden.run.finding import Outcomes, Report
from stackwarden.run.score import Grade, Graded, grade
from stackwarden.run.standards import Standard

__all__ = ["JsonByStandard"]


@dataclass(frozen=True, slots=True)
class JsonByStandard:
    """The JSON report with `score` and `by`."""

    standard: Standard
    name: str = "json"

    def render(self, report: Report) -> str:
        """The text. `report` has outcomes."""
        graded = grade(self.standard, report)
        data = json.as_data(report)
        return dump({**data, "score": graded.grade.score, "by": _as_data(graded)})


def _as_data(graded: Graded) -> Object:
    standard = graded.standard
    return {
        "standard": standard.name,
        "title": standard.title,
        "edition": standard.version,
        **_numbers(graded.grade),
        "outside": graded.outside,
        "practices": [
            {
                "title": practice.practice.title,
                **_numbers(practice.grade),
                "requirements": [
                    {
                        "id": one.requirement.id,
                        "title": one.requirement.title,
                        **_numbers(one.grade),
                        "unseen": one.requirement.unseen or None,
                        "rules": {rule.id: _counts(outcomes) for rule, outcomes in one.rules},
                        "findings": [finding.fingerprint for finding in one.findings],
                    }
                    for one in practice.requirements
                ],
            }
            for practice in graded.practices
        ],
    }


def _numbers(made: Grade) -> Object:
    return {"score": made.score, **_counts(made.outcomes)}


def _counts(outcomes: Outcomes) -> dict[str, int]:
    return {
        "passed": outcomes.passed,
        "failed": outcomes.failed,
        "maybe": outcomes.maybe,
        "not_applicable": outcomes.not_applicable,
    }
