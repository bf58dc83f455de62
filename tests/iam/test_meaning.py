"""`iam.allows` and what statements cover: actions and resources, denials, boundaries, inverted elements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.iam.grants import covers_resource, grants, is_on_every_resource, may_grant, meets_resource
from stackwarden.iam.meaning import allows, is_without_conditions
from stackwarden.iam.patterns import resource_pattern
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic
from stackwarden.resolve.values import Known, ListValue, Unknown, Value

from .stacks import resource, stack_of, statement

READ = Known("s3:GetObject")
OBJECT = Known("arn:aws:s3:::shared/x")


@pytest.mark.parametrize(
    ("elements", "pattern", "answer"),
    [
        ('Action: "s3:Get*"', "s3:*", YES),
        ('Action: "s3:Get*"', "s3:Put*", NO),
        ('Action: "S3:G*t"', "s3:?e*", YES),
        ('NotAction: "s3:*"', "s3:Get*", NO),
        ('NotAction: "s3:Get*"', "s3:G*", YES),
        ('Action: !Sub "s3:${Open}"', "s3:Put*", MAYBE),
        ('Action: !Sub "s3:${Open}"', "sqs:*", NO),
        ("Action: !Ref Open", "sqs:*", MAYBE),
    ],
)
def test_may_grant(elements: str, pattern: str, answer: Logic) -> None:
    stack, made = statement(elements)
    assert may_grant(stack, made, pattern) == answer


@pytest.mark.parametrize(
    ("elements", "wanted", "covered", "met"),
    [
        ('Resource: "*"', "arn:aws:s3:::b", YES, YES),
        ('Resource: "arn:aws:s3:::b"', "arn:aws:s3:::*", NO, YES),
        ('Resource: ["arn:aws:sqs:*", "arn:aws:s3:::*"]', "arn:aws:s3:::b", YES, YES),
        ('NotResource: "arn:aws:s3:::b"', "arn:aws:s3:::b", NO, NO),
        ('NotResource: "arn:aws:s3:::b"', "arn:aws:s3:::*", NO, YES),
        ('NotResource: "arn:aws:s3:::b"', "arn:aws:s3:::c", YES, YES),
        ('NotResource: !Sub "arn:aws:s3:::${Open}"', "arn:aws:s3:::c", MAYBE, MAYBE),
        ('NotResource: !Sub "arn:aws:s3:::${Open}"', "arn:aws:sqs:::c", YES, YES),
        ("Resource: !GetAtt Bucket.Arn", "arn:aws:s3:::b", NO, NO),
        ("Resource: !GetAtt Bucket.Arn", "arn:aws:s3:::*", NO, YES),
        ('Resource: !Sub "${Bucket.Arn}/*"', "arn:aws:s3:::b/x", NO, NO),
        ("Resource: !GetAtt Unheard.Arn", "arn:aws:s3:::b", MAYBE, MAYBE),
        ("Resource: !GetAtt Named.Arn", "arn:aws:s3:::named", YES, YES),
        ("Resource: !GetAtt Named.Arn", "arn:aws:s3:::other", NO, NO),
        ("Action: x", "*", YES, YES),
    ],
)
def test_resources(elements: str, wanted: str, covered: Logic, met: Logic) -> None:
    stack, made = statement(elements)
    pattern = resource_pattern(Known(wanted))
    assert pattern is not None
    assert covers_resource(stack, made, pattern) == covered
    assert meets_resource(stack, made, pattern) == met


@pytest.mark.parametrize(
    ("elements", "answer"),
    [
        ('Resource: "*"', YES),
        ('Resource: ["**"]', YES),
        ('Resource: "arn:*"', NO),
        ("Resource: !GetAtt Bucket.Arn", NO),
        ('Resource: !Sub "${Bucket.Arn}/*"', NO),
        ("Resource: !Ref Open", MAYBE),
        ('Resource: !If [IsProd, "arn:aws:s3:::b", "arn:aws:s3:::c"]', NO),
        ('NotResource: "arn:aws:s3:::b"', NO),
    ],
)
def test_every_resource(elements: str, answer: Logic) -> None:
    stack, made = statement(elements)
    assert is_on_every_resource(stack, made) == answer


def test_every_resource_of_one_stage() -> None:
    stack, made = statement('Resource: !If [IsProd, "arn:aws:s3:::b", "*"]')
    claim = is_on_every_resource(stack, made)
    assert claim.true.holds({"Parameters.Stage": "test"}) and claim.false.holds({"Parameters.Stage": "prod"})


@pytest.mark.parametrize(
    ("elements", "answer"),
    [
        ("Action: x", YES),
        ("Condition: {}", YES),
        ("Condition: {Bool: {}}", NO),
        ("Condition: !Ref AWS::NoValue", YES),
        ("Condition: !ImportValue x", MAYBE),
    ],
)
def test_conditions(elements: str, answer: Logic) -> None:
    stack, made = statement(elements)
    assert is_without_conditions(stack, made) == answer


TEMPLATE = """
Parameters: {{Open: {{Type: String}}}}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      {boundary}
      Policies:
        - PolicyName: allows
          PolicyDocument:
            Statement:
              - {{Effect: Allow, Action: "s3:*", Resource: ["arn:aws:s3:::shared/*", !GetAtt Bucket.Arn]}}
              - {{Effect: Allow, Action: "sqs:*", Resource: !GetAtt Queue.Arn, Condition: {{Bool: {{x: true}}}}}}
              {more}
  Bucket: {{Type: AWS::S3::Bucket}}
  Other: {{Type: AWS::S3::Bucket}}
  Queue: {{Type: AWS::SQS::Queue, Properties: {{QueueName: jobs}}}}
"""


def answer(action: Value, wanted: Value | str, more: str = "", boundary: str = "") -> Logic:
    stack = stack_of(TEMPLATE.format(more=more, boundary=boundary))
    thing = resource(stack, wanted) if isinstance(wanted, str) else wanted
    return allows(stack, resource(stack, "Role"), action, thing)


@pytest.mark.parametrize(
    ("action", "wanted", "expected"),
    [
        (READ, OBJECT, YES),
        (READ, Known("arn:aws:s3:::other/x"), NO),
        (READ, Known("*"), NO),
        (Known("s3:Get*"), Known("arn:aws:s3:::shared/a*"), YES),
        (Known("sns:Publish"), OBJECT, NO),
        (READ, "Bucket", YES),
        (READ, "Other", NO),
        (Known("sqs:SendMessage"), "Queue", YES),
        (Known("sqs:SendMessage"), Known("arn:aws:sqs:*:*:other"), NO),
        (READ, Unknown("x"), MAYBE),
    ],
)
def test_a_role_allows(action: Value, wanted: Value | str, expected: Logic) -> None:
    assert answer(action, wanted) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ('- {Effect: Deny, Action: "s3:Get*", Resource: "*"}', NO),
        ('- {Effect: Deny, Action: "s3:Put*", Resource: "*"}', YES),
        ('- {Effect: Deny, Action: "s3:*", Resource: "arn:aws:s3:::shared/y"}', YES),
        ('- {Effect: Deny, NotAction: "s3:*", Resource: "*"}', YES),
        ('- {Effect: Deny, NotAction: "sqs:*", Resource: "*"}', NO),
        ('- {Effect: Deny, Action: "s3:*", NotResource: "arn:aws:s3:::public/*"}', NO),
        ('- {Effect: Deny, Action: "s3:*", Resource: "*", Condition: {Bool: {x: true}}}', YES),
        ('- {Effect: Deny, Action: "s3:*", Resource: !Ref Open}', MAYBE),
    ],
)
def test_denials(more: str, expected: Logic) -> None:
    assert answer(READ, OBJECT, more) == expected


@pytest.mark.parametrize(
    ("boundary", "expected"),
    [
        ("PermissionsBoundary: arn:aws:iam::aws:policy/AmazonS3FullAccess", YES),
        ("PermissionsBoundary: arn:aws:iam::aws:policy/AmazonSQSFullAccess", NO),
        ("PermissionsBoundary: arn:aws:iam::aws:policy/Unheard", MAYBE),
        ("PermissionsBoundary: !Ref AWS::NoValue", YES),
    ],
)
def test_boundaries(boundary: str, expected: Logic) -> None:
    assert answer(READ, OBJECT, boundary=boundary) == expected


def test_subjects_of_every_kind() -> None:
    stack, made = statement('{Action: "s3:*", Resource: "*"}'.replace("{", "").replace("}", "").replace(", ", "\n"))
    policy = resource(stack, "Policy")
    for subject in (made, policy, ListValue(()), Unknown("x"), Known("x")):
        claim = allows(stack, subject, READ, OBJECT)
        assert claim == (YES if subject in (made, policy) else MAYBE if isinstance(subject, Unknown) else NO)


ACTIONS = st.lists(st.text(alphabet="ab*", min_size=1, max_size=3), min_size=1, max_size=2)
NAMES = ["a", "b", "ab", "ba", "aab", "bbb"]


def fits(patterns: list[str], name: str) -> bool:
    """Whether one of the patterns matches, by trying every way to fill its stars."""

    def tail(pattern: str, text: str) -> bool:
        if not pattern:
            return not text
        if pattern[0] == "*":
            return any(tail(pattern[1:], text[index:]) for index in range(len(text) + 1))
        return text[:1] == pattern[0] and tail(pattern[1:], text[1:])

    return any(tail(pattern, name) for pattern in patterns)


@given(ACTIONS, ACTIONS, st.booleans(), st.sampled_from(NAMES))
def test_allow_and_deny_against_brute_force(given: list[str], taken: list[str], inverted: bool, name: str) -> None:
    element = "NotAction" if inverted else "Action"
    stack = stack_of(f"""
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {{Effect: Allow, Action: {given}, Resource: "*"}}
          - {{Effect: Deny, {element}: {taken}, Resource: "*"}}
""")
    expected = fits(given, name) and fits(taken, name) is inverted
    claim = allows(stack, resource(stack, "Policy"), Known(name), OBJECT)
    assert claim == (YES if expected else NO)


@given(st.text(alphabet="ab*?", min_size=1, max_size=3), st.text(alphabet="ab*", min_size=1, max_size=3))
def test_grants_of_generated_names(action: str, pattern: str) -> None:
    stack, made = statement(f"Action: '{action}'")
    names = [name for name in NAMES if fits([pattern], name)]
    if grants(stack, made, pattern) == YES:
        assert all(grants(stack, made, name) == YES for name in names)
    if may_grant(stack, made, pattern) == NO:
        assert all(grants(stack, made, name) == NO for name in names)
