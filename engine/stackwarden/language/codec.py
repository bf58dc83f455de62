"""Checked rules as bytes, so that a scan with compiled packs needs neither parser nor checker.

Nodes become nested tuples of their class's number and fields, written with `marshal`: data only, nothing that is read
back can run. A digest in front guards against damage; `VERSION` changes with the shape of any node.
"""

from __future__ import annotations

import dataclasses
import hashlib
import marshal
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final, TypeVar

from stackwarden.language import ir

__all__ = ["VERSION", "decode", "encode", "outline", "pack_bytes", "unpack_bytes"]

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

VERSION: Final = hashlib.sha256(
    repr([(cls.__name__, fields) for cls, fields in zip(_CLASSES, _FIELDS, strict=True)]).encode()
).hexdigest()[:16]
"""Changes whenever a node's fields do."""

_EMPTY: Final[dict[str, Any]] = {"lets": (), "where": None, "requires": ()}
_DIGEST: Final = 32
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


def outline(data: object) -> ir.RuleIR:
    """The rule that `encode` wrote down without its lets and conditions: what lists of rules show of it.

    Raises ValueError where the data is no rule.
    """
    if not isinstance(data, list) or _CLASSES[data[0]] is not ir.RuleIR:
        raise ValueError("expected a rule")
    written = zip(_FIELDS[data[0]], data[1:], strict=True)
    named: dict[str, Any] = {name: _EMPTY[name] if name in _EMPTY else _decode(value) for name, value in written}
    return ir.RuleIR(**named)


def pack_bytes(data: Any) -> bytes:
    """Encoded data as bytes with a digest."""
    body = marshal.dumps(data)
    return hashlib.sha256(body).digest() + body


def unpack_bytes(content: bytes) -> object:
    """The data in bytes from `pack_bytes`. Raises ValueError for damaged bytes."""
    digest, body = content[:_DIGEST], content[_DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        raise ValueError("the digest does not match")
    data: object = marshal.loads(body)
    return data


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
