"""What the evaluator of the brute force says of single functions: the values that AWS's documentation gives.

The evaluator is what symbolic verdicts are compared with, so it needs an authority of its own. Pages are those of the
CloudFormation User Guide and Template Reference (named in the comments) and of the Serverless Application Model.
"""

from __future__ import annotations

import pytest

from run.brute_force.concrete import ANY_LIST, Stack, section
from run.brute_force.reading import data, plain
from run.brute_force.values import MISSING, Hole, Items, Link, Pieces, Undetermined, Value

OPEN = Pieces((Hole("Open"),))
"""A parameter of whose value nothing is known."""
GIVEN: dict[str, Value] = {
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-2",
    "AWS::StackName": "teststack",
    "Name": "web",
    "Count": "2",
    "Names": Items(("a", "b", "c")),
    "None": Items(()),
    "Open": OPEN,
    "Any": ANY_LIST,
}
TEMPLATE = """
Mappings:
  RegionMap:
    us-east-1: {HVM64: ami-0ff8a91507f77f867, Ports: [80, 443]}
    us-east-2: {HVM64: ami-0a584ac55a7631c0c}
Conditions:
  Holds: !Equals [a, a]
  Never: !Equals [a, b]
Resources:
  MyBucket: {Type: AWS::S3::Bucket, Properties: {}}
"""


def stack(text: str = TEMPLATE, **given: Value) -> Stack:
    return Stack(data(text), {**GIVEN, **given}, {}, {}).opened()


def open_text(*parts: str | Pieces) -> Pieces:
    """A text with open parts in it."""
    return Pieces(tuple(one for part in parts for one in (part.parts if isinstance(part, Pieces) else (part,))))


def same(found: Value, wanted: object) -> bool:
    return found == wanted or (isinstance(wanted, list | dict) and plain(found) == wanted)


VALUES: dict[str, tuple[tuple[str, object], ...]] = {
    # *Ref*, *Pseudo parameters reference*
    "references": (
        ("!Ref Name", "web"),
        ("!Ref Names", ["a", "b", "c"]),
        ("!Ref AWS::AccountId", "123456789012"),
        ("!Ref AWS::Region", "us-east-2"),
        ("!Ref AWS::StackName", "teststack"),
        ("!Ref AWS::NoValue", MISSING),
        ("[a, !Ref AWS::NoValue, b]", ["a", "b"]),
        ("!Ref MyBucket", Pieces((Link("MyBucket"),))),
        ("!GetAtt MyBucket.Arn", Pieces((Link("MyBucket", "Arn"),))),
        ("{a: 1, b: {c: [true]}}", {"a": 1, "b": {"c": ["true"]}}),
    ),
    # *Fn::Sub*
    "sub": (
        ("!Sub '${AWS::StackName}-${Name}'", "teststack-web"),
        ("!Sub ['www.${Domain}', {Domain: !Ref Name}]", "www.web"),
        ("!Sub ['${Name}', {Name: own}]", "own"),  # a name of the map wins over one of the template
        ("!Sub 'arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc/x'", "arn:aws:ec2:us-east-2:123456789012:vpc/x"),
        ("!Sub 'a${!Literal}'", "a${Literal}"),  # "CloudFormation resolves this text as ${Literal}"
        ("!Sub '${MyBucket.Arn}/*'", Pieces((Link("MyBucket", "Arn"), "/*"))),
        ("!Sub '${MyBucket}'", Pieces((Link("MyBucket"),))),
        ("!Sub 'a-${Open}'", open_text("a-", OPEN)),
    ),
    # *Fn::Join*, *Fn::Split*, *Fn::Select*
    "join, split, select": (
        ("!Join [':', [a, b, c]]", "a:b:c"),
        ("!Join ['', ['arn:', !Ref AWS::Partition, ':s3:::x/*']]", "arn:aws:s3:::x/*"),
        ("!Join [',', !Ref Names]", "a,b,c"),
        ("!Join ['-', [a, !Ref AWS::NoValue]]", "a"),
        ("!Join ['-', []]", ""),
        ("!Join ['-', [a, !Ref Open]]", open_text("a-", OPEN)),
        ("!Join ['-', !Ref Any]", Undetermined()),
        ("!Split ['|', 'a|b|c']", ["a", "b", "c"]),
        ("!Split ['|', 'a||c|']", ["a", "", "c", ""]),
        ("!Split ['|', abc]", ["abc"]),
        ("!Split ['|', !Ref Open]", Undetermined()),
        ("!Select ['1', [apples, grapes, oranges, mangoes]]", "grapes"),
        ("!Select [0, !Ref Names]", "a"),
        ("!Select [2, !Split [',', 'a,b,c']]", "c"),
        ("!Select [3, !Ref Names]", Undetermined()),
        ("!Select [0, !Ref Any]", Undetermined()),
        ("!Select [0, [!Ref AWS::NoValue, b]]", "b"),
    ),
    # *Condition functions*: `Fn::If`
    "if": (
        ("!If [Holds, a, b]", "a"),
        ("!If [Never, a, b]", "b"),
        ("!If [Never, a, !Ref AWS::NoValue]", MISSING),
        ("!If [Holds, !If [Never, a, b], c]", "b"),
        ("[a, !If [Never, b, !Ref AWS::NoValue], c]", ["a", "c"]),
        ("{a: !If [Holds, {b: c}, {}]}", {"a": {"b": "c"}}),
    ),
    # *Fn::FindInMap*, *Fn::FindInMap enhancements*
    "maps": (
        ("!FindInMap [RegionMap, !Ref AWS::Region, HVM64]", "ami-0a584ac55a7631c0c"),
        ("!FindInMap [RegionMap, us-east-1, HVM64]", "ami-0ff8a91507f77f867"),
        ("!FindInMap [RegionMap, us-east-1, Ports]", [80, 443]),
        ("!FindInMap [RegionMap, eu-west-1, HVM64, {DefaultValue: none}]", "none"),
        ("!FindInMap [RegionMap, us-east-2, Ports, {DefaultValue: [!Ref Name]}]", ["web"]),
        ("!FindInMap [RegionMap, us-east-1, HVM64, {DefaultValue: none}]", "ami-0ff8a91507f77f867"),
        ("!FindInMap [!Join ['', [Region, Map]], !Sub 'us-${Side}', HVM64]", "ami-0ff8a91507f77f867"),
        ("!FindInMap [RegionMap, eu-west-1, HVM64]", Undetermined()),
        ("!FindInMap [RegionMap, !Ref Open, HVM64, {DefaultValue: none}]", Undetermined()),
        ("!FindInMap [RegionMap, !Sub 'eu-${Open}', HVM64, {DefaultValue: none}]", "none"),
    ),
    # *Fn::Base64*, *Fn::Cidr*, *Fn::GetAZs*, *Fn::Length*, *Fn::ToJsonString*, *Fn::GetStackOutput*
    "base64, cidr, zones, length, JSON": (
        ("!Base64 AWS CloudFormation", "QVdTIENsb3VkRm9ybWF0aW9u"),
        ("!Base64 {Ref: Name}", "d2Vi"),
        ("!Base64 {Ref: Open}", Undetermined()),
        (
            "!Cidr ['192.168.0.0/24', 6, 5]",
            [f"192.168.0.{last}/27" for last in (0, 32, 64, 96, 128, 160)],
        ),
        ("!Select [1, !Cidr ['10.0.0.0/16', 2, 8]]", "10.0.1.0/24"),
        ("!Cidr ['2001:db8::/56', 2, 64]", ["2001:db8::/64", "2001:db8:0:1::/64"]),
        ("!Cidr [!Ref Open, 2, 8]", ANY_LIST),
        ("!GetAZs us-east-1", ANY_LIST),
        ("Fn::Length: [1, {key: value}, 3]", 3),
        ("Fn::Length: !Ref Names", 3),
        ("Fn::Length: !Ref None", 0),
        ("Fn::Length: [a, !Ref AWS::NoValue]", 1),
        ("Fn::Length: !Ref Any", Undetermined()),
        ("Fn::ToJsonString: {key1: value1, key2: !Ref Name}", '{"key1":"value1","key2":"web"}'),
        ("Fn::ToJsonString: [{key1: value1}, 2]", '[{"key1":"value1"},2]'),
        ("Fn::ToJsonString: {a: !Ref AWS::NoValue}", "{}"),  # "the resolved value is omitted"
        ("Fn::GetStackOutput: {StackName: a, OutputName: b}", Pieces((Hole("output of another stack", fixed=False),))),
        ("!ImportValue a", Pieces((Hole("import a", fixed=False),))),
    ),
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [row for rows in VALUES.values() for row in rows],
    ids=[f"{area}: {text}" for area, rows in VALUES.items() for text, _ in rows],
)
def test_a_function_gives_what_is_documented(text: str, wanted: object) -> None:
    found = stack(Side="east-1").value(data(text))
    assert same(found, wanted), found


# *Condition functions*, *Rule-specific intrinsic functions*
CLAIMS = (
    ("!Equals [!Ref Name, web]", True),
    ("!Equals [!Ref Name, Web]", False),  # "the comparison is case-sensitive"
    ("!Equals [!Ref Count, 2]", True),
    ("!Equals ['true', true]", True),
    ("!Not [!Equals [a, a]]", False),
    ("!And [!Condition Holds, !Equals [a, a]]", True),
    ("!And [!Condition Holds, !Condition Never]", False),
    ("!Or [!Condition Never, !Condition Holds]", True),
    ("!Or [!Condition Never, !Not [!Condition Holds]]", False),
    ("Fn::Contains: [[a, b], b]", True),
    ("Fn::Contains: [[a, b], c]", False),
    ("Fn::EachMemberEquals: [[a, a], a]", True),
    ("Fn::EachMemberEquals: [[a, b], a]", False),
    ("Fn::EachMemberIn: [!Ref Names, [a, b, c, d]]", True),
    ("Fn::EachMemberIn: [!Ref Names, [a, b]]", False),
)


@pytest.mark.parametrize(("text", "wanted"), CLAIMS, ids=[text for text, _ in CLAIMS])
def test_a_condition_holds_as_documented(text: str, wanted: bool) -> None:
    assert stack().holds(data(text)) is wanted


# *Fn::ForEach*: resources as in "Replicate an AWS resource", names with `&{}`, nested loops, `Ref` of the identifier
LOOPS: tuple[tuple[str, str, dict[str, object]], ...] = (
    (
        "resources",
        """
        Resources:
          Fn::ForEach::Topics:
          - TopicName
          - [Success, Failure, Timeout]
          - SnsTopic${TopicName}: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub '${TopicName}.fifo'}}
        """,
        {
            f"SnsTopic{name}": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Sub": f"{name}.fifo"}}}
            for name in ("Success", "Failure", "Timeout")
        },
    ),
    (
        "names without what is no letter or digit",
        """
        Resources:
          Fn::ForEach::Blocks:
          - CIDR
          - ["10.0.0.0/16", "10.1.0.0/16"]
          - Vpc&{CIDR}: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref CIDR}}
        """,
        {
            "Vpc1000016": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
            "Vpc1010016": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.1.0.0/16"}},
        },
    ),
    (
        "nested",
        """
        Resources:
          Fn::ForEach::Outer:
          - One
          - [A, B]
          - Fn::ForEach::Inner:
            - Two
            - ["1", "2"]
            - R${One}${Two}: {Type: T, Properties: {Name: "${One}-${Two}"}}
        """,
        {f"R{a}{b}": {"Type": "T", "Properties": {"Name": f"{a}-{b}"}} for a in "AB" for b in "12"},
    ),
    (
        "over a parameter",
        """
        Resources:
          Fn::ForEach::Each: [One, !Ref Names, {"R${One}": {Type: T, Properties: {Name: !Ref One}}}]
        """,
        {f"R{name}": {"Type": "T", "Properties": {"Name": name}} for name in "abc"},
    ),
    (
        "over a map",
        """
        Mappings: {Zones: {us-east-2: {All: [x, y]}}}
        Resources:
          Fn::ForEach::Each:
          - One
          - !FindInMap [Zones, !Ref AWS::Region, All]
          - R${One}: {Type: T, Properties: {}}
        """,
        {f"R{name}": {"Type": "T", "Properties": {}} for name in "xy"},
    ),
    (
        "properties",
        """
        Resources:
          R:
            Type: AWS::EC2::Instance
            Properties:
              ImageId: ami-1
              Fn::ForEach::Each:
              - Name
              - [InstanceType, AvailabilityZone]
              - ${Name}: !FindInMap [Map, Key, !Ref Name]
        """,
        {
            "R": {
                "Type": "AWS::EC2::Instance",
                "Properties": {
                    "ImageId": "ami-1",
                    "InstanceType": {"Fn::FindInMap": ["Map", "Key", "InstanceType"]},
                    "AvailabilityZone": {"Fn::FindInMap": ["Map", "Key", "AvailabilityZone"]},
                },
            }
        },
    ),
    (
        "nothing to loop over",
        "Resources: {'Fn::ForEach::Each': [One, [], {'R${One}': {Type: T}}], S: {Type: T, Properties: {}}}",
        {"S": {"Type": "T", "Properties": {}}},
    ),
)


@pytest.mark.parametrize(("text", "wanted"), [row[1:] for row in LOOPS], ids=[row[0] for row in LOOPS])
def test_a_loop_is_written_out_as_documented(text: str, wanted: dict[str, object]) -> None:
    opened = stack("Transform: AWS::LanguageExtensions\n" + _dedented(text))
    assert section(opened.template, "Resources") == wanted


def test_loops_in_conditions_and_outputs_are_written_out() -> None:
    opened = stack(
        """
Transform: AWS::LanguageExtensions
Conditions:
  Fn::ForEach::Stages: [Stage, [web, db], {"Is${Stage}": !Equals [!Ref Name, !Ref Stage]}]
Resources:
  Fn::ForEach::Rs: [Stage, [web, db], {"R${Stage}": {Type: T, Condition: "Is${Stage}", Properties: {}}}]
Outputs:
  Fn::ForEach::Os: [Stage, [web, db], {"O${Stage}": {Value: !If ["Is${Stage}", !Ref "R${Stage}", none]}}]
"""
    )
    assert {name: opened.condition(name) for name in ("Isweb", "Isdb")} == {"Isweb": True, "Isdb": False}
    assert {name: opened.deployed(name) for name in ("Rweb", "Rdb")} == {"Rweb": True, "Rdb": False}
    assert opened.output("Oweb") == Pieces((Link("Rweb"),))
    assert opened.output("Odb") == "none"


def _dedented(text: str) -> str:
    lines = text.strip("\n").split("\n")
    cut = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[cut:] for line in lines)
