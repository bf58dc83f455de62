"""`stackwarden export zap`."""

from __future__ import annotations

from pathlib import Path
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
from stackwarden.cli._levels import Level
from stackwarden.cli._output import tell
from stackwarden.cli._surface import ApiName, File, ServerUrl, base_url, surface_of, tell_missing, write_text

__all__ = ["zap"]


def zap(
    file: File,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to write the plan, with the OpenAPI documents beside it."
        ),
    ] = None,
    passive: Annotated[bool, typer.Option("--passive", help="Leave out the active scan, which attacks.")] = False,
    signed_in: Annotated[
        bool, typer.Option("--signed-in", help="Send the credentials that system variables hold (ZAP_AUTHORIZATION).")
    ] = False,
    minutes: Annotated[int, typer.Option(metavar="N", min=1, help="How long each scan may take.")] = 10,
    fail_on: Annotated[Level, typer.Option(help="Let ZAP exit with 1 for alerts from this risk on.")] = Level.HIGH,
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
    """Write a plan for ZAP's automation framework that scans the APIs of a template.

    The plan imports an OpenAPI document of each API, which is written beside it, scans passively and actively, writes
    its reports (zap.sarif.json, and zap-report.json for `stackwarden import zap-report`) and sets ZAP's exit status.
    The base URL is the system variable ZAP_URL, by default what the template or --server says.

    Scan only what you may attack: the active scan sends requests that can change and delete data.

    Exit code: 0, 2 for an API, parameter or environment that is not there and for a template without APIs, 3 for a
    template that cannot be read or a value that it does not allow.

    \b
    Examples:
      stackwarden export zap app.yaml -o zap/plan.yaml
      stackwarden export zap app.yaml --server https://test.example.com --passive -o zap/plan.yaml
    """
    import yaml

    from stackwarden.diagnostics import Severity
    from stackwarden.integrations.dynamic.openapi import document
    from stackwarden.integrations.dynamic.surface import file_name
    from stackwarden.integrations.dynamic.zap import Choice, plan, unset
    from stackwarden.report import dump

    url = base_url(server)
    options = options_for(file, parameters, pseudo_parameters(region, account, partition), no_config=no_config)
    surface = surface_of(asked_for(file, with_ or (), environment), options, api, server=url)
    worst = Severity.parse(fail_on.value)
    assert worst is not None  # the levels are the severities
    documents = {one.name: f"{file_name(one)}.json" for one in surface.apis}
    choice = Choice(documents, server=url, active=not passive, signed_in=signed_in, fail_on=worst, minutes=minutes)
    write_text(yaml.safe_dump(plan(surface, choice), sort_keys=False, allow_unicode=True, width=100), output)
    if output is None:
        tell(f"stackwarden: --output also writes what the plan imports: {', '.join(documents.values())}")
    for one in surface.apis if output is not None else ():
        target = str(Path(output or "").parent / documents[one.name])
        write_text(dump(document(surface, one, url)), target)
        tell(f"stackwarden: wrote {target}")
    if names := unset(surface, choice):
        tell(f"stackwarden: the template does not tell where the APIs are; set {', '.join(names)} for ZAP, or --server")
    tell_missing(surface.missing)
