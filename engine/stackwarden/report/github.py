"""Annotations of GitHub Actions: workflow commands, worst first, as GitHub shows only the first of each kind in a step.

Source: GitHub Docs, *Workflow commands for GitHub Actions*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from stackwarden.diagnostics import Severity
from stackwarden.report._text import plural, tidy
from stackwarden.run.finding import FileError, Finding, Report
from stackwarden.run.when import circumstances

__all__ = ["REPORTER"]

_COMMANDS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}
_IN_TEXT: Final = {ord("%"): "%25", ord("\r"): "%0D", ord("\n"): "%0A"}
_IN_PROPERTIES: Final = {**_IN_TEXT, ord(":"): "%3A", ord(","): "%2C"}


@dataclass(frozen=True, slots=True)
class _GitHub:
    name: str = "github"

    def render(self, report: Report) -> str:
        lines = [_error(error) for error in report.errors]
        counted = [finding for finding in report.shown() if finding.counts]
        counted.sort(key=lambda finding: (finding.verdict == "maybe", -finding.severity))
        lines += [_annotation(finding) for finding in counted]
        fails = sum(finding.verdict == "fail" for finding in counted)
        files = plural(report.files, "file")
        lines.append(f"{plural(fails, 'finding')} in {files}" if fails else f"no findings in {files}")
        return "\n".join([*lines, ""])


def _annotation(finding: Finding) -> str:
    begin, finish = finding.place.span.begin, finding.place.span.finish
    properties = {"file": tidy(finding.file), "line": str(begin.line), "endLine": str(finish.line)}
    if begin.line == finish.line:  # columns are for a range on one line
        properties.update(col=str(begin.column), endColumn=str(max(begin.column, finish.column - 1)))
    properties["title"] = f"{finding.rule.id} ({finding.severity.word})"
    text = [finding.message if finding.verdict == "fail" else f"maybe: {finding.message}"]
    text += filter(None, (circumstances(finding), finding.rule.remediation))
    command = _COMMANDS[finding.severity] if finding.verdict == "fail" else "notice"
    return _command(command, properties, "\n".join(text))


def _error(error: FileError) -> str:
    command = "error" if error.fatal else "warning"
    properties = {"file": tidy(error.file), "line": str(error.line), "col": str(error.column)}
    text = f"{error.message}\n{error.help}" if error.help else error.message
    return _command(command, {**properties, "title": "not read in full" if error.fatal else "template"}, text)


def _command(command: str, properties: Mapping[str, str], text: str) -> str:
    listed = ",".join(f"{name}={value.translate(_IN_PROPERTIES)}" for name, value in properties.items())
    return f"::{command} {listed}::{text.translate(_IN_TEXT)}"


REPORTER: Final = _GitHub()
