"""What a JSON schema says about a value, with its references, branches and conditions put together.

Source: JSON Schema draft 7 as the CloudFormation resource type definition schema uses it. Schemas come as JSON, so
this package is the one place where untyped data is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, Final, TypeAlias

__all__ = ["SILENT", "Facets", "Schema", "facets"]

Schema: TypeAlias = Mapping[str, Any]
_ALTERNATIVES: Final = ("oneOf", "anyOf")
_CONDITIONAL: Final = ("then", "else")
_NESTED: Final = 8
"""Branches in branches are followed that deep; real schemas have three levels."""


@dataclass(frozen=True, slots=True)
class Facets:
    """What a schema says. What it does not speak of is empty or None.

    `closed` is False where other properties are allowed. `name` is the last reference that was followed.
    """

    types: frozenset[str] = frozenset()
    enum: frozenset[str] | None = None
    any_case: bool = False
    is_json: bool = False
    properties: Mapping[str, Schema] = field(default_factory=dict)
    values: tuple[Schema, ...] = ()
    items: Schema | None = None
    closed: bool | None = None
    name: str | None = None

    @property
    def silent(self) -> bool:
        """Whether nothing is said about what a value is (a branch often only says what is required)."""
        return not (self.types or self.enum or self.properties or self.values or self.items is not None)

    @property
    def kinds(self) -> frozenset[str]:
        """The types of JSON that are spoken of, be it without the word `type`."""
        if self.types:
            return self.types
        if self.properties or self.values:
            return frozenset({"object"})
        if self.items is not None:
            return frozenset({"array"})
        return frozenset({"string"} if self.enum else ())


SILENT: Final = Facets()
Resolve: TypeAlias = Callable[[str], Schema]


def facets(schema: Schema, resolve: Resolve, depth: int = 0) -> Facets:
    """What a schema says; `resolve` gives the schema that a `$ref` points to, and an empty one for a dead end."""
    if depth > _NESTED:
        return SILENT
    found = _own(schema)
    reference = schema.get("$ref")
    if isinstance(reference, str):
        target = facets(resolve(reference), resolve, depth + 1)
        if not found.types & target.types:  # draft 7: what stands beside a reference does not count
            found = replace(found, types=frozenset())
        found = replace(_both(found, target), name=reference.rsplit("/", 1)[-1])
    for branch in _branches(schema, "allOf"):
        found = _both(found, facets(branch, resolve, depth + 1))
    for key in _ALTERNATIVES:
        alternatives = [facets(branch, resolve, depth + 1) for branch in _branches(schema, key)]
        found = _both(found, _either(alternatives)) if alternatives else found
    for key in _CONDITIONAL:
        consequence = schema.get(key)
        if isinstance(consequence, dict):
            found = _extended(found, facets(consequence, resolve, depth + 1))
    return found


def _branches(schema: Schema, key: str) -> list[Schema]:
    branches = schema.get(key)
    return [branch for branch in branches if isinstance(branch, dict)] if isinstance(branches, list) else []


def _own(schema: Schema) -> Facets:
    types = schema.get("type")
    properties = {name: value for name, value in _mapping(schema, "properties").items() if isinstance(value, dict)}
    values = [value for value in _mapping(schema, "patternProperties").values() if isinstance(value, dict)]
    additional = schema.get("additionalProperties")
    if isinstance(additional, dict) and additional:
        values.append(additional)
    items = schema.get("items")
    closed: bool | None = None
    if properties or values or additional is not None:
        closed = additional is False and not values
    return Facets(
        types=frozenset(types if isinstance(types, list) else [types] if isinstance(types, str) else ()) - {"null"},
        enum=_enum(schema),
        any_case="enumCaseInsensitive" in schema,
        is_json=schema.get("format") == "json",
        properties=properties,
        values=tuple(values),
        items=items if isinstance(items, dict) else None,
        closed=closed,
    )


def _mapping(schema: Schema, key: str) -> Schema:
    value = schema.get(key)
    return value if isinstance(value, dict) else {}


def _enum(schema: Schema) -> frozenset[str] | None:
    for key in ("enum", "enumCaseInsensitive"):
        values = schema.get(key)
        if isinstance(values, list) and values and all(isinstance(value, str) for value in values):
            return frozenset(values)
    constant = schema.get("const")
    return frozenset({constant}) if isinstance(constant, str) else None


def _both(one: Facets, other: Facets) -> Facets:
    """What two schemas say that hold together."""
    enum = one.enum & other.enum if one.enum is not None and other.enum is not None else one.enum or other.enum
    return Facets(
        types=(one.types & other.types) or (one.types | other.types),
        enum=enum or None,
        any_case=one.any_case or other.any_case,
        is_json=one.is_json or other.is_json,
        properties=_joined("allOf", (one.properties, other.properties)),
        values=(*one.values, *other.values),
        items=_pair("allOf", one.items, other.items),
        closed=_closed((one, other), all),
        name=one.name or other.name,
    )


def _either(alternatives: list[Facets]) -> Facets:
    """What schemas say of which one or more hold. A value that one of them leaves free is free."""
    telling = [one for one in alternatives if not one.silent]
    if not telling:
        return SILENT
    texts = [one for one in alternatives if one.silent or not one.types or "string" in one.types]
    enums = [one.enum for one in texts if one.enum is not None]
    return Facets(
        types=frozenset().union(*(one.kinds for one in telling)),
        enum=frozenset().union(*enums) if enums and len(enums) == len(texts) else None,
        any_case=any(one.any_case for one in telling),
        is_json=any(one.is_json for one in telling),
        properties=_joined("anyOf", [one.properties for one in telling]),
        values=tuple(value for one in telling for value in one.values),
        items=reduce(lambda one, other: _pair("anyOf", one, other), (one.items for one in telling)),
        closed=_closed(telling, any),
        name=telling[0].name if len(telling) == 1 else None,
    )


def _closed(parts: Iterable[Facets], open_if: Callable[[Iterable[bool]], bool]) -> bool | None:
    said = [part.closed for part in parts if part.closed is not None]
    return not open_if(not closed for closed in said) if said else None


def _extended(found: Facets, other: Facets) -> Facets:
    """The facets, and what a condition adds to them: properties that nothing else names."""
    return replace(found, properties={**other.properties, **found.properties})


def _joined(key: str, parts: Iterable[Mapping[str, Schema]]) -> Mapping[str, Schema]:
    joined: dict[str, Schema] = {}
    for part in parts:
        for name, schema in part.items():
            known = joined.get(name)
            joined[name] = schema if known is None or known == schema else {key: [known, schema]}
    return joined


def _pair(key: str, one: Schema | None, other: Schema | None) -> Schema | None:
    if one is None or other is None or one == other:
        return other if one is None else one
    return {key: [one, other]}
