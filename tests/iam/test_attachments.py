"""Policies as records: wherever they are written, in whichever form."""

from __future__ import annotations

import pytest

from stackwarden.graph.stack import Stack
from stackwarden.iam.attachments import (
    device_policies,
    identity_policies,
    limiting_policies,
    policies,
    resource_policies,
    trust_policies,
)
from stackwarden.iam.conditions import condition_values
from stackwarden.iam.places import PLACES
from stackwarden.resolve.values import Item, Known, ListValue, Record, Text, Unknown, Value, cases_of

from .stacks import is_open, items, read, stack_of

TEMPLATE = """
Parameters:
  Open: {{Type: String}}
  Stage: {{Type: String, AllowedValues: [test, prod]}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Topic: {{Type: AWS::SNS::Topic}}
  It: {{Type: "{type}", Properties: {{{properties}}}}}
"""


def policies_of_it(resource_type: str, properties: str) -> tuple[Stack, list[Item]]:
    stack = stack_of(TEMPLATE.format(type=resource_type, properties=properties))
    return stack, [item for item in policies(stack).items if isinstance(item.value, Record)]


def texts(value: Value) -> list[str]:
    found: list[str] = []
    for item in items(value):
        for _, plain in cases_of(item.value):
            assert isinstance(plain, Known), plain
            found.append(plain.text)
    return found


def only(found: list[Item]) -> Record:
    (item,) = found
    assert isinstance(item.value, Record)
    return item.value


def nested(path: str, document: str) -> str:
    """Properties that hold a document at a path."""
    first, _, rest = path.partition(".")
    inner = nested(rest, document) if rest else None
    name = first.removesuffix("[*]")
    if inner is None:
        return f"{name}: {document}"
    return f"{name}: [{{{inner}}}]" if name != first else f"{name}: {{{inner}}}"


@pytest.mark.parametrize(
    ("resource_type", "path", "kind"),
    [(name, place.path, place.kind) for name, places in PLACES.items() for place in places],
)
def test_every_place_is_read(resource_type: str, path: str, kind: str) -> None:
    _, found = policies_of_it(resource_type, nested(path, "{Statement: {Effect: Allow, Action: 'x:Y'}}"))
    policy = only(found)
    assert policy.get("kind") == Known(kind)
    assert policy.get("type") == Known(resource_type)
    (statement,) = items(policy.get("statements"))
    assert texts(read(statement.value, "actions")) == ["x:Y"]


def test_collections_are_apart() -> None:
    stack = stack_of("""
        Resources:
          Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}, Policies: [{PolicyDocument: {}}]}}
          Bucket: {Type: AWS::S3::BucketPolicy, Properties: {PolicyDocument: {}}}
          Endpoint: {Type: AWS::EC2::VPCEndpoint, Properties: {PolicyDocument: {}}}
          Device: {Type: AWS::IoT::Policy, Properties: {PolicyDocument: {}}}
          Call: {Type: AWS::Lambda::Permission, Properties: {Action: "lambda:InvokeFunction", Principal: "*"}}
    """)
    collections = (identity_policies, trust_policies, resource_policies, limiting_policies, device_policies)
    assert [len(one(stack).items) for one in collections] == [1, 1, 2, 1, 1]
    assert len(policies(stack).items) == 6


def test_a_policy_as_json_text_with_holes() -> None:
    text = (
        '!Sub \'{"Statement": [{"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": "${Topic}/*",'
        ' "Condition": {"Bool": {"aws:SecureTransport": false}}}]}\''
    )
    _, found = policies_of_it("AWS::Logs::ResourcePolicy", f"PolicyDocument: {text}")
    (statement,) = items(only(found).get("statements"))
    assert isinstance(statement.value, Record)
    assert texts(statement.value.get("actions")) == ["logs:PutLogEvents"]
    (resource,) = items(statement.value.get("resources"))
    assert isinstance(resource.value, Text) and resource.value.parts[1] == "/*"
    assert texts(condition_values(statement.value, "Bool", "aws:SecureTransport")) == ["false"]
    assert statement.value.origin is not None


@pytest.mark.parametrize(
    ("document", "unknown"),
    [
        ('"not a policy"', False),
        ('"[1, 2]"', False),
        ("'{\"Statement\": '", False),
        ('!Sub "${Open}"', True),
        ("!Sub '{\"Statement\": ${Open}}'", True),
        ("!ImportValue policy", True),
        ("{Statement: !ImportValue statements}", True),
        ("{Statement: []}", False),
    ],
)
def test_a_document_without_known_statements(document: str, unknown: bool) -> None:
    _, found = policies_of_it("AWS::Logs::ResourcePolicy", f"PolicyDocument: {document}")
    value = only(found).get("statements")
    assert items(value) == () and is_open(value) is unknown


def test_json_nested_too_deep_is_no_policy() -> None:
    _, found = policies_of_it("AWS::Logs::ResourcePolicy", f"PolicyDocument: '{'[' * 100_000}'")
    assert items(only(found).get("statements")) == ()


@pytest.mark.parametrize(
    ("properties", "count", "unknown"),
    [
        ("Policies: !ImportValue policies", 1, True),
        ("Policies: [!ImportValue policy, {PolicyDocument: {Statement: []}}]", 2, True),
        ("Policies: !Ref AWS::NoValue", 0, False),
        ("Policies: [!Ref AWS::NoValue]", 0, False),
        ("RoleName: x", 0, False),
    ],
)
def test_inline_policies(properties: str, count: int, unknown: bool) -> None:
    stack = stack_of(TEMPLATE.format(type="AWS::IAM::Role", properties=properties))
    found = identity_policies(stack).items
    assert len(found) == count
    assert any(is_open(read(item.value, "statements")) for item in found) is unknown


def test_a_conditional_policy_is_there_under_its_condition() -> None:
    policy = "{PolicyName: p, PolicyDocument: {Statement: []}}"
    _, found = policies_of_it("AWS::IAM::Role", f"Policies: [!If [IsProd, {policy}, !Ref AWS::NoValue]]")
    (item,) = found
    assert item.guard.holds({"Parameters.Stage": "prod"}) and not item.guard.holds({"Parameters.Stage": "test"})


def test_what_a_macro_may_add_is_no_policy() -> None:
    stack = stack_of("""
        Transform: Own
        Resources: {Role: {Type: AWS::IAM::Role, Properties: {RoleName: x}}}
    """)
    assert [item for item in identity_policies(stack).items if isinstance(item.value, Record)] == []


@pytest.mark.parametrize(
    ("resource_type", "properties", "principals", "services", "actions"),
    [
        ("AWS::Lambda::Permission", "Action: 'lambda:Go', Principal: '*'", ["*"], [], ["lambda:Go"]),
        ("AWS::Lambda::Permission", "Action: a, Principal: s3.amazonaws.com", [], ["s3.amazonaws.com"], ["a"]),
        ("AWS::Lambda::LayerVersionPermission", "Action: a, Principal: '1'", ["1"], [], ["a"]),
        ("AWS::Events::EventBusPolicy", "Action: a, Principal: '*'", ["*"], [], ["a"]),
        ("AWS::Events::EventBusPolicy", "Statement: {Principal: {AWS: '1'}, Action: a}", ["1"], [], ["a"]),
        ("AWS::Events::EventBusPolicy", 'Statement: \'{"Principal": "*", "Action": "a"}\'', ["*"], [], ["a"]),
        (
            "AWS::EC2::VPCEndpointServicePermissions",
            "AllowedPrincipals: ['*', '1'], ServiceId: s",
            ["*", "1"],
            [],
            ["ec2:CreateVpcEndpoint"],
        ),
        ("AWS::Signer::ProfilePermission", "Action: a, Principal: '1'", ["1"], [], ["a"]),
        (
            "AWS::ACMPCA::Permission",
            "Actions: [IssueCertificate], Principal: acm.amazonaws.com",
            [],
            ["acm.amazonaws.com"],
            ["acm-pca:IssueCertificate"],
        ),
    ],
)
def test_permissions_are_statements(
    resource_type: str, properties: str, principals: list[str], services: list[str], actions: list[str]
) -> None:
    _, found = policies_of_it(resource_type, properties)
    (item,) = items(only(found).get("statements"))
    assert isinstance(item.value, Record)
    assert texts(item.value.get("principals")) == principals
    assert texts(item.value.get("services")) == services
    assert texts(item.value.get("actions")) == actions


def test_the_conditions_of_a_permission() -> None:
    properties = "Action: a, Principal: s3.amazonaws.com, SourceArn: !Ref Topic, SourceAccount: !If [IsProd, '1', '2']"
    _, found = policies_of_it("AWS::Lambda::Permission", properties)
    (item,) = items(only(found).get("statements"))
    (arn,) = condition_values(item.value, "Arn*", "AWS:SourceArn").items
    assert isinstance(arn.value, Text)
    accounts = {one.value: one.guard for one in condition_values(item.value, "*", "aws:SourceAccount").items}
    assert accounts[Known("1")].holds({"Parameters.Stage": "prod"})
    assert accounts[Known("2")].holds({"Parameters.Stage": "test"})
    assert condition_values(item.value, "*", "aws:PrincipalOrgID").items == ()


def test_a_service_by_url_suffix_is_a_service() -> None:
    _, found = policies_of_it("AWS::Lambda::Permission", 'Action: a, Principal: !Sub "sns.${AWS::URLSuffix}"')
    (item,) = items(only(found).get("statements"))
    assert len(items(read(item.value, "services"))) == 1 and items(read(item.value, "principals")) == ()


def test_the_condition_of_an_event_bus_policy() -> None:
    condition = "{Type: StringEquals, Key: 'aws:PrincipalOrgID', Value: o-1}"
    _, found = policies_of_it("AWS::Events::EventBusPolicy", f"Action: a, Principal: '*', Condition: {condition}")
    (item,) = items(only(found).get("statements"))
    assert texts(condition_values(item.value, "StringEquals", "aws:principalorgid")) == ["o-1"]


def test_unknown_is_of_no_kind() -> None:
    stack = stack_of(TEMPLATE.format(type="AWS::Lambda::Permission", properties="Action: a"))
    (item,) = (one for one in resource_policies(stack).items if isinstance(one.value, Record))
    (statement,) = items(read(item.value, "statements"))
    listed = read(statement.value, "principals")
    assert isinstance(listed, ListValue) and listed.items == () and not listed.open
    assert not isinstance(statement.value, Unknown)
