"""Findings for AWS Security Hub, in batches as `BatchImportFindings` takes them: a JSON array of findings.

Ids are those of `run.identity`: the same fault has one id before and after deployment, and a later import updates it.
Without an ARN a resource is of type `Other`.
Source: Security Hub User Guide, *AWS Security Finding Format (ASFF)*, required and optional attributes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from stackwarden.diagnostics import Severity
from stackwarden.report._text import clean, tidy
from stackwarden.report.json import dump
from stackwarden.run.finding import Finding, Report
from stackwarden.run.identity import finding_id, stack_identity
from stackwarden.run.when import circumstances

__all__ = ["NEEDS", "REPORTER", "Object", "as_data", "finding_id"]

NEEDS: Final = ("AWS::AccountId", "AWS::Region")
"""Pseudo parameters that have to be given: Security Hub takes findings of a known account and region only."""

_LABELS: Final = {
    Severity.CRITICAL: "CRITICAL",
    Severity.HIGH: "HIGH",
    Severity.MEDIUM: "MEDIUM",
    Severity.LOW: "LOW",
    Severity.INFO: "INFORMATIONAL",
}
_TYPE: Final = "Software and Configuration Checks/AWS Security Best Practices"
_STANDARDS: Final = {
    "cis": "CIS AWS Foundations",
    "fsbp": "AWS FSBP",
    "nist-800-53": "NIST.800-53.r5",
    "owasp-api": "OWASP API",
    "pci-dss": "PCI DSS",
    "well-architected": "AWS Well-Architected",
}
_MOST_REQUIREMENTS: Final = 32
_LONGEST: Final = {"Title": 256, "Description": 1024, "Remediation": 512, "Requirement": 64}

Object = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Asff:
    name: str = "asff"

    def render(self, report: Report) -> str:
        return dump(as_data(report))


def as_data(report: Report) -> list[Object]:
    """Findings that are shown and count, as `BatchImportFindings` takes them; `report.pseudo` has to have `NEEDS`."""
    groups: dict[str, list[Finding]] = {}
    for finding in report.shown():
        if finding.counts:
            groups.setdefault(_id(report, finding), []).append(finding)
    return [_finding(report, identifier, group) for identifier, group in groups.items()]


def _id(report: Report, finding: Finding) -> str:
    account, region = (report.pseudo.get(name, "") for name in NEEDS)
    stack, resource, rule = _stack(report, finding), finding.resource, finding.rule.id
    return finding_id(account, region, stack, resource, rule, through=finding.through)


def _stack(report: Report, finding: Finding) -> str:
    """The outermost stack's name where it is given or configured, else its template's path, which is no other's."""
    file = finding.related[0].span.source.name if finding.through else finding.file
    named = report.pseudo.get("AWS::StackName") or report.stacks.get(file)
    return named or str(PurePosixPath(tidy(file)).with_suffix("")) or "template"


def _finding(report: Report, identifier: str, group: list[Finding]) -> Object:
    """One finding for all that a rule says of a resource, as grave as the gravest of them."""
    worst = max(group, key=lambda one: (one.verdict == "fail", one.severity))
    rule = worst.rule
    account, region = (report.pseudo.get(name, "") for name in NEEDS)
    partition = report.pseudo.get("AWS::Partition", "aws")
    label = {"Label": _LABELS[worst.severity]}
    text = "; ".join(dict.fromkeys(_words(one) for one in group))
    recommendation: Object = {"Text": _cut(rule.remediation or rule.title, "Remediation")}
    if rule.see:
        recommendation["Url"] = rule.see[0]
    begin = worst.place.span.begin
    return {
        "SchemaVersion": "2018-10-08",
        "Id": identifier,
        "ProductArn": f"arn:{partition}:securityhub:{region}:{account}:product/{account}/default",
        "GeneratorId": f"stackwarden/{rule.id}",
        "AwsAccountId": account,
        "CreatedAt": report.finished_at,
        "UpdatedAt": report.finished_at,
        "Types": [_TYPE],
        "Severity": label,
        "FindingProviderFields": {"Severity": label, "Types": [_TYPE]},
        "Title": _cut(rule.title, "Title"),
        "Description": _cut(text, "Description"),
        "Resources": [
            {
                "Type": "Other",
                "Id": f"{stack_identity(_stack(report, worst), worst.through)}/{worst.resource or 'template'}",
                "Partition": partition,
                "Region": region,
                "Details": {
                    "Other": {
                        "file": f"{worst.file}:{begin.line}:{begin.column}",
                        "resourceType": worst.resource_type or "none",
                        "fingerprint": worst.fingerprint,
                    }
                },
            }
        ],
        "Compliance": {
            "Status": "FAILED" if worst.verdict == "fail" else "WARNING",
            **({"RelatedRequirements": related} if (related := _requirements(worst)) else {}),
        },
        "RecordState": "ACTIVE",
        "Remediation": {"Recommendation": recommendation},
    }


def _words(finding: Finding) -> str:
    about = circumstances(finding)
    return f"{finding.message} ({about})" if about else finding.message


def _requirements(finding: Finding) -> list[str]:
    found = [f"{name}/{one}" for key, name in _STANDARDS.items() for one in finding.rule.maps.get(key, ())]
    return [_cut(one, "Requirement") for one in found[:_MOST_REQUIREMENTS]]


def _cut(text: str, what: str) -> str:
    most = _LONGEST[what]
    shown = clean(text)
    if not shown.strip():  # Security Hub refuses a text of blanks
        return "–"
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


REPORTER: Final = _Asff()
