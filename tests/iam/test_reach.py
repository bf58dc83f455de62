"""Actions that a statement allows on every resource of a kind."""

from __future__ import annotations

import pytest

from stackwarden.iam.attachments import identity_policies
from stackwarden.iam.reach import actions_on_all, grants_on_all
from stackwarden.resolve.guards import TRUE
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic
from stackwarden.resolve.values import Known, Record, Unknown, Value

from .stacks import is_open, items, stack_of, statement


def texts(value: Value) -> list[str]:
    return [item.value.text for item in items(value) if isinstance(item.value, Known)]


@pytest.mark.parametrize(
    ("action", "resource", "reaches"),
    [
        ("s3:GetObject", '"*"', YES),
        ("s3:GetObject", '"arn:aws:s3:::*"', YES),
        ("s3:GetObject", '"arn:aws:s3:::*/*"', YES),
        ("s3:GetObject", '"arn:*"', YES),
        ("s3:GetObject", '"arn:aws-cn:s3:::*"', YES),
        ("s3:GetObject", '"arn:aws:s3:::files/*"', NO),
        ("s3:GetObject", '"arn:aws:s3:::files-*"', NO),
        ("s3:GetObject", '"arn:aws:s3:::*/public/*"', NO),
        ("s3:GetObject", '"arn:aws:dynamodb:*:*:*"', NO),
        ("dynamodb:GetItem", '"arn:aws:dynamodb:*:*:table/*"', YES),
        ("dynamodb:GetItem", '"arn:aws:dynamodb:eu-west-1:111122223333:table/*"', YES),
        ("dynamodb:GetItem", '"arn:aws:dynamodb:eu-????-*:*:table/*"', YES),
        ("dynamodb:GetItem", '"arn:aws:dynamodb:eu-west-1:*"', YES),
        ("dynamodb:GetItem", '"arn:aws:dynamodb:*:*:table/a*"', NO),
        ("dynamodb:GetItem", '!Sub "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/*"', YES),
        ("dynamodb:GetItem", '!Sub "arn:${AWS::Partition}:dynamodb:${AWS::Region}:*:table/*"', YES),
        ("dynamodb:GetItem", '!Sub "arn:aws:dynamodb:*:*:table/${AWS::StackName}*"', NO),
        ("dynamodb:GetItem", '!Sub "arn:aws:dynamodb:*:*:table/${Open}"', NO),
        ("dynamodb:GetItem", "!Ref Open", MAYBE),
        ("dynamodb:GetItem", '!Sub "${Open}/*"', MAYBE),
        ("dynamodb:GetItem", "!ImportValue table", MAYBE),
        ("s3:GetObject", '!Sub "${Bucket.Arn}/*"', NO),
        ("s3:GetObject", "[!GetAtt Bucket.Arn, '*']", YES),
        ("sts:AssumeRole", '"arn:aws:iam::*:role/*"', YES),
        ("sts:AssumeRole", '"arn:aws:iam::*:role/app"', NO),
        ("kms:Decrypt", '"arn:aws:kms:*:*:alias/*"', NO),
        ("sts:GetCallerIdentity", '"*"', YES),
        ("sts:GetCallerIdentity", '"arn:aws:sts:*:*:*"', NO),
        ("made:Up", '"*"', YES),
        ("made:Up", '"arn:aws:made:*:*:*"', NO),
    ],
)
def test_reach_of_a_resource(action: str, resource: str, reaches: Logic) -> None:
    stack, one = statement(f"Action: '{action.upper()}'\nResource: {resource}")
    assert grants_on_all(stack, one, action) == reaches


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("Action: 's3:Put*'\nResource: '*'", NO),
        ("NotAction: 'iam:*'\nResource: '*'", YES),
        ("NotAction: 's3:*'\nResource: '*'", NO),
        ("Action: 's3:*'\nNotResource: 'arn:aws:s3:::secrets/*'", YES),
        ("Action: 's3:*'\nNotResource: 'arn:aws:s3:::*'", NO),
        ("Action: 's3:*'\nNotResource: !Ref Open", MAYBE),
        ("Action: !Ref Open\nResource: '*'", MAYBE),
        ("Action: !Ref Open\nResource: 'arn:aws:s3:::files/*'", NO),
    ],
)
def test_reach_of_a_statement(text: str, reaches: Logic) -> None:
    stack, one = statement(text)
    assert grants_on_all(stack, one, "s3:GetObject") == reaches


def test_a_denial_allows_nothing() -> None:
    stack = stack_of(
        """
        Resources:
          Policy:
            Type: AWS::IAM::ManagedPolicy
            Properties: {PolicyDocument: {Statement: {Effect: Deny, Action: "s3:*", Resource: "*"}}}
        """
    )
    policy = items(identity_policies(stack))[0].value
    assert isinstance(policy, Record)
    denial = items(policy.get("statements"))[0].value
    assert grants_on_all(stack, denial, "s3:GetObject") == NO
    assert texts(actions_on_all(stack, denial, "Write")) == []


def test_reach_that_a_condition_decides() -> None:
    stack, one = statement("Action: 's3:*'\nResource: !If [IsProd, 'arn:aws:s3:::files/*', '*']")
    claim = grants_on_all(stack, one, "s3:GetObject")
    assert claim.unknown == MAYBE.false
    assert claim.true == ~claim.false
    assert claim not in (YES, NO)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Action: ['sqs:SendMessage', 'sqs:GetQueueUrl']\nResource: '*'", ["sqs:SendMessage"]),
        ("Action: 'SQS:Send*'\nResource: 'arn:aws:sqs:*:*:*'", ["SQS:Send*"]),
        ("Action: 'sqs:*'\nResource: 'arn:aws:sqs:*:*:orders'", []),
        ("Action: ['s3:*', 'sqs:SendMessage']\nResource: 'arn:aws:s3:::*'", ["s3:*"]),
        ("Action: 'sqs:SendMessage'\nNotResource: 'arn:aws:sqs:*:*:orders'", ["sqs:SendMessage"]),
        ("Action: 'ec2:ModifyDefaultCreditSpecification'\nResource: '*'", []),
        ("Action: 'sqs:Guess'\nResource: '*'", []),
        ("NotAction: 'iam:*'\nResource: '*'", []),
    ],
)
def test_actions_on_all(text: str, names: list[str]) -> None:
    stack, one = statement(text)
    found = actions_on_all(stack, one, "Write")
    assert texts(found) == names
    assert not is_open(found)


@pytest.mark.parametrize(
    ("action", "level", "counts"),
    [
        ("s3:Put*", "Permissions management", True),
        ("s3:Put*", "Write", True),
        ("s3:Put*", "Read", False),
        ("s3:PutObject", "Permissions management", False),
    ],
)
def test_levels_of_actions_on_all(action: str, level: str, counts: bool) -> None:
    stack, one = statement(f"Action: '{action}'\nResource: '*'")
    assert bool(texts(actions_on_all(stack, one, level))) == counts


def test_actions_on_all_that_a_parameter_decides() -> None:
    text = "Action: [!If [IsProd, 's3:GetObject', 's3:PutObject'], !Sub 'sqs:${Stage}Message']\nResource: '*'"
    stack, one = statement(text, Stage="prod")
    assert not is_open(actions_on_all(stack, one, "Write"))
    assert texts(actions_on_all(stack, one, "Write")) == []
    stack, one = statement(text)
    found = items(actions_on_all(stack, one, "Write"))
    assert [item.value.text for item in found if isinstance(item.value, Known)] == ["s3:PutObject"]
    assert found[0].guard is not TRUE


@pytest.mark.parametrize("resource", ["!Ref Open", "!ImportValue arn"])
def test_actions_on_what_may_be_all(resource: str) -> None:
    stack, one = statement(f"Action: 'sqs:SendMessage'\nResource: {resource}")
    found = actions_on_all(stack, one, "Write")
    assert texts(found) == []
    assert is_open(found)


@pytest.mark.parametrize(("resource", "unknown"), [("'*'", True), ("'arn:aws:sqs:*:*:orders'", False)])
def test_unknown_actions_on_all(resource: str, unknown: bool) -> None:
    stack, one = statement(f"Action: !Ref Open\nResource: {resource}")
    assert is_open(actions_on_all(stack, one, "Write")) == unknown


def test_actions_of_an_unknown_statement() -> None:
    stack, _ = statement("Action: 'sqs:SendMessage'\nResource: '*'")
    assert is_open(actions_on_all(stack, Unknown("an import"), "Write"))
