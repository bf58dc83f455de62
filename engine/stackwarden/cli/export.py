"""`stackwarden export`: the model of a template for other tools, a command in a module of its own for each."""

from __future__ import annotations

from typing import Final

import typer

from stackwarden.cli import _export_hook

__all__ = ["app"]

app: Final = typer.Typer(
    no_args_is_help=True,
    help="Write what a template says for another tool, or what another tool needs.",
    epilog="Example: stackwarden export hook --output hook",
)
app.command("hook")(_export_hook.hook)


@app.callback()
def _group() -> None:
    """Keeps a group with one command a group."""
