"""Checking policies without running them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stackwarden.assets import policies_dir
from stackwarden.diagnostics import Diagnostic
from stackwarden.language.check import check_files
from stackwarden.language.pack import read_policies
from stackwarden.source import Source

__all__ = ["CheckResult", "check", "sources_of"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How much was checked and all that is wrong with it."""

    files: int
    rules: int
    diagnostics: tuple[Diagnostic, ...]


def check(paths: Iterable[str] = ()) -> CheckResult:
    """Parses and type-checks Warden files and folders; none given: the shipped packs."""
    sources, problems = sources_of(paths)
    checked = check_files(sources)
    rules = sum(len(tree.rules) for tree in checked.trees)
    return CheckResult(len(sources), rules, (*problems, *checked.diagnostics))


def sources_of(paths: Iterable[str]) -> tuple[list[tuple[Path, Source]], list[Diagnostic]]:
    """The Warden files under paths (none given: the shipped packs), and what could not be read."""
    files, problems = read_policies([(Path(path), path) for path in paths] or [(policies_dir(), "policies")])
    return [(file.path, Source(file.name, file.text)) for file in files], problems
