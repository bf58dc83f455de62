"""Which findings are known and accepted, and what is wrong with the waivers that say so.

A waiver stands in a comment, in the `Metadata` of a resource or in the configuration. It needs a reason; past its
last day it counts no more and is told of. Nothing here reads a clock: the caller passes today's date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal

from stackwarden import config
from stackwarden.diagnostics import Diagnostic
from stackwarden.run._marks import Mark, Target, marks_of
from stackwarden.run.finding import FileError, Finding, Waived
from stackwarden.template.model import Template

__all__ = ["ExpiredWaiver", "apply_waivers", "expired_waivers"]


@dataclass(frozen=True, slots=True)
class ExpiredWaiver(Diagnostic):
    """A waiver past its last day; the findings that it covered count again."""

    rules: str
    until: date

    def message(self) -> str:
        return f"the waiver of `{self.rules}` ended on {self.until.isoformat()}"

    def help(self) -> str | None:
        return "fix what it covered, or give it a new `until`"


def apply_waivers(
    template: Template, findings: Sequence[Finding], waivers: Sequence[config.Waiver], today: date
) -> tuple[tuple[Finding, ...], tuple[FileError, ...]]:
    """The findings about one template, each with the waiver that covers it, and the faults of the template's own marks.

    Where several waivers cover a finding, a comment wins over `Metadata`, and that over the configuration.
    The faults are not fatal. Expired waivers of the configuration are told once, by `expired_waivers`.
    """
    marks: list[Mark] = []
    errors: list[FileError] = []
    for mark in marks_of(template):
        if isinstance(mark, Diagnostic):
            errors.append(_error(template, mark))
        elif mark.until is not None and mark.until < today:
            ended = ExpiredWaiver(mark.span, ", ".join(mark.rules), mark.until)
            errors.append(_error(template, ended))
        else:
            marks.append(mark)
    current = [waiver for waiver in waivers if not _is_over(waiver, today)]
    if not marks and not current:
        return tuple(findings), tuple(errors)
    waived: list[Finding] = []
    for finding in findings:
        files = (template.source.name, finding.file)  # a finding in an included file is one in either
        configured = [waiver for waiver in current if any(waiver.covers_file(file) for file in files)]
        waived.append(_waive(finding, marks, configured))
    return tuple(waived), tuple(errors)


def _error(template: Template, wrong: Diagnostic) -> FileError:
    """What is wrong with a mark, in the file where it stands: the template's own, or one that it includes."""
    name = wrong.span.source.name if wrong.span is not None else template.source.name
    return FileError.of(name, wrong, fatal=False)


def expired_waivers(waivers: Sequence[config.Waiver], today: date) -> tuple[FileError, ...]:
    """Configured waivers past their last day, as errors that are not fatal, at their entries."""
    errors = []
    for waiver in waivers:
        if waiver.until is not None and _is_over(waiver, today):
            file = waiver.span.source.name if waiver.span is not None else "stackwarden.toml"
            errors.append(FileError.of(file, ExpiredWaiver(waiver.span, waiver.rule, waiver.until), fatal=False))
    return tuple(errors)


def _is_over(waiver: config.Waiver, today: date) -> bool:
    return waiver.until is not None and waiver.until < today


def _waive(finding: Finding, marks: Sequence[Mark], configured: Sequence[config.Waiver]) -> Finding:
    for mark in marks:
        if any(fnmatchcase(finding.rule.id, rule) for rule in mark.rules) and _covers(mark.target, finding, mark):
            place = f"{mark.span.source.name}:{mark.span.begin.line}"
            return _waived(finding, mark.reason, mark.until, place, "inSource", mark.owner)
    for waiver in configured:
        if fnmatchcase(finding.rule.id, waiver.rule) and fnmatchcase(finding.resource, waiver.resource or "*"):
            return _waived(finding, waiver.reason, waiver.until, waiver.place, "external", waiver.owner)
    return finding


def _waived(
    finding: Finding,
    reason: str,
    until: date | None,
    source: str,
    kind: Literal["inSource", "external"],
    owner: str | None,
) -> Finding:
    return replace(finding, waived=Waived(reason, None if until is None else until.isoformat(), source, kind, owner))


def _covers(target: Target, finding: Finding, mark: Mark) -> bool:
    """By path, by place (a generated resource has another path than its text) or, for a whole resource, by its id."""
    if target.resource is not None and finding.resource == target.resource:
        return True
    place = finding.place
    if place.path[: len(target.path)] == target.path:
        return True
    return place.span.source.name == mark.span.source.name and target.start <= place.span.start < target.end
