"""`Fn::ToJsonString`: a value as JSON text (`AWS::LanguageExtensions`); written where all of it is known."""

from __future__ import annotations

import json

from stackwarden.resolve.context import Context
from stackwarden.resolve.guards import TRUE
from stackwarden.resolve.values import Absent, Known, ListValue, MapValue, OpaqueHole, Value, make_text
from stackwarden.template.nodes import Node, ScalarData

__all__ = ["resolve"]

_Json = ScalarData | list["_Json"] | dict[str, "_Json"]


class _NotKnownError(Exception):
    """Some part of the value is not known."""


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::ToJsonString": value}`."""
    try:
        return Known(json.dumps(_data(context.resolve(argument)), separators=(",", ":")), node)
    except _NotKnownError:
        return make_text((OpaqueHole("JSON of a value that is not wholly known"),), node)


def _data(value: Value) -> _Json:
    match value:
        case Known():
            return value.data
        case ListValue(open=False) if all(item.guard is TRUE for item in value.items):
            return [_data(item.value) for item in value.items]
        case MapValue() if not value.open:
            pairs = ((name, value.get(name)) for name in value.names())
            return {name: _data(inner) for name, inner in pairs if not isinstance(inner, Absent)}
        case _:
            raise _NotKnownError
