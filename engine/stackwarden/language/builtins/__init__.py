"""The standard library of the language: every builtin function, collection and record, one family a file."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from stackwarden.language.builtins import api, arn, exposure, graph, iam, logic, map_, net, str_, template, url
from stackwarden.language.builtins._record import Collection, Function, Predicate, RecordKind

__all__ = ["BUILTINS", "COLLECTIONS", "MODULES", "RECORDS", "Collection", "Function", "Predicate", "RecordKind"]

_FAMILIES: Final = (api, arn, exposure, graph, iam, logic, map_, net, str_, template, url)

BUILTINS: Final = MappingProxyType({builtin.name: builtin for family in _FAMILIES for builtin in family.BUILTINS})
COLLECTIONS: Final = MappingProxyType({one.name: one for family in _FAMILIES for one in family.COLLECTIONS})
RECORDS: Final = MappingProxyType({kind.name: kind for family in _FAMILIES for kind in family.RECORDS})
MODULES: Final = frozenset(name.partition(".")[0] for name in (*BUILTINS, *COLLECTIONS) if "." in name)
