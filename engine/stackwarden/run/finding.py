"""Findings and the report that holds them: what a scan gives and every format renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from stackwarden.diagnostics import Diagnostic, Severity
from stackwarden.source import Source, Span

__all__ = [
    "Edit",
    "FileError",
    "Finding",
    "Fix",
    "Place",
    "Report",
    "RuleInfo",
    "Scanned",
    "Setting",
    "Stats",
    "Waived",
    "When",
]

Setting = str | bool | tuple[str, ...] | Mapping[str, str | tuple[str, ...]]
"""What a condition or parameter must be: True/False for a condition, a value, any of several values, `{"not": …}`."""

When = tuple[Mapping[str, Setting], ...] | None
"""The ways in which a finding comes about; None where it does under every assignment."""


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What reports say of a rule. `source` is `file:line` of its definition, `resources` the types it looks at."""

    id: str
    title: str
    severity: Severity
    category: str
    pack: str
    because: str
    remediation: str
    see: tuple[str, ...]
    tags: tuple[str, ...]
    maps: Mapping[str, tuple[str, ...]]
    resources: tuple[str, ...]
    fixable: bool
    source: str
    deprecated_by: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: keys and indices from the top of the template, and the span they became."""

    path: tuple[str | int, ...]
    span: Span
    label: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits of one file that make a finding go away."""

    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Waived:
    """Why a finding does not count. `until` is an ISO date, `source` is `file:line` of the waiver, `owner` who answers.

    `kind` tells a mark in the template (`inSource`) from one in the configuration (`external`).
    """

    reason: str
    until: str | None
    source: str
    kind: Literal["inSource", "external"]
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold (fail), or may not hold (maybe), for a resource.

    `file` is the name as given on the command line; `resource` is the logical id (empty for a whole template).
    `fingerprint` stays the same when lines move. `environments` are the configured deployments that it concerns,
    `through` the logical ids of the nested stacks on the way to the resource, outermost first.
    `construct` is the path of the CDK construct that made the resource. `known` tells a finding that a baseline or
    a revision had from a new one; it is None where there is nothing to compare with.
    `related` are further places, each with what it has to do with the finding; `parts` the fingerprints of the
    findings that one about a whole path is made of.
    """

    rule: RuleInfo
    severity: Severity
    verdict: Literal["fail", "maybe"]
    when: When
    file: str
    resource: str
    resource_type: str
    place: Place
    message: str
    fingerprint: str
    related: tuple[Place, ...] = ()
    fix: Fix | None = None
    waived: Waived | None = None
    environments: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    construct: str = ""
    known: bool | None = None
    parts: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether the finding is neither waived nor known from before."""
        return self.waived is None and not self.known


@dataclass(frozen=True, slots=True)
class FileError:
    """A template that could not be read, wholly or in part, or on which an internal error struck.

    `fatal` errors make the scan exit with 3; others (a duplicate key) are only told.
    """

    file: str
    line: int
    column: int
    message: str
    help: str | None = None
    fatal: bool = True
    span: Span | None = field(default=None, compare=False)

    @classmethod
    def of(cls, file: str, diagnostic: Diagnostic, *, fatal: bool = True) -> FileError:
        """The error that a diagnostic about `file` is."""
        at = diagnostic.position
        return cls(file, at.line, at.column, diagnostic.message(), diagnostic.help(), fatal, diagnostic.span)


@dataclass(frozen=True, slots=True)
class Stats:
    """Milliseconds by phase and by rule; rules only where they were asked for."""

    phases: Mapping[str, float] = field(default_factory=dict)
    rules: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of one template, the names of its parameters and the texts of it and of the stacks nested in it.

    `source` is None for a file that is no text; secrets in it are masked, which they are not in `original`.
    """

    source: Source | None
    findings: tuple[Finding, ...]
    errors: tuple[FileError, ...]
    parameters: frozenset[str] = frozenset()
    sources: tuple[Source, ...] = ()
    original: Source | None = None
    stats: Stats | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All that a scan found, in a fixed order: by file as given, place, rule.

    `findings` holds everything, waived ones and `maybe`s included; what to show is the formats' choice by
    `min_severity` and `show_maybe`. `sources` has the text of each scanned file, for code frames.
    `rules` are the rules that ran; `notices` are things to tell that are neither (an expired waiver).
    `unused_parameters` were given for the run and are those of no template. `compared_with` says in words what the
    findings were compared with (empty: nothing), and `gone` how many there were then that are no more. `pseudo` are
    the pseudo parameters that were given, `finished_at` is an ISO time in UTC.
    """

    files: int
    rules: tuple[RuleInfo, ...]
    findings: tuple[Finding, ...]
    errors: tuple[FileError, ...]
    duration_ms: float
    min_severity: Severity = Severity.LOW
    show_maybe: bool = False
    sources: Mapping[str, Source] = field(default_factory=dict, repr=False)
    notices: tuple[str, ...] = ()
    unused_parameters: tuple[str, ...] = ()
    stats: Stats | None = None
    compared_with: str = ""
    gone: int = 0
    pseudo: Mapping[str, str] = field(default_factory=dict)
    finished_at: str = ""

    def shown(self, *, maybe: bool | None = None) -> tuple[Finding, ...]:
        """Findings at or above `min_severity`; `maybe`s only where `maybe` (default: `show_maybe`) says so."""
        with_maybe = self.show_maybe if maybe is None else maybe
        return tuple(
            finding
            for finding in self.findings
            if finding.severity >= self.min_severity and (finding.verdict == "fail" or with_maybe)
        )

    def summary(self) -> dict[str, int]:
        """Counts by severity of what is shown and counts, then `maybe`, `waived` and, after a comparison, `known`."""
        names = (*Severity.words(), "maybe", "waived", *(("known",) if self.compared_with else ()))
        counts = dict.fromkeys(names, 0)
        for finding in self.shown(maybe=True):
            if finding.waived:
                counts["waived"] += 1
            elif finding.known:
                counts["known"] += 1
            else:
                counts["maybe" if finding.verdict == "maybe" else finding.severity.word] += 1
        return counts
