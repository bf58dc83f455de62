"""Checked rules as data, so that a scan with compiled packs needs neither parser nor checker.

Nodes become nested tuples of their class's number and fields, which the cache writes: data only, nothing that is read
back can run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final, TypeVar

from stackwarden.language import ir

__all__ = ["decode", "encode"]

_CLASSES: Final[tuple[type[Any], ...]] = (
    ir.Const,
    ir.ConstList,
    ir.Local,
    ir.LetValue,
    ir.ParamRef,
    ir.Field,
    ir.At,
    ir.Aspect,
    ir.Comprehension,
    ir.Count,
    ir.Arithmetic,
    ir.Default,
    ir.Target,
    ir.Resources,
    ir.Collection,
    ir.Apply,
    ir.Truth,
    ir.Bind,
    ir.Holds,
    ir.LetTruth,
    ir.Not,
    ir.And,
    ir.Or,
    ir.Compare,
    ir.In,
    ir.Matches,
    ir.Like,
    ir.Refers,
    ir.Is,
    ir.Quantifier,
    ir.Predicate,
    ir.BindTruth,
    ir.ParamIR,
    ir.LetIR,
    ir.RequireIR,
    ir.FixObject,
    ir.FixList,
    ir.FixIR,
    ir.RuleIR,
    ir.FileIR,
)
_NUMBERS: Final = {cls: number for number, cls in enumerate(_CLASSES)}
_FIELDS: Final = tuple(tuple(one.name for one in dataclasses.fields(cls)) for cls in _CLASSES)

_Node = TypeVar("_Node")


def encode(node: object) -> Any:
    """A node, or a tuple of nodes, as nested tuples and scalars. A node is a list of its number and fields."""
    number = _NUMBERS.get(type(node))
    if number is not None:
        return [number, *(encode(get(node)) for get in _getters(number))]
    return tuple(encode(item) for item in node) if isinstance(node, tuple) else node


def decode(data: object, wanted: type[_Node]) -> _Node:
    """The node that `encode` wrote down. Raises ValueError where the data is no such node."""
    node = _decode(data)
    if not isinstance(node, wanted):
        raise ValueError(f"expected {wanted.__name__}, found {type(node).__name__}")
    return node


def _getters(number: int) -> tuple[Callable[[Any], object], ...]:
    return tuple(attrgetter(name) for name in _FIELDS[number])


def _decode(data: object) -> object:
    if isinstance(data, list):
        return _CLASSES[data[0]](*[_decode(value) if isinstance(value, list | tuple) else value for value in data[1:]])
    if isinstance(data, tuple):
        if len(data) == 2 and type(data[0]) is int and type(data[1]) is int:
            return data  # a place, of which every node has one
        return tuple([_decode(item) if isinstance(item, list | tuple) else item for item in data])
    return data
