"""Which values have an attribute of a resource in them."""

from __future__ import annotations

from textwrap import indent

import pytest

from stackwarden.graph.mentions import reads
from stackwarden.graph.stack import Stack
from stackwarden.resolve.logic import NO, YES, Logic
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import MapValue, Value
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

_TEMPLATE = """
Parameters:
  Stage: {{Type: String, AllowedValues: [test, prod]}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Key: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: app}}}}
  Other: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: other}}}}
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName:
{value}
"""


def ask_whether(value: str, **given: str) -> Logic:
    template = load(Source("a.yaml", _TEMPLATE.format(value=indent(value, " " * 8))))
    assert isinstance(template, Template), [fault.message() for fault in template]
    stack = Stack(Resolver(template, given))
    topic, key = stack.resource("Topic"), stack.resource("Key")
    assert topic is not None
    assert key is not None
    properties = topic.properties
    assert isinstance(properties, MapValue)
    name: Value = properties.get("DisplayName")
    return reads(stack, name, key, "SecretAccessKey")


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("!GetAtt Key.SecretAccessKey", YES),
        ('!Sub "export KEY=${Key.SecretAccessKey}"', YES),
        ('!Join [":", [!Ref Key, !GetAtt Key.SecretAccessKey]]', YES),
        ('Fn::Base64: !Sub "export KEY=${Key.SecretAccessKey}"', YES),
        ("!Ref Key", NO),
        ('Fn::Base64: !Sub "export KEY=${Key}"', NO),
        ("!GetAtt Other.SecretAccessKey", NO),
        ('"Key.SecretAccessKey"', NO),
        ("!ImportValue key", NO),
        ("!Ref AWS::NoValue", NO),
    ],
)
def test_values(value: str, answer: Logic) -> None:
    assert ask_whether(value) == answer


@pytest.mark.parametrize(
    "value",
    [
        "!If [IsProd, !Ref Key, !GetAtt Key.SecretAccessKey]",
        '!Join ["", ["a", !If [IsProd, "b", !GetAtt Key.SecretAccessKey]]]',
    ],
)
def test_a_condition_decides(value: str) -> None:
    assert ask_whether(value, Stage="prod") == NO
    assert ask_whether(value, Stage="test") == YES
    assert ask_whether(value) not in (YES, NO)
