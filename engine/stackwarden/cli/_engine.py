"""The calls into the engine that the commands share; each command names here what it needs and nothing else.

Imports stand inside the functions, so that `--help`, `--version` and usage errors load no engine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from stackwarden.cli._output import write_diagnostics

if TYPE_CHECKING:
    from stackwarden.config import Settings
    from stackwarden.run.discover import Found
    from stackwarden.run.finding import FileError, Finding, Report
    from stackwarden.run.session import Session, SessionOptions

__all__ = ["Group", "Plan", "by_settings", "merge", "nearest_settings", "open_or_exit", "settings_for"]


def settings_for(path: str) -> Settings | None:
    """The configuration that counts for a path (`-`: for the working folder); faults in it end with exit code 2."""
    return _Nearest().of(Path("." if path == "-" else path))


def nearest_settings() -> Callable[[Path], Settings | None]:
    """A function that gives the configuration that counts for a file; each is read once."""
    return _Nearest().of


@dataclass(frozen=True, slots=True)
class Group:
    """Files that one configuration counts for."""

    settings: Settings | None
    files: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to scan: groups of files, what could not be looked at, and the names of all files in their order."""

    groups: tuple[Group, ...]
    errors: tuple[FileError, ...]
    order: tuple[str, ...]


def by_settings(paths: Sequence[str], *, read: bool, changed_only: bool = False) -> Plan:
    """The files to scan in groups of one configuration each, and what could not be looked at.

    The nearest configuration above a file counts for it; `exclude` is that of the path that was given, as a folder
    that is excluded is not looked into. Without `read` there is one group.
    """
    from stackwarden.run.discover import discover

    if not read:
        found = discover(paths, changed_only=changed_only)
        return Plan((Group(None, found.files),), found.errors, ())
    nearest = _Nearest()
    given: dict[Path | None, tuple[Settings | None, list[str]]] = {}
    for path in paths:
        settings = nearest.of(Path("." if path == "-" else path))
        given.setdefault(None if settings is None else settings.file, (settings, []))[1].append(path)
    groups: dict[Path | None, tuple[Settings | None, list[Found]]] = {}
    errors: list[FileError] = []
    order: list[str] = []
    for settings, members in given.values():
        exclude, root = (settings.exclude, settings.root) if settings is not None else ((), None)
        found = discover(members, exclude=exclude, exclude_root=root, changed_only=changed_only)
        errors.extend(found.errors)
        order.extend(file.name for file in found.files)
        for file in found.files:
            own = nearest.of(Path() if file.path is None else file.path)
            groups.setdefault(None if own is None else own.file, (own, []))[1].append(file)
        groups.setdefault(None if settings is None else settings.file, (settings, []))
    made = tuple(Group(settings, tuple(files)) for settings, files in groups.values())
    return Plan(made, tuple(errors), tuple(order))


class _Nearest:
    """Looks up the nearest configuration; each folder and file is looked at once."""

    def __init__(self) -> None:
        self._files: dict[Path, Path | None] = {}
        self._settings: dict[Path, Settings] = {}

    def of(self, path: Path) -> Settings | None:
        """The configuration that counts for a file or folder."""
        from stackwarden.config import find_config

        folder = path if path.is_dir() else path.parent
        if folder not in self._files:
            self._files[folder] = find_config(folder)
        file = self._files[folder]
        return None if file is None else self._load(file)

    def _load(self, file: Path) -> Settings:
        from stackwarden.config import Settings, load_settings

        if file not in self._settings:
            settings = load_settings(file)
            if not isinstance(settings, Settings):
                write_diagnostics(settings)
                raise typer.Exit(2)
            self._settings[file] = settings
        return self._settings[file]


def open_or_exit(options: SessionOptions) -> Session:
    """A session; a wrong policy or setting ends with exit code 2."""
    from stackwarden.run.session import open_session

    session = open_session(options)
    if isinstance(session, tuple):
        write_diagnostics(session)
        raise typer.Exit(2)
    return session


def merge(reports: Sequence[Report], order: Sequence[str] = ()) -> Report:
    """One report over scans with different configurations (at least one); `order` are the files' names in order."""
    from stackwarden.run.clock import together

    first = reports[0]
    if len(reports) == 1:
        return first
    rules = {rule.id: rule for report in reports for rule in report.rules}
    position = {name: index for index, name in enumerate(order)}

    def by_file(one: Finding | FileError) -> int:
        return position.get(one.file, -1)

    return replace(
        first,
        files=sum(report.files for report in reports),
        rules=tuple(rules.values()),
        findings=tuple(sorted((one for report in reports for one in report.findings), key=by_file)),
        errors=tuple(sorted((one for report in reports for one in report.errors), key=by_file)),
        duration_ms=sum(report.duration_ms for report in reports),
        min_severity=min(report.min_severity for report in reports),
        sources={name: source for report in reports for name, source in report.sources.items()},
        notices=tuple(dict.fromkeys(notice for report in reports for notice in report.notices)),
        unused_parameters=tuple(
            name for name in first.unused_parameters if all(name in report.unused_parameters for report in reports)
        ),
        stats=together(report.stats for report in reports),
    )
