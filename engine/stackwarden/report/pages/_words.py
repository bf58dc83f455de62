"""What the pages say, whatever they are written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from stackwarden.run.reference import ExamplePage, Mark, Outcome, RulePage

__all__ = ["NAMES_OF_MAPS", "heading_of", "map_name", "notes", "outcome_in_words", "packs_of", "services_of"]

NAMES_OF_MAPS: Final[Mapping[str, str]] = {
    "aws-config": "AWS Config",
    "cdk-nag": "cdk-nag",
    "cfn-nag": "cfn_nag",
    "cfripper": "cfripper",
    "checkov": "Checkov",
    "cis": "CIS AWS Foundations",
    "config": "AWS Config",
    "fsbp": "AWS Foundational Security Best Practices",
    "guard": "CloudFormation Guard",
    "nist-800-53": "NIST SP 800-53",
    "owasp-api": "OWASP API Security",
    "pci-dss": "PCI DSS",
    "regula": "Regula",
    "securityhub": "Security Hub",
    "serverless-rules": "Serverless Rules",
    "trivy": "Trivy",
    "well-architected": "AWS Well-Architected",
}


def map_name(key: str) -> str:
    """What a tool or standard is called."""
    return NAMES_OF_MAPS.get(key, key)


def packs_of(rules: tuple[RulePage, ...]) -> dict[str, tuple[RulePage, ...]]:
    """The rules by pack, in order."""
    packs: dict[str, list[RulePage]] = {}
    for rule in rules:
        packs.setdefault(rule.info.pack, []).append(rule)
    return {pack: tuple(found) for pack, found in packs.items()}


def services_of(rule: RulePage) -> tuple[str, ...]:
    """The services of the resource types that a rule looks at (`ApiGateway`)."""
    names = (resource.split("::")[1] for resource in rule.info.resources if resource.count("::") >= 2)
    return tuple(dict.fromkeys(names))


def outcome_in_words(outcome: Outcome) -> str:
    """What comes of an example: that it passes, or how many findings there are, and for which parameters."""
    given = ", ".join(f"{name} = {value}" if value else f"{name} is empty" for name, value in outcome.given)
    where = f" where {given}" if given else ""
    if not outcome.marks:
        return f"passes{where}"
    verdict = "fails" if any(mark.verdict == "fail" for mark in outcome.marks) else "may fail"
    return f"{verdict}{where}"


def heading_of(example: ExamplePage) -> str:
    """The title of an example, with what comes of it."""
    words = [outcome_in_words(outcome) for outcome in example.outcomes]
    return f"{example.name}: {'; '.join(words)}" if words else example.name


def notes(example: ExamplePage) -> Iterator[tuple[int, Mark, str]]:
    """The marks of an example by the line that they end on, each once, with the parameters for which it holds."""
    seen: dict[tuple[int, int, str, str], list[str]] = {}
    marks: dict[tuple[int, int, str, str], Mark] = {}
    for outcome in example.outcomes:
        given = ", ".join(f"{name} = {value}" for name, value in outcome.given)
        for mark in outcome.marks:
            key = (mark.first, mark.last, mark.message, mark.verdict)
            marks.setdefault(key, mark)
            seen.setdefault(key, []).append(given)
    for key in sorted(seen):
        wheres = [where for where in seen[key] if where]
        yield key[1], marks[key], " or ".join(wheres) if len(wheres) == len(seen[key]) else ""
