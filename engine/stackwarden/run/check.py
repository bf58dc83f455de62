"""Checking policies without running them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stackwarden.assets import policies_dir
from stackwarden.diagnostics import Diagnostic, Message
from stackwarden.language.check import check_files
from stackwarden.language.pack import policy_files
from stackwarden.source import Source

__all__ = ["CheckResult", "check", "read_policies"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How much was checked and all that is wrong with it."""

    files: int
    rules: int
    diagnostics: tuple[Diagnostic, ...]


def check(paths: Iterable[str] = ()) -> CheckResult:
    """Parses and type-checks Warden files and folders; none given: the shipped packs."""
    sources, problems = read_policies(paths)
    checked = check_files(sources)
    rules = sum(len(tree.rules) for tree in checked.trees)
    return CheckResult(len(sources), rules, (*problems, *checked.diagnostics))


def read_policies(paths: Iterable[str]) -> tuple[list[tuple[Path, Source]], list[Diagnostic]]:
    """The Warden files under paths (none given: the shipped packs), and what could not be read."""
    roots = [(Path(path), path) for path in paths] or [(policies_dir(), "policies")]
    sources: list[tuple[Path, Source]] = []
    problems: list[Diagnostic] = []
    for root, shown in roots:
        if not root.exists():
            problems.append(Message(None, f"there is no policy file or folder `{shown}`"))
            continue
        for path in policy_files(root):
            name = shown if path == root else f"{shown.rstrip('/')}/{path.relative_to(root).as_posix()}"
            try:
                sources.append((path, Source(name, path.read_text(encoding="utf-8"))))
            except (OSError, UnicodeDecodeError) as error:
                problems.append(Message(None, f"cannot read policy file `{name}`: {error}"))
    return sources, problems
