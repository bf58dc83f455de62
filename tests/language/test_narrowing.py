"""Quantifiers that look elements up give the answers that they give without, and look at few elements."""

from __future__ import annotations

import pytest

from language.evaluation import answers
from stackwarden.graph import references
from stackwarden.graph.stack import Stack
from stackwarden.language import compile as compiler
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.values import Value

TOPIC = "AWS::SNS::Topic"
POLICY = "AWS::SNS::TopicPolicy"
TEMPLATE = f"""\
Parameters:
  Stage: {{Type: String, AllowedValues: [dev, prod]}}
  Open: {{Type: String}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  A: {{Type: {TOPIC}}}
  B: {{Type: {TOPIC}, Properties: {{TopicName: b}}}}
  C: {{Type: {TOPIC}, Condition: IsProd, Properties: {{TopicName: !Ref Open}}}}
  D: {{Type: {TOPIC}, Properties: {{TopicName: !Sub "d-${{Open}}"}}}}
  OfA: {{Type: {POLICY}, Properties: {{Topics: [!Ref A], PolicyDocument: {{}}}}}}
  OfB: {{Type: {POLICY}, Condition: IsProd, Properties: {{Topics: ["arn:aws:sns:x:1:b"], PolicyDocument: {{}}}}}}
  Some: {{Type: {POLICY}, Properties: {{Topics: [!If [IsProd, !Ref A, !Ref B], !Ref C], PolicyDocument: {{}}}}}}
  Any: {{Type: {POLICY}, Condition: IsProd, Properties: {{Topics: [!ImportValue t], PolicyDocument: {{}}}}}}
"""
OF_TOPICS = [
    f"some p in {POLICY} satisfies p.Topics refers x",
    f"no p in {POLICY} satisfies p.Topics refers x",
    f"no p in {POLICY} where p.Topics refers x satisfies p.PolicyDocument is present",
    f"every p in {POLICY} where p.Topics refers x satisfies count(p.Topics) > 1",
    f"every p in {POLICY} satisfies p.Topics refers x",
    f"some p in {POLICY} satisfies p.PolicyDocument is present and p.Topics refers x",
    f"some p in {POLICY} satisfies p.Topics[0] refers x",
    f'some p in {POLICY} satisfies p.Topics refers x or p@id == "OfA"',
]
OF_POLICIES = [
    f"some t in {TOPIC} satisfies x.Topics refers t",
    f"every t in {TOPIC} satisfies not x.Topics refers t",
    f"every t in {TOPIC} where x.Topics refers t satisfies t.TopicName is absent",
    f"some t in {TOPIC} | {POLICY} satisfies x.Topics refers t",
]


@pytest.mark.parametrize(
    ("expression", "resource_type"),
    [*((one, TOPIC) for one in OF_TOPICS), *((one, POLICY) for one in OF_POLICIES)],
)
def test_answers_are_those_of_looking_at_every_element(
    expression: str, resource_type: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up = answers(expression, TEMPLATE, resource_type)
    monkeypatch.setattr(compiler, "narrowing", lambda _: None)
    assert looked_up == answers(expression, TEMPLATE, resource_type)


@pytest.mark.parametrize(
    ("expression", "resource_type"),
    [
        (f"some p in {POLICY} satisfies p.Topics refers x", TOPIC),
        (f"some t in {TOPIC} satisfies x.Topics refers t", POLICY),
        (f"every p in {POLICY} where p.Topics refers x satisfies p.PolicyDocument is present", TOPIC),
    ],
)
def test_few_pairs_are_compared(expression: str, resource_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    many = 150
    template = "Resources:\n" + "".join(
        f"  T{index}: {{Type: {TOPIC}}}\n"
        f"  P{index}: {{Type: {POLICY}, Properties: {{Topics: [!Ref T{index}], PolicyDocument: {{}}}}}}\n"
        for index in range(many)
    )
    compared = 0

    def counted(stack: Stack, value: Value, resource: Value) -> Logic:
        nonlocal compared
        compared += 1
        return original(stack, value, resource)

    original = references.refers
    monkeypatch.setattr(references, "refers", counted)
    assert set(answers(expression, template, resource_type)) == {"true"}
    assert compared == many
