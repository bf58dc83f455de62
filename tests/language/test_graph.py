"""Module `graph` in rules: answers, conditions, what is unknown, and what messages say."""

from __future__ import annotations

import pytest

from language.evaluation import answers, check_of, stack_of
from stackwarden.run.evaluate import evaluate

TEMPLATE = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Open: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Rule: {Type: AWS::Events::Rule, Properties: {Targets: [{Id: a, Arn: !GetAtt Fn.Arn}]}}
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: !If [IsProd, !GetAtt Role.Arn, !GetAtt Weak.Arn]}}
  Else: {Type: AWS::Lambda::Function, Properties: {Role: !Ref Open}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - {PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: "sqs:*", Resource: !GetAtt Queue.Arn}]}}
  Weak: {Type: AWS::IAM::Role}
  Queue: {Type: AWS::SQS::Queue}
"""
RULE = "AWS::Events::Rule"
QUEUE = "AWS::SQS::Queue"
REACH = "some q in AWS::SQS::Queue satisfies graph.reachable(x, q"
RELATIONS = '["invokes", "runs_as"]'


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        (f"{REACH})", "true|false"),
        (f'{REACH}, ["invokes", "runs_as", "allows"])', "true|false"),
        (f'{REACH}, ["invokes", "runs_as"])', "false"),
        (f"some r in AWS::IAM::Role satisfies graph.reachable(x, r, {RELATIONS})", "true"),
        ("graph.reachable(x, x)", "false"),
        ("some q in AWS::SQS::Queue satisfies graph.reachable(q, x)", "false"),
        ('count(graph.successors(x, ["invokes"])) == 1', "true"),
        ('count(graph.predecessors(x, ["invokes"])) == 0', "true"),
        ('some e in graph.edges satisfies e.kind == "invokes" and e.source == x', "true"),
        ('some e in graph.edges where e.kind == "allows" satisfies e.label == "sqs:*"', "true"),
        ("some q in AWS::SQS::Queue satisfies some p in graph.paths(x, q) satisfies p.length == 3", "true|false"),
        ("some q in AWS::SQS::Queue satisfies some p in graph.paths(x, q) satisfies p.length == 2", "false"),
        (
            'some q in AWS::SQS::Queue satisfies every p in graph.paths(x, q) satisfies p.hops[0].kind == "invokes"',
            "true",
        ),
    ],
)
def test_answers_about_an_event_rule(expression: str, answer: str) -> None:
    assert answers(expression, TEMPLATE, RULE) == [answer]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # `Fn` has the role in production, `Else` a role that the template does not determine.
        (f"{REACH})", ["true|false", "unknown"]),
        ('graph.successors(x, ["runs_as"]) is empty', ["false", "unknown"]),
        ('graph.successors(x, ["refers"]) is empty', ["false", "true"]),
        ('some e in graph.edges where e.kind == "runs_as" satisfies e.source == x', ["true", "true"]),
        ("some q in AWS::SQS::Queue satisfies graph.paths(x, q) is empty", ["true|false", "unknown"]),
        ("some r in AWS::IAM::Role satisfies graph.predecessors(r) contains x", ["true", "unknown"]),
    ],
)
def test_answers_about_functions(expression: str, expected: list[str]) -> None:
    assert answers(expression, TEMPLATE, "AWS::Lambda::Function") == expected


def test_a_message_tells_the_path_and_points_at_its_first_edge() -> None:
    rule = f"""
rule no-way-to-queues {{
    title "T"
    severity low
    for rule in {RULE}
    require every q in {QUEUE} satisfies no p in graph.paths(rule, q) satisfies p.length > 0
        else "{{p}} ends at {{q}}"
        at rule.Targets
}}
"""
    stack = stack_of(TEMPLATE)
    (finding,) = evaluate(stack, [check_of(rule)])
    assert finding.message == "Rule → Fn → Role → Queue ends at Queue"
    assert finding.verdict == "fail"
