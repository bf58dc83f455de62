"""From the schema of a resource type to shapes.

Source: the resource type definition schema of the CloudFormation CLI user guide.
"""

from __future__ import annotations

from typing import Final

from stackwarden.schema.facets import Facets, Schema, facets
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

_SCALARS: Final = frozenset({"boolean", "integer", "number", "string"})
_NUMBERS: Final = frozenset({"integer", "number"})
_BRANCHES: Final = ("allOf", "anyOf", "oneOf", "properties")
_MOST_NESTED: Final = 20
_SCHEMA_POINTER: Final = "resource-schema.json#"


class SchemaReader:
    """The shapes of one resource type. `document` is its schema as JSON."""

    def __init__(self, document: Schema) -> None:
        self._document = document
        self._type_name = str(document.get("typeName", ""))
        self._shared: dict[str, Shape] = {}
        self._nested = 0

    def resource(self) -> ObjectShape:
        """The properties that a template may set.

        Read-only properties are left out unless the schema also lists them as required, create-only or write-only:
        some schemas list as read-only what is only read back.
        """
        found = facets(self._document, self._resolve)
        settable = _tops(self._document, "createOnlyProperties") | _tops(self._document, "writeOnlyProperties")
        settable |= set(self._document.get("required", ()))
        hidden = _tops(self._document, "readOnlyProperties") - settable
        return self._object(found, self._type_name, hidden)

    def attributes(self) -> frozenset[str]:
        """The read-only properties, which `Fn::GetAtt` gives; nested ones are dotted (`Endpoint.Address`).

        Those inside list elements are left out, as no `Fn::GetAtt` reaches them.
        """
        paths = (_path(pointer) for pointer in self._document.get("readOnlyProperties", ()))
        return frozenset(".".join(path) for path in paths if path and "*" not in path)

    def _resolve(self, reference: str) -> Schema:
        """The schema under a JSON pointer of the document; empty for one that leads nowhere."""
        target: object = self._document
        for key in reference.removeprefix(_SCHEMA_POINTER).removeprefix("#").strip("/").split("/"):
            target = target.get(key.replace("~1", "/").replace("~0", "~")) if isinstance(target, dict) else None
        return target if isinstance(target, dict) else {}

    def _shape(self, schema: Schema, path: str) -> Shape:
        """The shape of a schema; `path` names an object that has no name of its own."""
        reference = schema.get("$ref")
        alone = isinstance(reference, str) and not any(key in schema for key in _BRANCHES)
        if alone and reference in self._shared:
            return self._shared[str(reference)]
        if self._nested > _MOST_NESTED:
            return AnyShape()  # a list of itself; objects are read lazily
        self._nested += 1
        name = f"{self._type_name}.{str(reference).rsplit('/', 1)[-1]}" if alone else path
        shape = self._from_facets(facets(schema, self._resolve), name)
        self._nested -= 1
        if alone:
            self._shared[str(reference)] = shape
        return shape

    def _from_facets(self, found: Facets, path: str) -> Shape:
        types = found.kinds
        if not types or (found.is_json and types != {"object"}):  # JSON in a string, or as an object
            return AnyShape()
        if types == {"object"}:
            return self._free_or_named(found, path)
        if types == {"array"}:
            return ListShape(AnyShape() if found.items is None else self._shape(found.items, path))
        if types == {"boolean"}:
            return BooleanShape()
        if types <= _NUMBERS:
            return NumberShape(integer=types == {"integer"})
        if types == {"string"}:
            return StringShape(found.enum, found.any_case and found.enum is not None)
        return StringShape() if types <= _SCALARS else AnyShape()

    def _free_or_named(self, found: Facets, path: str) -> Shape:
        name = f"{self._type_name}.{found.name}" if found.name is not None else path
        if found.properties:
            return self._object(found, name, set())
        if found.values:
            return MapShape(self._shape({"anyOf": list(found.values)}, name))
        return AnyShape()

    def _object(self, found: Facets, name: str, hidden: set[str]) -> ObjectShape:
        schemas = {key: schema for key, schema in found.properties.items() if key not in hidden}
        shapes = LazyShapes(tuple(schemas), lambda key: self._shape(schemas[key], f"{name}.{key}"))
        return ObjectShape(name, shapes, open=not found.closed)


def _path(pointer: str) -> tuple[str, ...]:
    """The names of a pointer such as `/properties/Endpoint/Address`."""
    return tuple(key for key in pointer.split("/") if key and key != "properties")


def _tops(document: Schema, key: str) -> set[str]:
    """The top-level properties that a list of pointers names, not those inside them."""
    return {path[0] for path in map(_path, document.get(key, ())) if len(path) == 1}
