"""What earlier scans found, kept by everything that it depends on, so that nothing is scanned twice.

A result depends on the text and name of the template, the policies and the chosen rules with their params, the
configuration, the values given for parameters, the day (waivers end), and the engine itself. One that came about with
the help of other files (nested stacks, snippets, exports, assemblies) is not kept, nor is one with an internal error.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, cast

from stackwarden import __version__, cache
from stackwarden.diagnostics import Severity
from stackwarden.run.finding import FileError, Finding, Place, RuleInfo, Scanned, Waived
from stackwarden.run.session import Session
from stackwarden.source import Source, Span

__all__ = ["Results"]

_FOLDER: Final = "results"
_MOST_KEPT: Final = 5000
_Given = tuple[tuple[str, Mapping[str, str]], ...]


class Results:
    """The kept results of one run. Without a cache folder, or where the user wants none, nothing is kept or found."""

    def __init__(self, session: Session, today: date) -> None:
        self._session = session
        self._today = today
        folder = cache.cache_dir() if session.options.cache and not session.options.count_outcomes else None
        self._folder: Path | None = None if folder is None else folder / _FOLDER
        self._rules = {rule.id: rule for rule in session.rules} if self._folder is not None else {}
        self._run = _of_run(session, self._rules, today) if self._folder is not None else ""

    def find(self, source: Source, given: _Given) -> Scanned | None:
        """The result for a text with these parameters in each environment; None where none is kept."""
        if self._folder is None:
            return None
        data = cache.kept(self._path(self._folder, source, given))
        try:
            return None if data is None else _decoded(cast("tuple[Any, ...]", data), source, self._rules)
        except (ValueError, TypeError, KeyError, IndexError):
            return None  # damaged: it is made anew

    def keep(self, source: Source, given: _Given, scanned: Scanned) -> None:
        """Keeps a result that depends on no other file."""
        if self._folder is None:
            return
        data = _encoded(scanned, source)
        if data is not None:
            cache.keep(self._path(self._folder, source, given), data)

    def __reduce__(self) -> tuple[type[Results], tuple[Session, date]]:
        """As another process gets it: it finds and keeps results in the same folder."""
        return Results, (self._session, self._today)

    def close(self, *, has_new: bool) -> None:
        """Drops the oldest results where there are too many, if new ones came."""
        if self._folder is not None and has_new:
            cache.prune(self._folder, _MOST_KEPT)

    def _path(self, folder: Path, source: Source, given: _Given) -> Path:
        parameters = repr([(environment, sorted(values.items())) for environment, values in given])
        return folder / f"{cache.digest(self._run, source.name, source.text, parameters)}.bin"


def _of_run(session: Session, rules: Mapping[str, RuleInfo], today: date) -> str:
    """What all results of a run depend on."""
    chosen = repr([(one.id, int(one.severity)) for one in rules.values()])
    settings = repr(session.options.settings)
    params = repr(sorted(session.params.items()))
    return cache.digest(__version__, cache.engine_stamp(), session.packs, chosen, params, settings, today.isoformat())


_Data = tuple[Any, ...] | None
"""What `marshal` can write, or None for what has to be left out."""


def _encoded(scanned: Scanned, source: Source) -> _Data:
    own = scanned.source
    if own is None or any(part is not own for part in scanned.sources):
        return None
    findings = [_finding(one, own) for one in scanned.findings]
    errors = [_error(one, own) for one in scanned.errors]
    if None in findings or None in errors:
        return None
    masked = own.text if own.text != source.text else None
    return (masked, tuple(findings), tuple(errors), tuple(scanned.parameters), bool(scanned.sources))


def _decoded(data: tuple[Any, ...], source: Source, rules: Mapping[str, RuleInfo]) -> Scanned:
    masked, findings, errors, parameters, has_parts = data
    own = source if masked is None else Source(source.name, masked)
    return Scanned(
        own,
        tuple(_read_finding(one, own, rules) for one in findings),
        tuple(_read_error(one, own) for one in errors),
        frozenset(parameters),
        (own,) if has_parts else (),
        source,
    )


def _finding(one: Finding, own: Source) -> _Data:
    place = _place(one.place, own)
    related = [_place(each, own) for each in one.related]
    if place is None or None in related or one.file != own.name or one.fix is not None or one.known is not None:
        return None
    waived = one.waived
    return (
        one.rule.id,
        int(one.severity),
        one.verdict,
        None if one.when is None else tuple(dict(way) for way in one.when),
        one.resource,
        one.resource_type,
        place,
        one.message,
        one.fingerprint,
        tuple(related),
        None if waived is None else (waived.reason, waived.until, waived.source, waived.kind, waived.owner),
        one.environments,
        one.through,
        one.construct,
        one.parts,
    )


def _read_finding(data: tuple[Any, ...], own: Source, rules: Mapping[str, RuleInfo]) -> Finding:
    rule, severity, verdict, when, resource, kind, place, message, fingerprint, related, waived, *rest = data
    environments, through, construct, parts = rest
    return Finding(
        rule=rules[rule],
        severity=Severity(severity),
        verdict=verdict,
        when=when,
        file=own.name,
        resource=resource,
        resource_type=kind,
        place=_read_place(place, own),
        message=message,
        fingerprint=fingerprint,
        related=tuple(_read_place(each, own) for each in related),
        waived=None if waived is None else Waived(*waived),
        environments=environments,
        through=through,
        construct=construct,
        parts=parts,
    )


def _place(place: Place, own: Source) -> _Data:
    return (place.path, place.span.start, place.span.end, place.label) if place.span.source is own else None


def _read_place(data: tuple[Any, ...], own: Source) -> Place:
    path, start, end, label = data
    return Place(path, Span(own, start, end), label)


def _error(one: FileError, own: Source) -> _Data:
    span = one.span
    if one.file != own.name or (span is not None and span.source is not own):
        return None
    return (one.line, one.column, one.message, one.help, one.fatal, None if span is None else (span.start, span.end))


def _read_error(data: tuple[Any, ...], own: Source) -> FileError:
    line, column, message, advice, fatal, span = data
    return FileError(own.name, line, column, message, advice, fatal, None if span is None else Span(own, *span))
