"""Schemas of our own that say one thing at a time."""

from __future__ import annotations

import pytest

from stackwarden.schema.facets import Schema
from stackwarden.schema.reader import SchemaReader
from stackwarden.schema.shapes import (
    AnyShape,
    BooleanShape,
    ListShape,
    MapShape,
    NumberShape,
    ObjectShape,
    Shape,
    StringShape,
)


def shape_of(schema: Schema, **definitions: Schema) -> Shape:
    document = {"typeName": "AWS::T::T", "properties": {"P": schema}, "definitions": definitions}
    return SchemaReader(document).resource().properties["P"]


def enum(*values: str) -> StringShape:
    return StringShape(frozenset(values))


TEXT: Schema = {"type": "string"}
CLOSED: Schema = {"type": "object", "properties": {"A": TEXT}, "additionalProperties": False}


@pytest.mark.parametrize(
    ("schema", "shape"),
    [
        (TEXT, StringShape()),
        ({"type": "boolean"}, BooleanShape()),
        ({"type": "integer"}, NumberShape(integer=True)),
        ({"type": "number"}, NumberShape()),
        ({"type": ["integer", "number"]}, NumberShape()),
        ({"type": ["boolean", "null"]}, BooleanShape()),
        ({"type": ["string", "integer"]}, StringShape()),
        ({"type": ["string", "boolean"], "enum": ["a", True]}, StringShape()),
        ({"type": ["object", "string"]}, AnyShape()),
        ({"type": ["string", "array"], "items": TEXT}, AnyShape()),
        ({"type": "object"}, AnyShape()),
        ({}, AnyShape()),
        ({"type": "string", "format": "json"}, AnyShape()),
        ({"type": "string", "enum": ["a", "b"]}, enum("a", "b")),
        ({"enum": ["a"]}, enum("a")),
        ({"type": "string", "const": "a"}, enum("a")),
        ({"type": "string", "enumCaseInsensitive": ["a"]}, StringShape(frozenset({"a"}), case_insensitive=True)),
        ({"type": "array", "items": {"type": "integer"}}, ListShape(NumberShape(integer=True))),
        ({"type": "array"}, ListShape(AnyShape())),
        ({"type": "object", "patternProperties": {".*": TEXT}}, MapShape(StringShape())),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, MapShape(BooleanShape())),
        ({"type": "object", "patternProperties": {"a": TEXT, "b": {"type": "boolean"}}}, MapShape(StringShape())),
        ({"anyOf": [TEXT, {"type": "number"}]}, StringShape()),
        ({"anyOf": [TEXT, {"type": "object"}]}, AnyShape()),
        ({"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["b"]}]}, enum("a", "b")),
        ({"anyOf": [{"type": "string", "enum": ["a"]}, TEXT]}, StringShape()),
        ({"type": "string", "anyOf": [{"enum": ["a"]}, {"pattern": "b"}]}, StringShape()),
        ({"type": "string", "anyOf": [{"format": "x"}, {"format": "y"}]}, StringShape()),
        ({"allOf": [{"type": "string", "enum": ["a", "b"]}, {"enum": ["b", "c"]}]}, enum("b")),
        ({"allOf": [TEXT, {"default": "a"}]}, StringShape()),
        ({"oneOf": [{"type": "array", "items": TEXT}, {"type": "array", "items": TEXT}]}, ListShape(StringShape())),
        ({"type": "object", "$ref": "#/definitions/Text"}, StringShape()),
        ({"$ref": "#/definitions/Nested/properties/N"}, BooleanShape()),
        ({"$ref": "resource-schema.json#/definitions/Text"}, StringShape()),
        ({"$ref": "#/definitions/Nowhere"}, AnyShape()),
        ({"$ref": "#/definitions/Self"}, AnyShape()),
    ],
)
def test_shapes(schema: Schema, shape: Shape) -> None:
    definitions: dict[str, Schema] = {
        "Text": TEXT,
        "Nested": {"properties": {"N": {"type": "boolean"}}},
        "Self": {"$ref": "#/definitions/Self"},
    }
    assert shape_of(schema, **definitions) == shape


def object_of(schema: Schema, **definitions: Schema) -> ObjectShape:
    shape = shape_of(schema, **definitions)
    assert isinstance(shape, ObjectShape)
    return shape


def test_objects_are_open_unless_closed() -> None:
    assert not object_of(CLOSED).open
    assert object_of({"type": "object", "properties": {"A": TEXT}}).open
    assert object_of({**CLOSED, "patternProperties": {"^x": TEXT}}).open


def test_objects_of_branches_are_merged() -> None:
    other = {"type": "object", "properties": {"A": {"type": "boolean"}, "B": CLOSED}, "additionalProperties": False}
    for key in ("oneOf", "anyOf"):
        merged = object_of({"type": "object", key: [CLOSED, other]})
        assert not merged.open
        assert dict(merged.properties) == {"A": StringShape(), "B": ObjectShape("AWS::T::T.P.B", {})}
    assert object_of({"oneOf": [CLOSED, {"type": "object", "properties": {"B": TEXT}}]}).open


def test_a_branch_that_only_requires_adds_nothing() -> None:
    merged = object_of({**CLOSED, "oneOf": [{"required": ["A"]}, {}]})
    assert dict(merged.properties) == {"A": StringShape()}
    assert not merged.open


def test_conditions_add_properties_and_restrict_nothing() -> None:
    schema = {
        **CLOSED,
        "if": {"required": ["A"]},
        "then": {"properties": {"A": {"enum": ["a"]}, "B": TEXT}},
        "else": {"properties": {"C": {"type": "boolean"}}},
    }
    shape = object_of(schema)
    assert dict(shape.properties) == {"A": StringShape(), "B": StringShape(), "C": BooleanShape()}


def test_a_branch_may_restrict_a_property() -> None:
    schema = {**CLOSED, "allOf": [{"properties": {"A": {"not": {"enum": ["root"]}}}}]}
    assert dict(object_of(schema).properties) == {"A": StringShape()}


def test_names() -> None:
    shape = object_of({"$ref": "#/definitions/Thing"}, Thing={**CLOSED, "properties": {"Inner": CLOSED}})
    assert shape.name == "AWS::T::T.Thing"
    inner = shape.properties["Inner"]
    assert isinstance(inner, ObjectShape)
    assert inner.name == "AWS::T::T.Thing.Inner"


def test_recursion_ends() -> None:
    node = {"type": "object", "properties": {"Next": {"$ref": "#/definitions/Node"}}}
    shape: Shape = object_of({"$ref": "#/definitions/Node"}, Node=node)
    for _ in range(30):
        assert isinstance(shape, ObjectShape)
        shape = shape.properties["Next"]
    listed = shape_of({"$ref": "#/definitions/L"}, L={"type": "array", "items": {"$ref": "#/definitions/L"}})
    assert isinstance(listed, ListShape)


def test_top_level_properties_and_attributes() -> None:
    reader = SchemaReader(
        {
            "typeName": "AWS::T::T",
            "properties": {"Arn": TEXT, "Name": TEXT, "Key": TEXT, "Must": TEXT, "Part": CLOSED},
            "required": ["Must"],
            "readOnlyProperties": [
                "/properties/Arn",
                "/properties/Key",
                "/properties/Must",
                "/properties/Part/A",
                "/properties/List/*/Id",
                "/properties/Deep/properties/Id",
            ],
            "createOnlyProperties": ["/properties/Key", "/properties/Part/A"],
            "additionalProperties": False,
        }
    )
    assert list(reader.resource().properties) == ["Name", "Key", "Must", "Part"]
    assert reader.attributes() == {"Arn", "Key", "Must", "Part.A", "Deep.Id"}
