"""Policy documents normalised to statements: string and list forms, JSON text, principals of every spelling.

Source: IAM User Guide, *IAM JSON policy elements reference*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from stackwarden.iam.json_text import read_json
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    ListValue,
    MapValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    bind,
    cases_of,
)

__all__ = ["STATEMENT", "as_list", "statement_of", "statements"]

STATEMENT: Final = "iam.Statement"


def statements(document: Value, resource: ResourceValue | None = None) -> Value:
    """The statements of a policy document as a list of `iam.Statement` records."""
    return bind(document, lambda plain: _statements(plain, resource))


def as_list(value: Value) -> Value:
    """A value where IAM takes one thing or a list of them, always as a list; absent as an empty one."""
    return bind(value, _as_list)


def _as_list(plain: Plain) -> Value:
    match plain:
        case ListValue():
            return plain
        case Absent():
            return ListValue((), origin=plain.origin)
        case Unknown():
            return ListValue((), open=True, origin=plain.origin)
        case _:
            return ListValue((Item(plain),), origin=plain.origin)


def _statements(document: Plain, resource: ResourceValue | None) -> Value:
    match document:
        case MapValue():
            return bind(as_list(document.get("Statement")), lambda plain: _records(plain, resource))
        case Known() | Text():
            read = read_json(document)
            if isinstance(read, MapValue):
                return _statements(read, resource)
            return ListValue((), open=isinstance(document, Text), origin=document.origin)
        case Unknown():
            return ListValue((), open=True, origin=document.origin)
        case _:
            return ListValue((), origin=document.origin)


def _records(listed: Plain, resource: ResourceValue | None) -> Value:
    if not isinstance(listed, ListValue):
        return ListValue((), origin=listed.origin)
    items: list[Item] = []
    is_open = listed.open
    for number, item in enumerate(listed.items, start=1):
        for guard, plain in cases_of(item.value):
            there = item.guard & guard
            if there is FALSE:
                continue
            if isinstance(plain, MapValue):
                items.append(Item(statement_of(plain, number, resource), there))
            elif isinstance(plain, Unknown | Text):
                is_open = True
    return ListValue(tuple(items), open=is_open, origin=listed.origin)


def statement_of(node: MapValue, number: int = 1, resource: ResourceValue | None = None) -> Record:
    """The `iam.Statement` record of one statement, the `number`-th of its document."""
    fields: dict[str, Value] = {
        "number": Known(number),
        "sid": node.get("Sid"),
        "effect": node.get("Effect"),
        "actions": as_list(node.get("Action")),
        "not_actions": as_list(node.get("NotAction")),
        "resources": as_list(node.get("Resource")),
        "not_resources": as_list(node.get("NotResource")),
        "principals": _principals(node.get("Principal"), lambda kind: kind != "Service"),
        "services": _principals(node.get("Principal"), lambda kind: kind == "Service"),
        "federated": _principals(node.get("Principal"), lambda kind: kind == "Federated"),
        "not_principals": _principals(node.get("NotPrincipal"), lambda _: True),
        "conditions": node.get("Condition"),
        "document": node,
    }
    return Record(STATEMENT, fields, resource, node.origin)


def _principals(value: Value, wanted: Callable[[str], bool]) -> ListValue:
    items: list[Item] = []
    is_open = False
    for guard, plain in cases_of(value):
        match plain:
            case MapValue():
                for kind in plain.names():
                    if wanted(kind):
                        items.extend(_members(plain.get(kind), guard))
                is_open = is_open or plain.open
            case Known() | Text():
                if wanted("AWS"):
                    items.append(Item(plain, guard))
            case Unknown():
                is_open = True
            case _:
                pass
    origin = next((plain.origin for _, plain in cases_of(value)), None)
    return ListValue(tuple(items), open=is_open, origin=origin)


def _members(value: Value, under: Guard = TRUE) -> Iterator[Item]:
    for guard, plain in cases_of(as_list(value)):
        if isinstance(plain, ListValue):
            for item in plain.items:
                there = under & guard & item.guard
                if there is not FALSE:
                    yield Item(item.value, there)
            if plain.open:
                yield Item(Unknown("further principals", plain.origin), under & guard)
