"""What is left out below a folder: what git ignores, and the globs of the settings, which are the same language.

Git's patterns come from the `.gitignore` files of the folder and of those above it up to the top of the repository, and
from `.git/info/exclude`; the user's global ignore file is not read, so that a scan gives the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stackwarden.run._gitignore import Pattern, patterns

__all__ = ["Patterns", "ignored", "ignored_with_parents", "patterns_above", "patterns_in", "patterns_of"]

_FILE: Final = ".gitignore"


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of one file, ready for paths that are relative to the folder of a walk.

    The file sees such a path as `prefix + path[cut:]`: a file above the walk's folder sees more of it (`prefix`), one
    below sees less (`cut`).
    """

    last_first: tuple[Pattern, ...]
    prefix: str = ""
    cut: int = 0

    def verdict(self, path: str) -> bool | None:
        """True if the path is ignored, False if that is revoked by `!`, None if no pattern is about it."""
        seen = self.prefix + path[self.cut :]
        return next((pattern.ignores for pattern in self.last_first if pattern.matches(seen)), None)


def ignored(rules: Sequence[Patterns], path: str) -> bool:
    """Whether a path relative to the folder of a walk is ignored; a folder's path ends with `/`.

    `rules` are in the order of their precedence, the strongest last. The folders above the path are not asked: a walk
    has asked them before, for what lies in an ignored folder cannot be taken back.
    """
    for rule in reversed(rules):
        if (verdict := rule.verdict(path)) is not None:
            return verdict
    return False


def ignored_with_parents(rules: Sequence[Patterns], path: str) -> bool:
    """Whether a path or a folder above it is ignored."""
    ends = [at + 1 for at, char in enumerate(path[:-1]) if char == "/"]
    return any(ignored(rules, path[:end]) for end in (*ends, len(path)))


def patterns_of(lines: Iterable[str], prefix: str = "", cut: int = 0) -> tuple[Patterns, ...]:
    """The patterns in some lines as one set of them, none where no line holds one."""
    found = patterns(lines)
    return (Patterns(found[::-1], prefix, cut),) if found else ()


def patterns_in(folder: Path, path: str) -> tuple[Patterns, ...]:
    """The patterns of the `.gitignore` in a folder below the walk's; `path` is its relative path, empty or with `/`."""
    return patterns_of(_lines(folder / _FILE), cut=len(path))


def patterns_above(folder: Path) -> tuple[Patterns, ...]:
    """The patterns for a walk of `folder` (a real, absolute path) that stand above it in its repository.

    None outside of a repository, and none if the folder itself is ignored: who names it wants what is in it.
    """
    top = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)
    if top is None:
        return ()
    rules = list(patterns_of(_lines(_exclude_file(top / ".git"))))
    at, path = top, ""
    for step in folder.relative_to(top).parts:
        rules += patterns_in(at, path)
        at, path = at / step, f"{path}{step}/"
        if ignored(rules, path):
            return ()
    return tuple(Patterns(rule.last_first, prefix=path[rule.cut :]) for rule in rules)


def _exclude_file(git: Path) -> Path:
    """`info/exclude` of a repository; in a work tree of its own, `.git` is a file that names the folder."""
    try:
        if git.is_file():
            git = git.parent / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
            common = git / "commondir"
            if common.is_file():
                git = git / common.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        pass  # no repository that git would know; there is nothing to exclude
    return git / "info" / "exclude"


def _lines(file: Path) -> list[str]:
    """The lines of an ignore file; none if it is missing or cannot be read, as in git."""
    try:
        return file.read_bytes().decode("utf-8-sig", "surrogateescape").split("\n")
    except OSError:
        return []
