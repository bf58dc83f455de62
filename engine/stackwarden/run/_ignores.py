"""What git ignores in a folder (gitignore(5)): nested files, negation, the repository above, `info/exclude`.

The user's own excludes file is left aside: the same checkout is to give the same files on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["Ignores", "Layer", "layer", "patterns_above"]

_FILE: Final = ".gitignore"


@dataclass(frozen=True, slots=True)
class Layer:
    """The patterns of one file and the absolute folder to which they are relative."""

    folder: str
    patterns: GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Ignores:
    """All patterns that hold in a folder, the nearest last: the last one that matches decides."""

    layers: tuple[Layer, ...] = ()

    def inside(self, folder: Path) -> Ignores:
        """What holds in a folder below: its own patterns too; in a repository of its own, only those."""
        if (folder / ".git").exists():
            return Ignores(_of_repository(folder))
        own = _read(folder / _FILE, folder)
        return Ignores((*self.layers, own)) if own else self

    def has(self, path: str, *, is_folder: bool) -> bool:
        """Whether the absolute path of something below is ignored; the folders above it are not asked."""
        for one in reversed(self.layers):
            relative = path[len(one.folder) :].lstrip("/\\").replace("\\", "/") + ("/" if is_folder else "")
            decision = one.patterns.check_file(relative).include
            if decision is not None:
                return decision
        return False


def patterns_above(folder: Path) -> Ignores:
    """What holds in a folder that a user names (absolute): the patterns of the repository it is in, and its own.

    A folder that is itself ignored was named on purpose, so there only its own patterns hold.
    """
    top = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)
    if top is None or top == folder:
        return Ignores().inside(folder)
    ignores = Ignores(_of_repository(top))
    between = [one for one in reversed(folder.parents) if top in one.parents]
    for one in (*between, folder):
        if ignores.has(str(one), is_folder=True):
            return Ignores().inside(folder)
        ignores = ignores.inside(one)
    return ignores


def layer(folder: Path, lines: Iterable[str]) -> Layer | None:
    """Patterns relative to a folder, None where there are none.

    A line that is no pattern is passed over, as git does.
    """
    from pathspec import GitIgnoreSpec  # only where there are patterns

    kept = [line for line in lines if line.strip() and not line.startswith("#")]
    if not kept:
        return None
    try:
        return Layer(str(folder), GitIgnoreSpec.from_lines(kept))
    except ValueError:
        return Layer(str(folder), GitIgnoreSpec.from_lines([line for line in kept if _is_pattern(line)]))


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _of_repository(top: Path) -> tuple[Layer, ...]:
    found: Sequence[Layer | None] = (_read(_common(top) / "info" / "exclude", top), _read(top / _FILE, top))
    return tuple(one for one in found if one is not None)


def _common(top: Path) -> Path:
    """The folder with a repository's own files; for a work tree or submodule, `.git` is a file that names it."""
    git = top / ".git"
    pointer = _text(git) if git.is_file() else None
    if pointer is None or not pointer.startswith("gitdir:"):
        return git
    folder = top / pointer.removeprefix("gitdir:").strip()
    shared = _text(folder / "commondir")  # gitrepository-layout(5)
    return folder if shared is None else folder / shared.strip()


def _read(file: Path, folder: Path) -> Layer | None:
    text = _text(file)
    return None if text is None else layer(folder, text.splitlines())


def _text(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8", errors="replace").removeprefix("\ufeff")
    except OSError:  # missing, or a folder, or not for us to read: git goes on without it, too
        return None
