"""From bytes to a template: decoding, JSON or YAML, sections, comments."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source
from stackwarden.template.decode import decode
from stackwarden.template.faults import DuplicateKey, Skipped
from stackwarden.template.limits import Limits
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping
from template.reading import data, faults, read, told


def _decoded(content: bytes) -> Source:
    source = decode(content, "a.yaml")
    assert isinstance(source, Source)
    return source


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert _decoded(b"\xef\xbb\xbfa: 1\r\n").text == "a: 1\r\n"
    template = read("\ufeffResources: {}")
    assert template.source.text == "Resources: {}"


@pytest.mark.parametrize(
    ("content", "message", "advice"),
    [
        (
            "a: 1\nbü: é".encode("latin-1"),
            "the file is not UTF-8: byte 0xfc at line 2, column 2 (offset 6)",
            "save the file as UTF-8",
        ),
        (b"a\xe2\x82", "the file is not UTF-8: byte 0xe2 at line 1, column 2 (offset 1)", "save the file as UTF-8"),
        (
            "a: 1".encode("utf-16"),
            "the file is not UTF-8: byte 0xff at line 1, column 1 (offset 0)",
            "this looks like UTF-16; save the file as UTF-8",
        ),
    ],
)
def test_what_is_not_utf_8_is_told_with_its_place(content: bytes, message: str, advice: str) -> None:
    fault = decode(content, "a.yaml")
    assert isinstance(fault, Diagnostic)
    assert (fault.message(), fault.help()) == (message, advice)


def test_size_is_limited_in_bytes() -> None:
    assert isinstance(decode("é".encode() * 5, "a", Limits(size=10)), Source)
    fault = decode("é".encode() * 6, "a", Limits(size=10))
    assert isinstance(fault, Diagnostic)
    assert fault.message() == "the file has 12 bytes, more than the 10 that are read"


_JSON = '{"Resources": {"A": {"Type": "AWS::X::Y"}}}'


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.template", "<stdin>"])
@pytest.mark.parametrize(
    "text",
    [
        _JSON,
        "  \n" + _JSON + "\n",
        "{Resources: {A: {Type: AWS::X::Y}}}",
        "Resources: {A: {Type: AWS::X::Y}}",
        _JSON.replace("}}}", "},}}"),
    ],
)
def test_json_and_yaml_are_told_apart_by_content(text: str, name: str) -> None:
    if name == "a.json" and text.startswith("{") and text != _JSON:
        assert isinstance(load(Source(name, text)), tuple)
    else:
        assert read(text, name).resources["A"].resource_type == "AWS::X::Y"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", '{"a": 1,}', "expected a key in double quotes, found `}`"),
        ("a.template", '{"a": 1 "b": [}', 'expected `,` or `}`, found `"`'),
        ("a.yaml", '{"a": 1 "b": [}', "expected `,` or `}` in the mapping that starts on line 1"),
        ("a.json", "a: *b", "the alias `*b` has no anchor before it"),
        ("a.json", "// x\n{}", "expected a value, found `/`"),
        ("a.yaml", "", "the file is empty"),
        ("a.json", " \n", "the file is empty"),
        ("a.yaml", "# nothing\n", "the file is empty"),
        ("a.yaml", "---\n...\n", "the file is empty"),
        ("a.yaml", "hello", "not a template: the file holds text, not a mapping with `Resources`"),
        ("a.json", "[1]", "not a template: the file holds a list, not a mapping with `Resources`"),
        ("a.yaml", "!Ref x", "not a template: the file holds a `Ref`, not a mapping with `Resources`"),
        ("a.yaml", "a: 1", "not a template: there is no `Resources`"),
        ("a.yaml", "Resources: []", "`Resources` must be a mapping, not a list"),
        ("a.yaml", "Resources:", "`Resources` must be a mapping, not null"),
    ],
)
def test_what_makes_a_file_unreadable(name: str, text: str, message: str) -> None:
    assert [fault.message() for fault in faults(text, name)] == [message]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("resources: {}", "`resources` must be written `Resources`"),
        ("Resource: {}", "`Resource` must be written `Resources`"),
        (
            "service: x\nprovider: {}\nresources: {}",
            "a file of the Serverless Framework: scan what `serverless package` makes of it",
        ),
        ("a: 1", None),
    ],
)
def test_a_near_miss_of_resources_is_named(text: str, advice: str | None) -> None:
    assert faults(text)[0].help() == advice


def test_what_is_wrong_with_one_entry_leaves_only_that_out() -> None:
    template = read(
        """\
Parameters:
  P: {Type: String}
  Q: {Default: a}
  R: text
Conditions:
  C: !Equals [a, b]
  D: true
Mappings:
  M: {a: {b: c}}
  N: 1
Resources:
  A: {Type: AWS::X::Y, Condition: C, Properties: {a: 1}}
  B:
    Tpye: AWS::X::Y
  C: []
  D: {Type: [a]}
  E: {Type: AWS::X::Y, Properties: [1]}
  F: {Type: AWS::X::Y, Condition: !Equals [a, b]}
  G: {Type: ''}
Outputs:
  O: {Value: 1}
  X: null
Globals: []
"""
    )
    assert list(template.parameters) == ["P"]
    assert list(template.conditions) == ["C"]
    assert list(template.mappings) == ["M"]
    assert list(template.resources) == ["A", "F"]
    assert list(template.outputs) == ["O"]
    assert template.resources["A"].condition == "C"
    assert template.resources["F"].condition is None
    assert told(template.diagnostics) == [
        (3, 3, "parameter `Q` has no `Type`"),
        (4, 3, "parameter `R` must be a mapping, not text"),
        (7, 3, "condition `D` must be a mapping, not a boolean"),
        (10, 3, "mapping `N` must be a mapping, not a number"),
        (13, 3, "resource `B` has no `Type`"),
        (15, 3, "resource `C` must be a mapping, not a list"),
        (16, 7, "`Type` of resource `D` must be text, not a list"),
        (17, 24, "`Properties` of resource `E` must be a mapping, not a list"),
        (18, 24, "`Condition` of resource `F` must name a condition, not hold a `Fn::Equals`"),
        (19, 7, "resource `G` has no `Type`"),
        (22, 3, "output `X` must be a mapping, not null"),
    ]
    assert template.diagnostics[4].help() == "`Tpye` must be written `Type`"
    assert [isinstance(one, Skipped) for one in template.diagnostics].count(False) == 1


@pytest.mark.parametrize("section", ["Parameters", "Conditions", "Mappings", "Outputs"])
def test_a_section_of_the_wrong_kind_is_left_out(section: str) -> None:
    template = read(f"Resources: {{}}\n{section}: [1]\n")
    assert told(template.diagnostics) == [(2, 1, f"`{section}` must be a mapping, not a list")]
    assert isinstance(template.diagnostics[0], Skipped)
    assert read(f"Resources: {{}}\n{section}:\n").diagnostics == ()


def test_macros_are_no_entries() -> None:
    template = read(
        """\
Transform: [AWS::LanguageExtensions, {Name: AWS::Include, Parameters: {Location: x}}, !Ref x]
Mappings: !Transform {Name: AWS::Include}
Conditions: {"Fn::ForEach::C": [a, [b], {}]}
Resources:
  Fn::ForEach::Topics: [a, [b], {}]
  Fn::Transform: {Name: AWS::Include}
  A: {Type: AWS::X::Y}
Outputs:
  Fn::Transform: {Name: AWS::Include}
"""
    )
    assert template.diagnostics == ()
    assert list(template.resources) == ["A"]
    assert (template.mappings, template.conditions, template.outputs) == ({}, {}, {})
    assert template.transforms == ("AWS::LanguageExtensions", "AWS::Include")
    assert read("Transform: X\nResources: {}").transforms == ("X",)
    assert read("Transform: {Name: X}\nResources: {}").transforms == ("X",)


def test_entries_know_their_keys() -> None:
    text = 'Parameters:\n  P: {Type: "AWS::SSM::Parameter::Value<String>"}\nResources:\n  "A":\n    Type: AWS::X::Y\n'
    template = read(text)
    parameter, resource = template.parameters["P"], template.resources["A"]
    assert text[slice(*parameter.key)] == "P"
    assert parameter.type == "AWS::SSM::Parameter::Value<String>"
    assert text[slice(*resource.key)] == '"A"'
    assert resource.properties is None
    assert template.span(resource.node).text == "Type: AWS::X::Y"


def test_a_duplicate_key_does_not_keep_a_template_from_being_read() -> None:
    template = read("Resources:\n  A: {Type: A::B::C}\n  A: {Type: D::E::F}\n")
    assert template.resources["A"].resource_type == "D::E::F"
    (note,) = template.diagnostics
    assert isinstance(note, DuplicateKey)
    assert not isinstance(note, Skipped)


COMMENTED = """\
# stackwarden: ignore[a]
Resources: # two
  A: # three
    Type: AWS::X::Y # four # not five
    Properties:
      One: "# not a comment" # five
      Two: '#no' #six
      Three: a#b # seven
      Four: | # eight
        # not a comment
        text
      # nine
      Five: >-
        # no

      ## ten
      Six: [a, # eleven
        "b"]# twelve
      Seven: !Sub # thirteen
        x
      Eight: &x # fourteen
        y
      Nine: *x # fifteen
      Ten: multi
        line#no
        # sixteen
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_comments_are_told_from_text(line_end: str) -> None:
    text = COMMENTED.replace("\n", line_end)
    template = read(text)
    words = "stackwarden: ignore[a]|two|three|four # not five|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    assert [comment.text for comment in template.comments] == [*words.split("|"), "fourteen", "fifteen", "sixteen"]
    assert all(text[comment.start] == "#" for comment in template.comments)


def test_comments_are_only_read_where_they_matter() -> None:
    assert read("Resources: {} # x").comments == ()
    assert [comment.text for comment in read("Resources: {} # checkov:skip=X:y").comments] == ["checkov:skip=X:y"]
    assert read('{"Resources": {}, "Metadata": "# stackwarden: x"}').comments == ()


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_any_bytes_give_a_template_or_diagnostics(content: bytes) -> None:
    for name in ("a.json", "a.yaml"):
        source = decode(content, name)
        if isinstance(source, Source):
            loaded = load(source)
            assert isinstance(loaded, Template) or loaded
        else:
            assert source.message()


_PIECES = st.sampled_from(
    [
        "Resources",
        ":",
        ": ",
        "\n",
        "\n  ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "A",
        "Type",
        "AWS::X::Y",
        "!Ref ",
        "&a ",
        "*a",
    ]
) | st.sampled_from(
    ["<<", "#", '"', "'", "|", "> ", "? ", "1", "yes", "\t", "---\n", "!!int ", "Properties", "\r\n", "é😀", "!Sub"]
)


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_odd_templates_give_a_template_or_diagnostics(text: str) -> None:
    for name in ("a.json", "a.yaml"):
        loaded = load(Source(name, text))
        for one in loaded.diagnostics if isinstance(loaded, Template) else loaded:
            assert one.message()
            one.help()


def test_large_json_is_read_in_time_linear_in_its_size() -> None:
    resources = {
        f"Bucket{n}": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"BucketName": {"Fn::Sub": f"b-{n}"}, "Tags": [{"Key": "a"}]},
        }
        for n in range(10_000)
    }
    text = json.dumps({"Resources": resources}, indent=1)
    assert 1_500_000 < len(text) < 2 * 1024 * 1024
    template = read(text, "a.json")
    assert len(template.resources) == 10_000
    assert isinstance(template.root, Mapping)
    assert data(template.root) == {"Resources": resources}
