"""A text to a template: the choice between JSON and YAML, and what makes a file unreadable."""

from __future__ import annotations

from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source, Span
from stackwarden.template.decode import BOM
from stackwarden.template.faults import EmptyFile, SyntaxFault
from stackwarden.template.json import parse_json
from stackwarden.template.limits import Limits
from stackwarden.template.model import Snippet, Template
from stackwarden.template.nodes import Mapping, Scalar
from stackwarden.template.sections import read_sections, start_of
from stackwarden.template.yaml import Parsed, parse_yaml

__all__ = ["load", "load_snippet"]

_JSON_STARTS: Final = ("{", "[", '"', "/", "'")  # of what is meant as JSON: quotes and comments may be wrong
_YAML_NAMES: Final = (".yaml", ".yml")


def load(source: Source, limits: Limits | None = None) -> Template | tuple[Diagnostic, ...]:
    """The template that a text is, or all the reasons why it cannot be read, in the order of the text.

    A template's own `diagnostics` are faults with which the rest can still be scanned: those deriving from
    `faults.Skipped` leave a part of it out, the others (a duplicate key) do not. The text is JSON if it is named
    `*.json` or starts with `{` and parses as JSON; everything else is YAML.
    """
    limits = limits or Limits()
    if source.text.startswith(BOM):
        source = Source(source.name, source.text.removeprefix(BOM))
    parsed = _parse(source, limits)
    if isinstance(parsed, Diagnostic):
        return (parsed,)
    root = parsed.root
    if root is None or (isinstance(root, Scalar) and root.data is None):
        return (EmptyFile(Span(source, 0, 0)),)
    template = read_sections(source, root, parsed.comments, parsed.notes)
    if isinstance(template, Template) and not parsed.faults:
        return template
    others = template.diagnostics if isinstance(template, Template) else (*parsed.notes, template)
    return tuple(sorted((*parsed.faults, *others), key=start_of))


def load_snippet(source: Source, limits: Limits | None = None) -> Snippet | None:
    """The object that a text is, as a snippet for `AWS::Include` has to be; None where it is none."""
    parsed = _parse(source, limits or Limits())
    if isinstance(parsed, Diagnostic) or parsed.faults or not isinstance(parsed.root, Mapping):
        return None
    return Snippet(source, parsed.root, parsed.comments)


def _parse(source: Source, limits: Limits) -> Parsed | Diagnostic:
    head = source.text.lstrip()[:1]
    name = source.name.lower()
    if not head or not (head == "{" or name.endswith(".json")):
        return parse_yaml(source, limits)
    parsed = parse_json(source, limits)
    if not isinstance(parsed, Diagnostic):
        root, notes = parsed
        return Parsed(root, notes=notes)
    is_json = name.endswith(".json") and head in _JSON_STARTS
    if is_json or not isinstance(parsed, SyntaxFault):
        return parsed
    second = parse_yaml(source, limits)
    if isinstance(second, Parsed) and isinstance(second.root, Mapping):
        return second
    return parsed if head in _JSON_STARTS and not name.endswith(_YAML_NAMES) else second
