"""`stackwarden export`: the model of a template for other tools, a command in a module of its own for each."""

from __future__ import annotations

from typing import Final

import typer

from stackwarden.cli import _export_aws_config, _export_hook, _export_openapi, _export_postman, _export_zap

__all__ = ["app"]

app: Final = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Write what a template says for another tool, or what another tool needs.",
    epilog="Example: stackwarden export openapi app.yaml",
)
app.command("openapi")(_export_openapi.openapi)
app.command("postman")(_export_postman.postman)
app.command("zap")(_export_zap.zap)
app.command("hook")(_export_hook.hook)
app.command("aws-config")(_export_aws_config.aws_config)
