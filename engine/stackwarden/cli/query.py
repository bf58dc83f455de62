"""`stackwarden query`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stackwarden.cli._output import fail, write, write_diagnostics

__all__ = ["query"]


def query(
    expression: Annotated[str, typer.Argument(metavar="EXPR", help="A JSONPath, such as $.Resources.*.Properties.")],
    file: Annotated[str, typer.Argument(metavar="FILE", help="A template.")],
    parameters: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE|K=V", help="Values of template parameters: a pair, or a parameter file."),
    ] = None,
) -> None:
    """Print what stands at a path of the resolved template, with its place and the setting under which it does.

    \b
    Examples:
      stackwarden query '$.Resources.*.Properties.CidrIp' network.yaml
      stackwarden query '$..PolicyDocument.Statement[*].Action' app.yaml --parameters Stage=prod
    """
    from stackwarden.cli._parameters import read_all
    from stackwarden.diagnostics import Diagnostic
    from stackwarden.graph.stack import Stack
    from stackwarden.report import when_in_words
    from stackwarden.resolve.transforms import open_template
    from stackwarden.run.query import BadQuery
    from stackwarden.run.query import query as find
    from stackwarden.template.load import decode, load
    from stackwarden.template.model import Template

    given = read_all(parameters or ())
    try:
        source = decode(Path(file).read_bytes(), file)
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}")
    template = (source,) if isinstance(source, Diagnostic) else load(source)
    if not isinstance(template, Template):
        write_diagnostics(template)
        raise typer.Exit(3)
    resolver, problems = open_template(template, given)
    write_diagnostics(problems)
    found = find(Stack(resolver), expression)
    if isinstance(found, BadQuery):
        write_diagnostics([found])
        raise typer.Exit(2)
    for one in found:
        begin = one.place.span.begin
        when = f"  when {when_in_words(one.when)}" if one.when else ""
        write(f"{file}:{begin.line}:{begin.column}  {one.path}  {one.words}{when}\n")
    if not found:
        fail(f"nothing in {file} is at `{expression}`")
