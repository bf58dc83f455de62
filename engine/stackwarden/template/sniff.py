"""Whether a text may be a template at all, without parsing it.

Folders and pre-commit hand over a great many YAML and JSON files that are something else. A template has a top-level
key `Resources`, and its resources have types with `::`. Saying yes to another file costs an error message, saying no
to a template would be a silent pass; so in doubt it is yes.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["sniff"]

_SIGNS: Final = ("::", "AWSTemplateFormatVersion", "Transform")
_WORD: Final = re.compile(r"Resources[\"']?\s*:")
_BREAKS: Final = r"\r\n\x85\u2028\u2029"
_FIRST: Final = re.compile(rf"(?:[ \t]*(?:#[^{_BREAKS}]*|%[^{_BREAKS}]*|\.\.\.)?(?:[{_BREAKS}]|\Z))*")
_MARKER: Final = re.compile(r"---(?=\s|\Z)[ \t]*(?:[!&][^\s]*[ \t]*)*")
_FLOW_TOKEN: Final = re.compile(
    r"""(?P<word>"Resources"|'Resources'|(?<=[{,\s])Resources)\s*:
      | (?<=[{\[,:\s])"(?:[^"\\]|\\.)*" | (?<=[{\[,:\s])'(?:[^']|'')*'
      | (?<=\s)\#[^\r\n]* | (?P<open>[{\[]) | (?P<close>[}\]])""",
    re.VERBOSE | re.DOTALL,
)


def sniff(text: str) -> bool:
    """Whether the text has a top-level key `Resources`, be it YAML, flow YAML or JSON, and a sign of CloudFormation.

    Takes time in the length of the text and only for files that have the word; a text that is no YAML or JSON gets
    some answer.
    """
    if _WORD.search(text) is None or not any(sign in text for sign in _SIGNS):
        return False
    text = text.removeprefix("\ufeff")
    at = 0
    while (start := _after_preamble(text, at)) != at:
        at = start
    indent = _blanks(text, at)
    if text.startswith("{", at + indent):
        return _in_flow(text, at)
    key = re.compile(
        rf"(?<![^{_BREAKS}])[ ]{{{indent}}}(?:[&!]\S+[ ]+)*(?:\"Resources\"|'Resources'|Resources)[ \t]*:(?=\s|\Z)"
    )
    return key.search(text, at) is not None


def _after_preamble(text: str, at: int) -> int:
    """The offset behind blank lines, comments, directives and a document marker."""
    first = _FIRST.match(text, at)
    at = at if first is None else first.end()
    marker = _MARKER.match(text, at)
    return at if marker is None else marker.end()


def _blanks(text: str, at: int) -> int:
    return len(text[at : at + 200]) - len(text[at : at + 200].lstrip(" \t"))


def _in_flow(text: str, at: int) -> bool:
    depth = 0
    for token in _FLOW_TOKEN.finditer(text, at):
        match token.lastgroup:
            case "open":
                depth += 1
            case "close":
                depth -= 1
            case "word" if depth == 1:
                return True
    return depth != 0  # broken, or quoted in a way that this does not see through
