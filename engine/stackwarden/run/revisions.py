"""The files of a git revision in a folder of their own, to be scanned as they were."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from stackwarden.template.limits import Limits

__all__ = ["GitError", "Revision", "checked_out"]

_SUFFIXES: Final = (".yaml", ".yml", ".json", ".template", ".cfn", ".toml", ".txt")
"""Files that a scan may read: templates, what they include, parameters."""


class GitError(Exception):
    """git cannot do what is asked, with its own words."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision's files: `folder` is where the working folder of then is, `commit` the full name of the revision."""

    folder: Path
    commit: str


@contextmanager
def checked_out(name: str, folder: Path) -> Iterator[Revision]:
    """The templates of a revision of the repository that `folder` is in, for the length of the block.

    Raises GitError where there is no git, no repository or no such revision.
    """
    top = Path(_git(folder, "rev-parse", "--show-toplevel").decode().rstrip("\n"))
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").decode().strip()
    with TemporaryDirectory(prefix="stackwarden-") as made:
        root = Path(made)
        for path, data in _files(top, commit):
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        inside = root / folder.resolve().relative_to(top.resolve())
        inside.mkdir(parents=True, exist_ok=True)
        yield Revision(inside, commit)


def _files(top: Path, commit: str) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The files of a commit that a scan may read, links and very large ones left out."""
    wanted: list[tuple[PurePosixPath, str]] = []
    for record in _git(top, "ls-tree", "-r", "-z", "--long", commit).decode("utf-8", "surrogateescape").split("\0"):
        about, _, name = record.partition("\t")
        path = PurePosixPath(name)
        match about.split():
            case [("100644" | "100755"), "blob", blob, length] if int(length) <= Limits().size:
                if path.suffix in _SUFFIXES and ".." not in path.parts and not path.is_absolute():
                    wanted.append((path, blob))
            case _:
                pass
    if not wanted:
        return
    asked = "".join(f"{blob}\n" for _, blob in wanted).encode()
    answer = _git(top, "cat-file", "--batch", stdin=asked)
    position = 0
    for path, _ in wanted:
        end = answer.index(b"\n", position)
        size = int(answer[position:end].split()[2])
        yield path, answer[end + 1 : end + 1 + size]
        position = end + 1 + size + 1


def _git(folder: Path, *arguments: str, stdin: bytes | None = None) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], input=stdin, capture_output=True, check=False)
    except OSError as error:
        raise GitError(f"git cannot be run: {(error.strerror or str(error)).lower()}") from error
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(words[0].removeprefix("fatal: ") if words else f"there is no revision `{arguments[-1][:-9]}`")
    return done.stdout
