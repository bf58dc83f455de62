"""Checked rules as bytes: what is written is read back, and nothing else is."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackwarden import cache
from stackwarden.assets import policies_dir
from stackwarden.language import codec, ir
from stackwarden.language.check import check_files
from stackwarden.source import Source

_NODES = tuple(
    cls for name in ir.__all__ if isinstance(cls := getattr(ir, name), type) and dataclasses.is_dataclass(cls)
)


_MADE: dict[tuple[str, int], st.SearchStrategy[Any]] = {}


def _strategy(hint: Any, depth: int) -> st.SearchStrategy[Any]:
    """Values of a field's declared type; nodes nest at most `depth` deep."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is ir.Place or hint == tuple[int, int]:
        return st.tuples(st.integers(0, 99), st.integers(0, 99))
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if origin is tuple and arguments[1:] == (...,):
        return st.lists(_strategy(arguments[0], depth), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*(_strategy(argument, depth) for argument in arguments))
    if arguments:  # a union; the leaves among it once it is deep enough
        members = [one for one in arguments if depth > 0 or not _nests(one)]
        return st.one_of([_strategy(one, depth) for one in members])
    if dataclasses.is_dataclass(hint):
        assert isinstance(hint, type)
        return _node(hint, depth - 1)
    simple = {str: st.text(max_size=5), int: st.integers(), float: st.floats(allow_nan=False), bool: st.booleans()}
    return st.none() if hint is type(None) else simple[hint]


def _nests(hint: Any) -> bool:
    """Whether a node of that type has nodes below it."""
    if not dataclasses.is_dataclass(hint) or not isinstance(hint, type):
        return False
    return any("Expr" in str(field.type) for field in dataclasses.fields(hint))


def _node(cls: type[Any], depth: int) -> st.SearchStrategy[Any]:
    key = (cls.__name__, depth)
    if key not in _MADE:
        declared = typing.get_type_hints(cls, vars(ir))
        fields = {one.name: _later(declared[one.name], depth) for one in dataclasses.fields(cls)}
        _MADE[key] = st.builds(cls, **fields)
    return _MADE[key]


def _later(hint: Any, depth: int) -> st.SearchStrategy[Any]:
    def make() -> st.SearchStrategy[Any]:
        return _strategy(hint, depth)

    return st.deferred(make)


def same(one: object, other: object) -> bool:
    """Equality that looks at places too, and tells 1 from True."""
    if type(one) is not type(other):
        return False
    if dataclasses.is_dataclass(one) and not isinstance(one, type):
        return all(same(getattr(one, each.name), getattr(other, each.name)) for each in dataclasses.fields(one))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    return one == other


@pytest.mark.parametrize("cls", _NODES, ids=lambda cls: cls.__name__)
def test_every_node_comes_back(cls: type[Any]) -> None:
    @settings(max_examples=10, deadline=None)
    @given(_node(cls, 1))
    def comes_back(node: Any) -> None:
        written = cache.pack_bytes(codec.encode(node))
        assert same(codec.decode(cache.unpack_bytes(written), cls), node)

    comes_back()


def test_shipped_rules_come_back() -> None:
    paths = sorted(policies_dir().rglob("*.warden"))
    checked = check_files([(path, Source(path.name, path.read_text(encoding="utf-8"))) for path in paths])
    assert checked.diagnostics == ()
    assert any(file.rules for file in checked.files)
    for file in checked.files:
        written = cache.pack_bytes(codec.encode(file))
        assert same(codec.decode(cache.unpack_bytes(written), ir.FileIR), file)


def test_every_node_type_has_a_number() -> None:
    for cls in _NODES:
        node = cls(*(None for _ in dataclasses.fields(cls)))
        assert isinstance(codec.encode(node), list), cls


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_damaged_bytes_are_refused(data: st.DataObject) -> None:
    whole = cache.pack_bytes(
        codec.encode(ir.Compare("==", "string", ir.Const("a", (0, 1)), ir.Const(1, (2, 3)), (0, 3)))
    )
    position = data.draw(st.integers(0, len(whole) - 1))
    damaged = data.draw(
        st.one_of(
            st.just(whole[:position]),
            st.integers(1, 255).map(
                lambda bits: whole[:position] + bytes([whole[position] ^ bits]) + whole[position + 1 :]
            ),
            st.binary(max_size=80),
        )
    )
    with pytest.raises((ValueError, EOFError, TypeError)):
        cache.unpack_bytes(damaged)


def test_a_node_of_another_type_is_refused() -> None:
    with pytest.raises(ValueError, match="expected RuleIR, found Const"):
        codec.decode(codec.encode(ir.Const(1, (0, 1))), ir.RuleIR)
