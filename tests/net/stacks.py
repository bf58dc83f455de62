"""Helpers of these tests: the resources of a template in YAML to a stack and its rules."""

from __future__ import annotations

from textwrap import indent

from stackwarden.graph.stack import Stack
from stackwarden.net.security_groups import ingress_rules
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import ListValue, Record, ResourceValue
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

_TEMPLATE = """
Parameters:
  Open: {{Type: String}}
  Port: {{Type: Number, AllowedValues: [22, 443]}}
  Protocol: {{Type: String, AllowedValues: [tcp, "17"]}}
  Stage: {{Type: String, AllowedValues: [test, prod]}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
{resources}
"""


def stack_of(resources: str) -> Stack:
    """A stack with the given resources, and some parameters and a condition for them to use."""
    template = load(Source("a.yaml", _TEMPLATE.format(resources=indent(resources, "  "))))
    assert isinstance(template, Template), [fault.message() for fault in template]
    return Stack(Resolver(template, {}))


def resource_of(stack: Stack, logical_id: str) -> ResourceValue:
    """A resource that the stack has."""
    found = stack.resource(logical_id)
    assert found is not None
    return found


def records(listed: ListValue) -> list[Record]:
    """The records of a collection."""
    found = [item.value for item in listed.items]
    assert all(isinstance(one, Record) for one in found)
    return [one for one in found if isinstance(one, Record)]


def rule_of(text: str) -> tuple[Stack, Record]:
    """A stack with one stand-alone ingress rule of the given properties (a YAML flow mapping), and the rule."""
    stack = stack_of(f"Rule: {{Type: AWS::EC2::SecurityGroupIngress, Properties: {text}}}")
    return stack, records(ingress_rules(stack))[0]
