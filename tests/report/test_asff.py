"""Findings for Security Hub, checked against the shapes of its API."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given

from aws_shapes import problems_of_input
from report.reports import FULL, PORTS, at, finding
from report.test_formats import reports
from stackwarden.diagnostics import Severity
from stackwarden.report.asff import REPORTER
from stackwarden.run.finding import Report

_DEPLOYMENT = {"AWS::AccountId": "111122223333", "AWS::Region": "eu-west-1", "AWS::StackName": "shop"}


def _known(report: Report) -> Report:
    return replace(report, pseudo=_DEPLOYMENT, finished_at="2026-01-31T12:00:00Z")


@given(reports)
def test_batches_have_the_shape_that_security_hub_takes(report: Report) -> None:
    findings = json.loads(REPORTER.render(_known(report)))
    for first in range(0, len(findings), 100):
        batch = {"Findings": findings[first : first + 100]}
        assert problems_of_input("securityhub", "BatchImportFindings", batch) == []
    ids = [one["Id"] for one in findings]
    assert len(set(ids)) == len(ids)


def test_one_fault_has_one_id_and_the_gravest_severity() -> None:
    two = (
        finding(PORTS, at("FromPort: 22"), resource="Wide", message="one", severity=Severity.LOW),
        finding(PORTS, at("ToPort: 22"), resource="Wide", message="two"),
    )
    (one,) = json.loads(REPORTER.render(_known(replace(FULL, findings=two))))
    assert one["Id"] == "stackwarden/111122223333/eu-west-1/shop/Wide/ec2-sg-ingress-admin-ports-open"
    assert (one["Severity"]["Label"], one["Description"]) == ("HIGH", "one; two")
    assert one["ProductArn"] == "arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default"
    assert one["Resources"][0]["Id"] == "shop/Wide"


def test_waived_findings_are_left_out_and_maybes_are_warnings() -> None:
    findings = json.loads(REPORTER.render(_known(FULL)))
    assert [one["Compliance"]["Status"] for one in findings] == ["FAILED", "FAILED", "WARNING"]
    assert findings[0]["Compliance"]["RelatedRequirements"] == ["OWASP API/API2:2023"]
