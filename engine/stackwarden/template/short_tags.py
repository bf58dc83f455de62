"""The short form of intrinsic functions in YAML: `!Ref x` is `{"Ref": x}`.

Source: "Intrinsic function reference" and "Rule-specific intrinsic functions" of the CloudFormation Template
Reference Guide; functions of the transform AWS::LanguageExtensions have no short form ("AWS::LanguageExtensions
transform", Remarks).
"""

from __future__ import annotations

from typing import Final

from stackwarden.template.nodes import Entry, Mapping, Node, Scalar, Sequence

__all__ = ["LONG_ONLY", "SHORT_TAGS", "expand"]

_FUNCTIONS: Final = (
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "GetStackOutput",
    "If",
    "ImportValue",
    "Join",
    "Not",
    "Or",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "Transform",
    "ValueOf",
    "ValueOfAll",
)
SHORT_TAGS: Final = {"!Ref": "Ref", "!Condition": "Condition", **{f"!{name}": f"Fn::{name}" for name in _FUNCTIONS}}
"""Tag to the key that it stands for."""

LONG_ONLY: Final = frozenset({"!ForEach", "!Length", "!ToJsonString"})
"""What looks like a short tag but is none."""


def expand(tag: str, value: Node, start: int, end: int) -> Mapping:
    """The long form of a tagged value; `start` and `end` are the place of the tag, `tag` is one of `SHORT_TAGS`."""
    if tag == "!GetAtt" and isinstance(value, Scalar):
        value = _attribute(value)
    key = SHORT_TAGS[tag]
    return Mapping({key: Entry(key, value, start, end)}, start, max(value.end, end), True)


def _attribute(value: Scalar) -> Sequence:
    """`A.B.C` as `["A", "B.C"]`, each with its own place where the text is written without escapes."""
    logical_id, dot, attribute = value.text.partition(".")
    places = [(value.start, value.end), (value.start, value.end)]
    inner = value.start + value.quoted
    if value.end - value.start == len(value.text) + 2 * value.quoted:
        middle = inner + len(logical_id)
        places = [(inner, middle), (middle + 1, inner + len(value.text))]
    parts = [logical_id, attribute] if dot else [logical_id]
    items: list[Node] = [
        Scalar(part, part, value.quoted, start, end) for part, (start, end) in zip(parts, places, strict=False)
    ]
    return Sequence(items, value.start, value.end)
