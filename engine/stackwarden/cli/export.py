"""`stackwarden export`: the model of a template for other tools, a command in a module of its own for each."""

from __future__ import annotations

from typing import Final

import typer

from stackwarden.cli import _export_openapi, _export_postman, _export_zap

__all__ = ["app"]

app: Final = typer.Typer(
    no_args_is_help=True,
    help="Write what a template says for another tool.",
    epilog="Example: stackwarden export openapi app.yaml",
)
app.command("openapi")(_export_openapi.openapi)
app.command("postman")(_export_postman.postman)
app.command("zap")(_export_zap.zap)
