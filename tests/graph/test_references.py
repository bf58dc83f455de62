"""Which resource a value names."""

from __future__ import annotations

import pytest

from stackwarden.graph.references import refers
from stackwarden.graph.stack import Stack
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import MapValue
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

TEMPLATE = """
Parameters:
  Name: {{Type: String}}
  OtherName: {{Type: String}}
Resources:
  Bucket: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Ref Name}}}}
  Other: {{Type: AWS::S3::Bucket, Properties: {{BucketName: !Ref OtherName}}}}
  Maker: {{Type: Custom::Maker, Properties: {{ServiceToken: arn}}}}
  Policy: {{Type: AWS::S3::BucketPolicy, Properties: {{Bucket: {value}, PolicyDocument: {{}}}}}}
"""


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("!Ref Bucket", YES),
        ("!GetAtt Bucket.Arn", YES),
        ("!Ref Name", YES),
        ("!Ref Other", NO),  # both names are open, but two buckets never share one
        ("!GetAtt Other.Arn", NO),
        ("!GetAtt Maker.BucketName", MAYBE),
        ("!Ref OtherName", MAYBE),
        ("some-bucket", MAYBE),
    ],
)
def test_a_bucket_named_by_a_parameter(value: str, answer: Logic) -> None:
    template = load(Source("a.yaml", TEMPLATE.format(value=value)))
    assert isinstance(template, Template)
    stack = Stack(Resolver(template, {}))
    bucket, policy = stack.resource("Bucket"), stack.resource("Policy")
    assert bucket is not None and policy is not None and isinstance(policy.properties, MapValue)
    assert refers(stack, policy.properties.get("Bucket"), bucket) == answer
