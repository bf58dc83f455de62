"""JSON to nodes: values, places, faults."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source
from stackwarden.template.json import parse_json
from stackwarden.template.limits import Limits
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence
from template.reading import data, nodes, told

_TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=25,
)


def _parse(text: str) -> Node:
    parsed = parse_json(Source("a.json", text), Limits())
    assert not isinstance(parsed, Diagnostic), parsed.message()
    return parsed[0]


def _fault(text: str) -> Diagnostic:
    parsed = parse_json(Source("a.json", text), Limits())
    assert isinstance(parsed, Diagnostic)
    return parsed


@given(_TREES, st.booleans(), st.sampled_from([None, 0, 1, 4, "\t"]))
def test_a_document_is_what_the_standard_library_reads(tree: Any, ascii_only: bool, indent: int | str | None) -> None:
    text = json.dumps(tree, ensure_ascii=ascii_only, indent=indent)
    assert _typed(data(_parse(text))) == _typed(json.loads(text))


def _typed(value: Any) -> Any:
    match value:
        case dict():
            return [(key, _typed(one)) for key, one in value.items()]
        case list():
            return [_typed(one) for one in value]
        case _:
            return type(value), value


@given(_TREES, st.sampled_from([None, 2]), st.sampled_from(["", "\r\n\t "]))
def test_places_are_exact(tree: Any, indent: int | None, around: str) -> None:
    text = around + json.dumps({"😀": tree}, ensure_ascii=False, indent=indent) + around
    for node in nodes(_parse(text)):
        assert _typed(json.loads(text[node.start : node.end])) == _typed(data(node))
        if isinstance(node, Mapping):
            assert all(json.loads(text[entry.start : entry.end]) == entry.key for entry in node)


@given(st.text(st.sampled_from('{}[]",:\\u0123dDefb-+.eE tru\nnl')) | st.text())
def test_it_takes_and_refuses_what_the_standard_library_does(text: str) -> None:
    parsed = parse_json(Source("a.json", text), Limits())
    try:
        expected = json.loads(text, parse_constant=_no_constant)
    except ValueError:
        assert isinstance(parsed, Diagnostic)
        return
    if isinstance(parsed, Diagnostic):  # RFC 8259 leaves lone surrogates to the reader
        assert "surrogate" in parsed.message()
    else:
        assert _typed(data(parsed[0])) == _typed(expected)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def test_scalars_keep_their_text() -> None:
    root = _parse('[1.50, 1e3, true, null, "a\\u00e9\\ud83d\\ude00\\/"]')
    assert isinstance(root, Sequence)
    scalars = [node for node in root.items if isinstance(node, Scalar)]
    assert [scalar.text for scalar in scalars] == ["1.50", "1e3", "true", "null", "aé😀/"]
    assert [scalar.quoted for scalar in scalars] == [False, False, False, False, True]
    assert data(root) == [1.5, 1000.0, True, None, "aé😀/"]


def test_more_digits_than_python_reads_are_a_float() -> None:
    assert data(_parse("1" * 5000)) == float("inf")


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "advice"),
    [
        ("", 1, 1, "expected a value, but the file ends", None),
        ('{"a": 1,}', 1, 9, "expected a key in double quotes, found `}`", "remove the comma before it"),
        ("[1,\n]", 2, 1, "expected a value, found `]`", "remove the comma before it"),
        ('{"a": 1\n "b": 2}', 2, 2, 'expected `,` or `}`, found `"`', "a comma is missing before it"),
        ('{"a" 1}', 1, 6, "expected `:` after the key, found `1`", None),
        ("{'a': 1}", 1, 2, "expected a key in double quotes, found `'`", "JSON takes double quotes"),
        ("{a: 1}", 1, 2, "expected a key in double quotes, found `a`", None),
        ('{"a": True}', 1, 7, "expected a value, found `True`", "write `true`"),
        ('{"a": NaN}', 1, 7, "expected a value, found `NaN`", None),
        ('// x\n{"a": 1}', 1, 1, "expected a value, found `/`", "JSON has no comments"),
        ('{"a": 1} # x', 1, 10, "expected the end of the file, found `#`", "JSON has no comments"),
        ('{"a": [1, 2}', 1, 12, "expected `,` or `]`, found `}`", None),
        ('{"a": [1, 2', 1, 12, "expected `,` or `]`, but the file ends", None),
        ('{"a": "x', 1, 7, "the text that starts here is never closed", None),
        ('{"a": "x\n"}', 1, 7, "this text is not closed on its line", "write `\\n` for a line break"),
        ('{"a": "x\ty"}', 1, 9, "a control character (U+0009) inside of text", "write `\\t`"),
        ('{"a": "\\x"}', 1, 8, "`\\x` is no JSON escape", "write `\\\\` for a backslash"),
        ('{"a": "\\u12"}', 1, 8, "`\\u` is no JSON escape", "write `\\\\` for a backslash"),
        ('{"a": "\\ud800"}', 1, 8, "`\\ud800` is one half of a surrogate pair", None),
        ("[01]", 1, 2, "this is no JSON number", "digits without leading zeros, then maybe `.` and digits"),
        ("[1.]", 1, 2, "this is no JSON number", "digits without leading zeros, then maybe `.` and digits"),
        ("[-]", 1, 2, "this is no JSON number", "digits without leading zeros, then maybe `.` and digits"),
        ("{} {}", 1, 4, "expected the end of the file, found `{`", None),
        ("[\x00]", 1, 2, "expected a value, found U+0000", None),
    ],
)
def test_faults(text: str, line: int, column: int, message: str, advice: str | None) -> None:
    fault = _fault(text)
    assert told([fault]) == [(line, column, message)]
    assert fault.help() == advice


def test_duplicate_keys_are_told_and_the_last_counts() -> None:
    parsed = parse_json(Source("a.json", '{"a": 1,\n "b": 2,\n "\\u0061": 3}'), Limits())
    assert not isinstance(parsed, Diagnostic)
    root, notes = parsed
    assert data(root) == {"b": 2, "a": 3}
    assert told(notes) == [(3, 2, "duplicate key `a`, first on line 1; the last one counts")]


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_nesting_is_limited(opening: str) -> None:
    assert _fault(opening * 1_000_000).message() == "values are nested more than 100 levels deep"
    _parse("[" * 100 + "]" * 100)
    assert _fault("[" * 101 + "]" * 101).position.column == 101
