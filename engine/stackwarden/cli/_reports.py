"""Reports in the formats that are asked for, each to where it goes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from stackwarden.cli._formats import Target
from stackwarden.cli._output import fail, has_colour, width_of, write, write_diagnostics, write_file

if TYPE_CHECKING:
    from stackwarden.report import Reporter

__all__ = ["reporter_for", "write_report"]


def reporter_for(target: Target) -> Reporter:
    """The format, for people as colourful and wide as where it goes; one that is not there ends with exit code 2."""
    from stackwarden.report import UnknownFormat, reporter

    found = reporter(target.format)
    if isinstance(found, UnknownFormat):
        write_diagnostics([found])
        raise typer.Exit(2)
    if found.name == "pretty" and target.file is None:
        from stackwarden.report.pretty import Pretty

        return Pretty(colour=has_colour(sys.stdout), width=width_of(sys.stdout))
    return found


def write_report(text: str, target: Target) -> None:
    """Writes a report to where its format goes; a file that cannot be written ends with exit code 2."""
    if target.file is None:
        write(text)
        return
    problem = write_file(text, target.file)
    if problem is not None:
        fail(problem)
