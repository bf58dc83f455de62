"""A second opinion on resolved values: AWS's own offline engine, `cloudformation-validate` (extra `oracle`).

For every scalar property of every plain template, what the one engine says the value is, the other has to allow. Both
sides give a set of possible texts, or "anything". The templates are those of a folder named by `STACKWARDEN_CORPUS`, or
of `../shared/corpus` beside the project; without folder or engine the test is skipped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stackwarden.graph.stack import Stack
from stackwarden.resolve.questions import settle
from stackwarden.resolve.transforms import open_template
from stackwarden.resolve.values import Absent, Known, ListValue, MapValue, Value, cases_of
from stackwarden.run.discover import discover
from stackwarden.source import Source
from stackwarden.template.decode import decode
from stackwarden.template.load import load
from stackwarden.template.model import Template

CORPUS = Path(os.environ.get("STACKWARDEN_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
pytest.importorskip("cloudformation_validate", reason="the extra `oracle` is missing")


@dataclass(frozen=True, slots=True)
class Possible:
    """The texts that a value may be; `anything` where it may be others."""

    texts: frozenset[str]
    anything: bool

    def allows(self, text: str) -> bool:
        return self.anything or text in self.texts or any(_is_same_number(text, other) for other in self.texts)


def _is_same_number(one: str, other: str) -> bool:
    """Ours keeps a number as it was written (`1.0`), theirs does not (`1`)."""
    try:
        return float(one) == float(other)
    except ValueError:
        return False


Leaves = dict[tuple[str | int, ...], Possible]


def ours(stack: Stack, value: Value, path: tuple[str | int, ...] = ()) -> Leaves:
    """Our scalars by path; below a conditional object or list nothing is compared."""
    plain = [one for _, one in cases_of(value)]
    if len(plain) == 1 and isinstance(plain[0], MapValue):
        leaves: Leaves = {}
        for name in plain[0].names():
            leaves |= ours(stack, plain[0].get(name), (*path, name))
        return leaves
    if len(plain) == 1 and isinstance(plain[0], ListValue) and not plain[0].open:
        leaves = {}
        for index, item in enumerate(plain[0].items):
            leaves |= ours(stack, item.value, (*path, index))
        return leaves
    settled = [one for _, one in settle(value, stack.domains) if not isinstance(one, Absent)]
    texts = frozenset(one.text for one in settled if isinstance(one, Known))
    return {path: Possible(texts, any(not isinstance(one, Known) for one in settled))}


def theirs(value: Any, path: tuple[str | int, ...] = ()) -> Leaves:
    """Their scalars by path."""
    if value.is_map():
        return {key: one for entry in value.entries for key, one in theirs(entry.value, (*path, entry.key)).items()}
    if value.is_list_value():
        return {key: one for index, item in enumerate(value.items) for key, one in theirs(item, (*path, index)).items()}
    if value.is_concrete() and isinstance(_unwrapped(value.value), dict | list):
        return dict(_json(_unwrapped(value.value), path))
    return {path: _possible(value)}


def _json(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Possible]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _json(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _json(inner, (*path, index))
    else:
        yield path, Possible(frozenset({_text(value)}), False)


def _possible(value: Any) -> Possible:
    if value.is_concrete():
        plain = _unwrapped(value.value)
        return Possible(frozenset({_text(plain)}), isinstance(plain, dict | list))
    if value.is_enum_value():
        parts = [_possible(one) for one in value.variants]
    elif value.is_conditional():
        parts = [_possible(value.if_true), _possible(value.if_false)]
    else:
        return Possible(frozenset(), True)
    texts = frozenset(text for part in parts for text in part.texts)
    return Possible(texts, any(part.anything for part in parts))


def _unwrapped(value: Any) -> object:
    """Their JSON values as plain ones."""
    match type(value).__name__.rpartition(".")[2]:
        case "NULL":
            return None
        case "ARRAY":
            return [_unwrapped(item) for item in value.items]
        case "OBJECT":
            return {key: _unwrapped(item) for key, item in value.entries.items()}
        case _:
            return value.value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def disagreements(path: Path) -> Iterator[str]:
    from cloudformation_validate import TemplateModel, ValidationError

    source = decode(path.read_bytes(), path.name)
    template = load(source) if isinstance(source, Source) else ()
    if not isinstance(template, Template) or template.transforms or template.diagnostics:
        return
    resolver, _ = open_template(template, {})
    stack = Stack(resolver)
    try:
        other = TemplateModel(str(path)).resources()
    except ValidationError as error:
        pytest.skip(f"their YAML parser refuses it: {error}")
    for logical_id, resource in other.items():
        mine = stack.resource(logical_id)
        if mine is None:
            yield f"{logical_id}: only theirs"
            continue
        left = ours(stack, mine.properties)
        right = {key: one for name, value in resource.properties.items() for key, one in theirs(value, (name,)).items()}
        for key in left.keys() & right.keys():
            for text in left[key].texts if not left[key].anything and len(left[key].texts) == 1 else ():
                if not right[key].allows(text):
                    yield f"{logical_id}{list(key)}: ours {text!r}, theirs {sorted(right[key].texts)}"
            for text in right[key].texts if not right[key].anything and len(right[key].texts) == 1 else ():
                if not left[key].allows(text):
                    yield f"{logical_id}{list(key)}: theirs {text!r}, ours {sorted(left[key].texts)}"


FILES = [found.path for found in discover([str(CORPUS)]).files if found.path is not None] if CORPUS.is_dir() else []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_engines_allow_each_others_values(path: Path) -> None:
    assert not list(disagreements(path))
