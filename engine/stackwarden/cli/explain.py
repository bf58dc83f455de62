"""`stackwarden explain`."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from stackwarden.cli._asked import (
    Account,
    AsFormat,
    Environment,
    NoConfig,
    OutputFormat,
    ParameterValues,
    Partition,
    Region,
    With,
    asked_for,
    exit_for,
    options_for,
    pseudo_parameters,
)
from stackwarden.cli._output import tell, write
from stackwarden.cli._parameters import pairs

if TYPE_CHECKING:
    from stackwarden.run.finding import RuleInfo
    from stackwarden.run.session import Session

__all__ = ["explain", "rule_as_text"]


def explain(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The id of a rule.")],
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A template to explain its verdicts on, - for standard input.")
    ] = None,
    resource: Annotated[
        str, typer.Option(metavar="ID", help="Only this resource; one of a nested stack by its path: Net/Vpc.")
    ] = "",
    policy: Annotated[
        list[str] | None, typer.Option(metavar="PATH", help="Also use the policies in this file or folder.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Set a param of the policies.")
    ] = None,
    parameters: ParameterValues = None,
    region: Region = None,
    account: Account = None,
    partition: Partition = None,
    environment: Environment = "",
    with_: With = None,
    format_: OutputFormat = AsFormat.PRETTY,
    no_config: NoConfig = False,
) -> None:
    """Tell what a rule is for, or how it was decided on a template: each condition with the values that it read.

    Below a verdict that is no pass stands how the values that decided came about: parameters, conditions, maps,
    imports, nested stacks and loops, each with its place.

    Exit code: 0, 2 for a rule, resource, parameter or environment that is not there, 3 for a template that cannot be
    read or a value that it does not allow.

    \b
    Examples:
      stackwarden explain lambda-url-auth-none
      stackwarden explain lambda-url-auth-none app.yaml --parameters Stage=prod
      stackwarden explain lambda-url-auth-none network.yaml --resource Url --with templates
      stackwarden explain lambda-url-auth-none app.yaml --format json
    """
    from stackwarden.cli._engine import open_or_exit

    given = options_for(file or ".", parameters, pseudo_parameters(region, account, partition), no_config=no_config)
    session = open_or_exit(replace(given, policies=tuple(policy or ()), params=pairs("--set", set_ or ())))
    info = _info(session, rule)
    if file is None:
        if format_ is AsFormat.JSON:
            from stackwarden.cli.rules import rules_as_data
            from stackwarden.report import dump

            write(dump(rules_as_data([info])[0]))
        else:
            write(rule_as_text(info))
        return
    from stackwarden.report import clean, dump
    from stackwarden.run.explain import explain as explain_rule

    explained = explain_rule(session, rule, asked_for(file, with_ or (), environment), resource)
    if format_ is AsFormat.JSON and not explained.wrong:
        from stackwarden.report.explained import explained_as_data

        write(dump(explained_as_data(info, explained)))
    else:
        write("\n".join(clean(line) for line in explained.text.split("\n")))
    exit_for(explained.wrong, explained.faults)


def _info(session: Session, rule: str) -> RuleInfo:
    """The rule of that id; one that is not there ends with exit code 2."""
    from stackwarden.diagnostics import did_you_mean

    known = {info.id: info for info in session.rules}
    if rule not in known:
        tell(f"stackwarden: there is no rule `{rule}`; {did_you_mean(rule, known) or '`stackwarden rules` lists them'}")
        raise typer.Exit(2)
    return known[rule]


def rule_as_text(rule: RuleInfo) -> str:
    """All that a rule says of itself, for people."""
    from stackwarden.report import clean

    lines = [f"{rule.id} ({rule.severity.word}, {rule.category}, pack {rule.pack})", clean(rule.title)]
    if rule.deprecated_by:
        lines.append(f"deprecated: use {rule.deprecated_by}")
    maps = "; ".join(f"{name}: {', '.join(ids)}" for name, ids in rule.maps.items() if ids)
    parts = (
        ("why", rule.because),
        ("fix", rule.remediation),
        ("looks at", ", ".join(rule.resources)),
        ("also known as", maps),
        ("see", ", ".join(rule.see)),
        ("defined in", rule.source),
    )
    for label, text in parts:
        if text:
            wrapped = textwrap.wrap(f"{label}: {clean(text)}", 98, break_long_words=False, break_on_hyphens=False)
            lines += ["", *textwrap.indent("\n".join(wrapped), "  ").split("\n")]
    return "\n".join([*lines, ""])
