"""Templates of the brute force from YAML with short tags, and values of it as data: for tables of expectations."""

from __future__ import annotations

from typing import Any

import yaml

from run.brute_force.values import Data, Fields, Items, Value

__all__ = ["data", "plain"]


class _Long(yaml.SafeLoader):
    """Reads short tags as the functions that they stand for."""


def _long(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Data:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    match node:
        case yaml.ScalarNode():
            text = loader.construct_scalar(node)
            parts: list[Data] = [*str(text).split(".", 1)]
            return {name: parts if name == "Fn::GetAtt" else str(text)}
        case yaml.SequenceNode():
            return {name: loader.construct_sequence(node, deep=True)}
        case yaml.MappingNode():
            return {name: {str(key): value for key, value in loader.construct_mapping(node, deep=True).items()}}
    raise AssertionError(node)


_Long.add_multi_constructor("!", _long)


def data(text: str) -> Any:
    """What a text in YAML says, short tags as the functions that they stand for."""
    return yaml.load(text, _Long)  # a safe loader


def plain(value: Value) -> Data:
    """A value that is wholly known, as data."""
    match value:
        case str() | int():
            return value
        case Items(more=False):
            return [plain(item) for item in value.items]
        case Fields():
            return {name: plain(entry) for name, entry in value.entries}
    raise AssertionError(value)
