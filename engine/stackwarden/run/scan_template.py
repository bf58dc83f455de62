"""Scanning one template: every deployment of it, what is found there, and the waivers that cover it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from stackwarden.diagnostics import Diagnostic
from stackwarden.graph.stack import Stack
from stackwarden.resolve.parameters import ValueNotAllowed
from stackwarden.resolve.transforms import open_template
from stackwarden.run.cdk import Assemblies, written_path
from stackwarden.run.clock import Clock
from stackwarden.run.deployments import deployments
from stackwarden.run.evaluate import evaluate
from stackwarden.run.finding import FileError, Finding, Scanned, Setting
from stackwarden.run.foreign_marks import honor
from stackwarden.run.session import Session
from stackwarden.run.templates import TemplateFiles
from stackwarden.run.waivers import apply_waivers
from stackwarden.source import Source
from stackwarden.template.faults import Skipped
from stackwarden.template.model import Template
from stackwarden.template.secrets import MASK, NO_SECRETS, Secrets, masked

__all__ = ["scan_template"]


def scan_template(
    written: Template, session: Session, today: date, templates: TemplateFiles | None, clock: Clock
) -> Scanned:
    """What the chosen rules find in a template; `templates` gives the files of nested stacks, if they are followed."""
    template, secrets = masked(written)
    source = template.source
    errors = [FileError.of(source.name, one, fatal=_leaves_out(one)) for one in template.diagnostics]
    findings: list[Finding] = []
    parts: dict[str, Template] = {}
    for deployment in deployments(source.name, session.options, templates):
        errors.extend(FileError.of(source.name, one) for one in deployment.problems)
        with clock.phase("transform"):
            resolver, refusals = open_template(template, deployment.given, deployment.files)
        errors.extend(_error(source, one, fatal=True) for one in refusals)
        stack = Stack(resolver)
        secrets = secrets.given(deployment.given)
        with clock.phase("load rules"):
            checks = session.checks(stack.types)
        with clock.phase("evaluate"):
            found = evaluate(stack, checks, clock=clock if session.options.stats else None)
        findings = found if not deployment.environment else _together(findings, found, deployment.environment)
        with clock.phase("look for faults"):
            for part in stack.resolvers:
                part.check()
                parts[part.template.source.name] = part.template
                errors.extend(_error(source, one, fatal=_leaves_out(one)) for one in part.template.diagnostics)
                errors.extend(_error(source, one, fatal=isinstance(one, ValueNotAllowed)) for one in part.diagnostics)
        stack.forget()
    secrets = secrets | (templates.secrets if templates is not None else NO_SECRETS)
    findings = [_without_secrets(one, secrets) for one in findings] if secrets else findings
    waived: list[Finding] = []
    for part_template in parts.values():
        files = {piece.name for _, piece in part_template.source.pieces}
        there, more = _waived(part_template, [one for one in findings if one.file in files], session, today)
        if templates is not None:
            there = tuple(_with_construct(one, part_template, templates.assemblies) for one in there)
        findings = [one for one in findings if one.file not in files]
        waived.extend(there)
        errors.extend(more)
    waived.extend(findings)
    sources = tuple(piece for part in parts.values() for _, piece in part.source.pieces)
    return Scanned(source, tuple(waived), tuple(dict.fromkeys(errors)), frozenset(template.parameters), sources)


def _without_secrets(finding: Finding, secrets: Secrets) -> Finding:
    when = finding.when
    if when is not None:
        when = tuple({name: _hidden(name, setting, secrets) for name, setting in way.items()} for way in when)
    return replace(finding, message=secrets.mask(finding.message), when=when)


def _hidden(name: str, setting: Setting, secrets: Secrets) -> Setting:
    """A setting without the value of a parameter that holds a secret."""
    if name.removeprefix("Parameters.") not in secrets.parameters:
        return setting
    return {"not": MASK} if isinstance(setting, Mapping) else MASK


def _waived(
    template: Template, findings: Sequence[Finding], session: Session, today: date
) -> tuple[tuple[Finding, ...], tuple[FileError, ...]]:
    """Findings in one file with the waivers that cover them, and what is wrong with the file's waivers."""
    settings = session.options.settings
    waived, errors = apply_waivers(template, findings, settings.waivers if settings is not None else (), today)
    return honor(template, waived, settings.honor_suppressions if settings is not None else ()), errors


def _with_construct(finding: Finding, template: Template, assemblies: Assemblies) -> Finding:
    resource = template.resources.get(finding.resource)
    if resource is None:
        return finding
    construct = written_path(resource) or assemblies.construct(finding.file, finding.resource)
    return replace(finding, construct=construct) if construct else finding


def _error(source: Source, diagnostic: Diagnostic, *, fatal: bool) -> FileError:
    """An error in the file that the diagnostic is about: the template, or one nested in it."""
    name = diagnostic.span.source.name if diagnostic.span is not None else source.name
    return FileError.of(name, diagnostic, fatal=fatal)


def _together(findings: list[Finding], found: list[Finding], environment: str) -> list[Finding]:
    """Findings of several environments as one list: the same fault is one finding that names its environments."""
    known = {one.fingerprint: one for one in findings}
    for one in found:
        earlier = known.get(one.fingerprint)
        names = (*earlier.environments, environment) if earlier is not None else (environment,)
        graver = one if earlier is None or one.verdict == "fail" else earlier
        known[one.fingerprint] = replace(graver, environments=names)
    return sorted(known.values(), key=lambda one: (one.place.span.start, one.rule.id, one.severity))


def _leaves_out(diagnostic: Diagnostic) -> bool:
    """Whether a fault of a template keeps part of it from being scanned."""
    return isinstance(diagnostic, Skipped)
