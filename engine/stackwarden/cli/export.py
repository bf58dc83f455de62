"""`stackwarden export`: the policies in the forms of other tools and services."""

from __future__ import annotations

from typing import Final

import typer

from stackwarden.cli import _export_aws_config

__all__ = ["export"]

export: Final = typer.Typer(
    name="export",
    help="Write what other tools and services need to apply the same policies.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

export.command("aws-config")(_export_aws_config.aws_config)
