"""Suppressions written for other tools, where `honor-suppressions` names the tool.

They count for the rules that map to the suppressed ids. Forms: cfn_nag's `Metadata: {cfn_nag: {rules_to_suppress:
[{id, reason}]}}`, checkov's `Metadata: {checkov: {skip: [{id, comment}]}}` and comment `checkov:skip=ID:reason`,
guard's `Metadata: {guard: {SuppressedRules: [NAME]}}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from stackwarden.run.finding import Finding, Waived
from stackwarden.source import Span
from stackwarden.template.model import Resource, Template
from stackwarden.template.nodes import Mapping, Node, Scalar
from stackwarden.template.nodes import Sequence as Items

__all__ = ["honor"]

_CHECKOV_COMMENT: Final = re.compile(r"checkov:skip\s*=\s*(\w+)(?:\s*:\s*(.*))?")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A suppression of one id for one resource."""

    tool: str
    id: str
    reason: str
    logical_id: str
    span: Span


def honor(template: Template, findings: Sequence[Finding], tools: Iterable[str]) -> tuple[Finding, ...]:
    """The findings, those that a suppression of one of the tools covers marked as waived."""
    wanted = frozenset(tools)
    if not wanted or not findings:
        return tuple(findings)
    marks = [mark for mark in _marks(template) if mark.tool in wanted]
    return tuple(_waive(finding, marks) for finding in findings) if marks else tuple(findings)


def _waive(finding: Finding, marks: Sequence[_Mark]) -> Finding:
    if finding.waived is not None:
        return finding
    path = finding.place.path
    owners = (finding.resource, str(path[1]) if len(path) > 1 else "")  # a made resource is its author's
    for mark in marks:
        known = {name.lower() for name in finding.rule.maps.get(mark.tool, ())}
        if mark.logical_id in owners and mark.id.lower() in known:
            begin = mark.span.begin
            waived = Waived(mark.reason, None, f"{mark.span.source.name}:{begin.line}", "inSource")
            return replace(finding, waived=waived)
    return finding


def _marks(template: Template) -> Iterator[_Mark]:
    resources = {**template.resources, **template.written}
    for resource in resources.values():
        metadata = resource.node.get("Metadata")
        if isinstance(metadata, Mapping):
            yield from _of_metadata(template, resource, metadata)
    for comment in template.comments:
        found = _CHECKOV_COMMENT.search(comment.text)
        if found is None:
            continue
        span = template.source.span(comment.start, comment.start + 1 + len(comment.text))
        for resource in resources.values():
            if resource.key[0] <= comment.start < resource.node.end:
                yield _Mark("checkov", found[1], (found[2] or "").strip() or _NO_REASON, resource.logical_id, span)


_NO_REASON: Final = "suppressed for another tool, without a reason"


def _of_metadata(template: Template, resource: Resource, metadata: Mapping) -> Iterator[_Mark]:
    for tool, section, key, note in (
        ("cfn-nag", "cfn_nag", "rules_to_suppress", "reason"),
        ("checkov", "checkov", "skip", "comment"),
        ("guard", "guard", "SuppressedRules", ""),
    ):
        block = metadata.get(section)
        listed = block.get(key) if isinstance(block, Mapping) else None
        for item in listed.items if isinstance(listed, Items) else ():
            name = item if isinstance(item, Scalar) else item.get("id") if isinstance(item, Mapping) else None
            if isinstance(name, Scalar):
                reason = _text(item.get(note)) if isinstance(item, Mapping) else ""
                yield _Mark(tool, name.text, reason or _NO_REASON, resource.logical_id, template.span(name))


def _text(node: Node | None) -> str:
    return node.text.strip() if isinstance(node, Scalar) else ""
