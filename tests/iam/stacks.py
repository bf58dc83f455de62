"""Helpers of these tests: templates, policy documents and statements in YAML to the values that they hold."""

from __future__ import annotations

from textwrap import indent

from stackwarden.graph.stack import Stack
from stackwarden.iam.attachments import identity_policies
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import Item, ListValue, MapValue, Record, ResourceValue, Value, cases_of
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

_TEMPLATE = """
Parameters:
  Open: {{Type: String}}
  Stage: {{Type: String, AllowedValues: [test, prod]}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
{statement}
  Bucket: {{Type: AWS::S3::Bucket}}
  Named: {{Type: AWS::S3::Bucket, Properties: {{BucketName: named}}}}
  Unheard: {{Type: Custom::Thing, Properties: {{ServiceToken: x}}}}
  Role: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Statement: []}}}}}}
"""


def stack_of(text: str, **given: str) -> Stack:
    """The stack of a template in YAML, with values for its parameters."""
    template = load(Source("a.yaml", text))
    assert isinstance(template, Template), [fault.message() for fault in template]
    return Stack(Resolver(template, given))


def statement(text: str, **given: str) -> tuple[Stack, Record]:
    """A stack with one managed policy, and its only statement: `Effect: Allow` and the YAML lines of `text`."""
    stack = stack_of(_TEMPLATE.format(statement=indent(text, " " * 12)), **given)
    policy = identity_policies(stack).items[0].value
    assert isinstance(policy, Record)
    made = items(policy.get("statements"))[0].value
    assert isinstance(made, Record)
    return stack, made


def resource(stack: Stack, logical_id: str) -> ResourceValue:
    """A resource of the template, which has it."""
    found = stack.resource(logical_id)
    assert found is not None
    return found


def read(value: Value, *path: str) -> Value:
    """What stands at a path of properties, none of which is conditional."""
    for name in path:
        if isinstance(value, ResourceValue):
            value = value.properties
        assert isinstance(value, MapValue | Record)
        value = value.get(name)
    return value


def items(value: Value) -> tuple[Item, ...]:
    """The elements of a list under all its cases."""
    found: list[Item] = []
    for guard, plain in cases_of(value):
        assert isinstance(plain, ListValue)
        found.extend(Item(item.value, item.guard & guard) for item in plain.items)
    return tuple(found)


def is_open(value: Value) -> bool:
    """Whether a list may have more elements under some case."""
    return any(isinstance(plain, ListValue) and plain.open for _, plain in cases_of(value))
