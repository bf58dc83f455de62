"""Access levels and what wildcards come to, by the data of the actions that AWS defines."""

from __future__ import annotations

import pytest

from stackwarden.globs import glob, matches
from stackwarden.iam.access import (
    access_level,
    access_levels,
    actions_of,
    can_name_resources,
    has_access,
    is_service_wildcard,
    unknown_actions,
    unsupported_resources,
)
from stackwarden.iam.actions import LEVELS, facts_of, matching_actions, service_actions, services
from stackwarden.iam.managed import MANAGED, managed_name
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic
from stackwarden.resolve.values import Absent, Known, Record, Unknown, Value

from .stacks import is_open, items, statement

MANAGEMENT = "Permissions management"


def texts(value: Value) -> list[str]:
    return [item.value.text for item in items(value) if isinstance(item.value, Known)]


@pytest.mark.parametrize(
    ("action", "level"),
    [
        ("s3:GetObject", "Read"),
        ("S3:getobject", "Read"),
        ("s3:ListAllMyBuckets", "List"),
        ("s3:PutObject", "Write"),
        ("s3:PutBucketPolicy", MANAGEMENT),
        ("iam:CreatePolicyVersion", MANAGEMENT),
        ("sqs:TagQueue", "Tagging"),
    ],
)
def test_levels(action: str, level: str) -> None:
    assert access_level(Known(action)) == Known(level)


def test_no_such_action_has_no_level() -> None:
    assert isinstance(access_level(Known("s3:Guess")), Absent)
    assert isinstance(access_level(Known("nothing")), Absent)
    assert isinstance(access_level(Unknown("x")), Unknown)


@pytest.mark.parametrize(
    ("pattern", "levels"),
    [
        ("s3:GetObject", ["Read"]),
        ("S3:PutBucket*", ["Write", MANAGEMENT, "Tagging"]),
        ("s3:*", list(LEVELS)),
        ("s3:Guess*", []),
    ],
)
def test_levels_of_a_pattern(pattern: str, levels: list[str]) -> None:
    found = access_levels(Known(pattern))
    assert sorted(texts(found)) == sorted(levels) and not is_open(found)


def test_levels_of_no_pattern() -> None:
    assert isinstance(access_levels(Unknown("x")), Unknown)
    assert items(access_levels(Absent())) == () and not is_open(access_levels(Absent()))


def test_the_data_is_whole() -> None:
    assert len(services()) > 300
    assert all(facts.level in LEVELS for facts in matching_actions(glob("*:*")))
    assert len({facts.level for facts in matching_actions(glob("s3:*"))}) == len(LEVELS)


@pytest.mark.parametrize("pattern", ["sqs:*", "sqs:*message*", "sq?:s*", "*:sendmessage", "s*message", "*"])
def test_matching_is_that_of_globs(pattern: str) -> None:
    written = glob(pattern)
    expected = {
        facts.name
        for prefix in services()
        for key, facts in service_actions(prefix).items()
        if matches(written, f"{prefix}:{key}")
    }
    assert {facts.name for facts in matching_actions(written)} == expected != set()


def test_arns_of_an_action() -> None:
    facts = facts_of("sqs:SendMessage")
    assert facts is not None and facts.arns == ("arn:aws:sqs:*:*:%",)
    listing = facts_of("sqs:ListQueues")
    assert listing is not None and listing.arns == ()


@pytest.mark.parametrize(
    ("elements", "expected", "more"),
    [
        ('Action: "sqs:Send*"', {"sqs:SendMessage"}, False),
        ('Action: ["SQS:sendmessage", "sqs:nothing"]', {"sqs:SendMessage"}, False),
        ('Action: !Sub "sqs:${Open}"', set(), True),
        ("Action: x", set(), False),
    ],
)
def test_actions(elements: str, expected: set[str], more: bool) -> None:
    stack, made = statement(elements)
    found = actions_of(stack, made)
    assert set(texts(found)) == expected and is_open(found) is more


def test_not_action_is_all_others() -> None:
    stack, made = statement('NotAction: ["s*", "*:Get*"]')
    found = set(texts(actions_of(stack, made)))
    assert "iam:CreateUser" in found and "iam:GetUser" not in found and "sqs:SendMessage" not in found


@pytest.mark.parametrize(
    ("elements", "level", "answer"),
    [
        ('Action: "iam:*"', MANAGEMENT, YES),
        ('Action: "iam:Get*"', MANAGEMENT, NO),
        ('Action: "s3:Put*"', MANAGEMENT, YES),
        ('Action: "sqs:Send*"', "Write", YES),
        ('NotAction: "iam:*"', MANAGEMENT, YES),
        ('NotAction: "*"', MANAGEMENT, NO),
        ('NotAction: ["*:*"]', "Write", NO),
        ('NotAction: ["iam:*", !Ref Open]', MANAGEMENT, MAYBE),
        ('Action: !Sub "iam:${Open}"', MANAGEMENT, MAYBE),
        ('Action: !Sub "iam:Get${Open}"', MANAGEMENT, NO),
        ("Action: !ImportValue x", "Read", MAYBE),
        ('Action: "iam:*"\nEffect: Deny', MANAGEMENT, NO),
    ],
)
def test_access(elements: str, level: str, answer: Logic) -> None:
    stack, made = statement(elements)
    assert has_access(stack, made, level) == answer


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        ("ec2:DescribeInstances", NO),
        ("s3:ListAllMy*", NO),
        ("ec2:*Instances", YES),
        ("ec2:StopInstances", YES),
        ("S3:*", YES),
        ("*", YES),
        ("s3:Guess", NO),
    ],
)
def test_actions_on_resources_of_their_own(action: str, answer: Logic) -> None:
    stack, _ = statement("Action: x")
    assert can_name_resources(stack, Known(action)) == answer


def test_actions_that_are_not_known_may_be_on_resources_of_their_own() -> None:
    stack, made = statement('Action: [!Sub "ec2:DescribeRegion${Open}", !Sub "ec2:${Open}", !Ref Open]')
    assert isinstance(made, Record)
    found = [can_name_resources(stack, item.value) for item in items(made.get("actions"))]
    assert found == [NO, MAYBE, MAYBE]
    assert can_name_resources(stack, Absent()) == NO


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        ('"s3:*"', YES),
        ('"*"', YES),
        ('"S3:**"', YES),
        ('"s3*"', YES),
        ('"s3:?*"', YES),
        ('"execute-api:*"', YES),
        ('"*:*"', YES),
        ('"s3:Get*"', NO),
        ('"s3:GetObject"', NO),
        ('"*:Get*"', NO),
        ('["s3:GetObject", "sqs:*"]', YES),
        ("!Ref Open", MAYBE),
        ('!Sub "s3:Get${Open}"', NO),
    ],
)
def test_service_wildcards(action: str, answer: Logic) -> None:
    stack, made = statement(f"Action: {action}")
    assert is_service_wildcard(stack, made) == answer


def test_unknown_actions() -> None:
    stack, made = statement('Action: ["s3:GetObject", "s3:Guess", "s4:*", "s3:Put*", !Ref Open]\nNotAction: "s3:X*"')
    assert texts(unknown_actions(stack, made)) == ["s3:Guess", "s4:*", "s3:X*"]


@pytest.mark.parametrize(
    ("elements", "without_effect"),
    [
        ('Action: ["s3:GetObject", "s3:ListBucket"]\nResource: "arn:aws:s3:::b/*"', ["s3:ListBucket"]),
        ('Action: ["s3:GetObject", "s3:ListBucket"]\nResource: ["arn:aws:s3:::b/*", "arn:aws:s3:::b"]', []),
        ('Action: ["sqs:ListQueues", "sqs:SendMessage"]\nResource: "arn:aws:sqs:*:*:jobs"', ["sqs:ListQueues"]),
        ('Action: ["sqs:ListQueues", "sqs:SendMessage"]\nResource: "*"', []),
        ("Action: s3:GetObject\nResource: !GetAtt Bucket.Arn", ["s3:GetObject"]),
        ('Action: s3:GetObject\nResource: !Sub "${Bucket.Arn}/*"', []),
        ("Action: s3:GetObject\nResource: !GetAtt Named.Arn", ["s3:GetObject"]),
        ("Action: s3:GetObject\nResource: !Ref Open", []),
        ("Action: s3:GetObject\nResource: !ImportValue x", []),
        ('Action: s3:GetObject\nNotResource: "arn:aws:s3:::b"', []),
        ('Action: "s3:*"\nResource: "arn:aws:sqs:*:*:jobs"', []),
    ],
)
def test_actions_without_effect(elements: str, without_effect: list[str]) -> None:
    stack, made = statement(elements)
    assert texts(unsupported_resources(stack, made)) == without_effect


@pytest.mark.parametrize("name", MANAGED)
def test_what_aws_grants_exists(name: str) -> None:
    for permission in MANAGED[name].permissions:
        for action in permission.actions:
            assert matching_actions(glob(action.lower())), action


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", "AdministratorAccess"),
        ("arn:aws-us-gov:iam::aws:policy/service-role/X", "service-role/X"),
        ("arn:aws:iam::111122223333:policy/AdministratorAccess", None),
        ("AdministratorAccess", None),
        ("arn:aws:iam::aws:policy/", None),
    ],
)
def test_names_of_policies_of_aws(arn: str, name: str | None) -> None:
    assert managed_name(arn) == name
