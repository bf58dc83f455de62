"""`stackwarden rules`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stackwarden.cli._output import fail, has_colour, width_of, write

if TYPE_CHECKING:
    from stackwarden.run.finding import RuleInfo

__all__ = ["MAPS", "RulesFormat", "matching", "rules", "rules_as_data", "rules_as_text"]

MAPS: Final = ("checkov", "cfn-nag", "guard", "trivy", "cfripper", "serverless-rules", "fsbp")
"""Tools and standards that the JSON list always names, if only with an empty list; a rule may name more."""


class RulesFormat(StrEnum):
    """How to list rules."""

    PRETTY = "pretty"
    JSON = "json"


def rules(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORD", help="List only rules in which every word occurs, case aside."),
    ] = None,
    policy: Annotated[
        list[str] | None, typer.Option(metavar="PATH", help="Also list the policies in this file or folder.")
    ] = None,
    pack: Annotated[list[str] | None, typer.Option(metavar="NAME", help="List only this shipped pack.")] = None,
    format_: Annotated[RulesFormat, typer.Option("--format", "-f", help="How to list them.")] = RulesFormat.PRETTY,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no configuration file.")] = False,
) -> None:
    """List or search the rules.

    \b
    Examples:
      stackwarden rules lambda public
      stackwarden rules CKV_AWS_258
      stackwarden rules --format json
    """
    import sys

    from stackwarden.cli._engine import open_or_exit, settings_for
    from stackwarden.run.session import SessionOptions

    settings = None if no_config else settings_for(".")
    session = open_or_exit(SessionOptions(policies=tuple(policy or ()), packs=tuple(pack or ()), settings=settings))
    found = matching(session.rules, words or ())
    if format_ is RulesFormat.JSON:
        from stackwarden.report import dump

        write(dump(rules_as_data(found)))
        return
    if not found:
        fail(f"no rule has {' and '.join(f'`{word}`' for word in words or ())}")
    write(rules_as_text(found, colour=has_colour(sys.stdout), width=width_of(sys.stdout)))


def matching(rules: Iterable[RuleInfo], words: Sequence[str]) -> tuple[RuleInfo, ...]:
    """The rules in whose id, texts, maps or resource types every word occurs, in their order."""
    wanted = [word.casefold() for word in words]
    return tuple(rule for rule in rules if not wanted or _has_all(rule, wanted))


def _has_all(rule: RuleInfo, words: Sequence[str]) -> bool:
    ids = (identifier for each in rule.maps.values() for identifier in each)
    texts = (rule.id, rule.title, rule.severity.word, rule.category, rule.pack, rule.because)
    haystack = "\n".join((*texts, *rule.tags, *rule.resources, *rule.maps, *ids)).casefold()
    return all(word in haystack for word in words)


def rules_as_data(rules: Iterable[RuleInfo]) -> list[dict[str, object]]:
    """The list of `rules --format json`."""
    return [
        {
            "id": rule.id,
            "title": rule.title,
            "severity": rule.severity.word,
            "category": rule.category,
            "pack": rule.pack,
            "resources": list(rule.resources),
            "fixable": rule.fixable,
            "maps": {name: list(rule.maps.get(name, ())) for name in dict.fromkeys((*MAPS, *rule.maps))},
            "because": rule.because,
            "remediation": rule.remediation,
            "source": rule.source,
        }
        for rule in rules
    ]


def rules_as_text(rules: Sequence[RuleInfo], *, colour: bool, width: int) -> str:
    """One line for each rule, then how many there are."""
    from stackwarden.report import clean, plural

    widest = max((len(rule.id) for rule in rules), default=0)
    lines = []
    for rule in rules:
        identifier = clean(rule.id).ljust(widest)
        title = clean(rule.title)[: max(20, width - widest - 12)]
        shown = f"\x1b[1m{identifier}\x1b[0m" if colour else identifier
        lines.append(f"{rule.severity.word:<8}  {shown}  {title}".rstrip())
    packs = len({rule.pack for rule in rules})
    return "\n".join([*lines, f"{plural(len(rules), 'rule')} in {plural(packs, 'pack')}", ""])
