"""Where findings point, as `line:column` and the text that is marked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from stackwarden.diagnostics import Severity
from stackwarden.graph.stack import Stack
from stackwarden.language.check import check_files
from stackwarden.language.compile import Compiler
from stackwarden.resolve.resolver import Resolver
from stackwarden.run.evaluate import Check, evaluate
from stackwarden.run.finding import Finding
from stackwarden.run.session import info_of
from stackwarden.schema.registry import Registry
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

TEMPLATE = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Plain:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: plain
      Timeout: 900
      Layers:
        - first
        - second
      VpcConfig:
        SubnetIds: [subnet-1]
  Branch:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: !If [IsProd, good, bad]
      Timeout:
        Fn::If:
          - IsProd
          - 3
          - 900
      Layers:
        - first
        - !If [IsProd, second, !Ref "AWS::NoValue"]
      VpcConfig: !If
        - IsProd
        - SubnetIds: [subnet-1]
        - !Ref AWS::NoValue
  Anchored:
    Type: AWS::Lambda::Function
    Properties: &shared
      FunctionName: &name bad
      Description: *name
      Layers: &layers [first]
  Aliased:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: fine
      Layers: *layers
  Empty:
    Type: AWS::Lambda::Function
"""


@cache
def registry() -> Registry:
    return Registry()


def findings(clauses: str, template: str = TEMPLATE, name: str = "a.yaml") -> list[Finding]:
    """The findings of a rule about Lambda functions."""
    rule = f'rule r {{ title "t" severity high for x in AWS::Lambda::Function {clauses} }}'
    checked = check_files([(Path("r.warden"), Source("r.warden", rule))], registry())
    assert checked.diagnostics == (), [one.message() for one in checked.diagnostics]
    (typed,) = checked.files[0].rules
    loaded = load(Source(name, template))
    assert isinstance(loaded, Template), [one.message() for one in loaded]
    check = Check(info_of(typed, "", "r.warden", Severity.HIGH), typed, Compiler({}, typed.lets))
    return evaluate(Stack(Resolver(loaded)), [check])


def where(logical_id: str, clauses: str, template: str = TEMPLATE, name: str = "a.yaml") -> tuple[str, str]:
    """`file:line:column` of the only finding about a resource, and what is marked there."""
    (finding,) = [one for one in findings(clauses, template, name) if one.resource == logical_id]
    begin = finding.place.span.begin
    return f"{finding.place.span.source.name}:{begin.line}:{begin.column}", finding.place.span.text


@pytest.mark.parametrize(
    ("logical_id", "clauses", "place", "marked"),
    [
        # The property that decided.
        ("Plain", 'require x.FunctionName != "plain"', "a.yaml:9:21", "plain"),
        ("Plain", "require x.Timeout < 60", "a.yaml:10:16", "900"),
        ("Plain", 'require "plain" != x.FunctionName', "a.yaml:9:21", "plain"),
        ("Plain", 'require x.FunctionName like "x*"', "a.yaml:9:21", "plain"),
        ("Plain", 'require x.FunctionName in ["a", "b"]', "a.yaml:9:21", "plain"),
        ("Plain", "require x.FunctionName is absent", "a.yaml:9:21", "plain"),
        ("Plain", 'require x.VpcConfig.SubnetIds contains "x"', "a.yaml:15:9", "SubnetIds"),
        # Of a conjunction the part that is false, of a disjunction the first that stands in the template.
        ("Plain", 'require x.FunctionName == "plain" and x.Timeout < 60', "a.yaml:10:16", "900"),
        ("Plain", 'require x.Timeout < 60 and x.FunctionName == "x"', "a.yaml:10:16", "900"),
        ("Plain", 'require x.FunctionName == "x" or x.Timeout < 60', "a.yaml:9:21", "plain"),
        ("Plain", "require x.Description is present or x.Timeout < 60", "a.yaml:6:3", "Plain"),
        ("Plain", 'require not (x.FunctionName == "plain" and x.Timeout > 60)', "a.yaml:9:21", "plain"),
        ("Plain", 'require x.FunctionName == "plain" implies x.Timeout < 60', "a.yaml:9:21", "plain"),
        # The element of a list that is a witness; the list where none is.
        ("Plain", 'require every l in x.Layers satisfies l == "first"', "a.yaml:13:11", "second"),
        ("Plain", 'require no l in x.Layers satisfies l == "first"', "a.yaml:12:11", "first"),
        ("Plain", 'require some l in x.Layers satisfies l == "third"', "a.yaml:11:7", "Layers"),
        ("Plain", 'require x.Layers contains "third"', "a.yaml:11:7", "Layers"),
        ("Plain", "require count(x.Layers) < 2", "a.yaml:11:7", "Layers"),
        ("Plain", 'require count([l for l in x.Layers where l != "a"]) == 0', "a.yaml:11:7", "Layers"),
        ("Plain", "require x.Timeout + 1 < 60", "a.yaml:10:16", "900"),
        ("Plain", "require count(x.VpcConfig.SecurityGroupIds default []) > 0", "a.yaml:14:7", "VpcConfig"),
        ("Plain", 'require x.Layers[0] == "second"', "a.yaml:12:11", "first"),
        # The branch of an Fn::If under which it fails.
        ("Branch", 'require x.FunctionName == "good"', "a.yaml:19:40", "bad"),
        ("Branch", 'require x.FunctionName == "bad"', "a.yaml:19:34", "good"),
        ("Branch", "require x.Timeout < 60", "a.yaml:24:13", "900"),
        ("Branch", 'require x.Layers contains "second"', "a.yaml:25:7", "Layers"),
        ("Branch", "require x.VpcConfig is present", "a.yaml:31:11", "!Ref AWS::NoValue"),
        ("Branch", "require x.VpcConfig.SubnetIds is present", "a.yaml:31:11", "!Ref AWS::NoValue"),
        # What is absent: the nearest thing that does exist.
        ("Plain", "require x.Description is present", "a.yaml:6:3", "Plain"),
        ("Plain", "require x.VpcConfig.SecurityGroupIds is present", "a.yaml:14:7", "VpcConfig"),
        ("Plain", 'require x.TracingConfig.Mode == "Active"', "a.yaml:6:3", "Plain"),
        ("Plain", 'require x.Description == "a" or x.FunctionName == "a"', "a.yaml:6:3", "Plain"),
        ("Empty", "require x.FunctionName is present", "a.yaml:43:3", "Empty"),
        # An alias stands where it is written, its value where the anchor is.
        ("Anchored", 'require x.FunctionName == "x"', "a.yaml:35:27", "bad"),
        ("Aliased", 'require x.Layers contains "x"', "a.yaml:37:7", "Layers"),
        # `at` and what a rule says of the whole resource.
        ("Plain", 'require x.FunctionName == "x" at x.Timeout', "a.yaml:10:16", "900"),
        ("Plain", 'require x.FunctionName == "x" at x.Description', "a.yaml:6:3", "Plain"),
        ("Plain", 'require x.FunctionName == "x" at x.VpcConfig.SubnetIds', "a.yaml:15:9", "SubnetIds"),
        ("Plain", 'require x.FunctionName == "x" at [l for l in x.Layers where l != "a"]', "a.yaml:11:7", "Layers"),
        ("Plain", "require some u in AWS::Lambda::Url satisfies u.TargetFunctionArn refers x", "a.yaml:6:3", "Plain"),
        ("Plain", "require x@DeletionPolicy is present", "a.yaml:6:3", "Plain"),
        ("Plain", "require false", "a.yaml:6:3", "Plain"),
    ],
)
def test_place(logical_id: str, clauses: str, place: str, marked: str) -> None:
    assert where(logical_id, clauses) == (place, marked)


JSON = """\
{
  "Resources": {
    "Plain": {
      "Type": "AWS::Lambda::Function",
      "Properties": {
        "FunctionName": "plain",
        "Layers": ["first", {"Ref": "AWS::NoValue"}]
      }
    }
  }
}
"""


@pytest.mark.parametrize(
    ("clauses", "place", "marked"),
    [
        ('require x.FunctionName == "x"', "a.json:6:25", '"plain"'),
        ('require every l in x.Layers satisfies l == "x"', "a.json:7:20", '"first"'),
        ("require x.Description is present", "a.json:3:5", '"Plain"'),
        ('require x.Layers contains "x"', "a.json:7:9", '"Layers"'),
    ],
)
def test_place_in_json(clauses: str, place: str, marked: str) -> None:
    assert where("Plain", clauses, JSON, "a.json") == (place, marked)


def test_the_path_goes_from_the_top() -> None:
    (finding,) = [
        one for one in findings('require every l in x.Layers satisfies l == "first"') if one.resource == "Plain"
    ]
    assert finding.place.path == ("Resources", "Plain", "Properties", "Layers", 1)


def test_findings_come_by_place() -> None:
    starts = [one.place.span.start for one in findings('require x.FunctionName == "x"')]
    assert starts == sorted(starts)
    assert len(starts) == 5


def test_a_fingerprint_outlives_moved_lines() -> None:
    clauses = "require x.Timeout < 60"
    before = {(one.resource, one.fingerprint) for one in findings(clauses)}
    after = {(one.resource, one.fingerprint) for one in findings(clauses, "# a comment\n\n" + TEMPLATE)}
    assert before == after
    assert len({fingerprint for _, fingerprint in before}) == 5
