"""The Markdown files of this folder, run line by line."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import indent

import pytest

from resolve.examples import Example, describe, described_when, examples, read_template, ways_in_words
from stackwarden.diagnostics import Severity
from stackwarden.graph.stack import Stack
from stackwarden.language.check import check_files
from stackwarden.language.compile import Compiler
from stackwarden.resolve.resolver import Resolver
from stackwarden.run.evaluate import Check, evaluate
from stackwarden.run.session import info_of
from stackwarden.schema.registry import Registry
from stackwarden.source import Source
from stackwarden.template.nodes import Mapping

_FILES = sorted(Path(__file__).parent.glob("*.md"))
_EXAMPLES = [example for path in _FILES for example in examples(path)]


@pytest.mark.parametrize("example", _EXAMPLES, ids=lambda one: f"{one.file}:{one.line} {one.key}")
def test_line(example: Example) -> None:
    assert _outcome(example) == example.wanted


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_every_file_has_examples(path: Path) -> None:
    assert any(example.file == path.name for example in _EXAMPLES)


def test_what_is_not_annotated_with_an_error_has_none() -> None:
    """A line without `# error:` is well-formed in the eyes of the engine."""
    wrong = {(one.file, one.text, one.key) for one in _EXAMPLES if one.annotation == "error"}
    for example in _EXAMPLES:
        if example.annotation in ("resolves", "holds") and (example.file, example.text, example.key) not in wrong:
            assert _errors(example) == [], f"{example.file}:{example.line}"


def _outcome(example: Example) -> str:
    match example.annotation:
        case "error":
            (message,) = _errors(example)
            return message
        case "resolves":
            resolver, _ = _resolver(example)
            properties = resolver.template.resources["Subject"].properties
            assert isinstance(properties, Mapping)
            return describe(resolver.resolve(properties.entries[example.key].value), resolver)
        case "holds":
            resolver, _ = _resolver(example)
            return described_when(resolver.condition(example.key, resolver.template.conditions[example.key]), resolver)
        case _:
            return _verdict(example)


def _errors(example: Example) -> list[str]:
    """What is wrong with the example's key, once it was evaluated."""
    resolver, line = _resolver(example)
    if example.kind == "conditions":
        resolver.condition(example.key, resolver.template.conditions[example.key])
    else:
        properties = resolver.resource("Subject")
        assert properties is not None
        describe(properties.properties, resolver)
    own = range(line, line + _height(example))
    return [one.message() for one in resolver.diagnostics if one.position.line in own]


def _resolver(example: Example) -> tuple[Resolver, int]:
    """A resolver for the example's block, and the line of the example's key in it."""
    text = _template_text(example)
    line = next(
        number
        for number, one in enumerate(text.splitlines(), 1)
        if one.strip().startswith(f"{example.key}: ") and one.endswith(example.wanted)
    )
    return Resolver(read_template(text)), line


def _height(example: Example) -> int:
    """How many lines of the block belong to the example's key."""
    lines = example.text.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith(f"{example.key}:"))
    following = [index for index in range(start + 1, len(lines)) if not lines[index].startswith((" ", "#"))]
    return (following[0] if following else len(lines)) - start


def _template_text(example: Example) -> str:
    subject = "  Subject:\n    Type: Custom::Subject\n    Properties:\n"
    match example.kind:
        case "values":
            return _with(example.sections, "Resources", subject + indent(example.text, "      "))
        case "conditions":
            return _with(_with(example.sections, "Resources", subject), "Conditions", indent(example.text, "  "))
        case _:
            return example.sections


def _with(sections: str, name: str, entries: str) -> str:
    """The sections with entries added to one of them."""
    if f"{name}:\n" in sections:
        return sections.replace(f"{name}:\n", f"{name}:\n{entries}", 1)
    return f"{sections}{name}:\n{entries}"


def _verdict(example: Example) -> str:
    """`passes`, or how the requirement fails."""
    template = read_template(example.sections)
    condition = next(
        line.partition(": ")[2].partition(" # ")[0].strip().strip("'")
        for line in example.text.splitlines()
        if line.startswith(f"{example.key}: ")
    )
    resource_type = template.resources["Subject"].resource_type
    rule = f'rule r {{ title "t" severity high for x in {resource_type} require {condition} }}'
    checked = check_files([(Path("r.warden"), Source("r.warden", rule))], _registry())
    assert checked.diagnostics == (), [one.message() for one in checked.diagnostics]
    (typed,) = checked.files[0].rules
    check = Check(info_of(typed, "", "r.warden", Severity.HIGH), typed, Compiler({}, typed.lets))
    found = evaluate(Stack(Resolver(template)), [check])
    if not found:
        return "passes"
    (finding,) = found
    words = "fails" if finding.verdict == "fail" else "may fail"
    return words if finding.when is None else f"{words} if {ways_in_words(finding.when)}"


@cache
def _registry() -> Registry:
    return Registry()
