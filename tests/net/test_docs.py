"""The examples of `docs/network.md` come out as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stackwarden.graph.stack import Stack
from stackwarden.net.acls import acl_entries
from stackwarden.net.exposure import EXPOSED_TYPES, is_exposed
from stackwarden.net.peers import is_internal, is_open_to_world
from stackwarden.net.ports import ports_in_words, protocol
from stackwarden.net.security_groups import ingress_rules
from stackwarden.net.subnets import SUBNET, is_public_subnet
from stackwarden.resolve.logic import MAYBE, YES, Logic
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import Known, Record
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

from .stacks import records, resource_of

PAGE = (Path(__file__).parents[2] / "docs" / "network.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def in_words(claim: Logic, yes: str, no: str) -> str:
    return yes if claim == YES else "unknown" if claim == MAYBE else no


def rule_in_words(stack: Stack, rule: Record) -> str:
    written = [value.text for value in (protocol(stack, rule), ports_in_words(stack, rule)) if isinstance(value, Known)]
    inside = in_words(is_internal(stack, rule), "inside", "outside")
    return " ".join([*written, "everyone" if is_open_to_world(stack, rule) == YES else inside])


def outcome(stack: Stack, logical_id: str) -> str:
    """What a resource of an example comes out as, in the words of the page."""
    resource = resource_of(stack, logical_id)
    if resource.resource.resource_type == SUBNET:
        return in_words(is_public_subnet(stack, resource), "public", "not public")
    if resource.resource.resource_type in EXPOSED_TYPES:
        return in_words(is_exposed(stack, resource), "exposed", "not exposed")
    rules = [*records(ingress_rules(stack)), *records(acl_entries(stack))]
    return "; ".join(rule_in_words(stack, rule) for rule in rules if rule.resource == resource)


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_of_the_page(block: str) -> None:
    template = load(Source("example.yaml", block))
    assert isinstance(template, Template), [fault.message() for fault in template]
    stack = Stack(Resolver(template, {}))
    claims = re.findall(r"^# (\w+): (.+)$", block, re.MULTILINE)
    assert claims
    assert {name: outcome(stack, name) for name, _ in claims} == dict(claims)
