"""What git ignores below a folder (gitignore, "Pattern format" of the Git manual).

Patterns come from the `.gitignore` files of the folder and of those above it up to the top of the repository, and from
`.git/info/exclude`; the user's global ignore file is not read, so that a scan gives the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["Patterns", "ignored", "patterns_above", "patterns_in", "patterns_of"]

_FILE: Final = ".gitignore"


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of one file, ready for paths that are relative to the folder of a walk.

    The file sees such a path as `prefix + path[cut:]`: a file above the walk's folder sees more of it (`prefix`), one
    below sees less (`cut`).
    """

    spec: GitIgnoreSpec
    prefix: str = ""
    cut: int = 0

    def verdict(self, path: str) -> bool | None:
        """True if the path is ignored, False if that is revoked by `!`, None if no pattern is about it."""
        return self.spec.check_file(self.prefix + path[self.cut :]).include


def ignored(rules: Iterable[Patterns], path: str) -> bool:
    """Whether a path relative to the folder of a walk is ignored; a folder's path ends with `/`.

    `rules` are in the order of their precedence, the strongest last. Folders above the path must have been asked
    before: what lies in an ignored folder cannot be taken back.
    """
    verdicts = (rule.verdict(path) for rule in reversed(tuple(rules)))
    return next((verdict for verdict in verdicts if verdict is not None), False)


def patterns_of(lines: Iterable[str], prefix: str = "", cut: int = 0) -> tuple[Patterns, ...]:
    """The patterns in some lines, none where no line holds one. A line that is no pattern matches nothing, as in git."""
    wanted = [line for line in lines if line.strip() and not line.startswith("#")]
    if not wanted:
        return ()
    from pathspec import GitIgnoreSpec  # its import takes longer than the walk of a small folder

    good: list[str] = []
    for line in wanted:
        try:
            GitIgnoreSpec.from_lines([line])
        except (ValueError, re.error):
            continue
        good.append(line)
    return (Patterns(GitIgnoreSpec.from_lines(good), prefix, cut),)


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
    return tuple(Patterns(rule.spec, prefix=path[rule.cut :]) for rule in rules)


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
        return file.read_bytes().decode("utf-8-sig", "surrogateescape").splitlines()
    except OSError:
        return []
