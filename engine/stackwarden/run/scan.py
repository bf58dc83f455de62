"""Scanning: from paths to a report. One bad file stops nothing, and nothing is passed over silently."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.run.clock import Clock, together
from stackwarden.run.deployments import deployments
from stackwarden.run.discover import Found
from stackwarden.run.files import read_source
from stackwarden.run.finding import FileError, Report, Scanned, Stats, added
from stackwarden.run.results import Results
from stackwarden.run.session import Session
from stackwarden.run.templates import TemplateFiles, followed
from stackwarden.source import Source

if TYPE_CHECKING:
    from stackwarden.run.scan_template import Watch

__all__ = ["Refine", "Scanned", "collector_paused", "current_date", "scan", "scan_source"]


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
        return Scanned(source, (), (_internal(source.name, error),))


def scan(
    session: Session,
    files: Sequence[Found],
    *,
    stdin: bytes | None = None,
    errors: Sequence[FileError] = (),
    today: date | None = None,
    refine: Refine | None = None,
    watch: Watch | None = None,
) -> Report:
    """Scans files in their order; one without a path stands for `stdin`. `errors` are those of looking for files.

    `refine` adds to what came of each template (its fixes). `watch` sees each stack before it is let go.
    """
    started = time.perf_counter()
    today = today or current_date()
    told: list[FileError] = list(errors)
    templates = TemplateFiles(files)
    nested = followed(files, templates)
    results = Results(session, today)
    with collector_paused() as collect:
        scanned: list[Scanned] = []
        for found in files:
            if found.name not in nested or (found.given and len(files) == 1):
                one = _scan_file(found, session, stdin, today, templates, results, watch)
                scanned.append(one if refine is None else refine(one, session, templates))
                collect(len(scanned))
    results.close()
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


@contextmanager
def collector_paused() -> Iterator[Callable[[int], None]]:
    """Pauses the garbage collector: templates are big trees that it would walk again and again for nothing.

    What a scan leaves behind goes without it; every so many files it runs all the same.
    """

    def collect(done: int) -> None:
        if done % _FILES_A_COLLECTION == 0:
            gc.collect()

    was_on = gc.isenabled()
    gc.disable()
    try:
        yield collect
    finally:
        if was_on:
            gc.enable()


_FILES_A_COLLECTION: Final = 200


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
    if is_alone and not any(error.message.startswith(_INTERNAL) for error in scanned.errors):
        results.keep(source, given, scanned)
    return scanned


def current_date() -> date:
    """The date where the user is: waivers end with the user's day."""
    return datetime.now().astimezone().date()


_INTERNAL: Final = "internal error:"


def _internal(name: str, error: Exception) -> FileError:
    """An internal error as people see it: what struck, and where in stackwarden."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = (
        f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else "unknown place"
    )
    text = f"{_INTERNAL} {type(error).__name__}: {error} ({where})"
    return FileError(name, 1, 1, text, "please report this with the template")
