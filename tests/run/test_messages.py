"""Messages that name the variables of quantifiers: the witness, or `…` where there is none."""

from __future__ import annotations

import pytest

from language.evaluation import check_of, stack_of
from stackwarden.graph.stack import Stack
from stackwarden.resolve.transforms import open_template
from stackwarden.run.evaluate import evaluate
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

TEMPLATE = """
Parameters: {From: {Type: String}}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 23, CidrIp: SOURCE}]
"""
RULE = """
define ports_of(rule: net.Rule) = net.ports(rule)

rule a-rule {
    title "T"
    severity low
    for group in AWS::EC2::SecurityGroup
    require no rule in net.ingress_rules satisfies net.is_world(rule.cidr)
        else "MESSAGE"
}
"""


@pytest.mark.parametrize(
    ("message", "known", "unknown"),
    [
        ("{group} {rule.cidr}", "Group 0.0.0.0/0", "Group …"),
        ("{net.ports(rule)}", "22-23", "T"),
        ("{ports_of(rule)}", "22-23", "T"),
        ("{rule.from_port + 1}", "23", "T"),
        ("{count([one for one in [rule] where one.to_port == 23])}", "1", "T"),
        ("{count([other for other in net.ingress_rules])}", "1", "1"),
    ],
)
def test_a_witness_in_a_message(message: str, known: str, unknown: str) -> None:
    check = check_of(RULE.replace("MESSAGE", message))
    for source, words in (("0.0.0.0/0", known), ("!Ref From", unknown)):
        [finding] = evaluate(stack_of(TEMPLATE.replace("SOURCE", source)), [check])
        assert finding.message == words


REPEATED = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: live, Cors: "'*'"}}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Handler: index.handler
      Runtime: python3.13
      Events:
        List: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /orders, Method: get}}
        Items: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /items, Method: get}}
"""


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("{cors.api}", ["Api"]),
        ("{cors.route.name}", ["OPTIONS /items", "OPTIONS /orders"]),
    ],
)
def test_what_a_transform_wrote_many_times_is_told_once(message: str, told: list[str]) -> None:
    check = check_of(f"""
rule a-rule {{
    title "T"
    severity low
    for cors in api.cors
    require not (cors.origins contains "*")
        else "{message}"
        at cors.origins
}}
""")
    template = load(Source("t.yaml", REPEATED))
    assert isinstance(template, Template)
    stack = Stack(open_template(template, {})[0])
    assert sorted(one.message for one in evaluate(stack, [check])) == told
