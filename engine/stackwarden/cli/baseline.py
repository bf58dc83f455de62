"""`stackwarden baseline`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stackwarden.cli._executors import executor_for
from stackwarden.cli._output import fail, tell, write_diagnostics, write_file
from stackwarden.diagnostics import Severity

if TYPE_CHECKING:
    from stackwarden.run.finding import Report

__all__ = ["baseline"]

_FILE: Final = "stackwarden-baseline.json"


def baseline(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH", help="Files or folders; default: this folder.")
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="The file to write; its last days are kept.")
    ] = _FILE,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="The last day on which new entries count."),
    ] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Only take out what is found no more; add nothing.")] = False,
    policy: Annotated[
        list[str] | None, typer.Option(metavar="PATH", help="Also use the policies in this file or folder.")
    ] = None,
    pack: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Use only this shipped pack.")] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no configuration file.")] = False,
) -> None:
    """Record what is found today, so that `scan --baseline FILE` counts only what is new.

    Exit code: 0 written, 2 the call, the configuration or a policy is wrong, 3 some template could not be read.

    \b
    Examples:
      stackwarden baseline .
      stackwarden baseline templates -o known.json --until 2027-06-30
      stackwarden baseline . --prune
    """
    from stackwarden.cli._engine import by_settings, merge, open_or_exit
    from stackwarden.report import plural
    from stackwarden.run.baseline import Baseline, dump_baseline, load_baseline, recorded
    from stackwarden.run.scan import scan
    from stackwarden.run.session import SessionOptions

    known: Baseline | None = None
    if Path(output).exists() or prune:
        loaded = load_baseline(output)
        if not isinstance(loaded, Baseline):
            write_diagnostics([loaded])
            fail("the baseline cannot be used")
        known = loaded
    plan = by_settings(tuple(paths or (".",)), read=not no_config)
    reports: list[Report] = []
    for group in plan.groups:
        options = SessionOptions(
            policies=tuple(policy or ()), packs=tuple(pack or ()), min_severity=Severity.INFO, settings=group.settings
        )
        told = plan.errors if not reports else ()
        reports.append(scan(open_or_exit(options), group.files, errors=told, executor=executor_for()))
    report = merge(reports, plan.order)
    entries = recorded(report.findings, until=_day(until), known=known.entries if known is not None else ())
    if prune and known is not None:
        kept = {(one.fingerprint, one.file) for one in known.entries}
        entries = tuple(one for one in entries if (one.fingerprint, one.file) in kept)
    problem = write_file(dump_baseline(entries), output)
    if problem is not None:
        fail(problem)
    tell(f"stackwarden: {plural(len(entries), 'finding')} in `{output}`")
    unread = [error for error in report.errors if error.fatal]
    for error in unread:
        tell(f"stackwarden: {error.file}:{error.line}:{error.column} {error.message}")
    raise typer.Exit(3 if unread else 0)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
