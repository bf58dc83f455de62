"""The Lambda function of a custom rule: every kind of event, its answer, and what goes wrong."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.stub import Stubber

from aws_shapes import problems_of_input
from integrations.aws import Aws
from integrations.items import NAMES, change, oversized, recorded, scheduled
from stackwarden.integrations.aws_api import CallFailed
from stackwarden.integrations.aws_config.answer import answer
from stackwarden.integrations.aws_config.errors import BadEvent, BadSetup, Unanswered
from stackwarden.integrations.aws_config.evaluation import Evaluation
from stackwarden.integrations.aws_config.function import handle
from stackwarden.integrations.aws_config.gather import all_of
from stackwarden.integrations.aws_config.items import ConfigurationItem
from stackwarden.integrations.aws_config.selection import select

STORAGE = {"packs": "storage"}


def only(told: Mapping[str, Any]) -> dict[str, Any]:
    (one,) = told["evaluations"]
    assert isinstance(one, dict)
    return one


@pytest.mark.parametrize("name", NAMES)
def test_changes_are_answered(name: str, aws: Aws) -> None:
    item = recorded(name, relationships=[])
    told = only(handle(change(item), aws("config")))
    (sent,) = aws.sent("PutEvaluations")
    (evaluation,) = sent["Evaluations"]
    assert sent["ResultToken"] == "TESTMODE"
    assert sent["TestMode"] is True
    assert evaluation["ComplianceResourceType"] == item["resourceType"]
    assert evaluation["ComplianceResourceId"] == item["resourceId"]
    assert evaluation["ComplianceType"] == told["compliance"] != "INSUFFICIENT_DATA"
    assert evaluation["OrderingTimestamp"] == item["configurationItemCaptureTime"]
    assert evaluation.get("Annotation", "") == told["annotation"]


@pytest.mark.parametrize("status", ["ResourceDeleted", "ResourceDeletedNotRecorded", "ResourceNotRecorded"])
def test_what_is_gone_is_not_applicable(status: str, aws: Aws) -> None:
    item = recorded("s3-bucket", configurationItemStatus=status, configuration=None)
    assert only(handle(change(item), aws("config")))["compliance"] == "NOT_APPLICABLE"


def test_what_left_the_scope_is_not_applicable(aws: Aws) -> None:
    event = change(recorded("s3-bucket"), eventLeftScope=True)
    assert only(handle(event, aws("config")))["compliance"] == "NOT_APPLICABLE"


def test_oversized_items_are_fetched(aws: Aws) -> None:
    make_bucket(aws, "orders-data", block=False)
    told = only(handle(oversized(recorded("s3-bucket"), STORAGE), aws("config")))
    assert told["compliance"] == "NON_COMPLIANT"
    (asked,) = aws.sent("GetResourceConfigHistory")
    assert (asked["resourceId"], asked["laterTime"]) == ("orders-data", "2026-03-01T08:15:30.123Z")


def test_related_items_are_fetched_where_they_may_decide(aws: Aws) -> None:
    event = change(recorded("rest-stage"), {"rules": "apigateway-stage-waf-missing"})
    assert only(handle(event, aws("config")))["undecided"] == ["apigateway-stage-waf-missing"]
    assert aws.sent("BatchGetResourceConfig") == [
        {"resourceKeys": [{"resourceType": "AWS::ApiGateway::RestApi", "resourceId": "a1b2c3d4e5"}]}
    ]


def test_a_schedule_judges_all_that_is_recorded(aws: Aws) -> None:
    for number in range(3):
        make_bucket(aws, f"data-{number}", block=number == 0)
    event = scheduled({"rules": "s3-bucket-public-access-block"})
    told = handle(event, aws("config"))["evaluations"]
    assert isinstance(told, list)
    assert {(one["resourceId"], one["compliance"]) for one in told} == {
        ("data-0", "COMPLIANT"),
        ("data-1", "NON_COMPLIANT"),
        ("data-2", "NON_COMPLIANT"),
    }
    (sent,) = aws.sent("PutEvaluations")
    assert {one["OrderingTimestamp"] for one in sent["Evaluations"]} == {"2026-03-01T08:16:00.000Z"}


def test_an_account_without_resources_is_told(aws: Aws) -> None:
    told = only(handle(scheduled(STORAGE), aws("config")))
    assert (told["resourceType"], told["resourceId"]) == ("AWS::::Account", "111122223333")
    assert told["compliance"] == "NOT_APPLICABLE"


def test_pages_and_what_is_left_out() -> None:
    """Lists come in pages; keys that AWS Config leaves out are asked for again, and told in the end."""
    client, stub = stubbed()
    listed = {"resourceType": "AWS::S3::Bucket", "limit": 100}
    kind = {"resourceType": "AWS::S3::Bucket"}
    stub.add_response(
        "list_discovered_resources",
        {
            "resourceIdentifiers": [
                {**kind, "resourceId": "a"},
                {**kind, "resourceId": "gone", "resourceDeletionTime": 1},
            ],
            "nextToken": "n",
        },
        listed,
    )
    stub.add_response(
        "list_discovered_resources",
        {"resourceIdentifiers": [{**kind, "resourceId": "b"}]},
        {**listed, "nextToken": "n"},
    )
    left = [{**kind, "resourceId": "b"}]
    stub.add_response(
        "batch_get_resource_config",
        {
            "baseConfigurationItems": [{**kind, "resourceId": "a", "configuration": "{}"}],
            "unprocessedResourceKeys": left,
        },
        {"resourceKeys": [{**kind, "resourceId": "a"}, *left]},
    )
    for _ in range(3):
        answer_ = {"baseConfigurationItems": [], "unprocessedResourceKeys": left}
        stub.add_response("batch_get_resource_config", answer_, {"resourceKeys": left})
    waits: list[float] = []
    with stub:
        found = list(all_of(client, ["AWS::S3::Bucket"], wait=waits.append))
    assert [one.resource_id for one in found if isinstance(one, ConfigurationItem)] == ["a"]
    assert [str(one) for one in found if isinstance(one, CallFailed)] == ["AWS Config left 1 resources out 4 times: b"]
    assert waits == [1.0, 2.0, 4.0]
    stub.assert_no_pending_responses()


def test_batches_and_refusals() -> None:
    """At most 100 a call; what is refused is sent again, and what stays refused is told."""
    client, stub = stubbed()
    evaluations = [Evaluation("AWS::S3::Bucket", f"b{n}", "COMPLIANT", "", "2026-01-01T00:00:00Z") for n in range(201)]
    requests = [one.as_request() for one in evaluations]
    expect = {"ResultToken": "t", "TestMode": False}
    stub.add_response("put_evaluations", {"FailedEvaluations": requests[:1]}, {**expect, "Evaluations": requests[:100]})
    stub.add_response("put_evaluations", {"FailedEvaluations": []}, {**expect, "Evaluations": requests[:1]})
    stub.add_client_error("put_evaluations", "InvalidResultTokenException", "expired")
    for _ in range(3):
        refused = {"FailedEvaluations": requests[200:]}
        stub.add_response("put_evaluations", refused, {**expect, "Evaluations": requests[200:]})
    with stub, pytest.raises(Unanswered) as told:
        answer(client, evaluations, "t", wait=lambda _: None)
    stub.assert_no_pending_responses()
    assert "100 evaluations: `config:PutEvaluations` was refused" in str(told.value)
    assert "1 evaluations were refused 3 times (b200)" in str(told.value)
    for batch in (requests[:100], requests[200:]):
        assert problems_of_input("config", "PutEvaluations", {"Evaluations": batch, **expect}) == []


def test_a_missing_permission_is_named() -> None:
    client, stub = stubbed()
    stub.add_client_error("put_evaluations", "AccessDeniedException", "no")
    with stub, pytest.raises(Unanswered, match=r"`config:PutEvaluations` is denied; allow it in the policy"):
        handle(change(recorded("s3-bucket")), client)


def test_an_unreachable_endpoint_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=2)
    client = boto3.client(
        "config",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=config,
    )
    with pytest.raises(Unanswered, match="no way to config: Could not connect to the endpoint URL"):
        handle(change(recorded("s3-bucket")), client)


def test_what_cannot_be_judged_stops_nothing_else() -> None:
    client, stub = stubbed()
    keys = [{"resourceType": "AWS::S3::Bucket", "resourceId": name} for name in ("broken", "data")]
    items = [{**key, "configuration": text} for key, text in zip(keys, ("[1]", "{}"), strict=True)]
    stub.add_response("list_discovered_resources", {"resourceIdentifiers": keys})
    stub.add_response("batch_get_resource_config", {"baseConfigurationItems": items})
    stub.add_response("put_evaluations", {"FailedEvaluations": []})
    with stub, pytest.raises(Unanswered, match=r"1 resources were judged, others could not be: `configuration` of"):
        handle(scheduled({"rules": "s3-bucket-public-access-block"}), client)
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        (
            {"detail-type": "Scheduled Event", "source": "aws.events"},
            "no `invokingEvent` \\(it has detail-type, source\\)",
        ),
        ({"invokingEvent": "{"}, "`invokingEvent` is no JSON: "),
        ({"invokingEvent": "[]"}, "`invokingEvent` has to be an object"),
        ({"invokingEvent": "{}"}, "has no `resultToken`"),
        ({"invokingEvent": "{}", "resultToken": "t"}, "messageType is `None`; known are ConfigurationItemChange"),
        ({"invokingEvent": "{}", "resultToken": "t", "ruleParameters": "x"}, "`ruleParameters` is no JSON"),
    ],
)
def test_wrong_events(event: dict[str, Any], complaint: str, aws: Aws) -> None:
    with pytest.raises(BadEvent, match=complaint):
        handle(event, aws("config"))
    assert aws.requests == []


def test_a_change_without_an_item(aws: Aws) -> None:
    event = change(recorded("s3-bucket"))
    event["invokingEvent"] = json.dumps({"messageType": "ConfigurationItemChangeNotification"})
    with pytest.raises(BadEvent, match="`invokingEvent` has no `configurationItem`"):
        handle(event, aws("config"))


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"rulez": "x"}, "the rule has no parameter `rulez`; did you mean `rules`"),
        ({"rules": "s3-bucket-public-acces-block"}, "there is no rule `s3-bucket-public-acces-block`"),
        ({"packs": "nowhere"}, "there is no pack `nowhere`"),
        ({"minSeverity": "dire"}, "minSeverity is `dire`; known are critical, high"),
        ({"undecided": "COMPLIANT"}, "undecided is `COMPLIANT`; known are NOT_APPLICABLE and NON_COMPLIANT"),
        ({"check": "storage"}, "there is no check `storage` as there is no `selection.json` beside the function"),
    ],
)
def test_wrong_parameters(parameters: dict[str, str], complaint: str, aws: Aws) -> None:
    with pytest.raises(BadSetup, match=complaint):
        handle(change(recorded("s3-bucket"), parameters), aws("config"))


def test_checks_of_a_selection(aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check runs its rules on the types that it names, with the waivers beside it."""
    checks = {
        "block": {"s3-bucket-public-access-block": ["AWS::S3::Bucket"]},
        "elsewhere": {"s3-bucket-public-access-block": ["AWS::SQS::Queue"]},
    }
    (tmp_path / "selection.json").write_text(json.dumps({"checks": checks}))
    waiver = '[[waivers]]\nrule = "s3-*"\nresource = "Data"\nreason = "a public site"\n'
    monkeypatch.setenv("STACKWARDEN_SELECTION", str(tmp_path / "selection.json"))
    told = only(handle(change(recorded("s3-bucket"), {"check": "block"}), aws("config")))
    assert told["compliance"] == "NON_COMPLIANT"
    assert {one["rule"] for one in told["findings"]} == {"s3-bucket-public-access-block"}
    told = only(handle(change(recorded("s3-bucket"), {"check": "elsewhere"}), aws("config")))
    assert told["compliance"] == "NOT_APPLICABLE"
    with pytest.raises(BadSetup, match=r"there is no check `blok` in `selection.json`; did you mean `block`"):
        select({"check": "blok"})
    other = tmp_path / "waived"
    other.mkdir()
    (other / "selection.json").write_text(json.dumps({"checks": checks}))
    (other / "stackwarden.toml").write_text(waiver)
    monkeypatch.setenv("STACKWARDEN_SELECTION", str(other / "selection.json"))
    told = only(handle(change(recorded("s3-bucket"), {"check": "block"}), aws("config")))
    assert told["compliance"] == "COMPLIANT"
    assert {one["waived"] for one in told["findings"]} == {"a public site"}


def test_undecided_may_count_against_a_resource(aws: Aws) -> None:
    bucket = recorded("s3-bucket", supplementaryConfiguration={})
    parameters = {"rules": "s3-bucket-public-access-block"}
    told = only(handle(change(bucket, parameters), aws("config")))
    assert told["compliance"] == "NOT_APPLICABLE"
    assert told["annotation"] == "the item does not decide s3-bucket-public-access-block"
    told = only(handle(change(bucket, {**parameters, "undecided": "NON_COMPLIANT"}), aws("config")))
    assert told["compliance"] == "NON_COMPLIANT"


def make_bucket(aws: Aws, name: str, *, block: bool) -> None:
    aws("s3").create_bucket(Bucket=name)
    settings = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    aws("s3").put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(settings, block))


def stubbed() -> tuple[BaseClient, Stubber]:
    client = boto3.client(
        "config", region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    return client, Stubber(client)
