"""Which policies an identity has, and its permissions boundary."""

from __future__ import annotations

import pytest

from stackwarden.iam.identities import AWS_MANAGED, boundary_of, policies_of
from stackwarden.resolve.values import Absent, Known, Record, Unknown, cases_of

from .stacks import is_open, items, read, resource, stack_of

TEMPLATE = """
Parameters:
  Open: {Type: String}
  Stage: {Type: String, AllowedValues: [test, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Inline:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies: [{PolicyName: inline, PolicyDocument: {}}]
      ManagedPolicyArns: [!Ref Managed]
      PermissionsBoundary: !Ref Managed
  Attached: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}, RoleName: named}}
  Outside:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      ManagedPolicyArns: ["arn:aws:iam::111122223333:policy/x"]
      PermissionsBoundary: "arn:aws:iam::111122223333:policy/x"
  Parameter: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}, ManagedPolicyArns: !Ref Open}}
  Aws:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/AdministratorAccess
        - !Sub "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        - arn:aws-cn:iam::aws:policy/Never-Heard-Of
      PermissionsBoundary: !If
        - IsProd
        - !Ref AWS::NoValue
        - arn:aws:iam::aws:policy/PowerUserAccess
  Nobody: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Managed: {Type: AWS::IAM::ManagedPolicy, Properties: {ManagedPolicyName: managed, PolicyDocument: {}}}
  ByRef: {Type: AWS::IAM::Policy, Properties: {PolicyName: by-ref, Roles: [!Ref Attached], PolicyDocument: {}}}
  ByName: {Type: AWS::IAM::RolePolicy, Properties: {PolicyName: by-name, RoleName: named, PolicyDocument: {}}}
  InProd:
    Type: AWS::IAM::ManagedPolicy
    Condition: IsProd
    Properties: {ManagedPolicyName: in-prod, Roles: [!Ref Attached], PolicyDocument: {}}
  Person: {Type: AWS::IAM::User, Properties: {Groups: [!Ref Team], Policies: [{PolicyName: own, PolicyDocument: {}}]}}
  Team: {Type: AWS::IAM::Group, Properties: {Policies: [{PolicyName: of-team, PolicyDocument: {}}]}}
  Others: {Type: AWS::IAM::Group, Properties: {Policies: [{PolicyName: of-others, PolicyDocument: {}}]}}
  Joins: {Type: AWS::IAM::UserToGroupAddition, Properties: {GroupName: !Ref Others, Users: [!Ref Person]}}
  Stranger: {Type: AWS::IAM::User, Properties: {Groups: [somewhere]}}
  Set:
    Type: AWS::SSO::PermissionSet
    Properties:
      Name: set
      InlinePolicy: {}
      ManagedPolicies: [arn:aws:iam::aws:policy/job-function/ViewOnlyAccess]
  Given:
    Type: AWS::SSO::PermissionSet
    Properties: {Name: given, CustomerManagedPolicyReferences: [{Name: x}]}
"""
STACK = stack_of(TEMPLATE)


def names(logical_id: str) -> set[str]:
    value = policies_of(STACK, resource(STACK, logical_id))
    found: set[str] = set()
    for item in items(value):
        name = read(item.value, "name")
        assert isinstance(name, Known)
        found.add(name.text)
    return found


@pytest.mark.parametrize(
    ("logical_id", "expected", "more"),
    [
        ("Inline", {"inline", "managed"}, False),
        ("Attached", {"by-ref", "by-name", "in-prod"}, False),
        ("Outside", set(), True),
        ("Parameter", set(), True),
        ("Nobody", set(), False),
        ("Aws", {"AdministratorAccess", "service-role/AWSLambdaBasicExecutionRole", "Never-Heard-Of"}, False),
        ("Person", {"own", "of-team", "of-others"}, False),
        ("Team", {"of-team"}, False),
        ("Stranger", set(), True),
        ("Set", {"set", "job-function/ViewOnlyAccess"}, False),
        ("Given", set(), True),
    ],
)
def test_policies_of(logical_id: str, expected: set[str], more: bool) -> None:
    assert names(logical_id) == expected
    assert is_open(policies_of(STACK, resource(STACK, logical_id))) is more


def test_an_attached_policy_is_there_under_its_condition() -> None:
    found = {
        name.text: item.guard
        for item in items(policies_of(STACK, resource(STACK, "Attached")))
        if isinstance(name := read(item.value, "name"), Known)
    }
    assert found["in-prod"].holds({"Parameters.Stage": "prod"}) and not found["in-prod"].holds(
        {"Parameters.Stage": "test"}
    )
    assert found["by-ref"].holds({})


def test_what_is_known_of_policies_of_aws() -> None:
    found = {
        name.text: item.value
        for item in items(policies_of(STACK, resource(STACK, "Aws")))
        if isinstance(name := read(item.value, "name"), Known)
    }
    assert all(read(policy, "type") == Known(AWS_MANAGED) for policy in found.values())
    (admin,) = items(read(found["AdministratorAccess"], "statements"))
    assert items(read(admin.value, "actions"))[0].value == Known("*")
    assert not is_open(read(found["AdministratorAccess"], "statements"))
    assert is_open(read(found["Never-Heard-Of"], "statements"))


def test_policies_of_an_unknown_identity_are_unknown() -> None:
    assert is_open(policies_of(STACK, Unknown("a role of another stack")))


@pytest.mark.parametrize(
    ("logical_id", "kinds"),
    [
        ("Inline", {Record}),
        ("Outside", {Unknown}),
        ("Nobody", {Absent}),
        ("Aws", {Record, Absent}),
        ("Team", {Absent}),
    ],
)
def test_boundary(logical_id: str, kinds: set[type]) -> None:
    boundary = boundary_of(STACK, resource(STACK, logical_id))
    assert {type(plain) for _, plain in cases_of(boundary)} == kinds
