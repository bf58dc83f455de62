"""The application: which commands there are, and what happens when everything else fails."""

from __future__ import annotations

import sys
from typing import Annotated, Final

import typer

import stackwarden
from stackwarden.cli import (
    baseline,
    check,
    docs,
    explain,
    export,
    graph,
    import_,
    init,
    query,
    rules,
    scan,
    test,
    waivers,
)
from stackwarden.cli._formats import FormatCommand

__all__ = ["app", "main"]

app: Final = typer.Typer(
    name="stackwarden",
    help="Policy as code for AWS CloudFormation and SAM templates.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help, without loading rich
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: stackwarden scan templates",
)

app.command("scan", cls=FormatCommand)(scan.scan)
app.command("check")(check.check)
app.command("test")(test.test)
app.command("rules")(rules.rules)
app.command("explain")(explain.explain)
app.command("query")(query.query)
app.command("graph")(graph.graph)
app.command("docs")(docs.docs)
app.command("baseline")(baseline.baseline)
app.command("waivers")(waivers.waivers)
app.command("init")(init.init)
app.add_typer(export.app, name="export")
app.add_typer(import_.app, name="import")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stackwarden {stackwarden.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Runs the command line and exits; an internal error is exit code 3, never 1, which means findings."""
    try:
        app()
    except Exception:
        import traceback

        traceback.print_exc()
        sys.stderr.write("stackwarden: an internal error; please report it with the lines above\n")
        sys.exit(3)
