"""`stackwarden export postman`."""

from __future__ import annotations

from typing import Annotated

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
from stackwarden.cli._surface import ApiName, File, ServerUrl, base_url, surface_of, tell_missing, write_text

__all__ = ["postman"]


def postman(
    file: File,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write it; default: standard output.")
    ] = None,
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
    """Write a Postman collection whose requests test that the APIs of a template do what it declares.

    A protected route has to turn away a call without credentials and one with bad ones, an open one must not; pages of
    other origins get what CORS declares, and the API speaks TLS. Throttling is tested where the variable runThrottling
    is true, plain HTTP where plainUrl has an address. What only the deployment decides is a variable of the collection.
    What is not tested is told on standard error and in the collection's description.

    Exit code: 0, 2 for an API, parameter or environment that is not there and for a template without APIs, 3 for a
    template that cannot be read or a value that it does not allow.

    \b
    Examples:
      stackwarden export postman app.yaml -o app.postman.json
      stackwarden export postman app.yaml --api Orders --server https://api.example.com
      stackwarden export postman app.yaml --parameters Stage=prod --region eu-west-1 -o app.postman.json
    """
    from stackwarden.integrations.dynamic.postman import collection, untested
    from stackwarden.report import dump

    url = base_url(server)
    options = options_for(file, parameters, pseudo_parameters(region, account, partition), no_config=no_config)
    surface = surface_of(asked_for(file, with_ or (), environment), options, api, server=url)
    write_text(dump(collection(surface, url)), output)
    tell_missing(untested(surface))
