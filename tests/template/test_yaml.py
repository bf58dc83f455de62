"""YAML to nodes: values, short tags, anchors and merge keys, places."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.source import Source
from stackwarden.template.limits import Limits
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence
from stackwarden.template.short_tags import SHORT_TAGS
from stackwarden.template.yaml import Parsed, parse_yaml
from template.reading import data, nodes, told, yaml


class _Reference(pyyaml.CSafeLoader):
    """What PyYAML makes of a text if dates stay text."""


_Reference.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith((":timestamp", ":value"))]
    for first, resolvers in pyyaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _same(left: object, right: object) -> bool:
    """Equality that tells 1 from True and 1.0, and takes NaN to equal itself."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(_same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(_same(left[key], right[key]) for key in left)
    if isinstance(right, float) and math.isnan(right):
        return left == "NaN"
    return type(left) is type(right) and left == right


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("No", False),
        ("ON", True),
        ("off", False),
        ("TRUE", True),
        ("y", "y"),
        ("yEs", "yEs"),
        ("~", None),
        ("null", None),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("1_000", 1000),
        ("0777", 511),
        ("0x1F", 31),
        ("0b101", 5),
        ("0o17", "0o17"),
        ("089", "089"),
        ("1:30", 90),
        ("190:20:30", 685230),
        ("1:30.5", 90.5),
        ("1.5", 1.5),
        ("1.", 1.0),
        (".5", 0.5),
        ("1.5e+3", 1500.0),
        ("1.5e3", "1.5e3"),
        ("-.inf", float("-inf")),
        (".NaN", "NaN"),
        ("2012-10-17", "2012-10-17"),
        ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
        ("0x_", "0x_"),
        ("=", "="),
        ("1.2.3.4", "1.2.3.4"),
        ("+", "+"),
        (".", "."),
    ],
)
def test_a_plain_scalar_is_what_yaml_1_1_says(text: str, value: object) -> None:
    node = yaml(f"a: {text}\n")
    assert isinstance(node, Mapping)
    scalar = node.get("a")
    assert isinstance(scalar, Scalar)
    assert _same(data(scalar), value)
    assert scalar.text == text
    assert not scalar.quoted


def test_more_digits_than_python_reads_stay_text() -> None:
    assert data(yaml("a: " + "1" * 5000)) == {"a": "1" * 5000}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!str 1", "1"),
        ("!!str", ""),
        ("!!int '5'", 5),
        ("!!float 1", 1.0),
        ("!!bool 'yes'", True),
        ("!!null x", None),
        ("!!binary aGk=", "aGk="),
        ("!!timestamp 2001-01-01", "2001-01-01"),
        ("!!map {b: 1}", {"b": 1}),
        ("!!seq [1]", [1]),
        ("! 1", 1),
        ("!", ""),
        ("! [1]", [1]),
        ("!<tag:yaml.org,2002:int> 5", 5),
        ("!<!Ref> x", {"Ref": "x"}),
    ],
)
def test_standard_tags(text: str, value: object) -> None:
    assert data(yaml(f"a: {text}\n")) == {"a": value}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!Ref 'A'", {"Ref": "A"}),
        ("!Ref 123", {"Ref": "123"}),
        ("!Condition IsProd", {"Condition": "IsProd"}),
        ("!GetAtt A.B", {"Fn::GetAtt": ["A", "B"]}),
        ("!GetAtt A.B.C", {"Fn::GetAtt": ["A", "B.C"]}),
        ('!GetAtt "A.B.C"', {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt [A, B.C]", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt A", {"Fn::GetAtt": ["A"]}),
        ("!GetAtt\n  - A\n  - B", {"Fn::GetAtt": ["A", "B"]}),
        ("!GetAZs", {"Fn::GetAZs": ""}),
        ("!GetAZs ''", {"Fn::GetAZs": ""}),
        ("!Base64 |\n  x\n  y\n", {"Fn::Base64": "x\ny\n"}),
        ("!If [A, !Ref B, yes]", {"Fn::If": ["A", {"Ref": "B"}, True]}),
        ("!Sub\n  - ${A}\n  - A: !ImportValue x\n", {"Fn::Sub": ["${A}", {"A": {"Fn::ImportValue": "x"}}]}),
        ("!Transform {Name: AWS::Include}", {"Fn::Transform": {"Name": "AWS::Include"}}),
        ("!Not [!Condition A]", {"Fn::Not": [{"Condition": "A"}]}),
        ("!GetStackOutput {StackName: a}", {"Fn::GetStackOutput": {"StackName": "a"}}),
    ],
)
def test_short_tags_are_their_long_form(text: str, value: object) -> None:
    node = yaml(f"a: {text}\n")
    assert data(node) == {"a": value}
    assert isinstance(node, Mapping)
    tagged = node.get("a")
    assert isinstance(tagged, Mapping)
    assert tagged.tag_form


@pytest.mark.parametrize("tag", SHORT_TAGS)
def test_every_short_tag_has_the_place_of_the_tag(tag: str) -> None:
    text = f"a: {tag} [x]\n"
    node = yaml(text)
    assert isinstance(node, Mapping)
    tagged = node.get("a")
    assert isinstance(tagged, Mapping)
    (entry,) = tagged
    assert text[entry.start : entry.end] == tag
    assert text[tagged.start : tagged.end] == f"{tag} [x]"
    assert text[entry.value.start : entry.value.end] == "[x]"


@pytest.mark.parametrize(
    ("text", "tag", "value"),
    [
        ("a: !Ref   B # c", "!Ref", "B"),
        ("a: !Ref # c\n  # d\n\n  B\n", "!Ref", "B"),
        ("a: &x !Ref B", "!Ref", "B"),
        ("a: !Ref &x B", "!Ref", "B"),
        ("a: &x # c\n  !Ref # d\n  B", "!Ref", "B"),
        ("a: !Ref\n\nb: 1", "!Ref", ""),
        ("a: !Ref", "!Ref", ""),
        ("a: !If # c\n  - 1\n  - 2 # d\n\n# e\nb: 1", "!If", "- 1\n  - 2"),
        ("a: !Sub 'x # y'", "!Sub", "'x # y'"),
        ("a: !<!Sub> x", "!<!Sub>", "x"),
        ("a: !Sub |  # c\n  x\n\n\nb: 1", "!Sub", "|  # c\n  x"),
    ],
)
def test_tag_and_value_have_their_own_places(text: str, tag: str, value: str) -> None:
    root = yaml(text)
    assert isinstance(root, Mapping)
    tagged = root.get("a")
    assert isinstance(tagged, Mapping)
    (entry,) = tagged
    assert text[entry.start : entry.end] == tag
    assert text[entry.value.start : entry.value.end] == value
    assert tagged.start == entry.start
    assert tagged.end == max(entry.value.end, entry.end)


@pytest.mark.parametrize("value", ["A.B.C", "'A.B.C'", '"A.B.C"'])
def test_the_parts_of_getatt_have_places(value: str) -> None:
    text = f"a: !GetAtt {value}"
    logical_id, attribute = [node for node in nodes(yaml(text)) if isinstance(node, Scalar)]
    assert text[logical_id.start : logical_id.end] == "A"
    assert text[attribute.start : attribute.end] == "B.C"


@pytest.mark.parametrize("text", ["{a: &x [1], b: *x}", "a: &x [1]\nb: *x\n", "a: &x\n- 1\nb: *x"])
def test_an_alias_is_the_node_of_its_anchor(text: str) -> None:
    root = yaml(text)
    assert isinstance(root, Mapping)
    assert root.get("a") is root.get("b")
    assert data(root) == {"a": [1], "b": [1]}


@pytest.mark.parametrize(
    ("text", "ends_with"),
    [
        ("a: &x 1\nb:\n  c: *x # d\n\n\ne: 1", "*x"),
        ("a: &x 1\nb:\n  - *x\n  - # d\n    *x\n\ne: 1", "*x"),
        ("a: &x 1\nb:\n  *x : *x\n\ne: 1", "*x"),
        ("a: &x {y: 1}\nb:\n  <<: *x\n\n# z\ne: 1", "*x"),
    ],
)
def test_a_collection_that_ends_with_an_alias_ends_there(text: str, ends_with: str) -> None:
    root = yaml(text)
    assert isinstance(root, Mapping)
    node = root.get("b")
    assert node is not None
    assert text[node.start : node.end] == text[node.start : text.rindex(ends_with) + len(ends_with)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{<<: {a: 1, b: 1}, b: 2}", {"a": 1, "b": 2}),
        ("{b: 2, <<: {a: 1, b: 1}}", {"a": 1, "b": 2}),
        ("{<<: [{a: 1}, {a: 2, b: 2}], c: 3}", {"a": 1, "b": 2, "c": 3}),
        ("{<<: {<<: {a: 1}, b: 2}, c: 3}", {"a": 1, "b": 2, "c": 3}),
        ("{'<<': {a: 1}}", {"<<": {"a": 1}}),
        ("{<<: [], a: 1}", {"a": 1}),
    ],
)
def test_merge_keys(text: str, value: object) -> None:
    assert data(yaml(text)) == value


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("1: a", ["1"]),
        ("true: a", ["true"]),
        ("~: a", ["~"]),
        ("2012-10-17: a", ["2012-10-17"]),
        ("!!str 1: a", ["1"]),
        ("? a\n: b", ["a"]),
        ("? |\n  a\n: b", ["a\n"]),
        ("? a", ["a"]),
        ("?", [""]),
        ("&x a: b\n*x : c", ["a"]),
    ],
)
def test_keys_are_text(text: str, keys: list[str]) -> None:
    root = yaml(text)
    assert isinstance(root, Mapping)
    assert list(root.entries) == keys


def test_of_duplicate_keys_the_last_counts_and_each_later_one_is_told() -> None:
    text = "a: 1\nb: 2\na: 3\n'a': 4\n"
    parsed = parse_yaml(Source("a.yaml", text), Limits())
    assert isinstance(parsed, Parsed)
    assert data(parsed.root) == {"b": 2, "a": 4}
    assert told(parsed.notes) == [
        (3, 1, "duplicate key `a`, first on line 1; the last one counts"),
        (4, 1, "duplicate key `a`, first on line 3; the last one counts"),
    ]


_AWKWARD = st.text(st.sampled_from(list("abyYnN01279.:-+_eExXob~!&*#'\"|>%@`{}[],? \n\t=<éž😀")), max_size=12)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _AWKWARD | st.text(max_size=12)
_KEYS = st.text(st.sampled_from("abc: -#'"), max_size=5)
_TREES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4), max_leaves=20
)


@given(st.dictionaries(_KEYS, _TREES), st.booleans(), st.sampled_from([None, '"', "'", "|", ">"]))
def test_what_pyyaml_writes_is_read_as_it_was(tree: dict[str, Any], flow: bool, style: str | None) -> None:
    text = pyyaml.safe_dump(
        tree, default_flow_style=flow, default_style=style if style == '"' else None, allow_unicode=True
    )
    assert _same(data(yaml(text)), _with_text_keys(pyyaml.load(text, _Reference)))


@given(_AWKWARD)
def test_plain_text_is_read_as_pyyaml_does(text: str) -> None:
    try:
        expected = pyyaml.load(text, _Reference)
    except (pyyaml.YAMLError, ValueError):
        return
    parsed = parse_yaml(Source("a.yaml", text), Limits())
    if isinstance(parsed, Parsed) and not parsed.faults and not parsed.notes:
        if _only_text_keys(expected):
            assert _same(data(parsed.root), expected)
    else:  # ours is stricter in keys and tags only
        told = [*parsed.faults, *parsed.notes] if isinstance(parsed, Parsed) else [parsed]
        assert {type(one).__name__ for one in told} <= {"ComplexKey", "DuplicateKey", "UnknownTag", "ForbiddenTagUse"}


def _only_text_keys(value: object) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _only_text_keys(one) for key, one in value.items())
    return all(_only_text_keys(one) for one in value) if isinstance(value, list) else True


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        assert all(isinstance(key, str) for key in value)
        return {key: _with_text_keys(one) for key, one in value.items()}
    return value


@given(st.dictionaries(_KEYS, _TREES), st.booleans(), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\n# c\n"]))
def test_places_are_exact(tree: dict[str, Any], flow: bool, line_end: str, tail: str) -> None:
    text = (pyyaml.safe_dump({"k😀": tree}, default_flow_style=flow, allow_unicode=True) + tail).replace("\n", line_end)
    _check_places(yaml(text), text)


def _check_places(root: Node, text: str) -> None:
    for node in nodes(root):
        written = text[node.start : node.end]
        assert written == written.strip(" \t\r\n")
        match node:
            case Scalar(quoted=False):
                assert written.split() == node.text.split()
            case Scalar():
                assert written[:1] in ("'", '"', "|", ">")
            case Mapping():
                inside = node.start
                for entry in node:
                    assert inside <= entry.start <= entry.end <= entry.value.start <= entry.value.end <= node.end
                    inside = entry.value.end
            case Sequence():
                inside = node.start
                for item in node.items:
                    assert inside <= item.start <= item.end <= node.end
                    inside = item.end


@given(st.text() | _AWKWARD)
def test_any_text_gives_nodes_or_a_diagnostic(text: str) -> None:
    parsed = parse_yaml(Source("a.yaml", text), Limits())
    for one in [*parsed.faults, *parsed.notes] if isinstance(parsed, Parsed) else [parsed]:
        assert one.message()
        assert one.position.line >= 1
        one.help()
