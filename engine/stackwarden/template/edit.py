"""Edits of a template's own text: set, insert, remove and append, in the style of what stands there.

YAML keeps its indentation, comments, anchors and quoting, JSON its layout. Where an edit cannot be made without
touching more than was asked for (a key on the line of a list's dash, what is merged in from elsewhere), there is none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as ReadOnlyMapping
from collections.abc import Sequence as ReadOnlySequence
from dataclasses import dataclass
from typing import Final

from stackwarden.source import Source
from stackwarden.template.nodes import Entry, Mapping, Node, Scalar, Sequence
from stackwarden.template.yaml_scalars import plain

__all__ = ["Content", "TextEdit", "append_item", "apply_edits", "insert_entry", "remove_entry", "replace_node"]

Content = str | bool | int | float | ReadOnlySequence["Content"] | ReadOnlyMapping[str, "Content"]
"""What can be written: a scalar, a list, or a mapping."""

_STEP: Final = 2
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
"""Texts that need no quotes anywhere in YAML, unless they are words like `yes`."""
_ALIAS: Final = re.compile(r"\s*:\s*\*[^\s,\[\]{}]+")
"""What follows a key whose value is an alias."""
_LINE_REST: Final = re.compile(r"[ \t]*(?:#[^\r\n]*)?")
"""What may follow a value on its line in YAML: blanks and a comment."""


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Replace the text from `start` to `end` (offsets, end exclusive) by `text`."""

    start: int
    end: int
    text: str


def apply_edits(text: str, edits: ReadOnlySequence[TextEdit]) -> str | None:
    """The text after all edits; None where two of them overlap. Edits at one place apply in the order given."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    parts: list[str] = []
    position = 0
    for edit in ordered:
        if edit.start < position:
            return None
        parts.extend((text[position : edit.start], edit.text))
        position = edit.end
    return "".join((*parts, text[position:]))


def replace_node(source: Source, node: Node, content: Content) -> TextEdit | None:
    """A value in the place of another one. A collection is only replaced where it stands in flow style."""
    text = source.text
    if isinstance(node, Scalar):
        if text[node.start : node.start + 1] in ("|", ">") or (node.start == node.end):
            return None
        if isinstance(content, str | bool | int | float):
            return TextEdit(node.start, node.end, _scalar(content, _quote_of(text, node, content), _is_json(text)))
        return TextEdit(node.start, node.end, _flow(content, _is_json(text)))
    if isinstance(node, Mapping) and node.tag_form:
        return TextEdit(node.start, node.end, _flow(content, False))
    return TextEdit(node.start, node.end, _flow(content, _is_json(text))) if _is_flow(text, node) else None


def insert_entry(source: Source, mapping: Mapping, key: str, content: Content) -> TextEdit | None:
    """A further key after a mapping's own; None where the mapping is made by a tag or merged in from elsewhere."""
    text = source.text
    if mapping.tag_form:
        return None
    own = [entry for entry in mapping if mapping.start <= entry.start and _end(text, entry) <= mapping.end]
    if _is_flow(text, mapping):
        if len(own) != len(mapping.entries):
            return None  # where the `<<` stands among the others is not known
        spans = [(entry.start, _end(text, entry)) for entry in own]
        return _insert_in_flow(text, mapping.end, spans, mapping.start, _pair(key, content, _quotes_keys(text, own)))
    if not own:
        return None
    last = max(own, key=lambda entry: entry.start)
    indent = _column(text, own[0].start)
    end = _line_end(text, _end(text, last))
    if end is None:
        return None
    lines = _block_entry(key, content, indent, _quotes_keys(text, own))
    newline = _newline(text)
    block = newline.join(lines)
    at_end_of_line = end == 0 or text[end - 1 : end] not in ("\n", "\r")
    return TextEdit(end, end, f"{newline}{block}" if at_end_of_line else f"{block}{newline}")


def remove_entry(source: Source, mapping: Mapping, key: str) -> TextEdit | None:
    """A key taken out of a mapping with its value; None where that would leave nothing or needs more than that."""
    text = source.text
    entry = mapping.entries.get(key)
    if entry is None or mapping.tag_form or len(mapping.entries) < 2:
        return None
    start, end = entry.start, _end(text, entry)
    if not (mapping.start <= start and end <= mapping.end):
        return None
    if _is_flow(text, mapping):
        return _remove_from_flow(text, mapping.end, start, end)
    line_start = _line_start(text, start)
    if text[line_start:start].strip():
        return None  # the key stands on the line of a list's dash
    line_end = _line_end(text, end)
    if line_end is None:
        return None
    return TextEdit(line_start, _after_newline(text, line_end), "")


def append_item(source: Source, sequence: Sequence, content: Content) -> TextEdit | None:
    """A further element at the end of a list."""
    text = source.text
    if _is_flow(text, sequence):
        spans = [(item.start, item.end) for item in sequence.items]
        if any(not (sequence.start <= start and end <= sequence.end) for start, end in spans):
            return None
        return _insert_in_flow(text, sequence.end, spans, sequence.start, _flow(content, _is_json(text)))
    if not sequence.items or not sequence.start <= sequence.items[-1].end <= sequence.end:
        return None
    indent = _column(text, sequence.start)
    end = _line_end(text, sequence.items[-1].end)
    if end is None or text[sequence.start : sequence.start + 1] != "-":
        return None
    newline = _newline(text)
    block = newline.join(_block_item(content, indent))
    at_end_of_line = end == 0 or text[end - 1 : end] not in ("\n", "\r")
    return TextEdit(end, end, f"{newline}{block}" if at_end_of_line else f"{block}{newline}")


# --- flow style and JSON


def _insert_in_flow(text: str, end: int, spans: list[tuple[int, int]], start: int, written: str) -> TextEdit | None:
    """A part before the closing bracket, on a line of its own where the last one stands on its own."""
    if not spans:
        inside = text[start + 1 : end - 1]
        return TextEdit(start + 1, end - 1, written) if not inside.strip() else None
    last_start, last_end = max(spans)
    line_start = _line_start(text, last_start)
    lead = text[line_start:last_start]
    gap = f"{_newline(text)}{lead}" if not lead.strip() and line_start > start else " "
    after = text[last_end : end - 1].lstrip()
    if after.startswith(","):  # a comma at the very end
        comma = text.index(",", last_end) + 1
        return TextEdit(comma, comma, f"{gap}{written}")
    return TextEdit(last_end, last_end, f",{gap}{written}")


def _remove_from_flow(text: str, closing: int, start: int, end: int) -> TextEdit | None:
    """A part with the comma that goes with it."""
    after = re.compile(r"\s*,\s*").match(text, end, closing)
    if after is not None:
        return TextEdit(start, after.end(), "")
    before = re.compile(r",\s*$").search(text[:start])
    return TextEdit(before.start(), end, "") if before is not None else None


def _pair(key: str, content: Content, quoted: bool) -> str:
    return f"{json.dumps(key) if quoted else _scalar(key, '', False)}: {_flow(content, quoted)}"


def _flow(content: Content, as_json: bool) -> str:
    match content:
        case ReadOnlyMapping():
            inner = ", ".join(_pair(key, value, as_json) for key, value in content.items())
            return f"{{{inner}}}"
        case str() | bool() | int() | float():
            return _scalar(content, "", as_json)
        case _:
            return f"[{', '.join(_flow(item, as_json) for item in content)}]"


# --- block style


def _block_entry(key: str, content: Content, indent: int, quoted: bool) -> list[str]:
    head = f"{' ' * indent}{json.dumps(key) if quoted else _scalar(key, '', False)}:"
    match content:
        case ReadOnlyMapping() if content:
            inner = (
                line for name, value in content.items() for line in _block_entry(name, value, indent + _STEP, quoted)
            )
            return [head, *inner]
        case str() | bool() | int() | float():
            return [f"{head} {_scalar(content, '', False)}"]
        case ReadOnlyMapping():
            return [f"{head} {{}}"]
        case _:
            if not content:
                return [f"{head} []"]
            return [head, *(line for item in content for line in _block_item(item, indent + _STEP))]


def _block_item(content: Content, indent: int) -> list[str]:
    match content:
        case ReadOnlyMapping() if content:
            lines = [line for key, value in content.items() for line in _block_entry(key, value, indent + _STEP, False)]
            return [f"{' ' * indent}- {lines[0].lstrip()}", *lines[1:]]
        case _:
            return [f"{' ' * indent}- {_flow(content, False)}"]


# --- scalars and places


def _scalar(content: str | float, quote: str, as_json: bool) -> str:
    """A scalar as it is written, in the quotes of the one that it replaces."""
    if isinstance(content, bool):
        word = "true" if content else "false"
        return f"{quote}{word}{quote}" if quote else word
    if not isinstance(content, str):
        return f"{quote}{content}{quote}" if quote else str(content)
    if as_json or quote == '"':
        return json.dumps(content, ensure_ascii=False)
    if quote == "'":
        return "'" + content.replace("'", "''") + "'"
    is_plain = _PLAIN.fullmatch(content) is not None and plain(content) == content
    return content if is_plain else json.dumps(content, ensure_ascii=False)


def _quote_of(text: str, node: Scalar, content: Content) -> str:
    """The quotes to write; a number or boolean is quoted where the one that it replaces is."""
    first = text[node.start : node.start + 1]
    if first not in ("'", '"') or not (isinstance(content, str) or not isinstance(plain(node.text), str)):
        return ""
    return first


def _is_flow(text: str, node: Mapping | Sequence) -> bool:
    return text[node.start : node.start + 1] in ("{", "[")


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] == "{"


def _quotes_keys(text: str, entries: list[Entry]) -> bool:
    return _is_json(text) or any(text[entry.start : entry.start + 1] == '"' for entry in entries)


def _end(text: str, entry: Entry) -> int:
    """Where an entry ends as it is written: an alias ends with its name, not where its anchor stands."""
    alias = _ALIAS.match(text, entry.end) if entry.value.end <= entry.start else None
    return alias.end() if alias is not None else max(entry.end, entry.value.end)


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _column(text: str, offset: int) -> int:
    return offset - _line_start(text, offset)


def _line_end(text: str, offset: int) -> int | None:
    """The end of the line on which a value ends; None where something else follows on it.

    A block scalar ends after its line break, where the next line begins.
    """
    if text[offset - 1 : offset] in ("\n", "\r"):
        return offset
    rest = _LINE_REST.match(text, offset)
    end = rest.end() if rest is not None else offset
    return end if end == len(text) or text[end] in "\r\n" else None


def _after_newline(text: str, offset: int) -> int:
    if text.startswith("\r\n", offset):
        return offset + 2
    return offset + 1 if offset < len(text) and text[offset] in "\r\n" else offset


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
