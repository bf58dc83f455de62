"""`stackwarden import`: what other tools found, in our report; a command in a module of its own for each."""

from __future__ import annotations

from typing import Final

import typer

from stackwarden.cli import _import_zap_report
from stackwarden.cli._formats import FormatCommand

__all__ = ["app"]

app: Final = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Take over what another tool found.",
    epilog="Example: stackwarden import zap-report zap-report.json app.yaml",
)
app.command("zap-report", cls=FormatCommand)(_import_zap_report.zap_report)


@app.callback()
def _several() -> None:  # keeps the name of the command, which alone would be left out
    pass
