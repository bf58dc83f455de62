"""What came of a template as a worker sends it back: rules are named by their ids, as the run has them anyway."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from io import BytesIO
from typing import TypeVar

from stackwarden.run.finding import RuleInfo

__all__ = ["packed", "unpacked"]

T = TypeVar("T")


class _Pickler(pickle.Pickler):
    def persistent_id(self, obj: object) -> str | None:
        return obj.id if type(obj) is RuleInfo else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, data: bytes, rules: Mapping[str, RuleInfo]) -> None:
        super().__init__(BytesIO(data))
        self._rules = rules

    def persistent_load(self, pid: object) -> RuleInfo:
        return self._rules[str(pid)]


def packed(value: object) -> bytes:
    """A value with its rules by id."""
    into = BytesIO()
    _Pickler(into, pickle.HIGHEST_PROTOCOL).dump(value)
    return into.getvalue()


def unpacked(data: bytes, rules: Mapping[str, RuleInfo], kind: type[T]) -> T:
    """The value that a worker of the same run packed, with the run's own `rules`."""
    value = _Unpickler(data, rules).load()
    assert isinstance(value, kind)
    return value
