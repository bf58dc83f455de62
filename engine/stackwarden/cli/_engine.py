"""The calls into the engine that the commands share; each command names here what it needs and nothing else.

Imports stand inside the functions, so that `--help`, `--version` and usage errors load no engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from stackwarden.cli._output import write_diagnostics

if TYPE_CHECKING:
    from stackwarden.config import Settings
    from stackwarden.run.finding import Report, Stats
    from stackwarden.run.session import Session, SessionOptions

__all__ = ["by_settings", "merge", "open_or_exit", "settings_for"]


def settings_for(path: str) -> Settings | None:
    """The configuration that counts for a path (`-`: for the working folder); faults in it end with exit code 2."""
    from stackwarden.config import Settings, find_config, load_settings

    file = find_config(Path("." if path == "-" else path))
    if file is None:
        return None
    settings = load_settings(file)
    if isinstance(settings, Settings):
        return settings
    write_diagnostics(settings)
    raise typer.Exit(2)


def by_settings(paths: Sequence[str], *, read: bool) -> Iterator[tuple[Settings | None, tuple[str, ...]]]:
    """The paths in groups of one configuration each, in the order of their first paths; without `read`, one group."""
    if not read:
        yield None, tuple(paths)
        return
    groups: dict[Path | None, tuple[Settings | None, list[str]]] = {}
    for path in paths:
        settings = settings_for(path)
        groups.setdefault(None if settings is None else settings.file, (settings, []))[1].append(path)
    for settings, members in groups.values():
        yield settings, tuple(members)


def open_or_exit(options: SessionOptions) -> Session:
    """A session; a wrong policy or setting ends with exit code 2."""
    from stackwarden.run.session import open_session

    session = open_session(options)
    if isinstance(session, tuple):
        write_diagnostics(session)
        raise typer.Exit(2)
    return session


def merge(reports: Sequence[Report]) -> Report:
    """One report over scans with different configurations; at least one."""
    first = reports[0]
    if len(reports) == 1:
        return first
    rules = {rule.id: rule for report in reports for rule in report.rules}
    return replace(
        first,
        files=sum(report.files for report in reports),
        rules=tuple(rules.values()),
        findings=tuple(finding for report in reports for finding in report.findings),
        errors=tuple(error for report in reports for error in report.errors),
        duration_ms=sum(report.duration_ms for report in reports),
        min_severity=min(report.min_severity for report in reports),
        sources={name: source for report in reports for name, source in report.sources.items()},
        notices=tuple(dict.fromkeys(notice for report in reports for notice in report.notices)),
        stats=_merge_stats([report.stats for report in reports if report.stats is not None]),
    )


def _merge_stats(stats: Sequence[Stats]) -> Stats | None:
    from stackwarden.run.finding import Stats

    if not stats:
        return None
    phases: dict[str, float] = {}
    rules: dict[str, float] = {}
    for each in stats:
        for total, times in ((phases, each.phases), (rules, each.rules)):
            for name, duration in times.items():
                total[name] = total.get(name, 0.0) + duration
    return Stats(phases, rules)
