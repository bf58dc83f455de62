"""ZAP's alerts as findings about the routes and resources of templates, in one report with those of a scan."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from stackwarden.config import Settings
from stackwarden.integrations.dynamic.matching import Match, Matcher
from stackwarden.integrations.dynamic.surface import filled
from stackwarden.integrations.dynamic.zap_report import Alert, ZapReport
from stackwarden.run.finding import FileError, Finding, Report, Waived
from stackwarden.run.scan import current_date
from stackwarden.run.waivers import apply_waivers
from stackwarden.template.load import load
from stackwarden.template.model import Template

__all__ = ["findings_of", "with_alerts"]

_FALSE_POSITIVE: Final = "0"
_CONFIDENCES: Final = {"0": "false positive", "1": "low", "2": "medium", "3": "high", "4": "confirmed"}


def with_alerts(report: Report, zap: ZapReport, matcher: Matcher, settings: Mapping[str, Settings | None]) -> Report:
    """The report with ZAP's alerts among its findings, the worst first; waivers count for those about a template.

    `settings` is the configuration of each file.
    """
    by_file: dict[str, list[Finding]] = {}
    for finding in findings_of(zap, matcher):
        by_file.setdefault(finding.file, []).append(finding)
    findings = list(report.findings)
    errors: list[FileError] = []
    for name, found in by_file.items():
        source = report.sources.get(name)
        template = load(source) if source is not None else None
        own = settings.get(name)
        if isinstance(template, Template):
            waived, problems = apply_waivers(template, found, own.waivers if own else (), current_date())
            errors.extend(one for one in problems if one not in report.errors)
            findings.extend(replace(one, file=name) for one in waived)
        else:
            findings.extend(found)
    rules = {alert.rule.id: alert.rule for alert in zap.alerts}
    return replace(
        report,
        findings=tuple(sorted(findings, key=lambda one: -one.severity)),
        errors=(*report.errors, *errors),
        rules=(*report.rules, *rules.values()),
        sources={**report.sources, zap.source.name: zap.source},
    )


def findings_of(report: ZapReport, matcher: Matcher) -> tuple[Finding, ...]:
    """The alerts as findings: one for all requests for the same route, or address, that an alert is about.

    An alert about a route stands at the route in its template; one about no route of the templates stands in the
    report. Fingerprints follow from the alert, the route and the parameter, so they outlast hosts and stages.
    """
    found: dict[str, tuple[Finding, int]] = {}
    for alert in report.alerts:
        matches = matcher.find(alert.method, alert.uri) if alert.uri else ()
        finding = _of_route(alert, matches) if matches else _elsewhere(alert)
        earlier, count = found.get(finding.fingerprint, (finding, 0))
        found[finding.fingerprint] = (earlier if earlier.severity >= finding.severity else finding, count + 1)
    return tuple(_counted(finding, count) for finding, count in found.values())


def _counted(finding: Finding, count: int) -> Finding:
    return replace(finding, message=f"{finding.message}, {count} requests") if count > 1 else finding


def _of_route(alert: Alert, matches: Sequence[Match]) -> Finding:
    first = matches[0]
    route = first.route
    stacks, _, logical_id = route.logical_id.rpartition("/")
    path = filled(route.path, lambda variable: f"{{{variable.name}}}")
    name = f"{route.method if route.method != 'ANY' else alert.method} {path}"
    related = [replace(one.route.place, label="may be what was tested") for one in matches[1:]]
    return replace(
        _finding(alert, f"{alert.rule.id}\n{first.api.name}\n{name}", f"{name} of {first.api.title}"),
        when=route.when or first.api.when,
        file=route.place.span.source.name,
        resource=logical_id,
        resource_type=route.resource_type,
        place=route.place,
        related=(*related, replace(alert.place, label="what ZAP reports")),
        through=tuple(stacks.split("/")) if stacks else (),
    )


def _elsewhere(alert: Alert) -> Finding:
    about = f"{alert.method} {alert.uri}".strip() or alert.place.span.source.name
    return _finding(alert, f"{alert.rule.id}\n{about}", about)


def _finding(alert: Alert, key: str, about: str) -> Finding:
    parameter = f", parameter `{alert.parameter}`" if alert.parameter else ""
    confidence = _CONFIDENCES.get(alert.confidence, "unknown")
    name = alert.place.span.source.name
    waived = None
    if alert.confidence == _FALSE_POSITIVE:
        waived = Waived("marked as a false positive in ZAP", None, f"{name}:{alert.place.span.begin.line}", "external")
    return Finding(
        rule=alert.rule,
        severity=alert.severity,
        verdict="fail",
        when=None,
        file=name,
        resource="",
        resource_type="",
        place=alert.place,
        message=f"{about}: {alert.rule.title}{parameter} (confidence {confidence})",
        fingerprint=hashlib.sha256(f"{key}\n{alert.parameter}".encode()).hexdigest()[:32],
        waived=waived,
    )
