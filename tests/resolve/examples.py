"""Specification by example: Markdown files whose YAML says, line by line, what a value resolves to.

A block marked `yaml template` gives sections of a template (parameters, conditions, resources) for the blocks that
follow it. In a block marked `yaml values` every key is a property, in one marked `yaml conditions` a named condition;
`yaml requires` holds conditions of rules about the resource `Subject`. What the line of a key should come to stands in
a comment on it: `# resolves: …`, `# holds: …`, `# verdict: …`, or `# error: …` for what is wrong with the line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, assert_never

from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.questions import settle
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    ConditionalHole,
    Known,
    ListValue,
    MapValue,
    OpaqueHole,
    ParameterHole,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
)
from stackwarden.run.finding import Setting, When
from stackwarden.run.verdict import Ways
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

__all__ = ["Example", "describe", "described_when", "examples", "read_template"]

_BLOCK: Final = re.compile(r"^```yaml (template|values|conditions|requires)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_LINE: Final = re.compile(r"^(\w+):.*?# (resolves|holds|verdict|error): (.+)$")


@dataclass(frozen=True, slots=True)
class Example:
    """One annotated line: `text` is the whole block that it stands in, `line` the line's number in the file."""

    file: str
    line: int
    sections: str
    kind: str
    text: str
    key: str
    annotation: str
    wanted: str


def examples(path: Path) -> Iterator[Example]:
    """The annotated lines of a file, in order."""
    text = path.read_text(encoding="utf-8")
    sections = ""
    for block in _BLOCK.finditer(text):
        kind, body = block.groups()
        if kind == "template":
            sections = body
            continue
        first = text.count("\n", 0, block.start(2)) + 1
        for index, line in enumerate(body.splitlines()):
            found = _LINE.match(line)
            if found:
                key, annotation, wanted = found.groups()
                yield Example(path.name, first + index, sections, kind, body, key, annotation, wanted.strip())


def read_template(text: str) -> Template:
    """The template that a text is; it has to be faultless."""
    template = load(Source("example.yaml", text))
    assert isinstance(template, Template), [one.message() for one in template]
    assert template.diagnostics == (), [one.message() for one in template.diagnostics]
    return template


def describe(value: Value, resolver: Resolver) -> str:
    """A value in words: its cases with what they depend on, equal ones merged."""
    cases: list[tuple[Plain, Guard]] = []
    for guard, plain in settle(value, resolver.domains):
        same = next((index for index, (other, _) in enumerate(cases) if other == plain), None)
        if same is None:
            cases.append((plain, guard))
        else:
            cases[same] = (plain, cases[same][1] | guard)
    *conditional, (last, _) = [(_plain(plain, resolver), guard) for plain, guard in cases]
    if not conditional:
        return last
    return ", ".join(f"{words} if {described_when(guard, resolver)}" for words, guard in conditional) + f" else {last}"


def described_when(guard: Guard, resolver: Resolver) -> str:
    """A guard in words."""
    if guard is TRUE or guard is FALSE:
        return "always" if guard is TRUE else "never"
    return ways_in_words(Ways(resolver).of(guard))


def ways_in_words(when: When) -> str:
    """The ways of a finding in words."""
    return (
        "always"
        if when is None
        else " or ".join(" and ".join(_setting(key, setting) for key, setting in way.items()) for way in when)
    )


def _setting(key: str, setting: Setting) -> str:
    name = key.removeprefix("Parameters.")
    match setting:
        case bool():
            return name if setting else f"not {name}"
        case str():
            return f"{name} = {setting}"
        case tuple():
            return f"{name} in {', '.join(setting)}"
        case _:
            excluded = setting["not"]
            return f"{name} not in {excluded if isinstance(excluded, str) else ', '.join(excluded)}"


def _plain(plain: Plain, resolver: Resolver) -> str:
    match plain:
        case Known():
            return json.dumps(plain.data)
        case Text():
            return json.dumps("".join(part if isinstance(part, str) else _hole(part, resolver) for part in plain.parts))
        case Unknown():
            return f"unknown ({plain.reason})"
        case Absent():
            return "absent"
        case ListValue():
            items = [
                describe(item.value, resolver)
                + ("" if item.guard is TRUE else f" if {described_when(item.guard, resolver)}")
                for item in plain.items
                if item.guard is not FALSE
            ]
            return "[" + ", ".join([*items, *(["…"] if plain.open else [])]) + "]"
        case MapValue():
            fields = [f"{name}: {describe(plain.get(name), resolver)}" for name in plain.names()]
            return "{" + ", ".join([*fields, *(["…"] if plain.open else [])]) + "}"
        case ResourceValue():
            return plain.resource.logical_id
        case Record():
            return plain.kind
        case _:
            assert_never(plain)


def _hole(hole: ParameterHole | AttributeHole | ConditionalHole | OpaqueHole, resolver: Resolver) -> str:
    match hole:
        case ParameterHole():
            return "${" + hole.variable.removeprefix("Parameters.") + "}"
        case AttributeHole():
            return "${" + ".".join(filter(None, (hole.logical_id, hole.attribute))) + "}"
        case ConditionalHole():
            return "${" + describe(hole.cases, resolver) + "}"
        case OpaqueHole():
            return "${?}"
        case _:
            assert_never(hole)
