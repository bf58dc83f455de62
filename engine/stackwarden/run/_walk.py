"""The files in a folder and the folders below it that neither git nor the settings leave out."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stackwarden.run.ignores import Patterns, ignored, patterns_above, patterns_in

__all__ = ["SKIPPED_FOLDERS", "Walk"]

SKIPPED_FOLDERS: Final = frozenset(
    {".aws-sam", ".git", ".hg", ".nox", ".svn", ".tox", ".venv", "__pycache__", "node_modules"}
)
"""Folders that hold copies and other people's files; one of them can still be named itself."""

_ENVIRONMENT_MARK: Final = "pyvenv.cfg"  # in every Python environment, whatever its name (PEP 405)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder on the way: its path, its real path, its path below the top (empty or ending with `/`), its rules."""

    path: Path
    real: str
    below: str
    rules: tuple[Patterns, ...]


@dataclass(slots=True)
class Walk:
    """One walk. `taken` are real paths seen before, by this walk or others: nothing is found twice.

    A file or folder that can be reached both directly and by a symbolic link is found where it really is. `errors`
    pairs the folders that could not be opened (their path below the top) with the reason.
    """

    suffixes: tuple[str, ...]
    excluded: tuple[Patterns, ...]
    taken: set[str]
    errors: list[tuple[str, OSError]] = field(default_factory=list)
    _todo: deque[_Folder] = field(default_factory=deque)
    _linked_folders: deque[_Folder] = field(default_factory=deque)
    _linked_files: list[tuple[str, Path]] = field(default_factory=list)

    def files(self, top: Path) -> Iterator[tuple[str, Path]]:
        """Path below the top (with `/`) and whole path of each regular file with a wanted suffix, in no order."""
        real = os.path.realpath(top)
        self._todo.append(_Folder(top, real, "", patterns_above(Path(real))))
        while self._todo or self._linked_folders:
            folder = (self._todo or self._linked_folders).popleft()
            if folder.real not in self.taken:
                self.taken.add(folder.real)
                yield from self._look_into(folder)
        for below, path in self._linked_files:
            real = os.path.realpath(path)
            if real not in self.taken:
                self.taken.add(real)
                yield below, path

    def _look_into(self, folder: _Folder) -> Iterator[tuple[str, Path]]:
        try:
            with os.scandir(folder.path) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self.errors.append((folder.below, error))
            return
        names = {entry.name for entry in entries}
        if _ENVIRONMENT_MARK in names and folder.below:
            return
        rules = folder.rules
        if ".gitignore" in names:
            rules = (*rules, *patterns_in(folder.path, folder.below))
        for entry in entries:
            below = folder.below + entry.name
            if _is_folder(entry):
                if entry.name not in SKIPPED_FOLDERS and not self._left_out(rules, f"{below}/"):
                    self._enter(folder, entry, rules)
            elif entry.name.lower().endswith(self.suffixes) and _is_file(entry) and not self._left_out(rules, below):
                yield from self._file(folder, entry)

    def _left_out(self, rules: tuple[Patterns, ...], below: str) -> bool:
        return ignored(rules, below) or ignored(self.excluded, below)

    def _enter(self, folder: _Folder, entry: os.DirEntry[str], rules: tuple[Patterns, ...]) -> None:
        linked = entry.is_symlink()
        real = os.path.realpath(entry.path) if linked else os.path.join(folder.real, entry.name)  # noqa: PTH118 - hot
        if (folder.path / entry.name / ".git").exists():  # another repository, to which our rules are nothing
            rules = patterns_above(Path(real))
        inner = _Folder(folder.path / entry.name, real, f"{folder.below}{entry.name}/", rules)
        (self._linked_folders if linked else self._todo).append(inner)

    def _file(self, folder: _Folder, entry: os.DirEntry[str]) -> Iterator[tuple[str, Path]]:
        found = folder.below + entry.name, folder.path / entry.name
        if entry.is_symlink():
            self._linked_files.append(found)
            return
        real = os.path.join(folder.real, entry.name)  # noqa: PTH118 - hot
        if real not in self.taken:
            self.taken.add(real)
            yield found


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is a regular file or leads to one; not for a pipe, which would block, nor for a dangling link."""
    try:
        return entry.is_file()
    except OSError:
        return False
