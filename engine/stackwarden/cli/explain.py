"""`stackwarden explain`."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from stackwarden.cli._output import tell, write, write_diagnostics

if TYPE_CHECKING:
    from stackwarden.run.finding import RuleInfo

__all__ = ["explain", "rule_as_text"]


def explain(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The id of a rule.")],
    file: Annotated[str | None, typer.Argument(metavar="FILE", help="A template to explain its verdicts on.")] = None,
    policy: Annotated[
        list[str] | None, typer.Option(metavar="PATH", help="Also use the policies in this file or folder.")
    ] = None,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no configuration file.")] = False,
) -> None:
    """Tell what a rule is for, or how it was decided on a template: each condition with the values that it read.

    Exit code: 0, 2 for an unknown rule, 3 for a template that cannot be read.

    \b
    Examples:
      stackwarden explain lambda-url-auth-none
      stackwarden explain lambda-url-auth-none app.yaml
    """
    from stackwarden.cli._engine import open_or_exit, settings_for
    from stackwarden.diagnostics import did_you_mean
    from stackwarden.run.session import SessionOptions

    settings = None if no_config else settings_for(file or ".")
    session = open_or_exit(SessionOptions(policies=tuple(policy or ()), settings=settings))
    known = {info.id: info for info in session.rules}
    if rule not in known:
        tell(f"stackwarden: there is no rule `{rule}`; {did_you_mean(rule, known) or '`stackwarden rules` lists them'}")
        raise typer.Exit(2)
    if file is None:
        write(rule_as_text(known[rule]))
        return
    from stackwarden.report import clean
    from stackwarden.run.explain import explain as explain_rule

    explained = explain_rule(session, rule, file)
    if isinstance(explained, tuple):
        write_diagnostics(explained)
        raise typer.Exit(3)
    write("\n".join(clean(line) for line in explained.split("\n")))


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
