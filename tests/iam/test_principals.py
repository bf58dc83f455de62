"""Principals: of which kind they are, and whether they are anyone or another account's."""

from __future__ import annotations

import pytest

from stackwarden.iam.principals import (
    external_principals,
    is_cross_account,
    is_limited_to_source,
    is_public,
    principals_of,
)
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic
from stackwarden.resolve.values import Absent, Known, Text, Unknown, Value

from .stacks import is_open, items, read, statement

OTHER = "111122223333"


@pytest.mark.parametrize(
    ("principal", "kind", "account"),
    [
        ('"*"', "anyone", None),
        ('{AWS: "*"}', "anyone", None),
        ('{AWS: "arn:aws:iam::*:root"}', "anyone", None),
        (f'{{AWS: "{OTHER}"}}', "account", OTHER),
        (f"{{AWS: 'arn:aws:iam::{OTHER}:root'}}", "account", OTHER),
        (f"{{AWS: 'arn:aws:iam::{OTHER}:user/a'}}", "user", OTHER),
        (f"{{AWS: ['arn:aws-cn:iam::{OTHER}:role/a']}}", "role", OTHER),
        (f"{{AWS: 'arn:aws:sts::{OTHER}:assumed-role/a/b'}}", "session", OTHER),
        ("{AWS: AROAEXAMPLE}", "other", None),
        ("{Service: lambda.amazonaws.com}", "service", None),
        ("{Federated: accounts.google.com}", "federated", None),
        ("{CanonicalUser: 79a5}", "canonical", None),
        ("{AWS: !Ref AWS::AccountId}", "account", "own"),
        ('{AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}', "account", "own"),
        ("{AWS: !GetAtt Role.Arn}", "role", "own"),
        ("{AWS: !Ref Open}", None, "unknown"),
        ("{AWS: !ImportValue partner}", None, "unknown"),
        ('{AWS: !Sub "arn:aws:iam::${Open}:root"}', "account", "unknown"),
    ],
)
def test_kinds(principal: str, kind: str | None, account: str | None) -> None:
    stack, made = statement(f"Principal: {principal}")
    (item,) = items(principals_of(stack, made))
    assert read(item.value, "kind") == Known(kind) if kind else isinstance(read(item.value, "kind"), Unknown)
    value = read(item.value, "account")
    match account:
        case None:
            assert isinstance(value, Absent)
        case "own":
            assert isinstance(value, Text)
        case "unknown":
            assert isinstance(value, Unknown)
        case _:
            assert value == Known(account)


LIMIT = 'Condition: {StringEquals: {"aws:PrincipalOrgID": o-1}}'


@pytest.mark.parametrize(
    ("elements", "answer"),
    [
        ('Principal: "*"', YES),
        ('Principal: {AWS: ["1", "*"]}', YES),
        ("NotPrincipal: {AWS: '1'}", YES),
        ("Principal: {Service: lambda.amazonaws.com}", NO),
        (f"Principal: {{AWS: '{OTHER}'}}", NO),
        ("Principal: {AWS: !Ref Open}", MAYBE),
        ("Principal: !Ref Open", MAYBE),
        ("Principal: !GetAtt Role.Arn", NO),
        (f'Principal: "*"\n{LIMIT}', NO),
        ('Principal: "*"\nCondition: {StringLike: {"aws:PrincipalOrgID": "*"}}', YES),
        ('Principal: "*"\nCondition: {StringEqualsIfExists: {"aws:SourceVpce": vpce-1}}', YES),
        ('Principal: "*"\nCondition: {StringEquals: {"aws:SourceVpce": vpce-1}}', NO),
        ('Principal: "*"\nCondition: {IpAddress: {"aws:SourceIp": ["10.0.0.0/8", "1.2.3.4/32"]}}', NO),
        ('Principal: "*"\nCondition: {IpAddress: {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}}', YES),
        ('Principal: "*"\nCondition: {Bool: {"elasticfilesystem:AccessedViaMountTarget": "true"}}', NO),
        ('Principal: "*"\nCondition: {Bool: {"aws:SecureTransport": true}}', YES),
        ('Principal: "*"\nCondition: {Null: {"aws:SourceArn": false}}', YES),
        ('Principal: "*"\nCondition: {ArnLike: {"aws:SourceArn": "arn:aws:sns:*:*:*"}}', YES),
        ('Principal: "*"\nCondition: {ArnLike: {"aws:SourceArn": "arn:aws:s3:::bucket"}}', NO),
        ('Principal: "*"\nCondition: {ArnLike: {"aws:SourceArn": "arn:aws:s3:::*"}}', YES),
        ('Principal: "*"\nCondition: {ArnLike: {"aws:SourceArn": !Ref Bucket}}', NO),
        ('Principal: "*"\nCondition: {StringEquals: {"sts:ExternalId": secret}}', YES),
        ('Principal: "*"\nCondition: {StringEquals: {"aws:PrincipalTag/team": a}}', YES),
    ],
)
def test_public(elements: str, answer: Logic) -> None:
    stack, made = statement(elements)
    assert is_public(stack, made) == answer


def test_a_denial_is_not_public() -> None:
    stack, made = statement('Effect: Deny\nPrincipal: "*"')
    assert is_public(stack, made) == NO


@pytest.mark.parametrize(
    ("principal", "answer", "count"),
    [
        (f'{{AWS: "{OTHER}"}}', YES, 1),
        (f"{{AWS: ['arn:aws:iam::{OTHER}:root', !Ref AWS::AccountId]}}", YES, 1),
        ("{AWS: !Ref AWS::AccountId}", NO, 0),
        ('{AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/a"}', NO, 0),
        ("{AWS: !GetAtt Role.Arn}", NO, 0),
        ('{AWS: "*"}', NO, 0),
        ("{Service: lambda.amazonaws.com}", NO, 0),
        ("{CanonicalUser: 79a5}", NO, 0),
        ("{AWS: !Ref Open}", MAYBE, 0),
        ('{AWS: !Sub "arn:aws:iam::${Open}:root"}', MAYBE, 0),
        ("!ImportValue principal", MAYBE, 0),
    ],
)
def test_cross_account(principal: str, answer: Logic, count: int) -> None:
    stack, made = statement(f"Principal: {principal}")
    assert is_cross_account(stack, made) == answer
    external = external_principals(stack, made)
    assert len(items(external)) == count
    assert is_open(external) is (answer == MAYBE)


def test_the_own_account_may_be_given() -> None:
    stack, made = statement(f'Principal: {{AWS: ["{OTHER}", "444455556666"]}}', **{"AWS::AccountId": OTHER})
    assert [item.value for item in items(external_principals(stack, made))] == [Known("444455556666")]


@pytest.mark.parametrize(
    ("block", "answer"),
    [
        ('{StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}', YES),
        ('{ArnLike: {"aws:SourceArn": !Sub "arn:aws:sns:*:${AWS::AccountId}:*"}}', YES),
        ('{StringEquals: {"AWS:SourceOrgID": o-1}}', YES),
        ('{StringEqualsIfExists: {"aws:SourceAccount": "1"}}', NO),
        ('{"ForAllValues:StringEquals": {"aws:SourceAccount": "1"}}', NO),
        ('{StringNotEquals: {"aws:SourceAccount": "1"}}', NO),
        ('{StringEquals: {"aws:PrincipalOrgID": o-1}}', NO),
        ("!ImportValue block", MAYBE),
    ],
)
def test_confused_deputy(block: str, answer: Logic) -> None:
    stack, made = statement(f"Principal: {{Service: sns.amazonaws.com}}\nCondition: {block}")
    assert is_limited_to_source(stack, made) == answer


def test_unknown_statements_are_unknown() -> None:
    stack, _ = statement("Action: x")
    value: Value = Unknown("x")
    assert is_public(stack, value) == is_cross_account(stack, value) == MAYBE
    assert is_open(principals_of(stack, value)) and is_open(external_principals(stack, value))
