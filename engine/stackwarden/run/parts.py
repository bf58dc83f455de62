"""Which findings one about a whole path is made of: those that stand where the path goes along."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from stackwarden.run.finding import Finding, Place

__all__ = ["with_parts"]

_WITHIN: Final = 4  # keys from which on a place is a property's or a statement's, not that of a resource as a whole


def with_parts(findings: list[Finding], composites: Collection[str]) -> list[Finding]:
    """The findings, those of the rules in `composites` with the fingerprints of the others that they contain."""
    if not composites:
        return findings
    singles = [finding for finding in findings if finding.rule.id not in composites]
    return [
        replace(finding, parts=tuple(dict.fromkeys(_contained(finding, singles))))
        if finding.rule.id in composites
        else finding
        for finding in findings
    ]


def _contained(composite: Finding, singles: list[Finding]) -> Iterator[str]:
    hops = composite.related[len(composite.through) :]  # before them stands the way down to a nested stack
    for single in singles:
        if single.verdict == "fail" and any(
            _meets(hop, single.place, hop is hops[0] or hop is hops[-1]) for hop in hops
        ):
            yield single.fingerprint


def _meets(hop: Place, place: Place, is_end: bool) -> bool:
    """Whether a finding's place is that of a hop, lies within it, or holds it.

    Of a resource as a whole that says little but at the ends of a path: how one gets in, and what is allowed.
    """
    if hop.span.source.name != place.span.source.name:
        return False
    shorter, longer = sorted((hop.path, place.path), key=len)
    if len(shorter) < _WITHIN:
        return is_end and hop.path == place.path
    return longer[: len(shorter)] == shorter
