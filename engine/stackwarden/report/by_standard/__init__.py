"""Reports by a standard: findings and passed checks by practice, with scores, as Markdown, HTML or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stackwarden.report._reporter import Reporter
from stackwarden.report.by_standard.html import HtmlByStandard
from stackwarden.report.by_standard.json import JsonByStandard
from stackwarden.report.by_standard.markdown import MarkdownByStandard
from stackwarden.run.standards import Standard

if TYPE_CHECKING:
    from stackwarden.report.drawing.exposures import Exposures

__all__ = ["FORMATS", "by_standard"]

FORMATS: Final = ("markdown", "html", "json")
"""The formats that a report by a standard has."""


def by_standard(format_: str, standard: Standard, exposures: Exposures | None = None) -> Reporter:
    """The format (one of `FORMATS`) of a report by a standard, with what the scan draws where it can show that."""
    match format_:
        case "json":
            return JsonByStandard(standard)
        case "html":
            return HtmlByStandard(standard, exposures=exposures)
        case _:
            return MarkdownByStandard(standard)
