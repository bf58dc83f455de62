"""The graph of nested stacks, and of templates that transforms change."""

from __future__ import annotations

from pathlib import Path

from graph.graphs import truth
from stackwarden.graph.edges import WORKING, Kind, Outside, Somewhere
from stackwarden.graph.model import model_of
from stackwarden.graph.stack import Stack
from stackwarden.language.builtins.graph import graph
from stackwarden.resolve.guards import TRUE
from stackwarden.resolve.logic import YES
from stackwarden.resolve.transforms import open_template
from stackwarden.run.templates import TemplateFiles
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

PARENT = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Inner:
    Type: AWS::CloudFormation::Stack
    Condition: IsProd
    Properties: {TemplateURL: child.yaml, Parameters: {Source: !GetAtt Queue.Arn}}
  Rule: {Type: AWS::Events::Rule, Properties: {Targets: [{Id: a, Arn: !GetAtt Inner.Outputs.Arn}]}}
  Opaque: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://example.org/child.yaml"}}
  Far: {Type: AWS::Events::Rule, Properties: {Targets: [{Id: a, Arn: !GetAtt Opaque.Outputs.Arn}]}}
"""
CHILD = """\
Parameters:
  Source: {Type: String}
Resources:
  Fn: {Type: AWS::Lambda::Function}
  Later: {Type: AWS::Lambda::Function, DependsOn: Fn}
  Map: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !Ref Source, FunctionName: !Ref Fn}}
Outputs:
  Arn: {Value: !GetAtt Fn.Arn}
"""


def opened(text: str, name: str, files: TemplateFiles) -> Stack:
    template = load(Source(name, text))
    assert isinstance(template, Template)
    resolver, _ = open_template(template, {}, files.under("", lambda _: {}))
    return Stack(resolver)


def test_edges_cross_nested_stacks_and_are_there_where_the_stack_is(tmp_path: Path) -> None:
    (tmp_path / "child.yaml").write_text(CHILD, encoding="utf-8")
    stack = opened(PARENT, str(tmp_path / "parent.yaml"), TemplateFiles())
    made = graph(stack)
    ends = {(edge.source, edge.target): edge.claim for edge in made.edges((Kind.INVOKES,))}
    assert set(ends) == {("Queue", "Inner/Fn"), ("Rule", "Inner/Fn"), ("Far", "Opaque")}
    assert ends["Far", "Opaque"] == YES
    assert [truth(ends["Queue", "Inner/Fn"], Stage=stage) for stage in ("dev", "prod")] == [False, True]
    (depends,) = made.edges((Kind.DEPENDS_ON,))
    assert (depends.source, depends.target) == ("Inner/Later", "Inner/Fn")
    claim = made.network(WORKING).reaches("Queue", "Inner/Fn")
    assert [truth(claim, Stage=stage) for stage in ("dev", "prod")] == [False, True]


def test_what_a_macro_may_add_is_unknown(tmp_path: Path) -> None:
    text = """\
Transform: Macro
Resources:
  Rule: {Type: AWS::Events::Rule, Properties: {Name: a}}
  Queue: {Type: AWS::SQS::Queue}
"""
    stack = opened(text, str(tmp_path / "a.yaml"), TemplateFiles())
    made = graph(stack)
    claim = made.network((Kind.INVOKES,)).reaches("Rule", "Queue")
    assert claim.true is not TRUE
    assert claim.false is not TRUE
    assert all(not edge.written for edge in made.edges((Kind.INVOKES,)))


def test_a_serverless_function_and_its_events(tmp_path: Path) -> None:
    text = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      InlineCode: x
      Events: {Get: {Type: HttpApi, Properties: {Path: /, Method: get}}}
"""
    stack = opened(text, str(tmp_path / "a.yaml"), TemplateFiles())
    made = graph(stack)
    assert made.network((Kind.INVOKES,)).reaches("ServerlessHttpApi", "Fn") == YES
    assert made.network((Kind.RUNS_AS,)).reaches("Fn", "FnRole") == YES


def test_the_model_has_a_node_for_every_end() -> None:
    template = load(
        Source(
            "a.yaml",
            """\
Parameters: {Open: {Type: String}}
Resources:
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Fn}}
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}
  Other: {Type: AWS::Lambda::Function, Properties: {Role: !Ref Open}}
  Far: {Type: AWS::Lambda::Function, Properties: {Role: "arn:aws:iam::123456789012:role/r"}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}}]}
      Policies: [{PolicyName: a, PolicyDocument: {Statement: [{Effect: Allow, Action: "sqs:*", Resource: "*"}]}}]
  One: {Type: AWS::SQS::Queue}
  Two: {Type: AWS::SQS::Queue}
""",
        )
    )
    assert isinstance(template, Template)
    resolver, _ = open_template(template, {})
    stack = Stack(resolver)
    model = model_of(stack, graph(stack), WORKING)
    nodes = {node.id: node for node in model.nodes}
    assert len(nodes) == len(model.nodes)
    assert [node.id for node in model.nodes][:7] == ["Url", "Fn", "Other", "Far", "Role", "One", "Two"]
    others = {node.id: (node.what, node.label) for node in model.nodes[7:]}
    assert others == {
        "internet:internet": ("internet", "internet"),
        "service:lambda.amazonaws.com": ("service", "lambda.amazonaws.com"),
        "external:arn:aws:iam::123456789012:role/r": ("external", "arn:aws:iam::123456789012:role/r"),
        "unknown:Other.Role": ("unknown", "a Role"),
    }
    edges = {(edge.source, edge.kind.value, edge.target): edge for edge in model.edges}
    assert set(edges) == {
        ("internet:internet", "enters", "Url"),
        ("Url", "invokes", "Fn"),
        ("Fn", "runs_as", "Role"),
        ("Other", "runs_as", "unknown:Other.Role"),
        ("Far", "runs_as", "external:arn:aws:iam::123456789012:role/r"),
        ("service:lambda.amazonaws.com", "assumes", "Role"),
        ("Role", "allows", "One"),
        ("Role", "allows", "Two"),
    }
    assert edges["Fn", "runs_as", "Role"].claim == YES
    assert edges["Other", "runs_as", "unknown:Other.Role"].claim.true is not TRUE
    assert all(isinstance(edge.source, str) and edge.target in nodes and edge.source in nodes for edge in model.edges)
    assert not any(isinstance(edge.target, Somewhere | Outside) for edge in model.edges)
