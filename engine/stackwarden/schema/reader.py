"""From a CloudFormation resource schema (JSON) to shapes.

Source: the resource provider schema, *Resource type definition schema* in the CloudFormation CLI user guide. Schemas
come as JSON, so this module is the one place where untyped data is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from stackwarden.schema.shapes import (
    AnyShape,
    BooleanShape,
    LazyShapes,
    ListShape,
    MapShape,
    NumberShape,
    ObjectShape,
    Shape,
    StringShape,
)

__all__ = ["SchemaReader"]

_BRANCHES: Final = ("oneOf", "anyOf", "allOf")
_SCALARS: Final = frozenset({"boolean", "integer", "number", "string"})


class SchemaReader:
    """The shapes of one resource schema. `document` is the schema as JSON."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._type_name = str(document.get("typeName", ""))
        self._objects: dict[str, Shape] = {}

    def resource(self) -> ObjectShape:
        """The properties that a template may set."""
        read_only = {path.removeprefix("/properties/") for path in self._document.get("readOnlyProperties", ())}
        properties = self._properties(self._document, depth=0)
        settable = {name: make for name, make in properties.items() if name not in read_only}
        is_open = self._document.get("additionalProperties") is not False
        return ObjectShape(self._type_name, LazyShapes(settable), open=is_open)

    def attributes(self) -> frozenset[str]:
        """The attributes that only the deployed resource has, nested ones dotted (`Endpoint.Address`)."""
        paths = (path.removeprefix("/properties/") for path in self._document.get("readOnlyProperties", ()))
        return frozenset(path.replace("/properties/", ".").replace("/", ".") for path in paths)

    def shape(self, schema: Mapping[str, Any], name: str) -> Shape:
        """The shape of a schema; `name` is what an object without a name of its own is called."""
        reference = schema.get("$ref")
        if isinstance(reference, str):
            return self._referenced(reference)
        types = schema.get("type")
        if isinstance(types, list):
            return self._of_types(schema, frozenset(types), name)
        if isinstance(types, str):
            return self._of_type(schema, types, name)
        if any(key in schema for key in ("properties", "patternProperties")):
            return self._object(schema, name)
        branches = [branch for key in _BRANCHES for branch in schema.get(key, ())]
        if branches:
            return _merged([self.shape(branch, name) for branch in branches])
        if "items" in schema:
            return self._list(schema, name)
        if "enum" in schema:
            return _string(schema)
        return AnyShape()

    def _referenced(self, reference: str) -> Shape:
        if reference not in self._objects:
            target: Any = self._document
            for key in reference.removeprefix("#/").split("/"):
                target = target.get(key.replace("~1", "/").replace("~0", "~"), {}) if isinstance(target, dict) else {}
            name = f"{self._type_name} {reference.rsplit('/', 1)[-1]}"
            self._objects[reference] = self.shape(target, name) if target.get("$ref") != reference else AnyShape()
        return self._objects[reference]

    def _of_types(self, schema: Mapping[str, Any], types: frozenset[str], name: str) -> Shape:
        known = types - {"null"}
        if len(known) == 1:
            return self._of_type(schema, next(iter(known)), name)
        return StringShape() if known <= _SCALARS else AnyShape()

    def _of_type(self, schema: Mapping[str, Any], kind: str, name: str) -> Shape:
        match kind:
            case "string":
                return _string(schema)
            case "boolean":
                return BooleanShape()
            case "integer" | "number":
                return NumberShape(integer=kind == "integer")
            case "array":
                return self._list(schema, name)
            case _:
                return self._object(schema, name)

    def _list(self, schema: Mapping[str, Any], name: str) -> Shape:
        items = schema.get("items")
        return ListShape(partial(self.shape, items, name) if isinstance(items, dict) else AnyShape)

    def _object(self, schema: Mapping[str, Any], name: str) -> Shape:
        properties = self._properties(schema, depth=0)
        patterns = schema.get("patternProperties")
        if not properties and isinstance(patterns, dict) and patterns:
            return MapShape(lambda: _merged([self.shape(value, name) for value in patterns.values()]))
        if not properties:
            return AnyShape()
        is_open = schema.get("additionalProperties", True) is not False or bool(patterns)
        return ObjectShape(name, LazyShapes(properties), open=is_open)

    def _properties(self, schema: Mapping[str, Any], depth: int) -> dict[str, Callable[[], Shape]]:
        """The properties of a schema and of its branches; what several of them define is merged."""
        found: dict[str, list[tuple[Mapping[str, Any], str]]] = {}
        for source in self._sources(schema, depth):
            for name, value in source.get("properties", {}).items():
                if isinstance(value, dict):
                    found.setdefault(name, []).append((value, name))
        return {name: partial(self._property, schemas) for name, schemas in found.items()}

    def _sources(self, schema: Mapping[str, Any], depth: int) -> list[Mapping[str, Any]]:
        if depth > 4:
            return [schema]
        sources = [schema]
        for key in (*_BRANCHES, "then", "else"):
            branches = schema.get(key, ())
            for branch in branches if isinstance(branches, list) else [branches]:
                if isinstance(branch, dict):
                    sources.extend(self._sources(branch, depth + 1))
        return sources

    def _property(self, schemas: list[tuple[Mapping[str, Any], str]]) -> Shape:
        telling = [(schema, name) for schema, name in schemas if _tells(schema)]
        return _merged([self.shape(schema, f"{self._type_name} {name}") for schema, name in telling or schemas[:1]])


def _tells(schema: Mapping[str, Any]) -> bool:
    """Whether a schema says what a value is; branches often only restrict a property that is defined elsewhere."""
    return any(key in schema for key in ("type", "$ref", "properties", "items", *_BRANCHES))


def _string(schema: Mapping[str, Any]) -> StringShape:
    for key in ("enum", "enumCaseInsensitive"):
        values = schema.get(key)
        if isinstance(values, list) and values and all(isinstance(value, str) for value in values):
            return StringShape(frozenset(values), case_insensitive=key == "enumCaseInsensitive")
    constant = schema.get("const")
    return StringShape(frozenset({constant})) if isinstance(constant, str) else StringShape()


def _merged(shapes: list[Shape]) -> Shape:
    """One shape for what may be any of several."""
    first, *others = shapes
    for other in others:
        first = _merge(first, other)
    return first


def _merge(one: Shape, other: Shape) -> Shape:
    match one, other:
        case StringShape(), StringShape():
            enum = one.enum | other.enum if one.enum and other.enum else None
            return StringShape(enum, one.case_insensitive or other.case_insensitive)
        case ObjectShape(), ObjectShape():
            makers: dict[str, Callable[[], Shape]] = {}
            for name in (*one.properties, *other.properties):
                both = [shape.properties[name] for shape in (one, other) if name in shape.properties]
                makers[name] = partial(_merged, both)
            return ObjectShape(one.name, LazyShapes(makers), open=one.open or other.open)
        case _:
            return one if one == other and not isinstance(one, ListShape | MapShape) else AnyShape()
