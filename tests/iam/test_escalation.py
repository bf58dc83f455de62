"""Every escalation path against the policy that opens it and its nearest harmless neighbour (`escalations.yaml`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from stackwarden.iam.actions import facts_of
from stackwarden.iam.escalation import escalations
from stackwarden.iam.escalation_paths import PATHS
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.values import Known, Unknown

from .stacks import is_open, items, read, resource, stack_of

Statement = dict[str, Any]
CASES: dict[str, dict[str, list[Statement]]] = yaml.safe_load(
    (Path(__file__).parent / "escalations.yaml").read_text(encoding="utf-8")
)
GONE = {"codestar:CreateProject", "codestar:AssociateTeamMember"}  # AWS closed the service; policies still name it


def role_with(statements: Iterable[Statement], rest: str = "") -> str:
    listed = [{"Effect": "Allow", "Resource": "*", **statement} for statement in statements]
    return f"""
Parameters:
  Open: {{Type: String}}
  Stage: {{Type: String, AllowedValues: [test, prod]}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  It:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: []}}
      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: {json.dumps(listed)}}}}}]
{rest}
"""


def paths_of(text: str, logical_id: str = "It", **given: str) -> tuple[set[str], bool]:
    """The ids of the open paths, and whether there may be more."""
    stack = stack_of(text, **given)
    value = escalations(stack, resource(stack, logical_id))
    found: set[str] = set()
    for item in items(value):
        path = read(item.value, "path")
        assert isinstance(path, Known) and item.guard is not FALSE
        found.add(path.text)
    return found, is_open(value)


def test_every_path_has_its_case() -> None:
    assert list(CASES) == [path.id for path in PATHS]


@pytest.mark.parametrize("path", CASES)
def test_the_policy_opens_the_path(path: str) -> None:
    found, more = paths_of(role_with(CASES[path]["fails"]))
    assert path in found and not more


@pytest.mark.parametrize("path", CASES)
def test_the_neighbour_does_not(path: str) -> None:
    found, more = paths_of(role_with(CASES[path]["passes"]))
    assert path not in found and not more


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.id)
def test_a_path_has_real_actions_and_a_source(path: Any) -> None:
    for need in path.needs:
        facts = facts_of(need.action)
        assert need.action in GONE or (facts is not None and facts.name == need.action)
    assert path.source.startswith("https://")


CREATE_VERSION = {"Action": "iam:CreatePolicyVersion"}
PASS_AND_RUN = [{"Action": "iam:PassRole"}, {"Action": "ec2:RunInstances"}]


@pytest.mark.parametrize(
    ("statements", "path", "answer"),
    [
        ([{"Action": "*"}], "create-access-key", True),
        ([{"Action": "IAM:create*"}], "create-access-key", True),
        ([{"NotAction": "s3:*", "Action": []}], "create-access-key", True),
        ([{"NotAction": ["iam:*"], "Action": []}], "create-access-key", False),
        ([{"NotAction": ["iam:Create*"], "Action": []}], "put-role-policy", True),
        ([{**CREATE_VERSION, "Resource": "arn:aws:iam::*:*"}], "create-policy-version", True),
        ([{**CREATE_VERSION, "Resource": "arn:*"}], "create-policy-version", True),
        ([{**CREATE_VERSION, "Resource": "arn:aws:iam::*:policy/team/*"}], "create-policy-version", False),
        ([{**CREATE_VERSION, "Resource": "arn:aws:iam::*:role/*"}], "create-policy-version", False),
        ([{**CREATE_VERSION, "Resource": ["arn:aws:s3:::x", "*"]}], "create-policy-version", True),
        ([{**CREATE_VERSION, "Effect": "allow"}], "create-policy-version", False),
        ([CREATE_VERSION, {"Effect": "Deny", "Action": "iam:*"}], "create-policy-version", False),
        (
            [CREATE_VERSION, {"Effect": "Deny", "Action": "iam:*", "Resource": "arn:aws:iam::*:policy/admin"}],
            "create-policy-version",
            True,
        ),
        (
            [
                CREATE_VERSION,
                {"Effect": "Deny", "Action": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}},
            ],
            "create-policy-version",
            True,
        ),
        (
            [{"Action": "iam:PutRolePolicy", "Condition": {"StringEquals": {"iam:PermissionsBoundary": "arn:x"}}}],
            "put-role-policy",
            False,
        ),
        (
            [{"Action": "iam:PutRolePolicy", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}],
            "put-role-policy",
            True,
        ),
        (
            [{"Action": "iam:PutRolePolicy", "Condition": {"StringEquals": {"aws:ResourceTag/team": "a"}}}],
            "put-role-policy",
            False,
        ),
        (
            [{"Action": "iam:PutRolePolicy", "Condition": {"StringLike": {"aws:ResourceTag/team": "*"}}}],
            "put-role-policy",
            True,
        ),
        (
            [{"Action": "iam:PutRolePolicy", "Condition": {"StringNotEquals": {"aws:ResourceTag/team": "a"}}}],
            "put-role-policy",
            True,
        ),
        (
            [
                {"Action": "iam:PassRole", "Condition": {"StringLike": {"iam:PassedToService": "ec2.*"}}},
                PASS_AND_RUN[1],
            ],
            "pass-role-run-instances",
            True,
        ),
        (
            [
                {"Action": "iam:PassRole", "Condition": {"StringEqualsIfExists": {"iam:PassedToService": "x"}}},
                PASS_AND_RUN[1],
            ],
            "pass-role-run-instances",
            True,
        ),
        (
            [PASS_AND_RUN[0], {**PASS_AND_RUN[1], "Resource": "arn:aws:s3:::bucket/*"}],
            "pass-role-run-instances",
            False,
        ),
        (
            [PASS_AND_RUN[0], {**PASS_AND_RUN[1], "Resource": "arn:aws:ec2:*:*:subnet/one"}],
            "pass-role-run-instances",
            True,
        ),
        (
            [{"Action": "iam:PassRole", "Resource": [], "NotResource": "arn:aws:iam::*:role/admin"}, PASS_AND_RUN[1]],
            "pass-role-run-instances",
            True,
        ),
        (
            [{"Action": "iam:PassRole", "Resource": [], "NotResource": "arn:aws:iam::*:role/*"}, PASS_AND_RUN[1]],
            "pass-role-run-instances",
            False,
        ),
        (
            [{"Action": "iam:AttachUserPolicy", "Resource": "arn:aws:iam::*:user/${aws:username}"}],
            "attach-user-policy",
            True,
        ),
    ],
)
def test_forms(statements: list[Statement], path: str, answer: bool) -> None:
    found, more = paths_of(role_with(statements))
    assert (path in found) is answer and not more


@pytest.mark.parametrize(
    ("resource_value", "answer"),
    [
        ('!Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"', True),
        ('!Sub "arn:aws:iam::${AWS::AccountId}:role/${AWS::StackName}-*"', False),
        ("!GetAtt Other.Arn", False),
        ('!Sub "${Other.Arn}*"', False),
        ("!Ref Open", None),
        ('!Sub "arn:aws:iam::*:role/${Open}*"', None),
        ('!If [IsProd, !GetAtt Other.Arn, "*"]', True),
        ("!ImportValue role", None),
    ],
)
def test_resources_with_holes(resource_value: str, answer: bool | None) -> None:
    text = role_with(
        [{"Action": "ec2:RunInstances"}],
        f"""
  Pass:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: pass
      Roles: [!Ref It]
      PolicyDocument: {{Statement: {{Effect: Allow, Action: "iam:PassRole", Resource: {resource_value}}}}}
  Other: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Statement: []}}}}}}
""",
    )
    found, more = paths_of(text)
    assert ("pass-role-run-instances" in found) is (answer is True)
    assert more is (answer is None)


def test_a_path_under_a_condition() -> None:
    text = role_with([{"Action": "s3:GetObject"}]).replace('"s3:GetObject"', "!If [IsProd, 's3:*', 'iam:*']")
    stack = stack_of(text)
    found = items(escalations(stack, resource(stack, "It")))
    assert found
    for item in found:
        assert item.guard.holds({"Parameters.Stage": "test"}) and not item.guard.holds({"Parameters.Stage": "prod"})


@pytest.mark.parametrize(
    ("boundary", "answer"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", True),
        ("arn:aws:iam::aws:policy/PowerUserAccess", False),
        ("!Ref Boundary", False),
        ("!ImportValue boundary", None),
    ],
)
def test_a_boundary_closes_what_it_does_not_allow(boundary: str, answer: bool | None) -> None:
    text = role_with(
        [CREATE_VERSION],
        """
  Boundary:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: ["s3:*", "iam:Get*"], Resource: "*"}}}
""",
    ).replace("AssumeRolePolicyDocument", f"PermissionsBoundary: {boundary}\n      AssumeRolePolicyDocument", 1)
    found, more = paths_of(text)
    assert ("create-policy-version" in found) is (answer is True)
    assert more is (answer is None)


def test_policies_are_judged_together() -> None:
    text = """
Resources:
  It:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      ManagedPolicyArns: [!Ref Passes]
  Passes:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: "iam:PassRole", Resource: "*"}}}
  Runs:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: runs
      Roles: [!Ref It]
      PolicyDocument: {Statement: {Effect: Allow, Action: "ec2:RunInstances", Resource: "*"}}
"""
    assert "pass-role-run-instances" in paths_of(text)[0]
    assert paths_of(text, "Passes") == (set(), False)
    assert paths_of(text, "Runs") == (set(), False)


@pytest.mark.parametrize(
    ("arns", "some", "more"),
    [
        ("[arn:aws:iam::aws:policy/IAMFullAccess]", True, False),
        ("[arn:aws:iam::aws:policy/ReadOnlyAccess]", False, False),
        ("[arn:aws:iam::aws:policy/AmazonEC2FullAccess]", False, False),
        ("[arn:aws:iam::111122223333:policy/x]", False, True),
    ],
)
def test_attached_policies_of_aws(arns: str, some: bool, more: bool) -> None:
    text = f"""
Resources:
  It: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{}}, ManagedPolicyArns: {arns}}}}}
"""
    found, unknown = paths_of(text)
    assert ("put-role-policy" in found) is some and unknown is more


def test_a_role_that_may_change_itself() -> None:
    text = """
Resources:
  It: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Other: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Change:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: change
      Roles: [!Ref It, !Ref Other]
      PolicyDocument: {Statement: {Effect: Allow, Action: "iam:PutRolePolicy", Resource: !GetAtt It.Arn}}
"""
    assert paths_of(text) == ({"put-role-policy"}, False)
    assert paths_of(text, "Other") == (set(), False)


def test_the_record_tells_the_path_and_its_statement() -> None:
    stack = stack_of(role_with(PASS_AND_RUN))
    record = next(
        item.value
        for item in items(escalations(stack, resource(stack, "It")))
        if read(item.value, "path") == Known("pass-role-run-instances")
    )
    assert [item.value for item in items(read(record, "actions"))] == [Known("iam:PassRole"), Known("ec2:RunInstances")]
    assert read(record, "statement", "number") == Known(2)


def test_an_unknown_subject_may_have_any() -> None:
    stack = stack_of(role_with([]))
    assert is_open(escalations(stack, Unknown("a role of another stack")))
    assert items(escalations(stack, Known("no role"))) == ()
