"""One template to look at, with what is given for it: what the commands about one template share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from stackwarden.cli._output import tell, write_diagnostics
from stackwarden.cli._parameters import read_all

if TYPE_CHECKING:
    from stackwarden.diagnostics import Diagnostic
    from stackwarden.run.opened import Asked, Opened, OpenedFile
    from stackwarden.run.session import SessionOptions

__all__ = [
    "Account",
    "AsFormat",
    "Environment",
    "NoConfig",
    "OutputFormat",
    "ParameterValues",
    "Partition",
    "Region",
    "With",
    "asked_for",
    "exit_for",
    "first_stack",
    "options_for",
    "pseudo_parameters",
]


class AsFormat(StrEnum):
    """How to print what was asked for."""

    PRETTY = "pretty"
    JSON = "json"


ParameterValues = Annotated[
    list[str] | None,
    typer.Option(
        "--parameters", metavar="FILE|K=V", help="Values of template parameters: a pair, or a parameter file."
    ),
]
Region = Annotated[str | None, typer.Option("--region", metavar="NAME", help="Take AWS::Region to be this.")]
Account = Annotated[str | None, typer.Option("--account", metavar="ID", help="Take AWS::AccountId to be this.")]
Partition = Annotated[str | None, typer.Option("--partition", metavar="NAME", help="Take AWS::Partition to be this.")]
Environment = Annotated[
    str, typer.Option("--environment", metavar="NAME", help="Only this environment of the configuration.")
]
With = Annotated[
    list[str] | None,
    typer.Option("--with", metavar="PATH", help="Also read these templates: exports, and stacks that nest FILE."),
]
OutputFormat = Annotated[AsFormat, typer.Option("--format", "-f", help="How to print it.")]
NoConfig = Annotated[bool, typer.Option("--no-config", help="Read no configuration file.")]


def pseudo_parameters(
    region: str | None, account: str | None, partition: str | None, stack_name: str | None = None
) -> dict[str, str]:
    """The pseudo parameters that were given, by name."""
    given = {
        "AWS::Region": region,
        "AWS::AccountId": account,
        "AWS::Partition": partition,
        "AWS::StackName": stack_name,
    }
    return {name: value for name, value in given.items() if value is not None}


def options_for(
    file: str,
    parameters: Sequence[str] | None,
    pseudo: Mapping[str, str],
    *,
    no_config: bool,
) -> SessionOptions:
    """How to open a template: with the parameters given for it and, unless `no_config`, the configuration above it."""
    from stackwarden.cli._engine import settings_for
    from stackwarden.run.session import SessionOptions

    return SessionOptions(
        parameters=read_all(parameters or ()),
        pseudo=pseudo,
        settings=None if no_config else settings_for(file),
    )


def first_stack(asked: Asked, options: SessionOptions, done: str) -> tuple[OpenedFile, Opened]:
    """The first stack that deploys a template; what cannot be read ends with exit code 3.

    `done` is what is done with it (`drawn`), to tell where there are several.
    """
    from stackwarden.run.opened import open_file

    opened = open_file(asked, options)
    if opened.wrong or not opened.stacks:
        exit_for(opened.wrong, opened.faults)
    first = opened.stacks[0]
    if len(opened.stacks) > 1:
        where = f"environment `{first.environment}`" if first.environment else first.stack.template.source.name
        tell(f"stackwarden: {done} for {where}, the first of {len(opened.stacks)}")
    exit_for((), opened.faults)
    return opened, first


def asked_for(file: str, others: Sequence[str], environment: str) -> Asked:
    """The template in `file` (`-`: standard input) beside those under `others`; a missing one ends with exit code 2."""
    import sys
    from pathlib import Path

    from stackwarden.cli._output import fail
    from stackwarden.run.discover import STDIN, Found, discover
    from stackwarden.run.opened import Asked

    found = discover(others) if others else None
    for error in found.errors if found is not None else ():
        fail(f"{error.file}: {error.message}")
    beside = found.files if found is not None else ()
    if file == "-":
        return Asked(Found(STDIN, None, True), beside, sys.stdin.buffer.read(), environment)
    return Asked(Found(file, Path(file), True), beside, None, environment)


def exit_for(wrong: Sequence[Diagnostic], faults: Sequence[Diagnostic]) -> None:
    """Tells what is wrong with the call (exit code 2) or with the template (3), if anything is."""
    problems = (*wrong, *faults)
    if problems:
        write_diagnostics(problems)
        raise typer.Exit(2 if wrong else 3)
