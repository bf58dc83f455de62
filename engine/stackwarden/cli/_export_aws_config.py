"""`stackwarden export aws-config`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stackwarden.cli._output import fail, tell, write, write_file

if TYPE_CHECKING:
    from stackwarden.integrations.aws_config_export import Selected

__all__ = ["Schedule", "aws_config"]


class Schedule(StrEnum):
    """How often AWS Config evaluates everything besides what changes."""

    HOURLY = "1h"
    THREE_HOURLY = "3h"
    SIX_HOURLY = "6h"
    TWICE_DAILY = "12h"
    DAILY = "24h"


def aws_config(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where to write; it is made.")],
    rule: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only this rule; a glob.")] = None,
    pack: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this pack, or this standard.")] = None,
    skip: Annotated[list[str] | None, typer.Option(metavar="ID", help="Leave out this rule; a glob.")] = None,
    policy: Annotated[
        list[str] | None, typer.Option(metavar="PATH", help="Also the policies in this file or folder.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Give a policy parameter a value.")
    ] = None,
    schedule: Annotated[
        Schedule | None, typer.Option(help="Also evaluate everything that often; default: only what changes.")
    ] = None,
    proactive: Annotated[
        bool, typer.Option("--proactive", help="Also evaluate before deployments, where AWS Config can.")
    ] = False,
    no_remediation: Annotated[
        bool, typer.Option("--no-remediation", help="Leave out the function that puts resources right.")
    ] = False,
) -> None:
    """Write a SAM template that deploys rules of AWS Config and remediations for the chosen rules.

    Files of the folder that are no longer made stay where they are. A stackwarden.toml that you put into its folder
    functions is read there: for waivers, severities and parameters.

    \b
    Examples:
      stackwarden export aws-config --pack storage --output config
      stackwarden export aws-config --rule 'apigateway-stage-*' --schedule 24h --output config
    """
    from stackwarden.cli._engine import open_or_exit
    from stackwarden.cli._parameters import pairs
    from stackwarden.integrations.aws_config_export import Options, export_files, select_checks
    from stackwarden.integrations.aws_config_export.template import SCHEDULES
    from stackwarden.run.session import SessionOptions

    params = pairs("--set", set_ or ())
    session = open_or_exit(
        SessionOptions(
            policies=tuple(policy or ()),
            packs=tuple(pack or ()),
            rules=tuple(rule or ()),
            skip=tuple(skip or ()),
            params=params,
        )
    )
    selected = select_checks(session, remediation=not no_remediation)
    if not selected.checks:
        fail("no configuration item decides any of these rules: " + "; ".join(_reasons(selected)))
    often = dict(zip(Schedule, SCHEDULES, strict=True))
    options = Options(often[schedule] if schedule is not None else "", proactive)
    try:
        own = [(Path(one), one) for one in policy or ()]
        files = export_files(selected, options, session.rules, policies=own, params=params)
    except ValueError as error:
        fail(str(error))
    for name, text in files.items():
        problem = write_file(text, str(output / name))
        if problem is not None:
            fail(problem)
    for reason in _reasons(selected):
        tell(reason)
    write(_summary(selected, output))


def _summary(selected: Selected, output: Path) -> str:
    from stackwarden.report import plural

    rules = {rule for check in selected.checks for rule in check.types}
    fixed = [check for check in selected.checks if check.actions]
    return (
        f"{plural(len(rules), 'rule')} as {plural(len(selected.checks), 'rule')} of AWS Config, "
        f"{len(fixed)} of them with a remediation: {output}\n"
        f"Deploy with: sam build && sam deploy --guided (in {output})\n"
    )


def _reasons(selected: Selected) -> list[str]:
    """What is left out and why: one line for each reason."""
    reasons: dict[str, list[str]] = {}
    for rule, why in selected.left_out.items():
        reasons.setdefault(why, []).append(rule)
    lines = [f"left out, as {why}: {', '.join(rules)}" for why, rules in reasons.items()]
    if selected.by_hand:
        lines.append(f"put right by hand only (see the guide): {', '.join(selected.by_hand)}")
    return lines
