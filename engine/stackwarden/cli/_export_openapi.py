"""`stackwarden export openapi`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stackwarden.cli._asked import (
    Account,
    Environment,
    NoConfig,
    ParameterValues,
    Partition,
    Region,
    With,
    asked_for,
    options_for,
    pseudo_parameters,
)
from stackwarden.cli._output import fail, tell
from stackwarden.cli._surface import ApiName, File, ServerUrl, base_url, surface_of, tell_missing, write_text

if TYPE_CHECKING:
    from stackwarden.integrations.dynamic.surface import Json, Surface

__all__ = ["openapi"]


class DataFormat(StrEnum):
    """How to write a document."""

    JSON = "json"
    YAML = "yaml"


def openapi(
    file: File,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="PATH", help="The file, or the folder for a document of each API."),
    ] = None,
    format_: Annotated[DataFormat, typer.Option("--format", "-f", help="How to write it.")] = DataFormat.JSON,
    api: ApiName = "",
    server: ServerUrl = "",
    parameters: ParameterValues = None,
    region: Region = None,
    account: Account = None,
    partition: Partition = None,
    environment: Environment = "",
    with_: With = None,
    no_config: NoConfig = False,
) -> None:
    """Write the APIs of a template as OpenAPI 3.0 documents, one for each API.

    Each operation tells what protects it (`security`), and where it is written. What only the deployment decides is a
    server variable or a path parameter; what is there under some settings says so in `x-stackwarden-when`. What has no
    place in the document is told on standard error and in `x-stackwarden-not-exported`.

    Exit code: 0, 2 for an API, parameter or environment that is not there and for a template without APIs, 3 for a
    template that cannot be read or a value that it does not allow.

    \b
    Examples:
      stackwarden export openapi app.yaml
      stackwarden export openapi app.yaml --api Orders --server https://api.example.com -o orders.json
      stackwarden export openapi app.yaml --parameters Stage=prod --format yaml -o apis/
    """
    from stackwarden.integrations.dynamic.openapi import document
    from stackwarden.integrations.dynamic.surface import file_name

    url = base_url(server)
    options = options_for(file, parameters, pseudo_parameters(region, account, partition), no_config=no_config)
    surface = surface_of(asked_for(file, with_ or (), environment), options, api, server=url)
    folder = _folder(surface, output)
    for one in surface.apis:
        target = output if folder is None else str(folder / f"{file_name(one)}.{format_.value}")
        write_text(_text(document(surface, one, url), format_), target)
        if folder is not None:
            tell(f"stackwarden: wrote {target}")
    tell_missing(surface.missing)


def _folder(surface: Surface, output: str | None) -> Path | None:
    """The folder that the documents go to; None where there is one document for a file or standard output."""
    names = ", ".join(one.name for one in surface.apis)
    several = len(surface.apis) > 1
    if output is None:
        if several:
            fail(f"{surface.file} has several APIs: {names}; choose one with --api, or give --output a folder")
        return None
    path = Path(output)
    if path.is_dir() or output.endswith("/"):
        return path
    if several and path.suffix:
        fail(f"{surface.file} has several APIs: {names}; `{output}` has to be a folder")
    return path if several else None


def _text(data: dict[str, Json], format_: DataFormat) -> str:
    if format_ is DataFormat.YAML:
        import yaml

        return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100))
    from stackwarden.report import dump

    return dump(data)
