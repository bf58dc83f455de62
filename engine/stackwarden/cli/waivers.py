"""`stackwarden waivers`."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from stackwarden.cli._executors import executor_for
from stackwarden.cli._output import fail, tell, write, write_diagnostics, write_file
from stackwarden.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stackwarden.diagnostics import Diagnostic
    from stackwarden.run.waiver_list import ListedWaiver

__all__ = ["WaiversFormat", "waivers"]


class WaiversFormat(StrEnum):
    """How to list waivers."""

    PRETTY = "pretty"
    JSON = "json"


def waivers(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="PATH", help="Files or folders; default: this folder.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 where a waiver is over, covers nothing or cannot be read.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Take comments that are over or cover nothing out of the templates.")
    ] = False,
    policy: Annotated[
        list[str] | None, typer.Option(metavar="PATH", help="Also use the policies in this file or folder.")
    ] = None,
    format_: Annotated[WaiversFormat, typer.Option("--format", "-f", help="How to list them.")] = WaiversFormat.PRETTY,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no configuration file.")] = False,
) -> None:
    """List the waivers of templates and of the configuration, with what they cover.

    Exit code: 0; 1 with --check where something is to be done; 2 the call, the configuration or a policy is wrong.

    \b
    Examples:
      stackwarden waivers
      stackwarden waivers templates --check
      stackwarden waivers templates --prune
    """
    listed, wrong = _listed(tuple(paths or (".",)), tuple(policy or ()), config=not no_config)
    if format_ is WaiversFormat.JSON:
        from stackwarden.report import dump

        write(dump([_as_data(one) for one in listed]))
    else:
        write("".join(f"{line}\n" for line in _lines(listed)))
    write_diagnostics(wrong)
    if prune:
        _prune(listed)
    undone = any(one.state != "used" for one in listed) or bool(wrong)
    raise typer.Exit(1 if check and undone else 0)


def _listed(
    paths: tuple[str, ...], policies: tuple[str, ...], *, config: bool
) -> tuple[list[ListedWaiver], list[Diagnostic]]:
    from stackwarden.cli._engine import by_settings, open_or_exit
    from stackwarden.run.scan import current_date, scan
    from stackwarden.run.session import SessionOptions
    from stackwarden.run.waiver_list import list_waivers

    listed: list[ListedWaiver] = []
    wrong: list[Diagnostic] = []
    for group in by_settings(paths, read=config).groups:
        options = SessionOptions(policies=policies, min_severity=Severity.INFO, settings=group.settings)
        report = scan(open_or_exit(options), group.files, executor=executor_for())
        found, problems = list_waivers(group.files, report.findings, group.settings, current_date())
        listed.extend(found)
        wrong.extend(problems)
    return listed, wrong


def _lines(listed: Sequence[ListedWaiver]) -> Iterable[str]:
    from stackwarden.report import clean, plural

    for one in listed:
        covers = {"used": f"covers {plural(one.findings, 'finding')}", "unused": "covers nothing", "ended": "is over"}
        facts = [covers[one.state]]
        if one.until is not None:
            facts.append(f"until {one.until.isoformat()}")
        if one.owner:
            facts.append(f"owner {clean(one.owner)}")
        yield f"{clean(one.source)}  {clean(', '.join(one.rules))}  ({', '.join(facts)})"
        yield f"    {clean(one.reason)}"
    states = [one.state for one in listed]
    yield f"{plural(len(listed), 'waiver')}: {states.count('unused')} cover nothing, {states.count('ended')} are over"


def _as_data(one: ListedWaiver) -> dict[str, object]:
    return {
        "rules": list(one.rules),
        "reason": one.reason,
        "until": None if one.until is None else one.until.isoformat(),
        "owner": one.owner,
        "source": one.source,
        "written": one.written,
        "findings": one.findings,
        "state": one.state,
    }


def _prune(listed: Sequence[ListedWaiver]) -> None:
    from stackwarden.report import plural
    from stackwarden.run.waiver_list import pruned

    for source, text, taken in pruned(listed):
        if text is None:
            for one in taken:
                tell(f"stackwarden: take it out of {one.source} yourself: {', '.join(one.rules)}")
            continue
        problem = write_file(text, source.name)
        if problem is not None:
            fail(problem)
        tell(f"stackwarden: took {plural(len(taken), 'waiver')} out of {source.name}")
