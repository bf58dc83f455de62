"""What a scan's exit code says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stackwarden.diagnostics import Severity

if TYPE_CHECKING:
    from stackwarden.run.finding import Report

__all__ = ["CLEAN", "FINDINGS", "INCOMPLETE", "WRONG_CALL", "exit_code", "thresholds"]

CLEAN: Final = 0
FINDINGS: Final = 1
WRONG_CALL: Final = 2  # or a wrong configuration or policy
INCOMPLETE: Final = 3


def exit_code(report: Report, fail_on: Severity, *, fail_on_maybe: bool) -> int:
    """3 where a template was not read in full, whatever was found in others; else 1 for findings at `fail_on` or above.

    Incompleteness wins over findings, as a caller that acts on 1 (a comment, a ticket) may trust the list to be whole.
    """
    if any(error.fatal for error in report.errors):
        return INCOMPLETE
    for finding in report.findings:
        counts = finding.verdict == "fail" or fail_on_maybe
        if counts and finding.counts and finding.severity >= fail_on:
            return FINDINGS
    return CLEAN


def thresholds(fail_on: Severity | None, min_severity: Severity | None) -> tuple[Severity, Severity]:
    """`fail_on` and `min_severity` with their defaults, so that what makes a scan fail is also shown.

    Without `fail_on`, what is hidden does not fail; without `min_severity`, what fails is not hidden.
    """
    shown = Severity.LOW if min_severity is None else min_severity
    if fail_on is None:
        return max(Severity.MEDIUM, shown), shown
    return fail_on, min(shown, fail_on) if min_severity is None else shown
