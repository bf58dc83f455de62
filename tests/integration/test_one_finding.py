"""One fault is one finding in Security Hub, found in a template, by a hook or at what is deployed; and its import."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.session import get_session
from botocore.stub import Stubber

from aws_shapes import problems_of_input
from cli.test_commands import run
from integration.hook_events import ACCOUNT, event, resource_event
from report.reports import FULL
from stackwarden.integrations import security_hub
from stackwarden.integrations.hooks import lambda_handler
from stackwarden.integrations.security_hub import import_findings
from stackwarden.run.identity import finding_id

TEMPLATE = json.dumps(
    {
        "Resources": {
            "Url": {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "NONE", "TargetFunctionArn": "f"}},
            "Bucket": {"Type": "AWS::S3::Bucket"},
        }
    }
)
PLACE = ("--account", ACCOUNT, "--region", "eu-west-1")


@pytest.fixture
def client() -> BaseClient:
    return get_session().create_client(
        "securityhub", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b"
    )


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What a hook imports into Security Hub."""
    findings: list[dict[str, Any]] = []
    monkeypatch.setenv("STACKWARDEN_SECURITY_HUB", "true")
    monkeypatch.setenv("STACKWARDEN_LOOK_UP", "false")
    monkeypatch.setenv("STACKWARDEN_FAIL_ON", "critical")
    monkeypatch.setattr(security_hub, "securityhub", lambda _region: None)

    def take(given: list[dict[str, Any]], _client: object) -> list[str]:
        findings.extend(given)
        return []

    monkeypatch.setattr(security_hub, "import_findings", take)
    return findings


def _scanned(folder: Path, *arguments: str) -> set[str]:
    done = run(folder, "scan", "app.json", "-f", "asff", *PLACE, *arguments)
    return {one["Id"] for one in json.loads(done.stdout)}


def test_a_scan_a_hook_and_a_deployed_resource_agree(tmp_path: Path, imported: list[dict[str, Any]]) -> None:
    (tmp_path / "app.json").write_text(TEMPLATE, encoding="utf-8")
    by_scan = _scanned(tmp_path, "--stack-name", "shop")
    assert lambda_handler(event("STACK", targetModel={"template": TEMPLATE}))["hookStatus"] == "SUCCESS"
    by_hook = {one["Id"] for one in imported}
    assert by_hook >= by_scan
    tags = {"aws:cloudformation:stack-name": "shop", "aws:cloudformation:logical-id": "Url"}
    by_item = finding_id(
        ACCOUNT,
        "eu-west-1",
        tags["aws:cloudformation:stack-name"],
        tags["aws:cloudformation:logical-id"],
        "lambda-url-auth-none",
    )
    assert by_item in by_scan & by_hook
    imported.clear()
    properties = {"AuthType": "NONE", "TargetFunctionArn": "f"}
    assert lambda_handler(resource_event("AWS::Lambda::Url", "Url", properties))["hookStatus"] == "SUCCESS"
    assert by_item in {one["Id"] for one in imported} <= by_hook


def test_the_configuration_names_stacks_by_file(tmp_path: Path) -> None:
    (tmp_path / "app.json").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "stackwarden.toml").write_text('[stacks]\n"*.json" = "other"\n"app.*" = "shop"\n', encoding="utf-8")
    named = _scanned(tmp_path)
    assert named == _scanned(tmp_path, "--stack-name", "shop", "--no-config")
    assert named != _scanned(tmp_path, "--no-config")
    assert _scanned(tmp_path, "--stack-name", "given") == _scanned(tmp_path, "--no-config", "--stack-name", "given")


def test_a_nested_stack_is_the_same_scanned_and_deployed(tmp_path: Path, imported: list[dict[str, Any]]) -> None:
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "child.json"}}
    (tmp_path / "app.json").write_text(json.dumps({"Resources": {"Inner": nested}}), encoding="utf-8")
    (tmp_path / "child.json").write_text(TEMPLATE, encoding="utf-8")
    done = run(tmp_path, "scan", ".", "-f", "asff", *PLACE, "--stack-name", "shop")
    by_scan = {one["Id"] for one in json.loads(done.stdout)}
    deployed = event("STACK", targetModel={"template": TEMPLATE})
    deployed["stackId"] = f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/shop-Inner-1ABCDEFGHIJK2/5f2d"
    lambda_handler(deployed)
    expected = finding_id(ACCOUNT, "eu-west-1", "shop", "Url", "lambda-url-auth-none", through=["Inner"])
    assert expected in by_scan & {one["Id"] for one in imported}


def test_what_an_operation_ends_is_archived(imported: list[dict[str, Any]]) -> None:
    closed = TEMPLATE.replace('"NONE"', '"AWS_IAM"')
    lambda_handler(event("STACK", "UPDATE", targetModel={"template": closed, "previousTemplate": TEMPLATE}))
    assert problems_of_input("securityhub", "BatchImportFindings", {"Findings": imported}) == []
    states = {one["GeneratorId"].partition("/")[2]: one for one in imported}
    ended = states["lambda-url-auth-none"]
    assert (ended["RecordState"], ended["Compliance"]["Status"]) == ("ARCHIVED", "PASSED")
    assert states["s3-bucket-public-access-block"]["RecordState"] == "ACTIVE"


def test_what_is_still_there_has_not_ended() -> None:
    assert security_hub.ended(FULL, FULL.findings) == []
    assert security_hub.ended(replace(FULL, findings=()), FULL.findings) != []


def test_what_is_stopped_is_not_imported(imported: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STACKWARDEN_FAIL_ON", "high")
    assert lambda_handler(event("STACK", targetModel={"template": TEMPLATE}))["hookStatus"] == "FAILED"
    assert imported == []


def test_what_belongs_to_no_stack_is_left_to_others(imported: list[dict[str, Any]]) -> None:
    asked = resource_event("AWS::Lambda::Url", "", {"AuthType": "NONE", "TargetFunctionArn": "f"}) | {"stackId": None}
    assert lambda_handler(asked)["hookStatus"] == "SUCCESS"
    assert imported == []


def _findings(count: int, size: int = 10) -> Iterator[dict[str, object]]:
    (one, *_) = security_hub.found(FULL)
    return ({**one, "Id": f"id-{index}", "Description": "x" * size} for index in range(count))


@pytest.mark.parametrize(
    ("count", "size", "batches"), [(0, 10, []), (250, 10, [100, 100, 50]), (5, 2_500_000, [2, 2, 1])]
)
def test_batches_are_as_large_as_security_hub_takes(count: int, size: int, batches: list[int]) -> None:
    sent: list[int] = []

    class Client:
        @staticmethod
        def batch_import_findings(Findings: list[object]) -> dict[str, object]:  # noqa: N803 - AWS's name
            sent.append(len(Findings))
            return {"FailedCount": 0, "SuccessCount": len(Findings), "FailedFindings": []}

    assert import_findings(_findings(count, size), Client()) == []
    assert sent == batches


def test_what_security_hub_refuses_is_told(client: BaseClient) -> None:
    refused = {"Id": "id-1", "ErrorCode": "InvalidInput", "ErrorMessage": "no such account"}
    answer = {"FailedCount": 1, "SuccessCount": 99, "FailedFindings": [refused]}
    with Stubber(client) as stub:
        stub.add_response("batch_import_findings", answer)
        stub.add_client_error("batch_import_findings", "AccessDeniedException", "no", 403)
        told = import_findings(_findings(150), client)
    assert told == [
        "id-1: no such account",
        "50 findings refused (AccessDeniedException); the role needs securityhub:BatchImportFindings",
    ]


def test_security_hub_that_cannot_be_reached_is_told() -> None:
    client = get_session().create_client(
        "securityhub",
        region_name="eu-west-1",
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
    )
    client.meta.config.retries = {"total_max_attempts": 1}
    (told,) = import_findings(_findings(1), client)
    assert told.startswith("1 findings not imported: Could not connect")
