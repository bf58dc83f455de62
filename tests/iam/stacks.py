"""Helpers of these tests: a policy document in YAML to the statements that it holds."""

from __future__ import annotations

from textwrap import indent

from stackwarden.graph.stack import Stack
from stackwarden.iam.attachments import identity_policies
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import ListValue, Record
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
"""


def statement(text: str, **given: str) -> tuple[Stack, Record]:
    """A stack with one managed policy, and its only statement: `Effect: Allow` and the YAML lines of `text`."""
    template = load(Source("a.yaml", _TEMPLATE.format(statement=indent(text, " " * 12))))
    assert isinstance(template, Template), [fault.message() for fault in template]
    stack = Stack(Resolver(template, given))
    policy = identity_policies(stack).items[0].value
    assert isinstance(policy, Record)
    listed = policy.get("statements")
    assert isinstance(listed, ListValue)
    made = listed.items[0].value
    assert isinstance(made, Record)
    return stack, made
