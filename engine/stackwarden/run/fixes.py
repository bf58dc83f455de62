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
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.language import ir
from stackwarden.language.compile import Env
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.logic import YES
from stackwarden.resolve.transforms import open_template
from stackwarden.resolve.values import Known, Record, ResourceValue, cases_of
from stackwarden.run.deployments import deployments
from stackwarden.run.discover import Found
from stackwarden.run.evaluate import Check, Subject, subjects
from stackwarden.run.files import read_source
from stackwarden.run.finding import Edit, Finding, Fix
from stackwarden.run.scan import Scanned, scan_source
from stackwarden.run.session import Session
from stackwarden.run.templates import TemplateFiles
from stackwarden.schema.registry import Registry
from stackwarden.source import Source, Span
from stackwarden.template.edit import (
    Content,
    TextEdit,
    append_item,
    apply_edits,
    insert_entry,
    remove_entry,
    replace_node,
)
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping, Node, Scalar, is_function
from stackwarden.template.nodes import Sequence as SequenceNode

__all__ = ["Fixed", "fix_files", "fix_source", "unified_diff", "with_fixes", "write_fixed"]

_ALL: Final = "*"
_OWNER: Final = "owner"
"""The field by which a record of a module names the resource that it is read from."""
Step = str | int
"""A property's name, an index, or `*` for every element."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of a template: its text, the findings that are gone by it, and those whose fix was withdrawn."""

    source: Source
    applied: tuple[Finding, ...]
    withdrawn: tuple[Finding, ...]


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
    withdrawn: list[Finding] = []
    tried: set[tuple[str, str]] = set()
    current = before
    while fixable:
        proposals = [one for one in _proposals(source, session, templates) if (one.rule, one.resource) in fixable]
        proposal = next((one for one in proposals if (one.rule, one.resource) not in tried), None)
        if proposal is None:
            break
        tried.add((proposal.rule, proposal.resource))
        after = _proved(source, proposal, current, session, templates)
        concerned = fixable[proposal.rule, proposal.resource]
        if after is None:
            withdrawn.extend(concerned)
        else:
            source, current = after
            applied.extend(concerned)
    return Fixed(source, tuple(applied), tuple(withdrawn))


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


def unified_diff(before: Source, after: Source) -> str:
    """What fixes change, as `patch` and `git apply` read it."""
    lines = difflib.unified_diff(
        before.text.splitlines(keepends=True),
        after.text.splitlines(keepends=True),
        f"a/{before.name}",
        f"b/{after.name}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


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
    after = scan_source(changed, session, templates=templates)
    if len(after.errors) > len(before.errors):
        return None
    if any(one.rule.id == proposal.rule and one.resource == proposal.resource for one in after.findings):
        return None
    return (changed, after) if not _what_is_told(after) - _what_is_told(before) else None


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
        for fix in _fitting(check.rule.fixes, resource.resource.resource_type, registry):
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
    owner = subject.value.get(_OWNER)
    return owner if isinstance(owner, ResourceValue) else None


def _fitting(fixes: Sequence[ir.FixIR], resource_type: str, registry: Registry) -> Iterator[ir.FixIR]:
    """The fixes that are about a resource's type: a rule may be about several, whose properties differ."""
    shape = registry.shape(resource_type)
    for fix in fixes:
        steps = _steps(fix.path)
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
    edits = _edits(template.source, written, fix, check, env)
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


def _edits(source: Source, resource: Mapping, fix: ir.FixIR, check: Check, env: Env) -> list[TextEdit] | None:
    """The edits that a fix is for a resource; None where it cannot be written."""
    steps = _steps(fix.path)
    if steps is None:
        return None
    content: Content | None = None
    if fix.value is not None:
        content = _content(fix.value, check, env)
        if content is None:
            return None
    return _Writer(source, fix.action, content).at(resource, steps)


def _steps(path: ir.ValueExpr, root: int = 0) -> list[Step] | None:
    """The way from the subject to a property, `Properties` included; None where the path starts elsewhere."""
    if _is_root(path, root):
        return []
    match path:
        case ir.Aspect():
            return [path.name] if _is_root(path.value, root) else None
        case ir.Field():
            before = _steps(path.value, root)
            if before is None:
                return None
            is_first = root == 0 and _is_root(path.value, root)
            return [*before, *(("Properties",) if is_first else ()), path.name]
        case ir.At():
            before = _steps(path.value, root)
            return None if before is None else [*before, path.index]
        case ir.Comprehension():
            before, after = _steps(path.collection, root), _steps(path.body, path.slot)
            # what follows a `[*]` maps over what was mapped before; only a further `[*]` opens another list
            all_ = () if isinstance(path.collection, ir.Comprehension) and not path.flatten else (_ALL,)
            return None if before is None or after is None else [*before, *all_, *after]
        case _:
            return None


def _is_root(path: ir.ValueExpr, root: int) -> bool:
    """Whether a path is where a way starts: the variable, or the owner of the record that the subject is."""
    if isinstance(path, ir.Field) and path.name == _OWNER and root == 0:
        path = path.value
    return isinstance(path, ir.Local) and path.slot == root


def _content(value: ir.FixValue, check: Check, env: Env) -> Content | None:
    """What a fix writes; None where it is not known."""
    match value:
        case ir.FixObject():
            entries = {name: _content(inner, check, env) for name, inner in value.entries}
            known = {name: inner for name, inner in entries.items() if inner is not None}
            return known if len(known) == len(entries) else None
        case ir.FixList() | ir.ConstList():
            items = [_content(item, check, env) for item in value.items]
            written = [item for item in items if item is not None]
            return written if len(written) == len(items) else None
        case _:
            plain = [plain for _, plain in cases_of(check.compiler.value(value)(env))]
            match plain:
                case [Known(data=str() | bool() | int() | float() as data)]:
                    return data
                case _:
                    return None


@dataclass(frozen=True, slots=True)
class _Writer:
    """Edits that set, remove or append at the end of a way through nodes."""

    source: Source
    action: str
    content: Content | None
    in_element: bool = False
    """Below a `[*]`: an element that lacks an object is of another kind, and is left alone."""

    def at(self, node: Node, steps: Sequence[Step]) -> list[TextEdit] | None:
        """The edits below a node; none where all is as it should be, None where they cannot be written."""
        branches = _branches(node)
        if branches is not None:
            return self._together([self.at(branch, steps) for branch in branches if not _is_no_value(branch)])
        if not steps:
            return self._whole(node)
        step, rest = steps[0], steps[1:]
        match node:
            case SequenceNode():
                if step == _ALL:
                    inside = replace(self, in_element=True)
                    return self._together([inside.at(item, rest) for item in node.items])
                if isinstance(step, int) and step < len(node.items):
                    return self.at(node.items[step], rest)
                return None
            case Mapping() if isinstance(step, str) and not is_function(node):
                return self._below(node, step, rest)
            case _:
                return None

    def _below(self, node: Mapping, name: str, rest: Sequence[Step]) -> list[TextEdit] | None:
        child = node.get(name)
        if child is None or (isinstance(child, Scalar) and child.data is None):
            return self._missing(node, name, rest) if child is None else None
        if rest or self.action == "append":
            return self.at(child, rest)
        if self.action == "remove":
            return None if is_function(child) else _one(remove_entry(self.source, node, name))
        return self.at(child, rest)

    def _missing(self, node: Mapping, name: str, rest: Sequence[Step]) -> list[TextEdit] | None:
        """A property that is not there, with all that has to hold it."""
        if self.action == "remove" or (self.in_element and rest):
            return []
        assert self.content is not None  # set and append write something
        content: Content = [self.content] if self.action == "append" else self.content
        for step in reversed(rest):
            if step == _ALL:
                return []  # of a list that is not there, every element is as it should be
            if isinstance(step, int) and step > 0:
                return None
            content = [content] if isinstance(step, int) else {step: content}
        return _one(insert_entry(self.source, node, name, content))

    def _whole(self, node: Node) -> list[TextEdit] | None:
        """The edits of the node at the end of the way."""
        assert self.content is not None  # removing ends one step earlier
        if is_function(node):
            return None
        if self.action == "append":
            return _one(append_item(self.source, node, self.content)) if isinstance(node, SequenceNode) else None
        if _has(node, self.content):
            return []
        if isinstance(node, Mapping) and isinstance(self.content, dict):
            inner = (replace(self, content=value).at(node, [key]) for key, value in self.content.items())
            return self._together(list(inner))
        return _one(replace_node(self.source, node, self.content))

    def _together(self, parts: list[list[TextEdit] | None]) -> list[TextEdit] | None:
        edits: list[TextEdit] = []
        for part in parts:
            if part is None:
                return None
            edits.extend(part)
        return edits


def _one(edit: TextEdit | None) -> list[TextEdit] | None:
    return None if edit is None else [edit]


def _branches(node: Node) -> list[Node] | None:
    """The two branches of an `Fn::If`; None for anything else."""
    argument = node.get("Fn::If") if isinstance(node, Mapping) and len(node.entries) == 1 else None
    return list(argument.items[1:]) if isinstance(argument, SequenceNode) and len(argument.items) == 3 else None


def _is_no_value(node: Node) -> bool:
    name = node.get("Ref") if isinstance(node, Mapping) else None
    return isinstance(name, Scalar) and name.data == "AWS::NoValue"


def _has(node: Node, content: Content) -> bool:
    """Whether a node already is what would be written."""
    if not isinstance(node, Scalar):
        return False
    return (
        Known(node.data, None, node.text).text == Known(content).text
        if isinstance(content, str | bool | int | float)
        else False
    )
