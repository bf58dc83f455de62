"""Edits of text: what was asked for changes, everything else stays to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackwarden.source import Source
from stackwarden.template.edit import (
    Content,
    TextEdit,
    append_item,
    apply_edits,
    insert_entry,
    remove_entry,
    replace_node,
)
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

_ROOT = Path(__file__).parents[2]
_TEMPLATE = re.compile(r'"""\n(.*?)\n\s*"""', re.DOTALL)
_CONTENTS: tuple[Content, ...] = (
    "AWS_IAM",
    "on",
    "a: b #c",
    True,
    365,
    ["*", "it's"],
    {"Key": "a", "List": [1, {"B": False}]},
    {},
    [],
)


def _read(text: str, name: str = "a.yaml") -> Template:
    template = load(Source(name, text))
    assert isinstance(template, Template), [one.message() for one in template]
    return template


def _data(node: Node) -> object:
    match node:
        case Scalar():
            return node.data
        case Sequence():
            return [_data(item) for item in node.items]
        case Mapping():
            return {entry.key: _data(entry.value) for entry in node}


def _at(template: Template, *path: str | int) -> Node:
    node: Node = template.root
    for step in path:
        child = node.items[step] if isinstance(node, Sequence) and isinstance(step, int) else None
        child = node.get(step) if isinstance(node, Mapping) and isinstance(step, str) else child
        assert child is not None
        node = child
    return node


def _edited(text: str, edit: TextEdit | None) -> str:
    assert edit is not None
    changed = apply_edits(text, [edit])
    assert changed is not None
    return changed


BLOCK = """\
# head
Resources:
  Url:   # the URL
    Type: AWS::Lambda::Url
    Properties:
      AuthType: 'NONE'   # open
      TargetFunctionArn: f
      Cors:
        AllowOrigins:
          # any
          - "*"   # all

  # next
  Fn:
    Type: AWS::Lambda::Function
    Properties: {Timeout: 3, Layers: [a]}
  Other: {Type: AWS::SNS::Topic}
"""


@pytest.mark.parametrize(
    ("old", "new", "content"),
    [
        ("'NONE'", "'AWS_IAM'", "AWS_IAM"),
        ("'NONE'", "'it''s'", "it's"),
        ("TargetFunctionArn: f", "TargetFunctionArn: [a, 1]", ["a", 1]),
        ("TargetFunctionArn: f", 'TargetFunctionArn: "yes"', "yes"),
        ("Timeout: 3", "Timeout: 900", 900),
        ("Layers: [a]", "Layers: {A: true}", {"A": True}),
    ],
)
def test_a_value_is_replaced_in_its_quotes(old: str, new: str, content: Content) -> None:
    template = _read(BLOCK)
    key = old.partition(":")[0] if ":" in old else "AuthType"
    owner = "Fn" if key in ("Timeout", "Layers") else "Url"
    node = _at(template, "Resources", owner, "Properties", key)
    assert _edited(BLOCK, replace_node(template.source, node, content)) == BLOCK.replace(old, new)


def test_a_key_is_added_below_the_last_one_with_its_comment() -> None:
    template = _read(BLOCK)
    cors = _at(template, "Resources", "Url", "Properties", "Cors")
    assert isinstance(cors, Mapping)
    edit = insert_entry(template.source, cors, "AllowCredentials", False)
    assert _edited(BLOCK, edit) == BLOCK.replace(
        '          - "*"   # all\n', '          - "*"   # all\n        AllowCredentials: false\n'
    )


def test_nested_keys_are_added_as_a_block() -> None:
    template = _read(BLOCK)
    url = _at(template, "Resources", "Url")
    assert isinstance(url, Mapping)
    edit = insert_entry(template.source, url, "Metadata", {"Note": {"Why": "a: b"}, "Tags": [{"K": "v", "W": 1}]})
    added = '    Metadata:\n      Note:\n        Why: "a: b"\n      Tags:\n        - K: v\n          W: 1\n'
    assert _edited(BLOCK, edit) == BLOCK.replace("# all\n", f"# all\n{added}")


def test_flow_style_stays_flow_style() -> None:
    template = _read(BLOCK)
    properties = _at(template, "Resources", "Fn", "Properties")
    assert isinstance(properties, Mapping)
    edit = insert_entry(template.source, properties, "TracingConfig", {"Mode": "Active"})
    assert _edited(BLOCK, edit) == BLOCK.replace("Layers: [a]", "Layers: [a], TracingConfig: {Mode: Active}")
    layers = properties.get("Layers")
    assert isinstance(layers, Sequence)
    assert _edited(BLOCK, append_item(template.source, layers, "b")) == BLOCK.replace("[a]", "[a, b]")
    assert _edited(BLOCK, remove_entry(template.source, properties, "Timeout")) == BLOCK.replace("Timeout: 3, ", "")
    assert _edited(BLOCK, remove_entry(template.source, properties, "Layers")) == BLOCK.replace(", Layers: [a]", "")


def test_an_element_is_added_at_the_dash() -> None:
    template = _read(BLOCK)
    origins = _at(template, "Resources", "Url", "Properties", "Cors", "AllowOrigins")
    assert isinstance(origins, Sequence)
    edit = append_item(template.source, origins, {"A": 1, "B": "x"})
    assert _edited(BLOCK, edit) == BLOCK.replace("# all\n", "# all\n          - A: 1\n            B: x\n")


def test_lines_of_a_key_are_removed() -> None:
    template = _read(BLOCK)
    properties = _at(template, "Resources", "Url", "Properties")
    assert isinstance(properties, Mapping)
    edit = remove_entry(template.source, properties, "AuthType")
    assert _edited(BLOCK, edit) == BLOCK.replace("      AuthType: 'NONE'   # open\n", "")
    edit = remove_entry(template.source, properties, "Cors")
    cut = '      Cors:\n        AllowOrigins:\n          # any\n          - "*"   # all\n'
    assert _edited(BLOCK, edit) == BLOCK.replace(cut, "")


def test_json_keeps_its_layout() -> None:
    text = """\
{
  "Resources": {
    "A": {
      "Type": "AWS::SNS::Topic",
      "Properties": {"TopicName": "a"}
    }
  }
}
"""
    template = _read(text, "a.json")
    resource = _at(template, "Resources", "A")
    assert isinstance(resource, Mapping)
    edit = insert_entry(template.source, resource, "DeletionPolicy", "Retain")
    assert _edited(text, edit) == text.replace('"a"}\n', '"a"},\n      "DeletionPolicy": "Retain"\n')
    properties = resource.get("Properties")
    assert isinstance(properties, Mapping)
    edit = insert_entry(template.source, properties, "Tags", [{"Key": "a", "Value": "é"}])
    assert _edited(text, edit) == text.replace('"a"}', '"a", "Tags": [{"Key": "a", "Value": "é"}]}')
    edit = remove_entry(template.source, resource, "Properties")
    assert _edited(text, edit) == text.replace(',\n      "Properties": {"TopicName": "a"}', "")


@pytest.mark.parametrize(
    ("text", "path", "why"),
    [
        ("Base: &b {P: 1}\nResources:\n  A: {<<: *b, Type: X::Y::Z}\n", ("Resources", "A"), "keys are merged in"),
        ("Resources: {A: {Type: X::Y::Z, P: !Ref A}}\n", ("Resources", "A", "P"), "a tag has no keys"),
    ],
)
def test_where_an_edit_would_touch_more_there_is_none(text: str, path: tuple[str, ...], why: str) -> None:
    template = _read(text)
    node = _at(template, *path)
    assert isinstance(node, Mapping)
    assert insert_entry(template.source, node, "Zz", "x") is None, why


def test_a_key_beside_the_dash_is_not_removed() -> None:
    text = "Resources:\n  A:\n    Type: X::Y::Z\n    Properties:\n      Tags:\n        - Key: a\n          Value: b\n"
    template = _read(text)
    tag = _at(template, "Resources", "A", "Properties", "Tags", 0)
    assert isinstance(tag, Mapping)
    assert remove_entry(template.source, tag, "Key") is None
    assert _edited(text, remove_entry(template.source, tag, "Value")) == text.replace("          Value: b\n", "")


def test_the_only_key_is_not_removed() -> None:
    template = _read("Resources:\n  A:\n    Type: X::Y::Z\n")
    resource = _at(template, "Resources", "A")
    assert isinstance(resource, Mapping)
    assert remove_entry(template.source, resource, "Type") is None


def test_line_ends_and_a_missing_last_one_are_kept() -> None:
    text = "Resources:\r\n  A:\r\n    Type: X::Y::Z"
    template = _read(text)
    resource = _at(template, "Resources", "A")
    assert isinstance(resource, Mapping)
    edit = insert_entry(template.source, resource, "Properties", {"P": 1})
    assert _edited(text, edit) == f"{text}\r\n    Properties:\r\n      P: 1"


def test_a_block_scalar_may_come_last() -> None:
    text = "Resources:\n  A:\n    Type: X::Y::Z\n    Text: |\n      a\n      b\n  B: {Type: X::Y::Z}\n"
    template = _read(text)
    resource = _at(template, "Resources", "A")
    assert isinstance(resource, Mapping)
    assert _edited(text, insert_entry(template.source, resource, "P", 1)) == text.replace("b\n", "b\n    P: 1\n", 1)


def test_an_entry_after_an_alias() -> None:
    text = "Resources: {}\nA: &a [x]\nB: {P: 1, Q: *a}\nC:\n  Q: *a # why\nD: {Q: *a, R: 2}\n"
    template = _read(text)

    def added(where: str) -> str:
        mapping = _at(template, where)
        assert isinstance(mapping, Mapping)
        return _edited(text, insert_entry(template.source, mapping, "Z", 1))

    assert added("B") == text.replace("Q: *a}", "Q: *a, Z: 1}")
    assert added("C") == text.replace("# why\n", "# why\n  Z: 1\n")
    mapping = _at(template, "D")
    assert isinstance(mapping, Mapping)
    assert _edited(text, remove_entry(template.source, mapping, "Q")) == text.replace("Q: *a, R", "R")


def test_overlapping_edits_are_refused() -> None:
    assert apply_edits("abcdef", [TextEdit(0, 3, ""), TextEdit(2, 4, "")]) is None
    assert apply_edits("abc", [TextEdit(1, 1, "x"), TextEdit(1, 1, "y")]) == "axybc"


def example_templates(containing: str = "") -> Iterator[str]:
    """The templates in the examples of shipped rules; of those only whose text contains something."""
    for path in sorted((_ROOT / "policies").rglob("*.warden")):
        rules = path.read_text(encoding="utf-8")
        for found in _TEMPLATE.finditer(rules) if containing in rules else ():
            lines = found[1].split("\n")
            indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
            yield "\n".join(line[indent:] for line in lines) + "\n"


def _nodes(node: Node) -> Iterator[Node]:
    """A node and all below it, but for what a tag stands before."""
    yield node
    if isinstance(node, Mapping) and node.tag_form:
        return
    for child in (
        node.items if isinstance(node, Sequence) else [e.value for e in node] if isinstance(node, Mapping) else []
    ):
        yield from _nodes(child)


def test_edits_of_real_templates_change_nothing_else() -> None:
    """Each node of each example, edited in each way that it can be: the data is as expected, the comments stay."""
    edits = 0
    for number, text in enumerate(example_templates()):
        template = load(Source("a.yaml", text))
        if not isinstance(template, Template) or "<<: *" in text:  # what is merged elsewhere changes there as well
            continue
        for index, node in enumerate(_nodes(template.root)):
            content = _CONTENTS[(number + index) % len(_CONTENTS)]
            for edit, wanted in _ways(template, node, content):
                changed = _edited(text, edit)
                again = _read(changed)
                found = _data(again.root)
                assert found == _with(template.root, node, wanted), changed
                assert [one.text for one in again.comments] == [one.text for one in template.comments]
                edits += 1
    assert edits > 1000


def _ways(template: Template, node: Node, content: Content) -> Iterator[tuple[TextEdit, object]]:
    """The edits of a node that are possible, each with the data that the node then has."""
    source = template.source
    if node is template.root or node in [entry.value for entry in template.root]:
        return  # whole sections have to be mappings
    replaced = replace_node(source, node, content)
    if replaced is not None:
        is_text = replaced.text[:1] in ("'", '"') and isinstance(content, bool | int)
        yield replaced, str(content).lower() if is_text else _plain(content)
    if isinstance(node, Mapping):
        inserted = insert_entry(source, node, "Zz", content)
        if inserted is not None:
            yield inserted, {**_dict(node), "Zz": _plain(content)}
    if isinstance(node, Sequence):
        appended = append_item(source, node, content)
        if appended is not None:
            yield appended, [*(_data(item) for item in node.items), _plain(content)]


def _dict(node: Mapping) -> dict[str, object]:
    return {entry.key: _data(entry.value) for entry in node}


def _plain(content: Content) -> object:
    match content:
        case str() | bool() | int() | float():
            return content
        case dict():
            return {key: _plain(value) for key, value in content.items()}
        case _:
            return [_plain(item) for item in content]


def _with(root: Node, changed: Node, data: object) -> object:
    """The data of a template in which one node has other data."""
    if root is changed:
        return data
    match root:
        case Scalar():
            return root.data
        case Sequence():
            return [_with(item, changed, data) for item in root.items]
        case Mapping():
            return {entry.key: _with(entry.value, changed, data) for entry in root}
