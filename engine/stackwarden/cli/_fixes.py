"""Applying fixes to files, or showing what they would change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stackwarden.cli._output import fail, tell, write

if TYPE_CHECKING:
    from stackwarden.config import Settings
    from stackwarden.run.session import SessionOptions

__all__ = ["apply_fixes"]


def apply_fixes(
    paths: tuple[str, ...], options: Callable[[Settings | None], SessionOptions], *, config: bool, dry_run: bool
) -> int:
    """Fixes the templates under paths, or prints a diff with `dry_run`; how many findings that concerns."""
    from stackwarden.cli._engine import by_settings, open_or_exit
    from stackwarden.report import plural
    from stackwarden.run.fixes import fix_files, unified_diff, write_fixed

    if "-" in paths:
        fail("--fix changes files, not standard input")
    fixed = withdrawn = files = 0
    for group in by_settings(paths, read=config).groups:
        session = open_or_exit(options(group.settings))
        for found, before, outcome in fix_files(session, group.files):
            withdrawn += len(outcome.withdrawn)
            if not outcome.applied:
                continue
            files += 1
            fixed += len(outcome.applied)
            if dry_run:
                patch, hides = unified_diff(before, outcome)
                write(patch)
                if hides:
                    tell(f"stackwarden: `{found.name}` has secrets there, which the patch hides; --fix writes it")
                continue
            problem = write_fixed(found, outcome)
            if problem is not None:
                fail(problem)
    verb = "would fix" if dry_run else "fixed"
    more = f"; {plural(withdrawn, 'finding')} could not be fixed with certainty" if withdrawn else ""
    tell(f"stackwarden: {verb} {plural(fixed, 'finding')} in {plural(files, 'file')}{more}")
    return fixed
