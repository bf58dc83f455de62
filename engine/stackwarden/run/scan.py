"""Scanning: from paths to a report. One bad file stops nothing, and nothing is passed over silently."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from stackwarden.diagnostics import Diagnostic
from stackwarden.graph.stack import Stack
from stackwarden.resolve.parameters import ValueNotAllowed
from stackwarden.resolve.transforms import open_template
from stackwarden.run.cdk import Assemblies, written_path
from stackwarden.run.collector import collector_paused
from stackwarden.run.deployments import deployments
from stackwarden.run.discover import Found
from stackwarden.run.evaluate import evaluate
from stackwarden.run.executors.in_process import InProcess
from stackwarden.run.executors.job import PLEASE_REPORT, Executor, Failure, Unit, internal_error
from stackwarden.run.files import read_source
from stackwarden.run.finding import FileError, Finding, Report, Setting, Stats
from stackwarden.run.foreign_marks import honor
from stackwarden.run.glance import Glance, GlanceJob, glance
from stackwarden.run.session import Session
from stackwarden.run.templates import TemplateFiles, followed
from stackwarden.run.waivers import apply_waivers, expired_waivers
from stackwarden.run.wire import packed, unpacked
from stackwarden.source import Source
from stackwarden.template.faults import Skipped
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.secrets import MASK, NO_SECRETS, Secrets, masked

__all__ = ["Refine", "ScanJob", "Scanned", "current_date", "scan", "scan_source"]


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


Refine = Callable[[Scanned, Session, TemplateFiles], Scanned]


def scan_source(
    source: Source, session: Session, *, today: date | None = None, templates: TemplateFiles | None = None
) -> Scanned:
    """Scans one text. Errors are part of the result; an internal error is told as one of them.

    `templates` gives the files of nested stacks, which are not followed without it.
    """
    try:
        template = load(source)
        if not isinstance(template, Template):
            return Scanned(source, (), tuple(FileError.of(source.name, one) for one in template))
        scanned = _scan_template(template, session, today or current_date(), templates)
        return replace(scanned, original=source)
    except Exception as error:  # a bug must not keep the other templates from being scanned; it is told, exit code 3
        return Scanned(source, (), (FileError(source.name, 1, 1, internal_error(error), PLEASE_REPORT),))


def _scan_template(written: Template, session: Session, today: date, templates: TemplateFiles | None) -> Scanned:
    template, secrets = masked(written)
    source = template.source
    errors = [FileError.of(source.name, one, fatal=_leaves_out(one)) for one in template.diagnostics]
    findings: list[Finding] = []
    parts: dict[str, Template] = {}
    for deployment in deployments(source.name, session.options, templates):
        errors.extend(FileError.of(source.name, one) for one in deployment.problems)
        resolver, refusals = open_template(template, deployment.given, deployment.files)
        errors.extend(_error(source, one, fatal=True) for one in refusals)
        stack = Stack(resolver)
        secrets = secrets.given(deployment.given)
        found = evaluate(stack, session.checks(stack.types))
        findings = found if not deployment.environment else _together(findings, found, deployment.environment)
        for part in stack.resolvers:
            part.check()
            parts[part.template.source.name] = part.template
            errors.extend(_error(source, one, fatal=isinstance(one, ValueNotAllowed)) for one in part.diagnostics)
        stack.forget()
    secrets = secrets | (templates.secrets if templates is not None else NO_SECRETS)
    findings = [_without_secrets(one, secrets) for one in findings] if secrets else findings
    waived: list[Finding] = []
    for name, part_template in parts.items():
        there, more = _waived(part_template, [one for one in findings if one.file == name], session, today)
        waived.extend(there)
        errors.extend(more)
    if templates is not None:
        waived = [_with_construct(one, parts[one.file], templates.assemblies) for one in waived]
    sources = tuple(part.source for part in parts.values())
    return Scanned(source, tuple(waived), tuple(dict.fromkeys(errors)), frozenset(template.parameters), sources)


def _without_secrets(finding: Finding, secrets: Secrets) -> Finding:
    when = finding.when
    if when is not None:
        when = tuple({name: _hidden(name, setting, secrets) for name, setting in way.items()} for way in when)
    return replace(finding, message=secrets.mask(finding.message), when=when)


def _hidden(name: str, setting: Setting, secrets: Secrets) -> Setting:
    """A setting without the value of a parameter that holds a secret."""
    if name.removeprefix("Parameters.") not in secrets.parameters:
        return setting
    return {"not": MASK} if isinstance(setting, Mapping) else MASK


def _waived(
    template: Template, findings: Sequence[Finding], session: Session, today: date
) -> tuple[tuple[Finding, ...], tuple[FileError, ...]]:
    """Findings in one file with the waivers that cover them, and what is wrong with the file's waivers."""
    settings = session.options.settings
    waived, errors = apply_waivers(template, findings, settings.waivers if settings is not None else (), today)
    return honor(template, waived, settings.honor_suppressions if settings is not None else ()), errors


def _with_construct(finding: Finding, template: Template, assemblies: Assemblies) -> Finding:
    resource = template.resources.get(finding.resource)
    if resource is None:
        return finding
    construct = written_path(resource) or assemblies.construct(finding.file, finding.resource)
    return replace(finding, construct=construct) if construct else finding


def _error(source: Source, diagnostic: Diagnostic, *, fatal: bool) -> FileError:
    """An error in the file that the diagnostic is about: the template, or one nested in it."""
    name = diagnostic.span.source.name if diagnostic.span is not None else source.name
    return FileError.of(name, diagnostic, fatal=fatal)


def _together(findings: list[Finding], found: list[Finding], environment: str) -> list[Finding]:
    """Findings of several environments as one list: the same fault is one finding that names its environments."""
    known = {one.fingerprint: one for one in findings}
    for one in found:
        earlier = known.get(one.fingerprint)
        names = (*earlier.environments, environment) if earlier is not None else (environment,)
        graver = one if earlier is None or one.verdict == "fail" else earlier
        known[one.fingerprint] = replace(graver, environments=names)
    return sorted(known.values(), key=lambda one: (one.place.span.start, one.rule.id, one.severity))


def scan(
    session: Session,
    files: Sequence[Found],
    *,
    stdin: bytes | None = None,
    errors: Sequence[FileError] = (),
    today: date | None = None,
    refine: Refine | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Scans files in their order; one without a path stands for `stdin`. `errors` are those of looking for files.

    `refine` adds to what came of each template (its fixes). `executor` is where the work is done, this process without
    one; the report is the same. `progress` is told how many templates are done, and how many there are.
    """
    started = time.perf_counter()
    today = today or current_date()
    told: list[FileError] = list(errors)
    chosen = executor or InProcess()
    with collector_paused() as collect:
        files, glances = _looked_at(files, stdin, chosen)
        templates = TemplateFiles([one for one in files if glances[one.name].exports])
        nested = followed([one for one in files if glances[one.name].nests], templates)
        units = [
            Unit(found, glances[found.name].cost)
            for found in files
            if found.name not in nested or (found.given and len(files) == 1)
        ]
        came: dict[int, Scanned] = {}
        results = chosen.map(ScanJob(session, templates, stdin, today, refine), units)
        with closing(results):
            for index, result in results:
                came[index] = _failed(units[index].found, result) if isinstance(result, Failure) else result
                collect(len(came))
                if progress is not None:
                    progress(len(came), len(units))
    scanned = [came[index] for index in range(len(units))]
    settings = session.options.settings
    if settings is not None:
        told.extend(expired_waivers(settings.waivers, today))
    names = frozenset().union(*(one.parameters for one in scanned))
    duration = (time.perf_counter() - started) * 1000
    return Report(
        files=len(files),
        rules=session.rules,
        findings=tuple(finding for one in scanned for finding in one.findings),
        errors=(*told, *(error for one in scanned for error in one.errors)),
        duration_ms=duration,
        min_severity=session.options.min_severity,
        show_maybe=session.options.show_maybe,
        sources={source.name: source for one in scanned for source in (one.source, *one.sources) if source is not None},
        unused_parameters=tuple(name for name in session.options.parameters if name not in names),
        stats=Stats({"total": duration}),
        pseudo=dict(session.options.pseudo),
        finished_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _looked_at(
    files: Sequence[Found], stdin: bytes | None, executor: Executor
) -> tuple[list[Found], dict[str, Glance]]:
    """The files that may be templates, and a glance at each by its name; at objects where they are scanned, too."""
    glances = {one.name: glance(one, stdin) for one in files if not one.is_object}
    objects = [Unit(one, Glance().cost) for one in files if one.is_object]
    if objects:
        results = executor.map(GlanceJob(), objects)
        with closing(results):
            for index, result in results:
                glances[objects[index].found.name] = Glance() if isinstance(result, Failure) else result
    return [one for one in files if glances[one.name].template], glances


@dataclass(frozen=True, slots=True)
class ScanJob:
    """The scan of one file after the other, as a job for an executor."""

    session: Session
    templates: TemplateFiles
    stdin: bytes | None
    today: date
    refine: Refine | None

    def start(self) -> Callable[[Found], Scanned]:
        """The function that scans a file."""
        return self._scan

    def _scan(self, found: Found) -> Scanned:
        self.templates.begin()
        scanned = _scan_file(found, self.session, self.stdin, self.today, self.templates)
        return scanned if self.refine is None else self.refine(scanned, self.session, self.templates)

    def pack(self, result: Scanned) -> bytes:
        """The result without what only `refine` needs."""
        return packed(replace(result, original=None))

    def unpack(self, data: bytes) -> Scanned:
        """The result with the rules that this process has."""
        return unpacked(data, self.session.infos, Scanned)


def _scan_file(found: Found, session: Session, stdin: bytes | None, today: date, templates: TemplateFiles) -> Scanned:
    source = read_source(found, stdin)
    if isinstance(source, Diagnostic):
        return Scanned(None, (), (FileError.of(found.name, source),))
    return scan_source(source, session, today=today, templates=templates)


def current_date() -> date:
    """The date where the user is: waivers end with the user's day."""
    return datetime.now().astimezone().date()


def _leaves_out(diagnostic: Diagnostic) -> bool:
    """Whether a fault of a template keeps part of it from being scanned."""
    return isinstance(diagnostic, Skipped)


def _failed(found: Found, failure: Failure) -> Scanned:
    return Scanned(None, (), (FileError(found.name, 1, 1, failure.reason, failure.help),))
