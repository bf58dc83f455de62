"""Findings and the report that holds them: what a scan gives and every format renders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from stackwarden.diagnostics import Diagnostic, Severity
from stackwarden.source import Source, Span

__all__ = [
    "Edit",
    "FileError",
    "Finding",
    "Fix",
    "Outcomes",
    "Place",
    "Report",
    "RuleInfo",
    "Scanned",
    "Setting",
    "Stats",
    "Waived",
    "When",
    "added",
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
class Outcomes:
    """How many subjects of a rule (resources, routes, statements …) came out each way.

    `failures` pairs the severity of the gravest finding of a subject with how many subjects there are of that kind.
    """

    passed: int = 0
    failures: tuple[tuple[Severity, int], ...] = ()
    maybe: int = 0
    not_applicable: int = 0

    @property
    def failed(self) -> int:
        """How many subjects failed."""
        return sum(count for _, count in self.failures)

    def __add__(self, other: Outcomes) -> Outcomes:
        failures = dict(self.failures)
        for severity, count in other.failures:
            failures[severity] = failures.get(severity, 0) + count
        return Outcomes(
            self.passed + other.passed,
            tuple(sorted(failures.items())),
            self.maybe + other.maybe,
            self.not_applicable + other.not_applicable,
        )


def added(tallies: Iterable[Mapping[str, Outcomes]]) -> dict[str, Outcomes]:
    """The outcomes of several templates or scans by rule."""
    total: dict[str, Outcomes] = {}
    for tally in tallies:
        for rule, outcomes in tally.items():
            total[rule] = total.get(rule, Outcomes()) + outcomes
    return total


@dataclass(frozen=True, slots=True)
class Stats:
    """Milliseconds by phase and by rule; rules only where they were asked for."""

    phases: Mapping[str, float] = field(default_factory=dict)
    rules: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of one template, the names of its parameters and the texts of it and of the stacks nested in it.

    `source` is None for a file that is no text; secrets in it are masked, which they are not in `original`. `outcomes`
    say by rule how its subjects came out, where the session counts them; of several environments all are counted.
    """

    source: Source | None
    findings: tuple[Finding, ...]
    errors: tuple[FileError, ...]
    parameters: frozenset[str] = frozenset()
    sources: tuple[Source, ...] = ()
    original: Source | None = None
    stats: Stats | None = None
    outcomes: Mapping[str, Outcomes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """All that a scan found, in a fixed order: by file as given, place, rule.

    `findings` holds everything, waived ones and `maybe`s included; what to show is the formats' choice by
    `min_severity` and `show_maybe`. `sources` has the text of each scanned file, for code frames.
    `rules` are the rules that ran; `notices` are things to tell that are neither (an expired waiver).
    `unused_parameters` were given for the run and are those of no template. `compared_with` says in words what the
    findings were compared with (empty: nothing), and `gone` how many there were then that are no more. `pseudo` are
    the pseudo parameters that were given, `finished_at` is an ISO time in UTC. `outcomes` say of each rule how its
    subjects came out, where the session was asked to count them. `stacks` are the configured names of stacks by the
    files of their templates.
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
    outcomes: Mapping[str, Outcomes] | None = None
    stacks: Mapping[str, str] = field(default_factory=dict)

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
