"""What a lookup leaves out is what a comparison says no to, for every value and every resource of odd templates."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.graphs import graph_of_text
from stackwarden.graph.candidates import candidates, matching
from stackwarden.graph.references import refers, refers_at_length
from stackwarden.resolve.guards import TRUE
from stackwarden.resolve.values import Known, MapValue, Text

NAMES = (
    "orders",
    "app-orders",
    "!Ref Open",
    '!Sub "${Open}-orders"',
    '!Sub "app-${Open}"',
    '!Sub "${Stage}-orders"',
    '!Sub "${AWS::StackName}-orders"',
    "!If [IsProd, orders, !Ref AWS::NoValue]",
    "!ImportValue name",
    "!GetAtt Maker.Name",
    "!Ref AWS::NoValue",
)
VALUES = (
    *NAMES,
    "!Ref R0",
    "!GetAtt R1.Arn",
    '!Sub "${R0}/*"',
    '!Sub "x-${R1.Arn}-${Open}"',
    '!Sub "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Open}"',
    "arn:aws:dynamodb:eu-west-1:123456789012:table/app-orders",
    "arn:aws:s3:::orders",
    "arn:aws:s3:::orders/*",
    '!Sub "arn:aws:s3:::${Open}/*"',
    '!Join ["", [!If [IsProd, !Ref R0, orders], "-", !Ref Open]]',
    "[orders, !Ref R1, !Ref Open]",
    "!If [IsProd, !Ref R0, orders]",
    '!Sub "{{resolve:ssm:${Open}}}-orders"',
    "!Ref AWS::Region",
    '""',
    "true",
    "{A: !Ref R0}",
)
TYPES = (
    ("AWS::DynamoDB::Table", "TableName"),
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::SQS::Queue", "QueueName"),
    ("AWS::KMS::Alias", "AliasName"),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(TYPES), st.sampled_from(NAMES)), min_size=2, max_size=4),
    st.lists(st.sampled_from(VALUES), min_size=1, max_size=4),
)
def test_what_is_not_found_is_not_referred_to(named: list[tuple[tuple[str, str], str]], values: list[str]) -> None:
    resources = "".join(
        f"  R{index}: {{Type: {resource_type}, Properties: {{{name}: {value}}}}}\n"
        for index, ((resource_type, name), value) in enumerate(named)
    )
    asking = "".join(f"    V{index}: {value}\n" for index, value in enumerate(values))
    maker = "  Maker: {Type: Custom::Maker, Properties: {ServiceToken: arn}}\n"
    stack, _ = graph_of_text(f"{resources}{maker}  Asking:\n   Type: Custom::A\n   Properties:\n{asking}")
    asker = stack.resource("Asking")
    assert asker is not None and isinstance(asker.properties, MapValue)
    for index, resource in itertools.product(range(len(values)), stack.resources()):
        value = asker.properties.get(f"V{index}")
        claim = refers_at_length(stack, value, resource)
        assert refers(stack, value, resource) == claim
        found = candidates(stack, value)
        if not found.open and resource.resource.logical_id not in found.ids:
            assert claim.false is TRUE


def test_a_pattern_finds_the_names_that_it_may_match() -> None:
    stack, _ = graph_of_text(
        """\
  Orders: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
  Users: {Type: AWS::DynamoDB::Table, Properties: {TableName: users}}
  Unnamed: {Type: AWS::DynamoDB::Table}
  Openly: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref Open}}
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: orders}}
"""
    )

    def found(pattern: Known | Text) -> set[str]:
        return set(matching(stack, pattern))

    assert found(Known("arn:aws:dynamodb:*:*:table/ord*")) == {"Orders", "Unnamed", "Openly"}
    assert found(Known("arn:aws:dynamodb:*:*:table/*")) == {"Orders", "Users", "Unnamed", "Openly"}
    assert found(Known("arn:aws:s3:::*")) == {"Bucket"}
    assert "Users" not in found(Known("arn:aws:*:*:*:table/orders"))
