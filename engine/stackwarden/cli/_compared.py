"""Comparing what is found with what was there before: a baseline file, or a git revision."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stackwarden.cli._output import fail, write_diagnostics

if TYPE_CHECKING:
    from stackwarden.config import Settings
    from stackwarden.run.executors.job import Executor
    from stackwarden.run.finding import Finding, Report
    from stackwarden.run.session import SessionOptions

__all__ = ["with_baseline", "with_revision"]


def with_baseline(report: Report, file: str) -> Report:
    """The report with what a baseline file knows marked as known; a file that is none ends with exit code 2."""
    from stackwarden.run.baseline import Baseline, compare, load_baseline
    from stackwarden.run.scan import current_date

    baseline = load_baseline(file)
    if not isinstance(baseline, Baseline):
        write_diagnostics([baseline])
        fail("the baseline cannot be used")
    return compare(report, baseline.entries, with_=f"baseline `{file}`", today=current_date())


def with_revision(
    report: Report,
    name: str,
    paths: tuple[str, ...],
    options: Callable[[Settings | None], SessionOptions],
    *,
    config: bool,
    executor: Executor,
) -> Report:
    """The report with what a git revision had marked as known; the rules and the configuration are those of now."""
    from stackwarden.run.baseline import compare, recorded
    from stackwarden.run.scan import current_date

    if "-" in paths:
        fail("--diff compares files, not standard input")
    before = _found_in(name, paths, options, config=config, executor=executor)
    return compare(report, recorded(before), with_=f"revision {name}", today=current_date())


def _found_in(
    name: str,
    paths: tuple[str, ...],
    options: Callable[[Settings | None], SessionOptions],
    *,
    config: bool,
    executor: Executor,
) -> tuple[Finding, ...]:
    """What a scan of the same paths finds in a revision."""
    from stackwarden.cli._engine import nearest_settings, open_or_exit
    from stackwarden.run.discover import Found, discover
    from stackwarden.run.revisions import GitError, checked_out
    from stackwarden.run.scan import scan

    here = Path.cwd()
    try:
        with checked_out(name, here) as revision:
            with chdir(revision.folder):
                files = discover([path for path in _below(paths, here) if Path(path).exists()]).files
            settings_of = nearest_settings() if config else None
            groups: dict[Path | None, tuple[Settings | None, list[Found]]] = {}
            for file in files:
                settings = settings_of(Path(file.name)) if settings_of is not None else None
                key = None if settings is None else settings.file
                groups.setdefault(key, (settings, []))[1].append(file)
            found: list[Finding] = []
            for settings, members in groups.values():
                session = open_or_exit(options(_moved(settings, here, revision.folder)))
                with chdir(revision.folder):
                    found.extend(scan(session, members, executor=executor).findings)
            return tuple(found)
    except GitError as error:
        fail(f"--diff {name}: {error}")


def _below(paths: tuple[str, ...], here: Path) -> list[str]:
    """The paths as seen from the working folder; those outside of it cannot be found in a revision."""
    found: list[str] = []
    for path in paths:
        seen = Path(path) if not Path(path).is_absolute() else Path(path).resolve()
        if seen.is_absolute() and not seen.is_relative_to(here.resolve()):
            fail(f"--diff: `{path}` is not below the working folder")
        found.append(str(seen.relative_to(here.resolve()) if seen.is_absolute() else seen))
    return found


def _moved(settings: Settings | None, here: Path, there: Path) -> Settings | None:
    """The settings with globs that are seen from the revision's folder."""
    if settings is None:
        return None
    root = there / _relative(settings.root, here)
    waivers = tuple(replace(waiver, root=root) for waiver in settings.waivers)
    return replace(settings, root=root, waivers=waivers)


def _relative(folder: Path, here: Path) -> Path:
    return Path(os.path.relpath(folder.resolve(), here.resolve()))
