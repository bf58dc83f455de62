"""Template parameters from the command line."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from stackwarden.cli._output import write_diagnostics

__all__ = ["read_all"]


def read_all(arguments: Sequence[str]) -> dict[str, str]:
    """Template parameters of all `--parameters`; later ones win."""
    if not arguments:
        return {}
    from stackwarden.parameter_files import read_parameters

    values: dict[str, str] = {}
    for argument in arguments:
        given = read_parameters(argument)
        if isinstance(given, tuple):
            write_diagnostics(given)
            raise typer.Exit(2)
        values |= given
    return values
