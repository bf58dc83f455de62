"""Fixes: edits of a template's own text that make a finding go away, kept only where that is proved.

What a rule declares becomes edits of what the author wrote: in every branch of an `Fn::If`, never in place of a
parameter or another function, never in what a transform generated. The edited text is then scanned with all rules: the
rule must pass for its subject and no finding may be new, or the fix is withdrawn.
"""

from __future__ import annotations

import difflib
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.language import ir
from stackwarden.language.compile import Env
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.logic import YES
from stackwarden.resolve.transforms import open_template
from stackwarden.resolve.values import Record, ResourceValue
from stackwarden.run.deployments import deployments
from stackwarden.run.discover import Found
from stackwarden.run.evaluate import Check, Subject, subjects
from stackwarden.run.files import read_source
from stackwarden.run.finding import Edit, Finding, Fix
from stackwarden.run.fix_edits import OWNER, edits_of, steps_of
from stackwarden.run.scan import Scanned, scan_source
from stackwarden.run.session import Session
from stackwarden.run.templates import TemplateFiles
from stackwarden.schema.registry import Registry
from stackwarden.source import Source, Span
from stackwarden.template.edit import (
    TextEdit,
    apply_edits,
)
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping, Scalar, alike

__all__ = [
    "Fixed",
    "fitting",
    "fix_files",
    "fix_source",
    "unified_diff",
    "with_fixes",
    "write_fixed",
]

_DEPLOYED: Final = ("Parameters", "Mappings", "Conditions", "Rules", "Transform", "Globals", "Outputs")
"""The sections besides `Resources` that decide what is deployed."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of a template: its text, the findings that are gone by it, and those whose fix was withdrawn.

    `shown` are the texts before and after, without secrets.
    """

    source: Source
    applied: tuple[Finding, ...]
    withdrawn: tuple[Finding, ...]
    shown: tuple[Source, Source]


@dataclass(frozen=True, slots=True)
class _Proposal:
    """The edits that a rule proposes for a resource of a template."""

    rule: str
    resource: str
    edits: tuple[TextEdit, ...]


def fix_source(source: Source, session: Session, *, templates: TemplateFiles | None = None) -> Fixed:
    """Applies every fix of the session's rules that is proved right, one after the other."""
    before = scan_source(source, session, templates=templates)
    fixable = _fixable(before)
    applied: list[Finding] = []
    done: set[tuple[str, str]] = set()
    withdrawn: set[tuple[str, str]] = set()
    """Those that came to nothing with the text as it is. After another fix they are tried once more."""
    current = before
    while fixable:
        proposals = [one for one in _proposals(source, session, templates) if (one.rule, one.resource) in fixable]
        proposal = next((one for one in proposals if (one.rule, one.resource) not in done | withdrawn), None)
        if proposal is None:
            break
        key = (proposal.rule, proposal.resource)
        after = _proved(source, proposal, current, session, templates)
        if after is None:
            withdrawn.add(key)
        else:
            source, current = after
            applied.extend(fixable[key])
            done.add(key)
            withdrawn.clear()
    kept_out = tuple(one for key in sorted(withdrawn) for one in fixable[key])
    return Fixed(source, tuple(applied), kept_out, (_shown(before), _shown(current)))


def fix_files(session: Session, files: Sequence[Found]) -> Iterator[tuple[Found, Source, Fixed]]:
    """The files that fixes change, each with its text before; nothing is written. Unreadable ones are passed over."""
    templates = TemplateFiles(files)
    for found in files:
        source = read_source(found, None) if found.path is not None else None
        if isinstance(source, Source):
            fixed = fix_source(source, session, templates=templates)
            if fixed.applied or fixed.withdrawn:
                yield found, source, fixed


def write_fixed(found: Found, fixed: Fixed) -> str | None:
    """Writes a fixed text over its file in one step, keeping a byte order mark; the reason where that failed."""
    assert found.path is not None  # only files are fixed
    try:
        mark = BOM_UTF8 if found.path.read_bytes().startswith(BOM_UTF8) else b""
        beside = found.path.with_name(f".{found.path.name}.fixed")
        beside.write_bytes(mark + fixed.source.text.encode())
        beside.chmod(found.path.stat().st_mode)
        beside.replace(found.path)
    except OSError as error:
        return f"cannot write `{found.name}`: {(error.strerror or str(error)).lower()}"
    return None


def unified_diff(before: Source, fixed: Fixed) -> tuple[str, bool]:
    """What fixes change, as `patch` and `git apply` read it, and whether that holds a secret, which is masked there."""
    shown = _diff(*fixed.shown)
    return shown, shown != _diff(before, fixed.source)


def _diff(before: Source, after: Source) -> str:
    lines = difflib.unified_diff(
        before.text.splitlines(keepends=True),
        after.text.splitlines(keepends=True),
        f"a/{before.name}",
        f"b/{after.name}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _shown(scanned: Scanned) -> Source:
    """The text of a scanned template without its secrets."""
    assert scanned.source is not None  # only a file that is no text has none
    return next((one for one in scanned.sources if one.name == scanned.source.name), scanned.source)


def with_fixes(scanned: Scanned, session: Session, templates: TemplateFiles | None = None) -> Scanned:
    """The same result with each finding that has a proved fix telling it. Each fix is of the text as it stands."""
    source = scanned.original
    fixable = _fixable(scanned)
    if source is None or not fixable:
        return scanned
    fixes: dict[tuple[str, str], Fix] = {}
    for proposal in _proposals(source, session, templates):
        key = (proposal.rule, proposal.resource)
        if key in fixable and key not in fixes and _proved(source, proposal, scanned, session, templates) is not None:
            edits = (Edit(Span(source, edit.start, edit.end), edit.text) for edit in proposal.edits)
            fixes[key] = Fix(tuple(edits))
    findings = (
        replace(one, fix=fixes.get((one.rule.id, one.resource))) if _is_fixable(one, source.name) else one
        for one in scanned.findings
    )
    return replace(scanned, findings=tuple(findings))


def _fixable(scanned: Scanned) -> dict[tuple[str, str], list[Finding]]:
    """The findings that may have a fix, by rule and resource."""
    found: dict[tuple[str, str], list[Finding]] = {}
    name = scanned.source.name if scanned.source is not None else ""
    for finding in scanned.findings:
        if _is_fixable(finding, name):
            found.setdefault((finding.rule.id, finding.resource), []).append(finding)
    return found


def _is_fixable(finding: Finding, file: str) -> bool:
    return (
        finding.rule.fixable
        and finding.verdict == "fail"
        and finding.waived is None
        and not finding.through
        and finding.file == file
    )


def _proved(
    source: Source, proposal: _Proposal, before: Scanned, session: Session, templates: TemplateFiles | None
) -> tuple[Source, Scanned] | None:
    """The text with the fix and what a scan of it gives, where the rule passes and nothing else is new."""
    text = apply_edits(source.text, proposal.edits)
    if text is None or text == source.text:
        return None
    changed = Source(source.name, text)
    failing = {resource for rule, resource in _fixable(before) if rule == proposal.rule}
    if not _keeps_the_rest(source, changed, {*failing, proposal.resource}):
        return None
    after = scan_source(changed, session, templates=templates)
    if len(after.errors) > len(before.errors):
        return None
    if any(one.rule.id == proposal.rule and one.resource == proposal.resource for one in after.findings):
        return None
    return (changed, after) if not _what_is_told(after) - _what_is_told(before) else None


def _keeps_the_rest(before: Source, after: Source, concerned: AbstractSet[str]) -> bool:
    """Whether an edit changes no deployed part of a template but some resources: by an anchor a text stands for more
    than one place, of which those are mended together that all fail."""
    one, other = load(before), load(after)
    if not (isinstance(one, Template) and isinstance(other, Template)):
        return False
    resources = one.root.get("Resources"), other.root.get("Resources")
    assert isinstance(resources[0], Mapping) and isinstance(resources[1], Mapping)  # else it were no template
    names = (resources[0].entries.keys() | resources[1].entries.keys()) - concerned
    return all(alike(one.root.get(name), other.root.get(name)) for name in _DEPLOYED) and all(
        alike(resources[0].get(name), resources[1].get(name)) for name in names
    )


def _what_is_told(scanned: Scanned) -> Counter[tuple[object, ...]]:
    """Findings without their places, which an edit may move."""
    return Counter(
        (one.rule.id, one.severity, one.verdict, one.file, one.resource, one.through, one.message, one.waived is None)
        for one in scanned.findings
    )


def _proposals(source: Source, session: Session, templates: TemplateFiles | None) -> Iterator[_Proposal]:
    """The edits that rules propose where they fail, in the order of rules and resources."""
    template = load(source)
    if not isinstance(template, Template):
        return
    registry = Registry()
    for deployment in deployments(source.name, session.options, templates):
        resolver, _ = open_template(template, deployment.given, deployment.files)
        stack = Stack(resolver)
        for check in session.checks(stack.types):
            if check.rule.fixes:
                yield from _of_rule(template, stack, check, registry)
        stack.forget()


def _of_rule(template: Template, stack: Stack, check: Check, registry: Registry) -> Iterator[_Proposal]:
    for subject, env in subjects(stack, check):
        resource = _edited(subject)
        if resource is None or not _fails(stack, check, subject, env):
            continue
        name = resource.resource.logical_id
        if _written(template, name, resource.resource.resource_type) is None:
            continue
        text = template.source.text
        for fix in fitting(check.rule.fixes, resource.resource.resource_type, registry):
            changed = _with_fix(text, template.source.name, name, resource.resource.resource_type, fix, check, env)
            if changed is None:
                break
            text = changed
        else:
            if text != template.source.text:
                yield _Proposal(check.info.id, name, tuple(_difference(template.source.text, text)))


def _edited(subject: Subject) -> ResourceValue | None:
    """The resource that a fix edits: the subject itself, or the one that a record is read from."""
    if not isinstance(subject.value, Record):
        return subject.resource
    owner = subject.value.get(OWNER)
    return owner if isinstance(owner, ResourceValue) else None


def fitting(fixes: Sequence[ir.FixIR], resource_type: str, registry: Registry) -> Iterator[ir.FixIR]:
    """The fixes that are about a resource's type: a rule may be about several, whose properties differ."""
    shape = registry.shape(resource_type)
    for fix in fixes:
        steps = steps_of(fix.path)
        if (
            shape is None
            or not steps
            or steps[0] != "Properties"
            or registry.property(shape, str(steps[1])) is not None
        ):
            yield fix


def _with_fix(
    text: str, file: str, logical_id: str, resource_type: str, fix: ir.FixIR, check: Check, env: Env
) -> str | None:
    """The text after one declared fix, which may build on another; None where it cannot be written."""
    template = load(Source(file, text))
    written = _written(template, logical_id, resource_type) if isinstance(template, Template) else None
    if written is None or not isinstance(template, Template):
        return None
    edits = edits_of(template.source, written, fix, check, env)
    return None if edits is None else apply_edits(text, edits)


def _difference(before: str, after: str) -> Iterator[TextEdit]:
    """The edits of lines that make one text of another, each as small as it can be."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0, *accumulate(len(line) for line in old)]
    for tag, first, last, new_first, new_last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        removed, added = "".join(old[first:last]), "".join(new[new_first:new_last])
        head = _shared(removed, added)
        tail = _shared(removed[head:][::-1], added[head:][::-1])
        start = starts[first] + head
        yield TextEdit(start, start + len(removed) - head - tail, added[head : len(added) - tail])


def _shared(one: str, other: str) -> int:
    """How many characters two texts share at their beginning."""
    return next(
        (index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _fails(stack: Stack, check: Check, subject: Subject, env: Env) -> bool:
    """Whether some `require` of a rule is false for its subject under some assignment."""
    where = YES if check.rule.where is None else check.compiler.truth(check.rule.where)(env)
    there = subject.guard & stack.resolver.assumptions & where.true
    requires = (check.compiler.truth(require.condition)(env) for require in check.rule.requires)
    return any((there & claim.false) is not FALSE for claim in requires)


def _written(template: Template, logical_id: str, resource_type: str) -> Mapping | None:
    """The resource as it stands in the text; None for one that is generated."""
    resources = template.root.get("Resources")
    node = resources.get(logical_id) if isinstance(resources, Mapping) else None
    kind = node.get("Type") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or not isinstance(kind, Scalar) or kind.data != resource_type:
        return None
    return node
