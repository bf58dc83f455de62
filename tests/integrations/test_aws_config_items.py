"""Configuration items become templates in which nothing is missing that the item does not tell, and are judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.items import NAMES, item_of, recorded
from stackwarden.graph.stack import Excerpt
from stackwarden.integrations.aws_config.__main__ import main
from stackwarden.integrations.aws_config.errors import BadItem
from stackwarden.integrations.aws_config.evaluation import Evaluation, evaluate
from stackwarden.integrations.aws_config.items import ConfigurationItem
from stackwarden.integrations.aws_config.selection import Selection, select
from stackwarden.integrations.aws_config.translate import translate
from stackwarden.run.excerpt import judge
from stackwarden.run.scan import scan_source
from stackwarden.schema.registry import Registry
from stackwarden.source import Source

RULES = (
    *("apigateway-stage-access-logging", "apigateway-stage-data-trace-enabled", "apigateway-stage-tracing"),
    *("apigateway-stage-waf-missing", "apigatewayv2-stage-access-logging", "cloudfront-viewer-http"),
    *("cloudtrail-log-validation-disabled", "ec2-nacl-admin-ports-open", "ec2-route-to-igw-unrestricted"),
    *("ec2-sg-ingress-admin-ports-open", "iam-policy-admin-access"),
    *("iam-role-trust-wildcard-principal", "lambda-environment-secret", "rds-public-access"),
    *("resource-policy-cross-account", "s3-bucket-policy-tls-only-missing", "s3-bucket-public-access-block"),
    "stepfunctions-tracing",
)
"""Rules that each fixture has something to say about."""
OPEN = {"Fn::Transform": {"Name": "ConfigurationItem"}}
REGISTRY = Registry()


@pytest.fixture(scope="module")
def everything() -> Selection:
    return select({})


def translated(item: ConfigurationItem, *related: ConfigurationItem) -> dict[str, Any]:
    made = translate(item, REGISTRY, related)
    assert made is not None
    resources: dict[str, Any] = json.loads(made.text)["Resources"]
    return resources


def properties(item: ConfigurationItem) -> dict[str, Any]:
    resource: dict[str, Any] = next(iter(translated(item).values()))
    own: dict[str, Any] = resource["Properties"]
    return own


def judged(item: ConfigurationItem, selection: Selection, *related: ConfigurationItem) -> Evaluation:
    return evaluate(item, selection, REGISTRY, related=related)


@pytest.mark.parametrize("name", NAMES)
def test_translation(name: str, golden: Callable[[str, str], None]) -> None:
    text = json.dumps(translated(item_of(name)), indent=2) + "\n"
    golden(f"aws-config/{name}.json", text.replace(json.dumps(OPEN, indent=2), json.dumps(OPEN)))


def test_verdicts(golden: Callable[[str, str], None]) -> None:
    selection = select({"rules": ",".join(RULES)})
    told = [judged(item_of(name), selection) for name in NAMES]
    lines = (
        f"{name}: {one.compliance}\n  {one.annotation}\n"
        f"  found: {', '.join(dict.fromkeys(f.rule.id for f in one.findings)) or '-'}\n"
        f"  undecided: {', '.join(one.undecided) or '-'}\n"
        for name, one in zip(NAMES, told, strict=True)
    )
    golden("aws-config/verdicts.txt", "".join(lines))


def test_what_an_item_does_not_carry_is_unknown(everything: Selection) -> None:
    item = recorded("s3-bucket")
    del item["supplementaryConfiguration"]["PublicAccessBlockConfiguration"]
    told = judged(ConfigurationItem.read(item), everything)
    assert "s3-bucket-public-access-block" in told.undecided
    assert "s3-bucket-public-access-block" not in {one.rule.id for one in told.findings}


@given(data=st.data())
@settings(max_examples=40)
def test_to_know_less_decides_nothing_new(data: st.DataObject) -> None:
    """What an item tells less of may be undecided, but never fails or holds where the whole item says otherwise."""
    name = data.draw(st.sampled_from(NAMES))
    item = recorded(name)
    for part in ("configuration", "supplementaryConfiguration"):
        item[part] = data.draw(st.sampled_from(list(thinned(item[part]))))
    whole, less = (judgement(ConfigurationItem.read(one)) for one in (recorded(name), item))
    assert less[0] <= whole[0]
    assert less[1] <= whole[1]


def thinned(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """An object without one of its members, or of theirs, or without any. Keys that are data are not left out."""
    yield value
    yield {}
    for name, inner in value.items():
        yield {key: other for key, other in value.items() if key != name}
        if isinstance(inner, dict) and name != "methodSettings":
            for inside in inner:
                yield {**value, name: {key: other for key, other in inner.items() if key != inside}}


def judgement(item: ConfigurationItem) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of the rules that fail for an item, and of those that hold."""
    made = translate(item, REGISTRY)
    assert made is not None
    selection = select({})
    rules = selection.rules(item.resource_type)
    judged = judge(Source("item.json", made.text), selection.session, Excerpt(made.whole), rules=rules)
    assert judged.problems == ()
    return frozenset(one.rule.id for one in judged.findings if one.verdict == "fail"), frozenset(judged.passed)


def test_what_an_item_carries_as_null_is_absent(everything: Selection) -> None:
    item = recorded("s3-bucket")
    item["supplementaryConfiguration"]["PublicAccessBlockConfiguration"] = {"blockPublicAcls": None}
    told = judged(ConfigurationItem.read(item), everything)
    assert "Data does not say that it blocks public access" in [one.message for one in told.findings]


def test_a_resource_without_properties_decides_nothing(everything: Selection) -> None:
    told = judged(item_of("s3-bucket", configuration={}, supplementaryConfiguration={}), everything)
    assert (told.compliance, told.findings) == ("NOT_APPLICABLE", ())


def test_an_answer_that_rests_on_other_resources_is_none(everything: Selection) -> None:
    """Nobody sees a web ACL beside a stage whose API may be private; a related item says whether it is."""
    stage = item_of("rest-stage")
    api = recorded("rest-stage", resourceType="AWS::ApiGateway::RestApi", resourceId="a1b2c3d4e5", tags={})
    api["ARN"] = "arn:aws:apigateway:eu-west-1::/restapis/a1b2c3d4e5"
    api["configuration"] = {"id": "a1b2c3d4e5", "name": "orders", "endpointConfiguration": {"types": ["PRIVATE"]}}
    assert "apigateway-stage-waf-missing" in judged(stage, everything).undecided
    told = judged(stage, everything, ConfigurationItem.read(api))
    assert "apigateway-stage-waf-missing" not in told.undecided
    assert {one.resource for one in told.findings} == {"Stage"}
    resources = translated(stage, ConfigurationItem.read(api))
    assert resources["Stage"]["Properties"]["RestApiId"] == {"Ref": "a1b2c3d4e5.1"}


@pytest.mark.parametrize(
    ("acl", "canned"),
    [
        ([], "Private"),
        ([("AllUsers", "Read")], "PublicRead"),
        ([("AllUsers", "Read"), ("AllUsers", "Write")], "PublicReadWrite"),
        ([("AuthenticatedUsers", "Read")], "AuthenticatedRead"),
        ([("AllUsers", "ReadAcp")], OPEN),
        ([("LogDelivery", "Write")], OPEN),
        ([({"id": "another"}, "FullControl")], OPEN),
    ],
)
def test_grants_as_a_canned_acl(acl: list[tuple[object, str]], canned: object) -> None:
    owner = {"id": "owner"}
    grants = [{"grantee": who, "permission": what} for who, what in [(owner, "FullControl"), *acl]]
    text = json.dumps(json.dumps({"grantList": grants, "owner": owner}))
    assert (
        properties(item_of("s3-bucket", supplementaryConfiguration={"AccessControlList": text}))["AccessControl"]
        == canned
    )


def test_text_of_an_item_is_no_template() -> None:
    """Functions of CloudFormation in an item are data, which nothing evaluates."""
    configuration = recorded("lambda-function")["configuration"]
    configuration["environment"] = {"variables": {"Ref": "AWS::NoValue"}}
    configuration["description"] = {"Fn::Sub": "x"}
    made = properties(item_of("lambda-function", configuration=configuration))
    assert made["Environment"] == {"Variables": OPEN, **OPEN}
    assert made["Description"] == OPEN
    policy = {
        "policyName": "p",
        "policyDocument": json.dumps({"Statement": {"Fn::Transform": {"Name": "AWS::Include"}}}),
    }
    role = properties(item_of("iam-role", configuration={"rolePolicyList": [policy]}))
    assert role["Policies"][0]["PolicyDocument"] == {"Statement": OPEN}


def test_the_spelling_of_the_api() -> None:
    """The API gives configurations as text and other names for the account and the ARN."""
    item = recorded("s3-bucket")
    api = {name: value for name, value in item.items() if name not in ("awsAccountId", "ARN", "tags")}
    api |= {"accountId": item["awsAccountId"], "arn": item["ARN"], "configuration": json.dumps(item["configuration"])}
    api["supplementaryConfiguration"] = {
        name: json.dumps(value) for name, value in item["supplementaryConfiguration"].items()
    }
    read = ConfigurationItem.read(api)
    assert (read.account, read.arn, read.stack) == ("111122223333", "arn:aws:s3:::orders-data", "orders")
    assert translated(read) == translated(item_of("s3-bucket"))


def test_what_is_still_to_be_made_is_complete(everything: Selection) -> None:
    """Proactive evaluation hands over properties as a template has them: what is not there is absent."""
    proposed = {"BucketName": "orders-data", "AccessControl": "PublicRead"}
    item = recorded("s3-bucket", configuration=proposed, supplementaryConfiguration={})
    for read in (ConfigurationItem.read(item, proposed=True), ConfigurationItem.read(item)):
        assert properties(read) == proposed
        assert "s3-bucket-public-access-block" in {one.rule.id for one in judged(read, everything).findings}


def test_the_stack_gives_the_identity(everything: Selection) -> None:
    """A finding of AWS Config is that of the scan of the template that made the resource, by rule and resource."""
    template = "Resources: {Data: {Type: 'AWS::S3::Bucket', Properties: {PublicAccessBlockConfiguration: {}}}}"
    scanned = {
        (one.rule.id, one.resource) for one in scan_source(Source("t.yaml", template), everything.session).findings
    }
    told = judged(item_of("s3-bucket"), everything)
    assert ("s3-bucket-public-access-block", "Data") in {(one.rule.id, one.resource) for one in told.findings} & scanned
    ids = [one["id"] for one in told.as_data()["findings"]]  # type: ignore[attr-defined]
    assert "stackwarden/111122223333/eu-west-1/orders/Data/s3-bucket-public-access-block" in ids


def test_secrets_are_masked(everything: Selection) -> None:
    """Neither what is told AWS Config nor what is logged shows a value that is a secret."""
    configuration = recorded("rest-stage")["configuration"]
    configuration |= {"variables": {"password": "correct-horse"}, "stageName": "correct-horse"}
    told = judged(item_of("rest-stage", configuration=configuration), everything)
    assert "stage **** of a1b2c3d4e5 is not traced" in [one.message for one in told.findings]
    assert "apigateway-stage-variables-secret" in {one.rule.id for one in told.findings}
    assert "correct-horse" not in json.dumps([told.as_request(), told.as_data()])
    assert "correct-horse-battery" not in json.dumps(judged(item_of("lambda-function"), everything).as_data())


def test_annotations_fit(everything: Selection) -> None:
    for name in NAMES:
        assert len(judged(item_of(name), everything).annotation) <= 256
    long = item_of("s3-bucket", tags={"aws:cloudformation:logical-id": "B" * 255})
    assert len(judged(long, everything).annotation) == 256


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"resourceType": None}, "a configuration item has no resourceType or no resourceId"),
        ({"configuration": "[1]"}, "`configuration` of the item of AWS::S3::Bucket orders-data has to be an object"),
        ({"supplementaryConfiguration": 7}, "`supplementaryConfiguration` of the item of AWS::S3::Bucket orders-data"),
    ],
)
def test_malformed_items(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadItem, match=complaint):
        item_of("s3-bucket", **changes)


def test_a_type_that_nobody_knows(everything: Selection) -> None:
    told = judged(item_of("s3-bucket", resourceType="AWS::Quantum::Computer"), everything)
    assert (told.compliance, told.annotation) == (
        "NOT_APPLICABLE",
        "no rule of this check is about AWS::Quantum::Computer",
    )


def test_an_item_is_judged_at_a_desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m`: an item as it stands in an event, or as the AWS CLI prints the history of a resource."""
    file = tmp_path / "item.json"
    for data in (recorded("s3-bucket"), {"configurationItems": [recorded("s3-bucket")]}):
        file.write_text(json.dumps(data))
        assert main([str(file), "rules=s3-bucket-public-access-block"]) == 0
        told = capsys.readouterr().out
        assert '"Type": "AWS::S3::BucketPolicy"' in told
        assert '"compliance": "NON_COMPLIANT"' in told
    wrong = {
        "a configuration item has no resourceType": ["{}"],
        "a configuration item has to be an object": ["[]"],
        "Expecting property name": ["{"],
        "the rule has no parameter `rulez`": [json.dumps(recorded("s3-bucket")), "rulez=x"],
    }
    for complaint, (text, *parameters) in wrong.items():
        file.write_text(text)
        assert main([str(file), *parameters]) == 2
        assert complaint in capsys.readouterr().err
    assert main([]) == 2
    assert "usage: " in capsys.readouterr().err
