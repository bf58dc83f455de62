"""Judging a part of a deployment: a resource as AWS describes it, without the template that it came from.

What the part does not say is unknown, and so is every answer that rests on there being no other resource: a rule that
fails for want of a resource beside it is undecided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from stackwarden.diagnostics import Diagnostic
from stackwarden.graph.stack import Excerpt, Stack
from stackwarden.resolve.transforms import open_template
from stackwarden.run.evaluate import Check, Seen, evaluate
from stackwarden.run.finding import Finding
from stackwarden.run.scan import current_date
from stackwarden.run.scan_template import without_secrets
from stackwarden.run.session import Session
from stackwarden.run.waivers import apply_waivers
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.secrets import masked

__all__ = ["Judged", "judge"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What rules say of a part of a deployment: their findings, and the ids of the rules that are known to hold.

    A rule in neither does not apply. `problems` are faults of the text; with one, there are no findings.
    """

    findings: tuple[Finding, ...] = ()
    passed: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


def judge(
    source: Source,
    session: Session,
    excerpt: Excerpt,
    *,
    rules: Iterable[str] | None = None,
    given: Mapping[str, str] | None = None,
    today: date | None = None,
) -> Judged:
    """Runs the rules of a session (those in `rules`, if given) on a template that is a part of a deployment.

    `given` binds parameters and pseudo parameters by name. Secrets are masked in what findings say.
    """
    written = load(source)
    if not isinstance(written, Template):
        return Judged(problems=written)
    if written.diagnostics:
        return Judged(problems=written.diagnostics)
    template, secrets = masked(written)
    resolver, problems = open_template(template, given or {})
    if problems:
        return Judged(problems=problems)
    types = {resource.resource_type for resource in resolver.template.resources.values()}
    wanted = None if rules is None else frozenset(rules)
    findings: list[Finding] = []
    passed: list[str] = []
    for check in session.checks(types):
        if wanted is not None and check.info.id not in wanted:
            continue
        stack = Stack(resolver, excerpt)  # a stack of its own, so that it tells what this rule looked at
        found, holds = _one(stack, check)
        findings.extend(found)
        passed.extend([check.info.id] if holds else [])
    settings = session.options.settings
    findings = [without_secrets(one, secrets) for one in findings]
    waivers = settings.waivers if settings is not None else ()
    waived, _ = apply_waivers(template, findings, waivers, today or current_date())
    return Judged(tuple(waived), tuple(passed))


def _one(stack: Stack, check: Check) -> tuple[list[Finding], bool]:
    """What a rule finds, and whether it is known to hold for what it applies to."""
    seen = Seen()
    findings = evaluate(stack, [check], {check.info.id: seen})
    return findings, not findings and seen.where_true and len(seen.true) > 0
