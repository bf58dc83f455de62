"""Scanning: from paths to a report. One bad file stops nothing, and nothing is passed over silently."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from stackwarden.diagnostics import Diagnostic
from stackwarden.run.clock import Clock, together
from stackwarden.run.collector import collector_paused
from stackwarden.run.deployments import deployments
from stackwarden.run.discover import Found
from stackwarden.run.executors.in_process import InProcess
from stackwarden.run.executors.job import INTERNAL, PLEASE_REPORT, Executor, Failure, Unit, internal_error
from stackwarden.run.files import read_source
from stackwarden.run.finding import FileError, Report, Scanned, Stats, added
from stackwarden.run.glance import Glance, GlanceJob, glance
from stackwarden.run.results import Results
from stackwarden.run.session import Session
from stackwarden.run.templates import TemplateFiles, followed
from stackwarden.run.wire import packed, unpacked
from stackwarden.source import Source

if TYPE_CHECKING:
    from stackwarden.run.scan_template import Watch

__all__ = ["Refine", "ScanJob", "Scanned", "current_date", "scan", "scan_source"]


Refine = Callable[[Scanned, Session, TemplateFiles], Scanned]


def scan_source(
    source: Source,
    session: Session,
    *,
    today: date | None = None,
    templates: TemplateFiles | None = None,
    watch: Watch | None = None,
    alone: bool = False,
) -> Scanned:
    """Scans one text. Errors are part of the result; an internal error is told as one of them.

    `templates` gives the files of nested stacks, which are not followed without it. `watch` sees each stack. With
    `alone`, the template is part of a stack whose other resources nobody knows: what they could mend is a maybe.
    """
    from stackwarden.run.scan_template import scan_template  # with the engine, where no result is kept
    from stackwarden.template.load import load
    from stackwarden.template.model import Template
    from stackwarden.template.secrets import masked_faults

    clock = Clock()
    try:
        with clock.phase("parse"):
            template = load(source)
        if not isinstance(template, Template):
            return Scanned(source, (), tuple(FileError.of(source.name, one) for one in masked_faults(template)))
        scanned = scan_template(template, session, today or current_date(), templates, clock, watch=watch, alone=alone)
        return replace(scanned, original=source, stats=clock.stats)
    except Exception as error:  # a bug must not keep the other templates from being scanned; it is told, exit code 3
        return Scanned(source, (), (FileError(source.name, 1, 1, internal_error(error), PLEASE_REPORT),))


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
    watch: Watch | None = None,
) -> Report:
    """Scans files in their order; one without a path stands for `stdin`. `errors` are those of looking for files.

    `refine` adds to what came of each template (its fixes). `executor` is where the work is done, this process without
    one; the report is the same. `progress` is told how many templates are done, and how many there are.
    `watch` sees each stack before it is let go, which only works in this process.
    """
    started = time.perf_counter()
    today = today or current_date()
    told: list[FileError] = list(errors)
    chosen = executor or InProcess()
    results = Results(session, today)
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
        done = chosen.map(ScanJob(session, templates, stdin, today, refine, results, watch), units)
        with closing(done):
            for index, result in done:
                came[index] = _failed(units[index].found, result) if isinstance(result, Failure) else result
                collect(len(came))
                if progress is not None:
                    progress(len(came), len(units))
    scanned = [came[index] for index in range(len(units))]
    results.close(has_new=any(one.stats is not None for one in scanned))
    settings = session.options.settings
    stacks: dict[str, str] = {}
    if settings is not None:
        from stackwarden.run.waivers import expired_waivers

        told.extend(expired_waivers(settings.waivers, today))
        names_of = ((found.name, settings.stack_name(Path(found.name))) for found in files if settings.stacks)
        stacks.update((file, stack) for file, stack in names_of if stack)
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
        stats=together((*(one.stats for one in scanned), Stats({"total": duration}))),
        pseudo=dict(session.options.pseudo),
        outcomes=added(one.outcomes for one in scanned) if session.options.count_outcomes else None,
        stacks=stacks,
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
    results: Results
    watch: Watch | None

    def start(self) -> Callable[[Found], Scanned]:
        """The function that scans a file."""
        return self._scan

    def _scan(self, found: Found) -> Scanned:
        self.templates.begin()
        scanned = _scan_file(found, self.session, self.stdin, self.today, self.templates, self.results, self.watch)
        return scanned if self.refine is None else self.refine(scanned, self.session, self.templates)

    def pack(self, result: Scanned) -> bytes:
        """The result without what only `refine` needs."""
        return packed(replace(result, original=None))

    def unpack(self, data: bytes) -> Scanned:
        """The result with the rules that this process has."""
        return unpacked(data, self.session.infos, Scanned)


def _scan_file(
    found: Found,
    session: Session,
    stdin: bytes | None,
    today: date,
    templates: TemplateFiles,
    results: Results,
    watch: Watch | None,
) -> Scanned:
    source = read_source(found, stdin)
    if isinstance(source, Diagnostic):
        return Scanned(None, (), (FileError.of(found.name, source),))
    given = tuple((one.environment, one.given) for one in deployments(source.name, session.options, templates))
    kept = results.find(source, given) if watch is None else None
    if kept is not None:
        return kept
    templates.were_asked = False
    scanned = scan_source(source, session, today=today, templates=templates, watch=watch)
    is_alone = not templates.were_asked and not templates.assemblies.has(source.name)
    if is_alone and not any(error.message.startswith(INTERNAL) for error in scanned.errors):
        results.keep(source, given, scanned)
    return scanned


def current_date() -> date:
    """The date where the user is: waivers end with the user's day."""
    return datetime.now().astimezone().date()


def _failed(found: Found, failure: Failure) -> Scanned:
    return Scanned(None, (), (FileError(found.name, 1, 1, failure.reason, failure.help),))
