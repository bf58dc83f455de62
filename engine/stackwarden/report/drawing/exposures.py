"""Drawings of what strangers get to, for reports: made while a scan has the stacks, as it keeps none of them.

A template has a drawing where there is code that nobody has to sign in for, and its role may do something, or perhaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from stackwarden.exposure.ways import ways
from stackwarden.graph.stack import Stack
from stackwarden.report.drawing.picture import Choice, Picture, picture_of
from stackwarden.resolve.values import ListValue, Record, cases_of
from stackwarden.run.finding import Finding
from stackwarden.run.scan_template import Evaluated

__all__ = ["Exposures"]

_Key = tuple[str, str]
"""File and fingerprint of a finding, which outlast what is done to it after its rule ran (a waiver, a comparison)."""


@dataclass(slots=True)
class _Seen:
    environments: list[str] = field(default_factory=list)
    found: dict[str, set[_Key]] = field(default_factory=dict)


class Exposures:
    """Collects the drawings of a scan: `see` is its `watch`."""

    def __init__(self) -> None:
        self._seen: dict[Picture, _Seen] = {}

    def see(self, evaluated: Evaluated) -> None:
        """Draws a stack, where strangers get to anything by its code."""
        if not _has_paths(evaluated.stack):
            return
        picture = picture_of(evaluated.stack, Choice(exposure=True), evaluated.findings, evaluated.secrets)
        bare = replace(picture, nodes=tuple(replace(node, findings=()) for node in picture.nodes))
        seen = self._seen.setdefault(bare, _Seen())
        if evaluated.environment:
            seen.environments.append(evaluated.environment)
        for node in picture.nodes:
            seen.found.setdefault(node.id, set()).update(map(_key, node.findings))

    def pictures(self, findings: Iterable[Finding]) -> Iterator[tuple[Picture, tuple[str, ...]]]:
        """The drawings in the order of the scan, with those findings of a report that stand at their nodes, and the
        environments that each is of (none: the configuration names none)."""
        known: Mapping[_Key, Finding] = {_key(finding): finding for finding in findings}
        for picture, seen in self._seen.items():
            nodes = (
                replace(node, findings=tuple(known[key] for key in sorted(seen.found[node.id] & known.keys())))
                for node in picture.nodes
            )
            yield replace(picture, nodes=tuple(nodes)), tuple(seen.environments)


def _key(finding: Finding) -> _Key:
    return finding.file, finding.fingerprint


def _has_paths(stack: Stack) -> bool:
    """Whether some way from the internet to code leads on, or may."""
    return any(
        isinstance(paths, ListValue) and (paths.items or paths.open)
        for item in ways(stack).items
        if isinstance(item.value, Record)
        for _, paths in cases_of(item.value.get("paths"))
    )
