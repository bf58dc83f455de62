"""What every shipped rule has: metadata, examples of all kinds, full coverage, and a body that can be read at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stackwarden.assets import policies_dir
from stackwarden.language import ast
from stackwarden.language.parse import parse
from stackwarden.run.examples import ExamplesResult, run_examples
from stackwarden.source import Source

_CATEGORY = re.compile(r"[a-z]+(-[a-z]+)*")
_LONGEST_BODY = 24
"""Lines of a rule without metadata and examples, blank ones and comments not counted."""
_CONDITIONAL = re.compile(r"Fn::If|!If\b|^\s*Conditions:|\bCondition:", re.MULTILINE)


@dataclass(frozen=True)
class Shipped:
    """A shipped rule and its file, by its path in the folder of all packs."""

    path: Path
    rule: ast.Rule

    @property
    def meta(self) -> dict[str, ast.MetaValue]:
        return {entry.name: entry.value for entry in self.rule.metadata}


def shipped() -> Iterator[Shipped]:
    root = policies_dir()
    for path in sorted(root.rglob("*.warden")):
        file, problems = parse(Source(path.name, path.read_text(encoding="utf-8")))
        assert problems == (), path
        for rule in file.rules:
            yield Shipped(path.relative_to(root), rule)


RULES = list(shipped())
of_every_rule = pytest.mark.parametrize("shipped", RULES, ids=lambda one: one.rule.id)


@pytest.fixture(scope="module")
def result() -> ExamplesResult:
    return run_examples(coverage=True)


def test_there_are_rules() -> None:
    assert RULES


@of_every_rule
def test_metadata(shipped: Shipped) -> None:
    meta = shipped.meta
    for name in ("title", "because", "remediate", "category"):
        text = meta.get(name)
        assert isinstance(text, str) and text.strip(), f"{name} is missing"
    for name in ("because", "remediate"):
        assert str(meta[name]).endswith("."), f"{name} is no sentence"
    assert not str(meta["title"]).endswith("."), "a title is no sentence"
    assert _CATEGORY.fullmatch(str(meta["category"]))
    see = meta.get("see", ())
    links = (see,) if isinstance(see, str) else see
    assert links and all(str(link).startswith("https://") for link in links), "see has no link"
    maps = meta.get("maps")
    assert isinstance(maps, dict) and maps and all(maps.values()), "maps is missing or has an empty list"


@of_every_rule
def test_place(shipped: Shipped) -> None:
    """`PACK/SERVICE/RULE-ID.warden`, and the service is the first word of the id."""
    _, service, name = shipped.path.parts
    assert name == f"{shipped.rule.id}.warden"
    assert service == shipped.rule.id.partition("-")[0]


@of_every_rule
def test_examples_of_every_kind(shipped: Shipped) -> None:
    expectations = [one for example in shipped.rule.examples for one in example.expectations]
    verdicts = {one.verdict for one in expectations}
    assert {"fails", "passes"} <= verdicts
    assert any(_is_conditional(example) for example in shipped.rule.examples), "no conditional example"
    names = [example.name for example in shipped.rule.examples]
    assert len(set(names)) == len(names), "two examples have one name"


def _is_conditional(example: ast.Example) -> bool:
    """Whether an example's outcome may depend on settings."""
    return bool(_CONDITIONAL.search(example.template)) or any(one.given for one in example.expectations)


@of_every_rule
def test_body_is_short(shipped: Shipped) -> None:
    lines = _body(shipped.rule)
    assert len(lines) <= _LONGEST_BODY, f"{len(lines)} lines"


def _body(rule: ast.Rule) -> list[str]:
    """The lines that say what the rule checks: none of the metadata, examples, comments and blank lines."""
    text = rule.span.text
    keep = [True] * len(text)
    for span in (*(entry.span for entry in rule.metadata), *(example.span for example in rule.examples)):
        for index in range(span.start - rule.span.start, span.end - rule.span.start):
            keep[index] = text[index] == "\n"
    bare = "".join(char for char, kept in zip(text, keep, strict=True) if kept)
    lines = [line.strip() for line in bare.split("\n")]
    return [line for line in lines if line and not line.startswith("#")]


def test_examples_pass(result: ExamplesResult) -> None:
    assert [one.message() for one in (*result.diagnostics, *result.failures)] == []
    assert result.rules == len(RULES)


def test_examples_show_every_clause_both_ways(result: ExamplesResult) -> None:
    assert [one.message() for one in result.uncovered] == []


def test_ids_are_unique() -> None:
    ids = [one.rule.id for one in RULES]
    assert len(set(ids)) == len(ids)
