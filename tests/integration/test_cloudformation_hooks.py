"""The hook, asked and answered through AWS's own library for hooks, which also fetches what comes by address."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cloudformation_cli_python_lib.hook import Hook
from cloudformation_cli_python_lib.interface import (
    BaseModel,
    HandlerErrorCode,
    HookAnnotation,
    HookAnnotationSeverityLevel,
    HookAnnotationStatus,
    HookInvocationPoint,
    OperationStatus,
    ProgressEvent,
)
from cloudformation_cli_python_lib.utils import HookInvocationRequest

import stackwarden
from integration.hook_events import ACCOUNT, BY_PARAMETER, CLOSED, OPEN, Serve, event, resource_event
from stackwarden.integrations import hooks
from stackwarden.integrations.hooks import lambda_handler
from stackwarden.integrations.hooks.payload import read_payload

pytestmark = pytest.mark.usefixtures("hook_environment")


class _Nothing(BaseModel):
    @classmethod
    def _deserialize(cls, json_data: Any) -> _Nothing:  # noqa: ARG003 - what the library calls
        return cls()


def by_library(asked: dict[str, Any]) -> dict[str, Any]:
    """The answer as AWS's library gives it that read the event, fetched its payload and checked each field."""
    answers: list[dict[str, Any]] = []
    point = HookInvocationPoint[asked["actionInvocationPoint"]]
    hook = Hook("Private::Stackwarden::Check", _Nothing)

    def handler(_session: object, request: Any, _callback: object, _configuration: object) -> ProgressEvent:
        context = request.hookContext
        data = {
            "targetName": context.targetName,
            "targetType": context.targetType,
            "targetLogicalId": context.targetLogicalId,
            "targetModel": context.targetModel,
        }
        answer = lambda_handler({**asked, "requestData": data})
        answers.append(answer)
        return _progress(answer)

    hook.handler(point)(handler)
    made: dict[str, Any] = hook(asked, None)
    (answer,) = answers
    assert made == {name: value for name, value in answer.items() if value is not None}
    return made


def _progress(answer: dict[str, Any]) -> ProgressEvent:
    return ProgressEvent(
        status=OperationStatus[answer["hookStatus"]],
        errorCode=HandlerErrorCode[answer["errorCode"]] if "errorCode" in answer else None,
        message=answer["message"],
        callbackContext=answer["callbackContext"],
        callbackDelaySeconds=answer["callbackDelaySeconds"],
        annotations=[_annotation(**one) for one in answer["annotations"]] if "annotations" in answer else None,
    )


def _annotation(status: str, severityLevel: str, **texts: str) -> HookAnnotation:  # noqa: N803 - AWS's name
    level = HookAnnotationSeverityLevel[severityLevel]
    return HookAnnotation(status=HookAnnotationStatus[status], severityLevel=level, **texts)


def _template(**resources: object) -> str:
    return json.dumps({"Resources": resources})


def _rules(answer: dict[str, Any]) -> dict[str, str]:
    return {one["annotationName"]: one["status"] for one in answer.get("annotations", ())}


@pytest.mark.filterwarnings("ignore:datetime")
class TestResources:
    def test_one_that_is_wrong_by_itself_is_stopped(self) -> None:
        answer = by_library(resource_event("AWS::Lambda::Url", "Url", OPEN["Properties"]))
        assert (answer["hookStatus"], answer["errorCode"]) == ("FAILED", "NonCompliant")
        first, line = answer["message"].splitlines()[:2]
        assert first == "stackwarden: 1 finding at or above high"
        assert line.startswith(
            "[high] lambda-url-auth-none at Url: anyone on the internet can invoke f through Url. Fix:"
        )

    def test_what_others_could_mend_stops_nothing(self) -> None:
        stage = {"RestApiId": "a1b2c3d4e5", "StageName": "prod", "DeploymentId": "d", "MethodSettings": []}
        answer = by_library(resource_event("AWS::ApiGateway::Stage", "Stage", stage))
        assert answer["hookStatus"] == "SUCCESS"
        assert _rules(answer)["apigateway-stage-waf-missing"] == "SKIPPED"

    def test_a_maybe_stops_where_that_is_asked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("STACKWARDEN_FAIL_ON_MAYBE", "true")
        answer = by_library(resource_event("AWS::ApiGateway::Stage", "Stage", {"RestApiId": "a", "StageName": "prod"}))
        assert answer["hookStatus"] == "FAILED"
        assert "[high, maybe] apigateway-stage-waf-missing at Stage" in answer["message"]

    def test_only_what_an_update_brings_counts_if_asked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        before, after = OPEN["Properties"], {**OPEN["Properties"], "Qualifier": "live"}
        asked = resource_event("AWS::Lambda::Url", "Url", after, before, "UPDATE")
        assert by_library(asked)["hookStatus"] == "FAILED"
        monkeypatch.setenv("STACKWARDEN_ONLY_NEW", "true")
        answer = by_library(asked)
        assert answer["hookStatus"] == "SUCCESS"
        assert "that this operation does not answer for" in answer["message"]

    def test_cloud_control_gets_a_short_message(self) -> None:
        policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}] * 40}
        asked = resource_event("AWS::IAM::Role", "Role", {"AssumeRolePolicyDocument": policy})
        asked["stackId"] = ""
        answer = lambda_handler(asked)
        assert answer["hookStatus"] == "FAILED"
        assert len(str(answer["message"])) <= 1024

    def test_deleting_is_let_pass(self) -> None:
        answer = by_library(resource_event("AWS::Lambda::Url", "Url", OPEN["Properties"], action="DELETE"))
        assert answer["hookStatus"] == "SUCCESS"

    def test_secrets_stay_out(self) -> None:
        properties = {
            "MasterUserPassword": "hunter-of-all",
            "MasterUsername": "hunter-of-all",
            "PubliclyAccessible": True,
            "Tags": [{"Key": "k", "Value": "AKIAIOSFODNN7EXAMPLE"}],
        }
        answer = json.dumps(by_library(resource_event("AWS::RDS::DBInstance", "Db", properties)))
        assert "rds-public-access" in answer
        assert "hunter-of-all" not in answer and "AKIAIOSFODNN7EXAMPLE" not in answer


@pytest.mark.filterwarnings("ignore:datetime")
class TestStacks:
    def test_the_template_comes_by_address(self, serve: Serve) -> None:
        payload = {"template": _template(Url=OPEN), "previousTemplate": None}
        answer = by_library(event("STACK", payload=serve(payload)))
        assert answer["hookStatus"] == "FAILED"
        assert _rules(answer)["lambda-url-auth-none"] == "FAILED"
        assert lambda_handler(event("STACK", payload=serve(payload)))["message"] == answer["message"]

    def test_relations_within_a_template_are_seen(self, serve: Serve) -> None:
        stage = {"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": {"Ref": "Api"}, "StageName": "prod"}}
        template = _template(Api={"Type": "AWS::ApiGateway::RestApi"}, Stage=stage)
        answer = by_library(event("STACK", payload=serve({"template": template})))
        assert _rules(answer)["apigateway-stage-waf-missing"] == "FAILED"

    def test_a_clean_one_passes(self, serve: Serve) -> None:
        topic = {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": "alias/own"}}
        answer = by_library(event("STACK", payload=serve({"Template": _template(Topic=topic)})))
        assert (answer["hookStatus"], "errorCode" in answer) == ("SUCCESS", False)

    def test_only_new_findings_count_if_asked_for(self, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("STACKWARDEN_ONLY_NEW", "true")
        before, after = _template(Old=OPEN), _template(Old=OPEN, New=OPEN)
        answer = by_library(event("STACK", "UPDATE", payload=serve({"template": after, "previousTemplate": before})))
        assert "lambda-url-auth-none at New" in answer["message"]
        assert "at Old" not in answer["message"]

    def test_waivers_in_the_template_count(self, serve: Serve) -> None:
        ignored = {"ignore": [{"rule": "lambda-url-*", "reason": "a page for everybody"}]}
        waived = {**OPEN, "Metadata": {"stackwarden": ignored}}
        answer = by_library(event("STACK", payload=serve({"template": _template(Url=waived)})))
        assert answer["hookStatus"] == "SUCCESS"
        assert "waived" in answer["message"]

    def test_a_template_that_cannot_be_read_is_no_pass(self, serve: Serve) -> None:
        answer = by_library(event("STACK", payload=serve({"template": "Resources:\n\tA: 1\n"})))
        assert (answer["hookStatus"], answer["errorCode"]) == ("FAILED", "InternalFailure")
        assert "not read: shop:2:" in answer["message"]

    def test_no_secret_of_a_template_is_shown(self, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("STACKWARDEN_FAIL_ON", "info")
        answer = json.dumps(by_library(event("STACK", payload=serve({"template": BY_PARAMETER}))))
        assert "rds-public-access" in answer
        assert "hunter" not in answer

    def test_long_messages_are_cut_at_a_line(self, serve: Serve) -> None:
        template = _template(**{f"Url{index}": OPEN for index in range(60)})
        answer = by_library(event("STACK", payload=serve({"template": template})))
        assert 3500 < len(answer["message"]) <= 4096
        assert answer["message"].splitlines()[-1].endswith("more in the annotations")


@pytest.mark.filterwarnings("ignore:datetime")
class TestChangeSets:
    @staticmethod
    def _ask(serve: Serve, template: str, previous: str, *changes: dict[str, Any]) -> dict[str, Any]:
        content = {"template": template, "previousTemplate": previous, "changedResources": list(changes)}
        return by_library({**event("CHANGE_SET", "UPDATE", payload=serve(content)), "changeSetId": "set-1"})

    def test_what_changes_counts(self, serve: Serve) -> None:
        template = _template(Kept=OPEN, Changed=OPEN)
        change = {"logicalResourceId": "Changed", "resourceType": "AWS::Lambda::Url", "action": "UPDATE"}
        answer = self._ask(serve, template, template, change)
        assert "lambda-url-auth-none at Changed" in answer["message"]
        assert "at Kept" not in answer["message"]

    def test_what_a_change_does_to_others_counts(self, serve: Serve) -> None:
        stage = {"Type": "AWS::ApiGateway::Stage", "Properties": {"RestApiId": {"Ref": "Api"}, "StageName": "prod"}}
        link = {
            "Type": "AWS::WAFv2::WebACLAssociation",
            "Properties": {
                "ResourceArn": {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Stage}"},
                "WebACLArn": "acl",
            },
        }
        shared = {"Api": {"Type": "AWS::ApiGateway::RestApi"}, "Stage": stage}
        change = {"logicalId": "Link", "typeName": "AWS::WAFv2::WebACLAssociation", "action": "DELETE"}
        answer = self._ask(serve, _template(**shared), _template(**shared, Link=link), change)
        assert "apigateway-stage-waf-missing at Stage" in answer["message"]

    @pytest.mark.parametrize(
        ("context", "status"),
        [
            (json.dumps({"Properties": {"AuthType": "NONE", "TargetFunctionArn": "f"}}), "FAILED"),
            (json.dumps({"AuthType": "NONE", "TargetFunctionArn": "{{changeSet:KNOWN_AFTER_APPLY}}"}), "FAILED"),
            (json.dumps({"Properties": {"AuthType": "{{changeSet:KNOWN_AFTER_APPLY}}"}}), "SUCCESS"),
            ("no JSON", "SUCCESS"),
        ],
    )
    def test_resolved_properties_decide_what_the_template_leaves_open(
        self, context: str, status: str, serve: Serve
    ) -> None:
        imported = {**OPEN, "Properties": {"AuthType": {"Fn::ImportValue": "auth"}, "TargetFunctionArn": "f"}}
        template = _template(Url=imported)
        change = {
            "LogicalResourceId": "Url",
            "ResourceType": "AWS::Lambda::Url",
            "Action": "Add",
            "AfterContext": context,
        }
        answer = self._ask(serve, template, "", change)
        assert answer["hookStatus"] == status

    def test_the_library_hands_on_what_it_fetched(self, serve: Serve) -> None:
        content = {"template": _template(Url=OPEN), "changedResources": []}
        address = serve(content)
        fetched = HookInvocationRequest.deserialize(event("CHANGE_SET", payload=address)).requestData.targetModel
        assert fetched == content
        assert read_payload(address) == read_payload(fetched)


def test_a_stack_as_large_as_may_be_is_checked_with_all_rules(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 resources; how long that takes is measured elsewhere, as a busy machine would decide it here."""
    monkeypatch.setattr(hooks, "_LIMIT", 600.0)
    resources: dict[str, object] = {}
    for index in range(250):
        resources[f"Fn{index}"] = {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Role": {"Fn::GetAtt": [f"Role{index % 10}", "Arn"]}, "Code": {"ZipFile": "pass"}},
        }
    for index in range(10):
        policy = {"Statement": [{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"}]}
        trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "*"}]}
        inline = [{"PolicyName": "p", "PolicyDocument": policy}]
        properties = {"AssumeRolePolicyDocument": trust, "Policies": inline}
        resources[f"Role{index}"] = {"Type": "AWS::IAM::Role", "Properties": properties}
    resources |= {f"Queue{index}": {"Type": "AWS::SQS::Queue"} for index in range(239)}
    resources["Url"] = {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "NONE", "TargetFunctionArn": "f"}}
    assert len(resources) == 500
    answer = lambda_handler(event("STACK", "UPDATE", payload=serve({"template": _template(**resources)})))
    assert answer["errorCode"] == "NonCompliant"
    assert _rules(answer)["lambda-url-auth-none"] == "FAILED"


def test_a_configuration_beside_the_code_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stackwarden.toml").write_text('fail-on = "critical"\n', encoding="utf-8")
    monkeypatch.setenv("LAMBDA_TASK_ROOT", str(tmp_path))
    answer = lambda_handler(resource_event("AWS::Lambda::Url", "Url", OPEN["Properties"]))
    assert (answer["hookStatus"], str(answer["message"]).splitlines()[0]) == (
        "SUCCESS",
        "stackwarden: no finding at or above critical",
    )


_START = """
import json, sys
from stackwarden.integrations.hooks import lambda_handler
assert lambda_handler(json.loads(sys.argv[1]))["hookStatus"] == "SUCCESS"
print(json.dumps(sorted(sys.modules)))
"""


def test_a_start_loads_what_it_needs(tmp_path: Path) -> None:
    """Once rules are compiled, which happens at the first start."""
    asked = json.dumps(resource_event("AWS::Lambda::Url", "Url", CLOSED["Properties"]))
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(stackwarden.__file__).parents[1]),
        "STACKWARDEN_CACHE": str(tmp_path),
        "STACKWARDEN_SKIP": "",
    }
    for _ in range(2):
        command = [sys.executable, "-c", _START, asked]
        done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True)
    modules = set(json.loads(done.stdout))
    assert not modules & {"lark", "cfnlint", "samtranslator", "boto3", "botocore", "rich", "typer", "urllib.request"}


def test_the_account_is_the_one_that_deploys(monkeypatch: pytest.MonkeyPatch) -> None:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]}
    monkeypatch.setenv("STACKWARDEN_FAIL_ON", "low")
    properties = {"AssumeRolePolicyDocument": trust}
    own = lambda_handler(resource_event("AWS::IAM::Role", "Role", properties))
    other = lambda_handler(resource_event("AWS::IAM::Role", "Role", properties) | {"awsAccountId": "444455556666"})
    assert "iam-role-trust-cross-account-no-external-id" not in str(own)
    assert "iam-role-trust-cross-account-no-external-id" in str(other)
