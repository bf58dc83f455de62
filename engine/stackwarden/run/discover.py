"""Which files a scan reads: the files that were named, and the templates in the folders that were named.

A folder is full of YAML and JSON that is something else, so its files are taken by content (`sniff`), and what git
ignores or what tools fill (`node_modules`) is passed over.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stackwarden.config.settings import within
from stackwarden.diagnostics import Diagnostic
from stackwarden.run._walk import SKIPPED_FOLDERS, Walk
from stackwarden.run.finding import FileError
from stackwarden.run.ignores import Patterns, ignored_with_parents, patterns_of
from stackwarden.run.objects import is_url, list_objects
from stackwarden.template.limits import Limits
from stackwarden.template.sniff import sniff

__all__ = ["SKIPPED_FOLDERS", "STDIN", "SUFFIXES", "Discovery", "Found", "discover", "looks_like_template"]

STDIN: Final = "<stdin>"
"""The name under which standard input is shown."""

SUFFIXES: Final = (".yaml", ".yml", ".json", ".template", ".cfn")
"""Ends of the names of files that are looked at in a folder, in lower case."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to scan: the name to show, with `/` on every system, and its path, None for standard input and objects.

    `given` tells a file that was named itself from one found in a folder. The name of an object is its URL.
    """

    name: str
    path: Path | None
    given: bool

    @property
    def is_object(self) -> bool:
        """Whether an URL names it; what is in it is not looked at before it is scanned."""
        return self.path is None and is_url(self.name)


@dataclass(frozen=True, slots=True)
class Discovery:
    """Files in the order of the arguments, those of one folder sorted by name; and what could not be looked at."""

    files: tuple[Found, ...]
    errors: tuple[FileError, ...]


def discover(
    paths: Sequence[str],
    *,
    exclude: Sequence[str] = (),
    exclude_root: Path | None = None,
    changed_only: bool = False,
    limits: Limits | None = None,
) -> Discovery:
    """The files to scan for the arguments of a command: files, folders, URLs and `-` for standard input.

    A file that is named is taken whatever is in it, a file in a folder if it may be a template. With `changed_only`
    (a hook that is handed every file of a change) named files too must look like templates and not be excluded.
    `exclude` are globs as in `.gitignore`, seen from `exclude_root` (default: the working folder). A file is taken
    once, by its real path: at the place where it is named itself, or else where it is found first.
    """
    search = _Search(tuple(exclude), exclude_root or Path(), changed_only, limits or Limits())
    urls = {path for path in paths if is_url(path)}
    folders = {path for path in paths if path and path != "-" and path not in urls and Path(path).is_dir()}
    named = {path: os.path.realpath(path) for path in paths if path != "-" and path not in urls | folders}
    search.taken.update(named.values())
    once: set[str] = set()
    for path in dict.fromkeys(paths):
        if path == "-":
            search.files.append(Found(STDIN, None, True))
        elif path in urls:
            search.url(path)
        elif path in folders:
            search.folder(path)
        elif named[path] not in once:
            once.add(named[path])
            search.file(path)
    return Discovery(tuple(search.files), tuple(search.errors))


@dataclass(slots=True)
class _Search:
    """The state of one discovery."""

    exclude: tuple[str, ...]
    exclude_root: Path
    changed_only: bool
    limits: Limits
    files: list[Found] = field(default_factory=list)
    errors: list[FileError] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def file(self, name: str) -> None:
        """A file that is named itself."""
        path = Path(name)
        if not name or not path.exists():
            self.errors.append(FileError(_shown(name), 1, 1, "no such file or folder"))
        elif not self.changed_only or (not self._is_excluded(path) and self._may_be_template(path, name)):
            self.files.append(Found(_shown(name), path, True))

    def folder(self, name: str) -> None:
        """A folder that is named: the templates in it, in the order of their names."""
        top = Path(name)
        walk = Walk(SUFFIXES, self._excluded_below(top), self.taken)
        prefix = "" if top == Path() else f"{_shown(name).rstrip('/')}/"
        for below, path in sorted(walk.files(top), key=lambda found: found[0].split("/")):
            if self._may_be_template(path, prefix + below):
                self.files.append(Found(_shown(prefix + below), path, False))
        for below, error in walk.errors:
            self._cannot_open((prefix + below).rstrip("/") or name, error)

    def url(self, name: str) -> None:
        """An object, or those that a glob or a folder means; `exclude` is about files."""
        found = list_objects(name, SUFFIXES)
        if isinstance(found, Diagnostic):
            self.errors.append(FileError.of(name, found))
            return
        urls, single = found
        new = [url for url in urls if url not in self.taken]
        self.taken.update(new)
        self.files.extend(Found(url, None, single and not self.changed_only) for url in new)

    def _excluded_below(self, folder: Path) -> tuple[Patterns, ...]:
        """The globs as seen from a folder; none if it is excluded itself, for who names it wants what is in it."""
        path = within(folder, self.exclude_root)
        if path == ".":
            return patterns_of(self.exclude)
        return () if self._is_excluded(folder, "/") else patterns_of(self.exclude, prefix=f"{path}/")

    def _is_excluded(self, path: Path, end: str = "") -> bool:
        return ignored_with_parents(patterns_of(self.exclude), within(path, self.exclude_root) + end)

    def _may_be_template(self, path: Path, name: str) -> bool:
        """Whether the first bytes, as many as a template may have, look like one; a file that cannot be read is told.

        A template in another encoding is one: it is for the reader to say what is wrong with it.
        """
        try:
            with path.open("rb") as file:
                return looks_like_template(file.read(self.limits.size))
        except OSError as error:
            self._cannot_open(name, error)
            return False

    def _cannot_open(self, name: str, error: OSError) -> None:
        reason = (error.strerror or str(error)).lower()
        self.errors.append(FileError(_shown(name), 1, 1, f"cannot be opened: {reason}"))


def looks_like_template(data: bytes) -> bool:
    """Whether the bytes of a file may be a template."""
    return sniff(_text(data))


def _text(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def _shown(name: str) -> str:
    """A name that every output can write: with `/`, and with U+FFFD for bytes that are no UTF-8."""
    return os.fsencode(name).decode("utf-8", "replace").replace(os.sep, "/")
