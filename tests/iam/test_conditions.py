"""Condition blocks: which values a key is compared with, and when that limits a statement."""

from __future__ import annotations

import pytest

from stackwarden.iam.conditions import condition_values, is_limited_by
from stackwarden.resolve.logic import MAYBE, NO, YES
from stackwarden.resolve.values import Known

from .stacks import statement

ORG = "aws:PrincipalOrgID"


def values(text: str, operator: str, key: str) -> list[str]:
    _, made = statement(text)
    listed = condition_values(made, operator, key)
    assert not listed.open
    return [item.value.text for item in listed.items if isinstance(item.value, Known)]


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ('{Bool: {"aws:SecureTransport": "false"}}', ["false"]),
        ('{Bool: {"aws:SecureTransport": false}}', ["false"]),
        ('{BoolIfExists: {"AWS:securetransport": ["false"]}}', ["false"]),
        ('{"ForAnyValue:Bool": {"aws:SecureTransport": ["true", "false"]}}', ["true", "false"]),
        ('{"ForAllValues:Bool": {"aws:SecureTransport": "false"}}', []),
        ('{Bool: {"aws:MultiFactorAuthPresent": "false"}}', []),
        ('{StringEquals: {"aws:SecureTransport": "false"}}', []),
    ],
)
def test_values_of_a_key_under_an_operator(block: str, found: list[str]) -> None:
    assert values(f"Condition: {block}", "Bool*", "aws:SecureTransport") == found


def test_no_conditions_have_no_values() -> None:
    assert values('Action: "*"', "*", ORG) == []


def test_unknown_conditions_may_have_more_values() -> None:
    _, made = statement("Condition: !ImportValue shared")
    assert condition_values(made, "*", ORG).open


@pytest.mark.parametrize(
    ("block", "answer"),
    [
        ('{StringEquals: {"aws:PrincipalOrgID": o-1}}', YES),
        ('{stringequals: {"aws:principalorgid": [o-1, o-2]}}', YES),
        ('{"ForAnyValue:StringLike": {"aws:PrincipalOrgID": "o-*"}}', YES),
        ('{StringEquals: {"aws:PrincipalOrgID": !Ref Open}}', YES),
        ('{StringLike: {"aws:PrincipalOrgID": !Ref Open}}', MAYBE),
        ('{StringLike: {"aws:PrincipalOrgID": !Sub "o-${Open}"}}', YES),
        ('{StringLike: {"aws:PrincipalOrgID": "**"}}', NO),
        ('{StringNotEquals: {"aws:PrincipalOrgID": o-1}}', NO),
        ('{StringEqualsIfExists: {"aws:PrincipalOrgID": o-1}}', NO),
        ('{"ForAllValues:StringEquals": {"aws:PrincipalOrgID": o-1}}', NO),
        ('{StringEquals: {"aws:PrincipalTag/team": o-1}}', NO),
        ("!ImportValue shared", MAYBE),
        ("{StringEquals: !ImportValue shared}", MAYBE),
    ],
)
def test_limits(block: str, answer: object) -> None:
    stack, made = statement(f"Condition: {block}")
    assert is_limited_by(stack, made, ORG) == answer


@pytest.mark.parametrize(
    ("key", "answer"),
    [("*:sub", YES), ("TOKEN.*:SUB", YES), ("token.*", YES), ("*", YES), ("*:su", NO), ("*:aud", NO)],
)
def test_keys_are_globs(key: str, answer: object) -> None:
    block = '{StringEquals: {"token.example.com:sub": repo}, StringLike: {"token.example.com:aud": "*"}}'
    stack, made = statement(f"Condition: {block}")
    assert is_limited_by(stack, made, key) == answer


@pytest.mark.parametrize(
    ("operator", "answer"),
    [
        ("NumericLessThan", YES),
        ("NumericLessThanEquals", YES),
        ("NumericLessThanIfExists", NO),
        ("NumericGreaterThan", NO),
        ("NumericNotEquals", NO),
    ],
)
def test_numbers(operator: str, answer: object) -> None:
    stack, made = statement(f'Condition: {{{operator}: {{"aws:MultiFactorAuthAge": 3600}}}}')
    assert is_limited_by(stack, made, "aws:MultiFactorAuthAge") == answer


def test_values_of_keys_that_match_a_glob() -> None:
    block = 'Condition: {StringLike: {"a.example.com:sub": [x, y], "a.example.com:aud": z}}'
    assert values(block, "String*", "*:sub") == ["x", "y"]
    assert values(block, "*", "A.*") == ["x", "y", "z"]


def test_a_limit_of_one_stage() -> None:
    stack, made = statement('Condition: !If [IsProd, {StringEquals: {"aws:PrincipalOrgID": o-1}}, !Ref AWS::NoValue]')
    claim = is_limited_by(stack, made, ORG)
    assert claim.true.holds({"Parameters.Stage": "prod"}) and claim.false.holds({"Parameters.Stage": "test"})
