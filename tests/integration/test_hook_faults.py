"""What goes wrong around a hook: events, payloads, settings, time, and an API that does not answer."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from botocore.session import get_session
from botocore.stub import Stubber

from aws_shapes import problems_of_output
from integration.hook_events import BY_PARAMETER, CLOSED, STACK_ID, Serve, event, resource_event
from stackwarden.integrations import hooks
from stackwarden.integrations.hooks import lambda_handler, parameters
from stackwarden.integrations.hooks.parameters import parameters_of
from stackwarden.integrations.hooks.request import read_request

pytestmark = pytest.mark.usefixtures("hook_environment")


class TestFaults:
    """Whatever comes, the answer is one that CloudFormation takes, and says what is wrong."""

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            (None, "the event is no JSON object"),
            ({"Records": []}, "has no `requestData`"),
            (event("STACK") | {"actionInvocationPoint": "CREATE_POST_PROVISION"}, "CREATE_POST_PROVISION"),
            (event("MODULE"), "targetType` is `MODULE`"),
            (event("STACK"), "has no `payload`"),
            (event("STACK", payload="s3://bucket/key"), "no https address"),
            (event("STACK", payload="http://example.org/payload"), "no https address"),
            (event("STACK", targetModel={"template": 7}), "the payload has no `template`"),
            (event("CHANGE_SET", targetModel={"template": "{}", "changedResources": 7}), "is no list"),
            (
                event("CHANGE_SET", targetModel={"template": "{}", "changedResources": [{}]}),
                "without `logicalResourceId`",
            ),
            (resource_event("AWS::S3::Bucket", "B", None), "has no object `resourceProperties`"),
            (resource_event("", "B", {}), "names no resource type"),
        ],
    )
    def test_wrong_events(self, asked: object, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
        answer = lambda_handler(asked)
        assert (answer["hookStatus"], answer["errorCode"]) == ("FAILED", "InternalFailure")
        assert told in str(answer["message"])
        monkeypatch.setenv("STACKWARDEN_ON_ERROR", "pass")
        passed = lambda_handler(asked)
        assert (passed["hookStatus"], passed["message"]) == ("SUCCESS", answer["message"])

    @pytest.mark.parametrize(
        ("content", "status", "told"),
        [
            (b"<Error><Code>AccessDenied</Code></Error>", 403, "answers 403; the address may have expired"),
            (b"", 503, "answers 503"),
            (b"http://127.0.0.1:1/elsewhere", 302, "answers 302"),
            (b"no JSON", 200, "the payload is not JSON"),
            (b"\xff\xfe\xfd", 200, "the payload is not JSON"),
            ([1], 200, "the payload is no JSON object"),
            ({"templates": {}}, 200, "the payload has no `template`"),
        ],
    )
    def test_payloads(self, content: object, status: int, told: str, serve: Serve) -> None:
        answer = lambda_handler(event("STACK", payload=serve(content, status)))
        assert (answer["hookStatus"], answer["errorCode"]) == ("FAILED", "InternalFailure")
        assert told in str(answer["message"])
        assert "5ecre7" not in str(answer)

    def test_an_address_where_nobody_is(self) -> None:
        answer = lambda_handler(event("STACK", payload="https://127.0.0.1:1/payload?X-Amz-Signature=5ecre7"))
        assert "the payload at 127.0.0.1/payload cannot be fetched" in str(answer["message"])
        assert "5ecre7" not in str(answer)

    def test_one_that_is_too_large(self, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("stackwarden.integrations.hooks.payload._LARGEST", 1024)
        answer = lambda_handler(event("STACK", payload=serve({"template": "#" * 2000})))
        assert "the payload is larger than" in str(answer["message"])

    @pytest.mark.parametrize(
        ("name", "value", "told"),
        [
            ("FAIL_ON", "hihg", "STACKWARDEN_FAIL_ON is `hihg`, not one of critical, high, medium, low, info"),
            ("ON_ERROR", "open", "STACKWARDEN_ON_ERROR is `open`, not one of fail, pass"),
            ("ONLY_NEW", "yes", "STACKWARDEN_ONLY_NEW is `yes`"),
            ("PACKS", "api-securty", "there is no pack `api-securty`"),
            ("CONFIG", "nowhere.toml", "nowhere.toml"),
        ],
    )
    def test_settings(self, name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(f"STACKWARDEN_{name}", value)
        answer = lambda_handler(resource_event("AWS::Lambda::Url", "Url", CLOSED["Properties"]))
        assert (answer["hookStatus"], answer["errorCode"]) == ("FAILED", "InternalFailure")
        assert told in str(answer["message"])

    def test_time_that_runs_out(self, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
        class Context:
            @staticmethod
            def get_remaining_time_in_millis() -> int:
                return 1600

        monkeypatch.setattr(hooks, "check", lambda *_: time.sleep(20))
        answer = lambda_handler(event("STACK", payload=serve({"template": "{}"})), Context())
        assert (answer["hookStatus"], answer["errorCode"]) == ("FAILED", "InternalFailure")
        assert "longer than CloudFormation waits" in str(answer["message"])

    def test_errors_of_its_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> None:
            raise KeyError("hunter")

        monkeypatch.setattr(hooks, "check", fail)
        answer = lambda_handler(resource_event("AWS::Lambda::Url", "Url", {}))
        assert answer["message"] == "stackwarden checked nothing: internal error: KeyError; the function's log has more"


class TestParameters:
    """Values that the payload does not have, asked of CloudFormation's API as botocore models it."""

    @pytest.fixture
    def stub(self, hook_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:  # noqa: ARG002 - order
        monkeypatch.setenv("STACKWARDEN_LOOK_UP", "true")
        client = get_session().create_client(
            "cloudformation", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b"
        )
        monkeypatch.setattr(parameters, "_client", lambda _region: client)
        with Stubber(client) as stubber:
            yield stubber

    @pytest.mark.parametrize(("auth", "status"), [("NONE", "FAILED"), ("AWS_IAM", "SUCCESS")])
    def test_of_a_change_set(self, auth: str, status: str, stub: Stubber, serve: Serve) -> None:
        values = [
            {"ParameterKey": "Auth", "ParameterValue": auth},
            {"ParameterKey": "Password", "ParameterValue": "****"},
        ]
        stub.add_response("describe_change_set", {"Parameters": values}, {"ChangeSetName": "set-1"})
        template = BY_PARAMETER.partition("  Database")[0]
        asked = event("CHANGE_SET", payload=serve({"template": template}))
        answer = lambda_handler({**asked, "changeSetId": "set-1"})
        assert answer["hookStatus"] == status
        assert "when" not in str(answer["message"])
        stub.assert_no_pending_responses()

    def test_of_a_stack_that_is_made(self, stub: Stubber, serve: Serve) -> None:
        stack = {
            "StackName": "shop",
            "CreationTime": "2026-01-31T12:00:00Z",
            "StackStatus": "CREATE_IN_PROGRESS",
            "Parameters": [{"ParameterKey": "Auth", "ParameterValue": "NONE"}],
        }
        assert problems_of_output("cloudformation", "DescribeStacks", {"Stacks": [stack]}) == []
        stub.add_response("describe_stacks", {"Stacks": [stack]}, {"StackName": STACK_ID})
        answer = lambda_handler(event("STACK", payload=serve({"template": BY_PARAMETER})))
        assert "lambda-url-auth-none at Url: anyone on the internet" in str(answer["message"])

    @pytest.mark.usefixtures("stub")
    def test_of_a_stack_that_is_updated_nobody_asks(self, serve: Serve) -> None:
        answer = lambda_handler(event("STACK", "UPDATE", payload=serve({"template": BY_PARAMETER})))
        assert "(when Parameters.Auth is NONE)" in str(answer["message"])
        assert "note:" not in str(answer["message"])

    def test_that_are_hidden_stay_unknown(self, stub: Stubber) -> None:
        values = [
            {"ParameterKey": "Auth", "ParameterValue": "NONE"},
            {"ParameterKey": "Password", "ParameterValue": "****"},
        ]
        stub.add_response("describe_change_set", {"Parameters": values}, {"ChangeSetName": "set-1"})
        request = read_request(event("CHANGE_SET") | {"changeSetId": "set-1"}, "eu-west-1")
        assert parameters_of(request, parameters._client("eu-west-1")) == {"Auth": "NONE"}

    def test_that_may_not_be_asked_for(self, stub: Stubber, serve: Serve) -> None:
        stub.add_client_error("describe_stacks", "AccessDenied", "no", 403)
        answer = lambda_handler(event("STACK", payload=serve({"template": BY_PARAMETER})))
        assert "its role needs cloudformation:DescribeStacks" in str(answer["message"])
        assert "(when Parameters.Auth is NONE)" in str(answer["message"])
