"""What the evaluator of the brute force says of whole deployments: what AWS's documentation says of them.

Constraints of parameters, the `Rules` section, nested stacks, snippets, exports, serverless templates. Pages are those
of the CloudFormation User Guide and Template Reference (named beside the tables) and of the Serverless Application
Model.
"""

from __future__ import annotations

import json

import pytest

from run.brute_force.concrete import Stack
from run.brute_force.reading import data, plain
from run.brute_force.serverless import serverless_worlds
from run.brute_force.values import OTHER, Data, Fields, Hole, Items, Link, Pieces, Value
from run.brute_force.worlds import Templates, worlds

GIVEN: dict[str, Value] = {"AWS::Region": "us-east-2", "Name": "web", "Names": Items(("a", "b", "c"))}


def stack(text: str, files: dict[str, str]) -> Stack:
    read = {name: data(content) for name, content in files.items()}
    return Stack(data(text), GIVEN, {}, read).opened()


def assignments(text: str, *names: str) -> list[tuple[str, ...]]:
    """The values that some parameters have in the worlds of a template."""
    found = worlds(Templates(data(text)), 1000)
    assert found is not None
    return [tuple("other" if (one := world.assignment[name]) == OTHER else one for name in names) for world in found]


# *Parameters*
CONSTRAINTS = (
    ("{Type: String, AllowedValues: [a, b]}", "", ["a", "b"]),
    ("{Type: String, Default: a}", "", ["a", "other"]),
    ("{Type: String}", "b", ["b", "other"]),
    ("{Type: String, AllowedPattern: '[a-c]+'}", "d", ["other"]),
    ("{Type: String, AllowedPattern: '[a-c]'}", "ab", ["other"]),  # the whole value has to match
    ("{Type: String, AllowedPattern: '[a-c]+'}", "ab", ["ab", "other"]),
    ("{Type: String, MinLength: 2, MaxLength: 3}", "a", ["other"]),
    ("{Type: String, MinLength: 2, MaxLength: 3}", "ab", ["ab", "other"]),
    ("{Type: String, MinLength: 2, MaxLength: 3}", "abcd", ["other"]),
    ("{Type: Number, MinValue: 2, MaxValue: 3}", "1", ["other"]),
    ("{Type: Number, MinValue: 2, MaxValue: 3}", "3", ["3", "other"]),
    ("{Type: Number, MinValue: 2, MaxValue: 3}", "4", ["other"]),
    ("{Type: CommaDelimitedList, AllowedValues: [a, b]}", "", ["a", "b", "a,b", "other"]),
    ("{Type: CommaDelimitedList, AllowedPattern: '[ab]'}", "'a, c'", ["other"]),
)


@pytest.mark.parametrize(("declared", "compared", "wanted"), CONSTRAINTS, ids=[f"{a} {b}" for a, b, _ in CONSTRAINTS])
def test_constraints_exclude_values_as_documented(declared: str, compared: str, wanted: list[str]) -> None:
    conditions = f"{{C: !Equals [!Ref P, {compared}]}}" if compared else "{}"
    found = assignments(f"{{Parameters: {{P: {declared}}}, Conditions: {conditions}, Resources: {{}}}}", "P")
    assert sorted(one for (one,) in found) == sorted(wanted)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("{Assertions: [{Assert: !Equals [!Ref A, x]}]}", [("x", "x"), ("x", "y")]),
        # a rule whose condition does not hold asserts nothing
        (
            "{RuleCondition: !Equals [!Ref A, x], Assertions: [{Assert: !Equals [!Ref B, y]}]}",
            [("x", "y"), ("y", "x"), ("y", "y")],
        ),
        # all assertions have to hold
        (
            "{Assertions: [{Assert: !Equals [!Ref A, x]}, {Assert: {'Fn::Contains': [[y], !Ref B]}}]}",
            [("x", "y")],
        ),
        ("{Assertions: [{Assert: {'Fn::EachMemberIn': [[!Ref A, !Ref B], [y]]}}]}", [("y", "y")]),
        ("{Assertions: [{Assert: !Not [!Equals [!Ref A, !Ref B]]}]}", [("x", "y"), ("y", "x")]),
    ],
)
def test_rules_refuse_assignments_as_documented(rule: str, wanted: list[tuple[str, str]]) -> None:
    declared = "{Type: String, AllowedValues: [x, y]}"
    text = f"{{Parameters: {{A: {declared}, B: {declared}}}, Rules: {{R: {rule}}}, Resources: {{}}}}"
    assert sorted(assignments(text, "A", "B")) == wanted


CHILD = """
Parameters: {Name: {Type: String, Default: unset}, List: {Type: CommaDelimitedList, Default: "x, y"}}
Conditions: {IsWeb: !Equals [!Ref Name, web]}
Resources:
  Fn: {Type: AWS::Lambda::Function, Condition: IsWeb, Properties: {Description: !Ref Name, Layers: !Ref List}}
Outputs:
  Text: {Value: !Sub "${Name}-${AWS::Region}"}
  Function: {Value: !GetAtt Fn.Arn}
"""


@pytest.mark.parametrize(
    ("passed", "properties", "deployed", "text"),
    [
        ("{Name: !Ref Name, List: !Join [',', !Ref Names]}", {"Description": "web", "Layers": ["a", "b", "c"]}, True,
         "web-us-east-2"),
        ("{Name: other}", {"Description": "other", "Layers": ["x", "y"]}, False, "other-us-east-2"),
        ("{}", {"Description": "unset", "Layers": ["x", "y"]}, False, "unset-us-east-2"),
        ("{Name: !Ref AWS::NoValue}", {"Description": "unset", "Layers": ["x", "y"]}, False, "unset-us-east-2"),
    ],
)  # fmt: skip
def test_a_nested_stack_has_what_its_parent_passes(
    passed: str, properties: dict[str, Data], deployed: bool, text: str
) -> None:
    """*AWS::CloudFormation::Stack*: parameters, defaults of those that are not passed, outputs."""
    parent = f"""
Resources:
  Child: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: child.yaml, Parameters: {passed}}}}}
"""
    opened = stack(parent, {"child.yaml": CHILD})
    child = opened.children["Child"]
    assert plain(child.properties("Fn")) == properties
    assert child.deployed("Fn") is deployed
    assert opened.value(data("!GetAtt Child.Outputs.Text")) == text
    assert opened.value(data("!GetAtt Child.Outputs.Function")) == Pieces((Link("Child/Fn", "Arn"),))


def test_a_nested_stack_is_there_where_its_condition_holds() -> None:
    parent = """
Conditions: {Never: !Equals [a, b]}
Resources:
  Child: {Type: AWS::CloudFormation::Stack, Condition: Never, Properties: {TemplateURL: child.yaml}}
"""
    assert stack(parent, {"child.yaml": CHILD}).children["Child"].there is False


def test_a_snippet_is_put_where_it_is_included() -> None:
    """*AWS::Include transform*: the contents are inserted beside what the object has."""
    template = """
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Timeout: 3
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}
"""
    found = stack(template, {"part.yaml": "{Description: !Ref Name, Layers: !Ref Names}"}).properties("Fn")
    assert plain(found) == {"Timeout": 3, "Description": "web", "Layers": ["a", "b", "c"]}


@pytest.mark.parametrize(
    ("outputs", "wanted"),
    [
        ("{O: {Value: a, Export: {Name: shared}}}", "a"),
        ("{O: {Value: !Sub 'a-${AWS::Region}', Export: {Name: shared}}}", "a-us-east-1"),
        ("{O: {Value: a, Export: {Name: other}}}", None),
        ("{O: {Value: a}}", None),
        ("{O: {Value: a, Export: {Name: shared}, Condition: Never}}", None),
        ("{O: {Value: !If [Never, a, b], Export: {Name: shared}}}", "b"),
    ],
)
def test_an_import_gives_what_is_exported_under_the_name(outputs: str, wanted: str | None) -> None:
    """*Fn::ImportValue*, *Outputs*: an output without `Export`, or whose condition does not hold, is not exported."""
    main = data("""
Parameters: {P: {Type: String, AllowedValues: [x]}}
Conditions: {HereIs: !Equals [!Ref AWS::Region, us-east-1]}
Resources: {R: {Type: T, Properties: {Value: !ImportValue shared}}}
""")
    other = data(f"{{Conditions: {{Never: !Equals [a, b]}}, Resources: {{}}, Outputs: {outputs}}}")
    found = worlds(Templates(main, {}, (other,)), 100)
    assert found is not None
    here = next(world for world in found if world.condition("HereIs"))
    properties = here.properties("R")
    assert isinstance(properties, Fields)
    unknown = Pieces((Hole("import shared", fixed=False),))
    assert properties.get("Value") == (unknown if wanted is None else wanted)


def test_a_serverless_function_becomes_what_is_documented() -> None:
    """*Generated AWS CloudFormation resources*: a function has a role; its URL's permissions stand beside the URL."""
    template = data("""
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Globals: {Function: {Timeout: 7, Handler: index.handler}}
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: x
      Runtime: python3.13
      Timeout: !If [IsProd, 30, !Ref AWS::NoValue]
      FunctionUrlConfig: {AuthType: !If [IsProd, AWS_IAM, NONE]}
  Only: {Type: AWS::Serverless::SimpleTable, Condition: IsProd}
""")
    found = {world.assignment["Stage"]: world for world in serverless_worlds(template)}
    types = {stage: {name: world.resource(name)["Type"] for name in world.paths()} for stage, world in found.items()}
    both = {"Fn": "AWS::Lambda::Function", "FnRole": "AWS::IAM::Role", "FnUrl": "AWS::Lambda::Url"}
    public = {name: kind for name, kind in types["dev"].items() if kind == "AWS::Lambda::Permission"}
    assert public and types == {"dev": {**both, **public}, "prod": {**both, "Only": "AWS::DynamoDB::Table"}}
    for stage, timeout, auth in (("dev", 7, "NONE"), ("prod", 30, "AWS_IAM")):
        function, url = found[stage].properties("Fn"), found[stage].properties("FnUrl")
        assert isinstance(function, Fields) and isinstance(url, Fields)
        assert (function.get("Timeout"), function.get("Handler"), url.get("AuthType")) == (
            timeout,
            "index.handler",
            auth,
        )
    assert json.dumps(template).count("Fn::If") == 2, "the template itself is left as it is"
