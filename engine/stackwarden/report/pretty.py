"""The report for people: grouped by rule, worst first, with the lines in question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stackwarden.run.finding import Report

__all__ = ["REPORTER", "Pretty"]


@dataclass(frozen=True, slots=True)
class Pretty:
    """Plain text, unless `colour` allows terminal escapes; `width` is in columns."""

    colour: bool = False
    width: int = 100
    name: str = "pretty"

    def render(self, report: Report) -> str:
        """Findings with code frames, then errors, notices, a summary and what to do next."""
        from stackwarden.report._listing import Listing  # brings in rich, which no other format needs

        return Listing(self.colour, self.width).render(report)


REPORTER: Final = Pretty()
