"""What a request of CloudFormation would deploy, checked: the findings that the operation answers for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from stackwarden.integrations.hooks.parameters import LookUpError, parameters_of
from stackwarden.integrations.hooks.payload import Change, Payload, read_payload
from stackwarden.integrations.hooks.request import HookRequest
from stackwarden.integrations.hooks.settings import HookSettings
from stackwarden.run.finding import FileError, Finding
from stackwarden.run.scan import Scanned, scan_source
from stackwarden.run.session import Session
from stackwarden.source import Source

__all__ = ["Checked", "check"]

_KNOWN_LATER: Final = "{{changeSet:KNOWN_AFTER_APPLY}}"
"""What a change set has for a value that only the deployment brings about."""

_LATER: Final = "KnownAfterApply"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. `findings` are those that the operation answers for, `elsewhere` counts the others.

    `gone` are findings that the previous template had and this one has not; `notes` are things to tell.
    """

    findings: tuple[Finding, ...]
    errors: tuple[FileError, ...]
    elsewhere: int = 0
    gone: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


def check(request: HookRequest, session: Session, settings: HookSettings) -> Checked:
    """Checks what a request is about. Raises BadEventError and UnreachableError."""
    pseudo = {
        "AWS::AccountId": request.account,
        "AWS::Region": request.region,
        "AWS::Partition": request.partition,
        "AWS::StackName": request.stack_name,
        "AWS::StackId": request.stack_id,
    }
    session = session.given({}, {name: value for name, value in pseudo.items() if value})
    if request.properties is not None:
        return _check_resource(request, session, settings)
    return _check_template(request, read_payload(request.payload), session, settings)


def _check_resource(request: HookRequest, session: Session, settings: HookSettings) -> Checked:
    logical_id = request.logical_id or "Resource"
    scanned = _resource(logical_id, request.type_name, request.properties or {}, session)
    before = None
    if request.previous is not None:
        before = _resource(logical_id, request.type_name, request.previous, session)
    new, old = _new_and_old(scanned.findings, before)
    findings = new if settings.only_new else scanned.findings
    return Checked(findings, scanned.errors, len(old) if settings.only_new else 0, _gone(scanned, before))


def _resource(logical_id: str, resource_type: str, properties: Mapping[str, object], session: Session) -> Scanned:
    """A resource of which the other resources of its stack are not known, checked."""
    properties, is_open = _later(properties)
    parameters: dict[str, object] = {"Parameters": {_LATER: {"Type": "String"}}} if is_open else {}
    template = {**parameters, "Resources": {logical_id: {"Type": resource_type, "Properties": properties}}}
    return scan_source(Source(f"{resource_type} {logical_id}", json.dumps(template, indent=2)), session, alone=True)


def _later(properties: Mapping[str, object]) -> tuple[Mapping[str, object], bool]:
    """Properties with a parameter for each value that only the deployment brings about, and whether there is one."""
    found = False

    def walk(value: object) -> object:
        nonlocal found
        if isinstance(value, Mapping):
            return {key: walk(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [walk(inner) for inner in value]
        if isinstance(value, str) and _KNOWN_LATER in value:
            found = True
            return {"Fn::Sub": value.replace("${", "${!").replace(_KNOWN_LATER, f"${{{_LATER}}}")}
        return value

    walked = {key: walk(value) for key, value in properties.items()}
    return walked, found


def _check_template(request: HookRequest, payload: Payload, session: Session, settings: HookSettings) -> Checked:
    notes: list[str] = []
    values: dict[str, str] = {}
    if settings.looks_up and "Parameters" in payload.template:
        try:
            values = parameters_of(request)
        except LookUpError as error:
            notes.append(f"{error}; values of parameters count as unknown")
    name = request.stack_name or "template"
    here = session.given(values, session.options.pseudo)
    scanned = scan_source(Source(name, payload.template), here)
    findings: Sequence[Finding] = scanned.findings
    before = scan_source(Source(name, payload.previous), here) if payload.previous else None
    new, old = _new_and_old(findings, before)
    elsewhere = 0
    if settings.only_new:
        findings, elsewhere = new, len(old)
    elif payload.changes is not None and request.target == "CHANGE_SET":
        changed = {one.logical_id for one in payload.changes if not one.action.startswith(("DELETE", "REMOVE"))}
        known = {one.fingerprint for one in old}
        findings = [one for one in findings if one.resource in changed or one.fingerprint not in known]
        elsewhere = len(scanned.findings) - len(findings)
    settled = _settled(findings, payload.changes or (), session)
    return Checked(tuple(settled), scanned.errors, elsewhere, _gone(scanned, before), tuple(notes))


def _settled(findings: Iterable[Finding], changes: Sequence[Change], session: Session) -> Iterable[Finding]:
    """The findings, of which those that depend on values are sure where the resolved properties say so.

    That a resource by itself is without fault says nothing: the rule may have looked at others.
    """
    resolved = {one.logical_id: one for one in changes if one.properties is not None}
    sure: dict[str, set[str]] = {}
    for one in findings:
        change = resolved.get(one.resource)
        if change is None or change.properties is None or (one.verdict == "fail" and one.when is None):
            yield one
            continue
        if one.resource not in sure:
            alone = _resource(one.resource, change.resource_type or one.resource_type, change.properties, session)
            sure[one.resource] = {each.rule.id for each in alone.findings if each.verdict == "fail" and not each.when}
        yield replace(one, verdict="fail", when=None) if one.rule.id in sure[one.resource] else one


def _new_and_old(
    findings: Sequence[Finding], before: Scanned | None
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that were not there before, and those that were."""
    known = {one.fingerprint for one in before.findings} if before is not None else set()
    new = tuple(one for one in findings if one.fingerprint not in known)
    return new, tuple(one for one in findings if one.fingerprint in known)


def _gone(scanned: Scanned, before: Scanned | None) -> tuple[Finding, ...]:
    if before is None or any(error.fatal for error in (*scanned.errors, *before.errors)):
        return ()
    told = {(one.rule.id, one.resource) for one in scanned.findings}
    return tuple(one for one in before.findings if (one.rule.id, one.resource) not in told)
