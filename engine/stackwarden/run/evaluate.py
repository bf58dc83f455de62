"""Checks × subjects: the findings of one template, in a fixed order.

For each subject and each `require`, guards say where the rule applies and fails, and where it only may. A finding is
a fail where some assignment that the template allows makes the condition false; a maybe where none does but some
leaves it undecided.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

from stackwarden.diagnostics import Severity
from stackwarden.graph.stack import Stack
from stackwarden.language import ir
from stackwarden.language.compile import Compiler, Env
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import NO, YES, Logic, decided
from stackwarden.resolve.values import ListValue, Plain, Record, ResourceValue
from stackwarden.run.blame import Blame
from stackwarden.run.clock import Clock
from stackwarden.run.finding import Finding, Place, RuleInfo
from stackwarden.run.message import in_words
from stackwarden.run.parts import with_parts
from stackwarden.run.places import included_at, place_of, resource_place, template_with
from stackwarden.run.verdict import Ways
from stackwarden.template.model import Template
from stackwarden.template.nodes import Node

__all__ = ["Check", "Seen", "Subject", "evaluate", "subjects"]


@dataclass(frozen=True, slots=True)
class Check:
    """A rule ready to run."""

    info: RuleInfo
    rule: ir.RuleIR
    compiler: Compiler


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule looks at: a resource or a record, and the guard under which it is there."""

    value: Plain
    guard: Guard

    @property
    def resource(self) -> ResourceValue | None:
        """The resource that the subject is or stands in."""
        if isinstance(self.value, ResourceValue):
            return self.value
        return self.value.resource if isinstance(self.value, Record) else None


@dataclass(slots=True)
class Seen:
    """What `where` and each `require` came out as, over all subjects: for the coverage of examples."""

    where_true: bool = False
    where_false: bool = False
    true: set[int] = field(default_factory=set)
    false: set[int] = field(default_factory=set)


def evaluate(
    stack: Stack, checks: Sequence[Check], seen: Mapping[str, Seen] | None = None, clock: Clock | None = None
) -> list[Finding]:
    """All findings of the checks on one template, by place and then by rule. `clock` takes the time of each rule."""
    ways = Ways(stack.resolver)
    findings: list[Finding] = []
    for check in checks:
        watcher = seen.get(check.info.id) if seen is not None else None
        with clock.rule(check.info.id) if clock is not None else nullcontext():
            for subject, env in subjects(stack, check):
                findings.extend(_judge(stack, check, subject, env, ways, watcher))
    findings.sort(key=lambda one: (one.through, one.file, one.place.span.start, one.rule.id, one.severity))
    composites = {check.info.id for check in checks if _is_composite(check.rule)}
    return with_parts(_with_fingerprints(_distinct(findings)), composites)


def _is_composite(rule: ir.RuleIR) -> bool:
    return any(require.along is not None for require in rule.requires)


def subjects(stack: Stack, check: Check) -> Iterator[tuple[Subject, Env]]:
    """The subjects of a rule, each with a fresh environment that holds it in slot 0."""
    env = Env(stack, check.rule.slots)
    collection = check.compiler.value(check.rule.subject)(env)
    items = collection.items if isinstance(collection, ListValue) else ()
    for item in items:
        if item.guard is FALSE or not isinstance(item.value, ResourceValue | Record):
            continue
        env = Env(stack, check.rule.slots)
        env.slots[0] = item.value
        yield Subject(item.value, item.guard), env


def _judge(stack: Stack, check: Check, subject: Subject, env: Env, ways: Ways, seen: Seen | None) -> Iterator[Finding]:
    where = YES if check.rule.where is None else check.compiler.truth(check.rule.where)(env)
    there = subject.guard & stack.resolver.assumptions
    if seen is not None:
        seen.where_true = seen.where_true or (there & where.true) is not FALSE
        seen.where_false = seen.where_false or (there & where.false) is not FALSE
    if where is NO:
        return
    for index, require in enumerate(check.rule.requires):
        claim = check.compiler.truth(require.condition)(env)
        applies = there & where.true
        if seen is not None:
            if (applies & claim.true) is not FALSE:
                seen.true.add(index)
            if (applies & claim.false) is not FALSE:
                seen.false.add(index)
        if claim is YES:
            continue
        finding = _finding(stack, check, index, subject, env, ways, (there, where, claim))
        if finding is not None:
            yield finding


def _finding(
    stack: Stack,
    check: Check,
    index: int,
    subject: Subject,
    env: Env,
    ways: Ways,
    outcome: tuple[Guard, Logic, Logic],
) -> Finding | None:
    there, where, claim = outcome
    failing = there & where.true & claim.false
    guard = failing if failing is not FALSE else there & ~where.false & ~claim.true
    if guard is FALSE:
        return None
    require = check.rule.requires[index]
    for slot in _quantifier_slots(check.rule):
        env.slots[slot] = None
    blame = Blame(check.compiler, env, guard.witness())
    node = blame.of(require.condition, False) if failing is not FALSE else None
    place, included = _place(stack, require, subject, blame, node)
    resource = subject.resource
    path, _, logical_id = ("" if resource is None else resource.resource.logical_id).rpartition("/")
    return Finding(
        rule=check.info,
        severity=_severity(require, check),
        verdict="fail" if failing is not FALSE else "maybe",
        when=ways.of(guard),
        file=place.span.source.name,
        resource=logical_id,
        resource_type=resource.resource.resource_type if resource is not None else "",
        place=place,
        message=_message(require, check, blame),
        fingerprint=f"{check.info.id} {index}",
        related=(*_way_down(stack, path), *included, *_hops(stack, require, subject, blame)),
        through=tuple(path.split("/")) if path else (),
    )


def _way_down(stack: Stack, path: str) -> tuple[Place, ...]:
    """The nested stacks on the path to a resource, as related places."""
    places: list[Place] = []
    steps = path.split("/") if path else []
    for index in range(len(steps)):
        template, logical_id = stack.template_of("/".join(steps[: index + 1]))
        places.append(resource_place(template, logical_id, "deploys this template"))
    return tuple(places)


def _hops(stack: Stack, require: ir.RequireIR, subject: Subject, blame: Blame) -> tuple[Place, ...]:
    """The places of the records that a finding goes along, each called what its record is called."""
    listed = None if require.along is None else blame.value(require.along)
    places: list[Place] = []
    for item in listed.items if isinstance(listed, ListValue) else ():
        plain = blame.plain(item.value) if blame.answer(decided(item.guard, ~item.guard)) else None
        if isinstance(plain, Record | ResourceValue):
            places.append(_place_of_hop(stack, plain, subject))
    return tuple(places)


def _place_of_hop(stack: Stack, hop: Record | ResourceValue, subject: Subject) -> Place:
    own = hop if isinstance(hop, ResourceValue) else hop.resource or subject.resource
    template, logical_id = (stack.template, "") if own is None else stack.template_of(own.resource.logical_id)
    label = in_words(hop)
    if own is not None and (hop.origin is None or hop.origin is own.origin):
        return resource_place(template, logical_id, label)
    node = hop.origin or template.root
    return place_of(template_with(stack, template, node), node, label)


def _severity(require: ir.RequireIR, check: Check) -> Severity:
    own = Severity.parse(require.severity)  # the lowest severity is not truthy
    return check.info.severity if own is None else own


def _place(
    stack: Stack, require: ir.RequireIR, subject: Subject, blame: Blame, node: Node | None
) -> tuple[Place, tuple[Place, ...]]:
    """Where a finding points; for a place in an included file, also where it is included."""
    if require.place is not None:
        wanted = blame.origin(require.place)
        node = node if wanted is None else wanted
    resource = subject.resource
    template, logical_id = (
        stack.template_of(resource.resource.logical_id) if resource is not None else (stack.template, "")
    )
    own = subject.value.origin
    if node is None and resource is not None and own is resource.origin:
        return resource_place(template, logical_id), _inclusions(template, resource.resource.node)
    chosen = node if node is not None else own if own is not None else template.root
    template = template if chosen is template.root else template_with(stack, template, chosen)
    return place_of(template, chosen), _inclusions(template, chosen)


def _inclusions(template: Template, node: Node) -> tuple[Place, ...]:
    return tuple(Place((), span, "includes this file") for span in included_at(template, node))


def _message(require: ir.RequireIR, check: Check, blame: Blame) -> str:
    if not require.message:
        return check.info.title
    words: list[str] = []
    for part in require.message:
        if isinstance(part, str):
            words.append(part)
            continue
        plain = blame.value(part)
        words.append("…" if plain is None else in_words(plain))
    return "".join(words)


def _quantifier_slots(rule: ir.RuleIR) -> range:
    """Every slot but the subject's and those of lets, which keep their values."""
    return range(1 + len(rule.lets), rule.slots)


def _distinct(findings: list[Finding]) -> list[Finding]:
    """The findings without those that say the same again: a setting that a transform wrote into many places."""
    seen: dict[tuple[object, ...], Finding] = {}
    for one in findings:
        told = (one.fingerprint, one.verdict, one.severity, one.message, repr(one.when))
        seen.setdefault((*told, one.through, one.resource, one.file, one.place, one.related), one)
    return list(seen.values())


def _with_fingerprints(findings: list[Finding]) -> list[Finding]:
    """Fingerprints from rule, resource, path and marked text: they stay when lines move or files are renamed."""
    counts: dict[str, int] = {}
    result: list[Finding] = []
    for finding in findings:
        path = "/".join(str(key) for key in finding.place.path if isinstance(key, str))
        text = " ".join(finding.place.span.text.split())
        parts = (finding.fingerprint, finding.resource_type, "/".join((*finding.through, finding.resource)), path, text)
        key = "\n".join(parts)
        count = counts[key] = counts.get(key, 0) + 1
        digest = hashlib.sha256(f"{key}\n{count}".encode()).hexdigest()[:32]
        result.append(replace(finding, fingerprint=digest))
    return result
