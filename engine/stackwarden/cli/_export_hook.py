"""`stackwarden export hook`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stackwarden.cli._output import fail, write

__all__ = ["hook"]


def hook(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write; it is made.")
    ] = Path("hook"),
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A stackwarden.toml that the hook goes by, with the policies it names."),
    ] = None,
) -> None:
    """Write a template that deploys stackwarden as a CloudFormation hook, and a folder for its function.

    The packages of the function go into FOLDER/function; docs/integrations/cloudformation-hooks.md has the commands.

    \b
    Examples:
      stackwarden export hook --output hook
      stackwarden export hook --output hook --config stackwarden.toml
    """
    from stackwarden.integrations.hooks.deployment import DeploymentError, write_deployment

    try:
        paths = write_deployment(output, config)
    except DeploymentError as error:
        fail(str(error))
    write("".join(f"{path}\n" for path in paths))
