"""A typing mistake anywhere in a shipped rule is an error, never a rule that silently passes.

A name is picked from a rule (property, aspect, resource type, function, variable, literal of an enum), a letter of it
is dropped, added or swapped with the next, and the checker must complain. The choice is random with a fixed seed.

Two kinds of change may pass, and are told apart by putting nonsense in the same place: the changed name is another
good one (the complaint about the nonsense lists it), or nothing is known about the place (free-form JSON takes even
the nonsense). The latter must stay rare.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from stackwarden.assets import policies_dir
from stackwarden.diagnostics import Diagnostic
from stackwarden.language import ast
from stackwarden.language.check import check_files
from stackwarden.language.parse import parse
from stackwarden.language.typecheck.problems import OutsideEnum
from stackwarden.schema.registry import Registry
from stackwarden.source import Source, Span

_MUTATIONS = 400
_SEED = 20240229
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NONSENSE = "Zq_nonsense"


@dataclass(frozen=True)
class Word:
    """A word of a rule that the checker knows: its place, and what it names."""

    path: Path
    span: Span
    what: str


def _nodes(node: object) -> Iterator[object]:
    if isinstance(node, tuple):
        for item in node:
            yield from _nodes(item)
    elif dataclasses.is_dataclass(node) and not isinstance(node, Span | type | ast.Example | ast.Meta):
        yield node
        for field in dataclasses.fields(node):
            yield from _nodes(getattr(node, field.name))


def _words(path: Path) -> Iterator[Word]:
    """The words that may be mistyped, all but those inside of texts and examples."""
    file, problems = parse(Source(path.name, path.read_text(encoding="utf-8")))
    assert problems == ()
    for node in _nodes(file):
        match node:
            case ast.Property():
                yield Word(path, node.name_span, "property")
            case ast.Aspect():
                yield Word(path, node.name_span, "aspect")
            case ast.TypePattern() if not node.name.startswith("Custom::"):
                yield Word(path, node.span, "type")
            case ast.Name():
                yield Word(path, node.span, "name")
            case ast.Literal(value=str(value)) if any(char.isalpha() for char in value):
                yield Word(path, Span(node.span.source, node.span.start + 1, node.span.end - 1), "literal")


def _mistyped(word: str, random_: random.Random) -> str:
    """The word with a letter dropped, added or swapped with the next."""
    letters = [index for index, letter in enumerate(word) if letter.isalpha()]
    index = random_.choice(letters)
    match random_.choice(["drop", "add", "swap"]):
        case "drop" if len(word) > 1:
            return word[:index] + word[index + 1 :]
        case "swap" if index + 1 < len(word) and word[index] != word[index + 1] and word[index + 1].isalpha():
            return word[:index] + word[index + 1] + word[index] + word[index + 2 :]
        case _:
            return word[: index + 1] + random_.choice(_LETTERS) + word[index + 1 :]


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry()


def _complaints(word: Word, text: str, registry: Registry) -> tuple[Diagnostic, ...]:
    """What the checker says of the word's file with another text in the word's place."""
    whole = word.span.source.text
    changed = whole[: word.span.start] + text + whole[word.span.end :]
    return check_files([(word.path, Source(word.path.name, changed))], registry).diagnostics


def _is_of_an_enum(literal: Word, registry: Registry) -> bool:
    """Whether a literal stands where the schema lists all values: nonsense in its place is then not one of them."""
    return any(isinstance(one, OutsideEnum) for one in _complaints(literal, _NONSENSE, registry))


def test_typing_mistakes_in_shipped_rules_are_errors(registry: Registry) -> None:
    random_ = random.Random(_SEED)
    words = [word for path in sorted(policies_dir().rglob("*.warden")) for word in _words(path)]
    missed: list[str] = []
    outcomes = Counter[str]()
    while outcomes.total() < _MUTATIONS:
        word = random_.choice(words)
        if word.what == "literal" and not _is_of_an_enum(word, registry):
            continue
        changed = _mistyped(word.span.text, random_)
        if _complaints(word, changed, registry):
            outcomes["found"] += 1
            continue
        about_nonsense = _complaints(word, _NONSENSE, registry)
        if not about_nonsense:
            outcomes["free-form"] += 1
        elif any(changed in getattr(one, "known", ()) for one in about_nonsense):
            outcomes["good"] += 1
        else:
            missed.append(f"{word.path.name}:{word.span.begin.line} {word.what}: {word.span.text} → {changed}")
    assert missed == []
    assert outcomes["found"] >= 0.95 * _MUTATIONS, outcomes
