"""`stackwarden check`."""

from __future__ import annotations

from typing import Annotated

import typer

from stackwarden.cli._output import write, write_diagnostics

__all__ = ["check"]


def check(
    packs: Annotated[
        list[str] | None,
        typer.Argument(metavar="PACK", help="Warden files or folders; default: the shipped packs."),
    ] = None,
) -> None:
    """Check Warden files: syntax, types, property names.

    Exit code: 0 without errors, 2 with errors.

    \b
    Example:
      stackwarden check policies
    """
    from stackwarden.report import plural
    from stackwarden.run.check import check as check_paths

    result = check_paths(tuple(packs or ()))
    size = f"{plural(result.files, 'file')}, {plural(result.rules, 'rule')}"
    if result.diagnostics:
        write_diagnostics(result.diagnostics)
        write(f"{size}: {plural(len(result.diagnostics), 'error')}\n")
        raise typer.Exit(2)
    write(f"{size}: no errors\n")
