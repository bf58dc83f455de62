"""Loops written out: names, places, nested loops, collections that depend on parameters."""

from __future__ import annotations

from textwrap import dedent

import pytest

from stackwarden.graph.stack import Stack
from stackwarden.resolve.transforms import open_template
from stackwarden.resolve.values import AttributeHole, Known, MapValue, Text
from stackwarden.run.finding import When
from stackwarden.run.scan import scan_source
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

HEAD = "Transform: AWS::LanguageExtensions\n"


def stack(text: str) -> Stack:
    template = load(Source("t.yaml", HEAD + dedent(text)))
    assert isinstance(template, Template), template
    resolver, problems = open_template(template, {})
    assert not problems
    return Stack(resolver)


def findings(text: str) -> dict[str, tuple[When, int]]:
    session = open_session(SessionOptions(rules=("lambda-url-auth-none",)))
    assert isinstance(session, Session)
    scanned = scan_source(Source("t.yaml", HEAD + dedent(text)), session)
    assert not scanned.errors
    return {one.resource: (one.when, one.place.span.begin.line) for one in scanned.findings}


def property_of(made: Stack, logical_id: str, name: str) -> object:
    resource = made.resource(logical_id)
    assert resource is not None and isinstance(resource.properties, MapValue)
    value = resource.properties.get(name)
    return value.text if isinstance(value, Known) else value


def test_every_element_makes_a_resource_and_names_are_replaced() -> None:
    made = stack("""
        Resources:
          Fn::ForEach::Topics:
            - Name
            - [orders, "pay-ments"]
            - Topic&{Name}:
                Type: AWS::SNS::Topic
                Properties: {TopicName: !Sub "${Name}-x", DisplayName: !Ref Name}
    """)
    assert [one.resource.logical_id for one in made.resources(("AWS::SNS::Topic",))] == [
        "Topicorders",
        "Topicpayments",
    ]
    assert property_of(made, "Topicpayments", "TopicName") == "pay-ments-x"
    assert property_of(made, "Topicpayments", "DisplayName") == "pay-ments"


def test_loops_nest_and_collections_may_use_outer_names() -> None:
    made = stack("""
        Mappings: {Parts: {a: {Names: [x, y]}, b: {Names: [z]}}}
        Resources:
          Fn::ForEach::Outer:
            - O
            - [a, b]
            - Fn::ForEach::Inner:
                - I
                - !FindInMap [Parts, !Ref O, Names]
                - T${O}${I}: {Type: AWS::SNS::Topic}
    """)
    assert [one.resource.logical_id for one in made.resources()] == ["Tax", "Tay", "Tbz"]


def test_loops_inside_of_properties() -> None:
    made = stack("""
        Resources:
          F:
            Type: AWS::Lambda::Function
            Properties:
              Environment:
                Variables:
                  Fn::ForEach::Vars: [V, [A, B], {"VAR_${V}": !Ref V}]
    """)
    resource = made.resource("F")
    assert resource is not None and isinstance(resource.properties, MapValue)
    environment = resource.properties.get("Environment")
    assert isinstance(environment, MapValue)
    variables = environment.get("Variables")
    assert isinstance(variables, MapValue)
    assert {name: variables.get(name) for name in variables.names()} == {"VAR_A": Known("A"), "VAR_B": Known("B")}


URLS = """
    Parameters:
      Names: {{Type: CommaDelimitedList, {}}}
    Resources:
      Fn::ForEach::Urls:
        - N
        - !Ref Names
        - Url&{{N}}:
            Type: AWS::Lambda::Url
            Properties:
              AuthType: NONE
              TargetFunctionArn: !Ref N
"""


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("AllowedValues: ['a']", {"Urla": (None, 12)}),
        (
            "AllowedValues: ['a', 'b']",
            {
                "Urla": (({"Parameters.Names": ("a", "a,b")}, {"Parameters.Names": {"not": ("a", "a,b", "b")}}), 12),
                "Urlb": (({"Parameters.Names": ("b", "a,b")}, {"Parameters.Names": {"not": ("b", "a,b", "a")}}), 12),
            },
        ),
        (
            "Default: 'a'",
            {
                "Urla": (({"Parameters.Names": "a"},), 12),
                "UrlN": (({"Parameters.Names": {"not": "a"}},), 12),
            },
        ),
    ],
)
def test_a_collection_may_depend_on_parameters(names: str, expected: dict[str, tuple[When, int]]) -> None:
    assert findings(URLS.format(names)) == expected


def test_a_loop_over_what_only_the_deployment_knows_stands_for_one_copy() -> None:
    assert findings("""
        Resources:
          Fn::ForEach::Urls:
            - N
            - !Split [",", !ImportValue names]
            - Url&{N}: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: !Ref N}}
    """) == {"UrlN": (None, 7)}


def test_a_malformed_loop_is_told() -> None:
    template = load(Source("t.yaml", HEAD + "Resources:\n  Fn::ForEach::X: [N, [a]]\n"))
    assert isinstance(template, Template)
    _, (problem,) = open_template(template, {})
    assert problem.message() == "`Fn::ForEach` expects a name, a collection and a map with one key"
    assert problem.position.line == 3


@pytest.mark.parametrize(
    ("collection", "message"),
    [
        ("{}", "`Fn::ForEach` expects a list to loop over"),
        ("a", "`Fn::ForEach` expects a list to loop over"),
        ("!Ref Nope", "`Fn::ForEach` loops over `Nope`, which is not a parameter"),
        ("[!Select [9, [a]]]", "`Fn::Select` index 9 is out of range"),
    ],
)
def test_a_collection_that_is_none_is_told(collection: str, message: str) -> None:
    text = f"Resources:\n  Fn::ForEach::Urls: [Name, {collection}, {{'U${{Name}}': {{Type: T}}}}]\n"
    template = load(Source("t.yaml", HEAD + text))
    assert isinstance(template, Template)
    _, problems = open_template(template, {})
    assert [(one.message(), one.position.line) for one in problems] == [(message, 3)]


def test_what_a_loop_compares_a_parameter_with_is_one_of_its_known_values() -> None:
    assert findings("""
        Parameters: {Stage: {Type: String}}
        Conditions:
          Fn::ForEach::Stages: [S, [dev, prod], {"Is${S}": !Equals [!Ref Stage, !Ref S]}]
          Both: !And [!Condition Isdev, !Condition Isprod]
        Resources:
          Never: {Type: AWS::Lambda::Url, Condition: Both, Properties: {AuthType: NONE, TargetFunctionArn: f}}
          Url: {Type: AWS::Lambda::Url, Properties: {AuthType: !If [Isdev, NONE, AWS_IAM], TargetFunctionArn: f}}
    """) == {"Url": (({"Isdev": True},), 9)}


def test_a_copy_for_an_unknown_element_refers_to_its_own_names() -> None:
    made = stack("""
        Parameters: {Names: {Type: CommaDelimitedList}}
        Conditions:
          Fn::ForEach::Conditions: [N, !Ref Names, {"Has${N}": !Equals [!Ref N, a]}]
        Resources:
          Fn::ForEach::Urls:
            - N
            - !Ref Names
            - Fn&{N}: {Type: AWS::Lambda::Function, Properties: {Description: !If ["Has${N}", !Ref N, x]}}
              Url&{N}:
                Type: AWS::Lambda::Url
                Condition: Has${N}
                Properties: {TargetFunctionArn: !GetAtt "Fn${N}.Arn", AuthType: !Ref "Fn${N}"}
    """)
    function, url = made.resource("FnN"), made.resource("UrlN")
    assert function is not None and url is not None
    made.resolver.check()
    assert made.resolver.diagnostics == ()
    assert property_of(made, "UrlN", "AuthType") == Text((AttributeHole("FnN", ""),))
