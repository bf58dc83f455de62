"""`stackwarden query`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from stackwarden.cli._asked import (
    Account,
    AsFormat,
    Environment,
    NoConfig,
    OutputFormat,
    ParameterValues,
    Partition,
    Region,
    With,
    asked_for,
    exit_for,
    options_for,
    pseudo_parameters,
)
from stackwarden.cli._output import fail, write, write_diagnostics

if TYPE_CHECKING:
    from stackwarden.run.query import Found

__all__ = ["query"]


def query(
    expression: Annotated[str, typer.Argument(metavar="EXPR", help="A JSONPath, such as $.Resources.*.Properties.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="A template, - for standard input.")],
    parameters: ParameterValues = None,
    region: Region = None,
    account: Account = None,
    partition: Partition = None,
    environment: Environment = "",
    with_: With = None,
    format_: OutputFormat = AsFormat.PRETTY,
    no_config: NoConfig = False,
) -> None:
    """Print what stands at a path of the resolved template, with its place and the setting under which it does.

    Resources of nested stacks are called by their path; other parts of a nested template stand under `Stacks`.

    Exit code: 0, 2 for a path that finds nothing or is none, and for a parameter or environment that is not there,
    3 for a template that cannot be read or a value that it does not allow.

    \b
    Examples:
      stackwarden query '$.Resources.*.Properties.CidrIp' network.yaml
      stackwarden query '$.Resources["Net/Vpc"].Properties' app.yaml --region eu-west-1
      stackwarden query '$..PolicyDocument.Statement[*].Action' app.yaml --parameters Stage=prod --format json
    """
    from stackwarden.run.opened import open_file
    from stackwarden.run.query import BadQuery
    from stackwarden.run.query import query as find

    options = options_for(file, parameters, pseudo_parameters(region, account, partition), no_config=no_config)
    opened = open_file(asked_for(file, with_ or (), environment), options)
    if opened.wrong or not opened.stacks:
        exit_for(opened.wrong, opened.faults)
    found = find(opened.stacks, expression)
    if isinstance(found, BadQuery):
        write_diagnostics([found])
        raise typer.Exit(2)
    if format_ is AsFormat.JSON:
        from stackwarden.report import dump
        from stackwarden.report.explained import found_as_data

        write(dump(found_as_data(found, opened.secrets)))
    else:
        for one in found:
            write(opened.secrets.mask(_line(one)))
    exit_for((), opened.faults)
    if not found:
        fail(f"nothing in {opened.name} is at `{expression}`")


def _line(found: Found) -> str:
    """`file:line:column  path  value`, the environments and the setting in which it is that."""
    from stackwarden.report import clean, when_in_words

    begin = found.place.span.begin
    environments = f"  in {', '.join(found.environments)}" if found.environments else ""
    when = f"  when {when_in_words(found.when)}" if found.when else ""
    place = f"{found.place.span.source.name}:{begin.line}:{begin.column}"
    return f"{place}  {found.path}  {clean(found.words)}{environments}{when}\n"
