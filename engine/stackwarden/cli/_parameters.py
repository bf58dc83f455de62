"""Values of parameters from the command line."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from stackwarden.cli._output import fail, write_diagnostics

__all__ = ["pairs", "read_all"]


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


def pairs(option: str, values: Sequence[str]) -> dict[str, str]:
    """The `NAME=VALUE`s of an option; anything else ends with exit code 2."""
    found: dict[str, str] = {}
    for value in values:
        name, separator, text = value.partition("=")
        if not separator or not name.strip():
            fail(f"{option} takes NAME=VALUE, not `{value}`")
        found[name.strip()] = text
    return found
