"""Schemas of parameters and bodies as OpenAPI 3.0 has them.

A template has them as JSON Schema draft 4 (models of REST APIs), as Swagger 2.0 or as OpenAPI 3; what OpenAPI 3.0 has
no word for is left out, so a schema never asks for more than the template does. What is not known allows everything.

Sources: OpenAPI 3.0.3, *Schema Object*; API Gateway Developer Guide, *Models and mapping templates*.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from stackwarden.integrations.dynamic.surface import Json
from stackwarden.resolve.values import Known, ListValue, MapValue, Plain, Value
from stackwarden.template.secrets import Secrets, names_a_secret

__all__ = ["Schemas"]

_Schema = dict[str, Json]

_AS_THEY_ARE: Final = (
    *("title", "description", "format", "pattern", "nullable", "readOnly", "writeOnly", "deprecated", "multipleOf"),
    *("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "maxItems", "minItems"),
    *("uniqueItems", "maxProperties", "minProperties"),
)
_EXAMPLES: Final = ("enum", "default", "example")
_TYPES: Final = ("string", "number", "integer", "boolean", "array", "object")
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(slots=True)
class Schemas:
    """Reads the schemas of one API. `named` are those that others refer to, for `components.schemas`."""

    secrets: Secrets
    named: dict[str, Json] = field(default_factory=dict)
    _names: dict[tuple[int, str], str] = field(default_factory=dict)

    def read(self, value: Value, root: MapValue | None, under: str = "") -> _Schema:
        """A schema; references in it lead into `root`, or into itself. `under` is the name of what it describes."""
        if not isinstance(value, MapValue):
            return {}
        return self._schema(value, value if root is None else root, under)

    def _schema(self, schema: MapValue, root: MapValue, under: str) -> _Schema:
        target = schema.get("$ref")
        if isinstance(target, Known):
            return self._referred(target.text, root)
        made: _Schema = {}
        for name in _AS_THEY_ARE:
            found = self._data(schema.get(name))
            if isinstance(found, str | int | float | bool):
                made[name] = found
        if not names_a_secret(under):
            made.update({name: data for name in _EXAMPLES if (data := self._data(schema.get(name))) is not None})
        self._inner(made, schema, root, under)
        _with_type(made, self._data(schema.get("type")))
        _with_limits(made)
        if not isinstance(made.get("enum", [None]), list) or made.get("enum") == []:
            del made["enum"]
        if (constant := self._data(schema.get("const"))) is not None and not names_a_secret(under):
            made["enum"] = [constant]
        return made

    def _inner(self, made: _Schema, schema: MapValue, root: MapValue, under: str) -> None:
        """The schemas inside a schema."""
        properties = schema.get("properties")
        if isinstance(properties, MapValue):
            made["properties"] = {
                self.secrets.mask(name): self.read(properties.get(name), root, name) for name in properties.names()
            }
        required = self._data(schema.get("required"))
        if isinstance(required, list) and required:
            made["required"] = [*dict.fromkeys(str(name) for name in required)]
        for name in ("allOf", "anyOf", "oneOf"):
            several = schema.get(name)
            if isinstance(several, ListValue) and several.items and not several.open:
                made[name] = [self.read(item.value, root, under) for item in several.items]
        for name in ("not", "additionalProperties"):
            inner = schema.get(name)
            if isinstance(inner, MapValue):
                made[name] = self.read(inner, root, under)
            elif isinstance(inner, Known) and isinstance(inner.data, bool) and name != "not":
                made[name] = inner.data
        items = schema.get("items")
        if isinstance(items, MapValue):
            made["items"] = self.read(items, root, under)

    def _referred(self, target: str, root: MapValue) -> _Schema:
        """A reference to a schema under its own name; what leads out of the document allows everything."""
        key = (id(root.node), target)
        if key in self._names:
            return {"$ref": f"#/components/schemas/{self._names[key]}"}
        found: Value = root
        for part in target.removeprefix("#/").split("/") if target.startswith("#/") else ():
            name = part.replace("~1", "/").replace("~0", "~")
            found = found.get(name) if isinstance(found, MapValue) else Known(None)
        if found is root or not isinstance(found, MapValue):
            return {}
        name = self._free(_NO_NAME.sub("_", self.secrets.mask(target.rpartition("/")[2])) or "Schema")
        self._names[key] = name
        self.named[name] = {}  # keeps the name while the schema itself is read
        self.named[name] = self._schema(found, root, name)
        return {"$ref": f"#/components/schemas/{name}"}

    def _free(self, name: str) -> str:
        number = 2
        free = name
        while free in self.named:
            free, number = f"{name}{number}", number + 1
        return free

    def _data(self, value: Value) -> Json:
        """A value that is known as plain data; None where it, or a part of it, is not."""
        match value:
            case Known(data=str() as text):
                return self.secrets.mask(text)
            case Known(data=bool() | int() | float() as data):
                return data
            case ListValue(items=items, open=False):
                found = [self._data(item.value) for item in items]
                return None if any(one is None for one in found) else found
            case MapValue():
                made = {self.secrets.mask(name): self._entry(name, value.get(name)) for name in value.names()}
                return None if any(one is None for one in made.values()) else made
            case _:
                return None

    def _entry(self, name: str, value: Plain | Value) -> Json:
        return None if names_a_secret(name) else self._data(value)


def _with_type(made: _Schema, kind: Json) -> None:
    """OpenAPI 3.0 has one type in a schema, and `nullable` for null."""
    words = kind if isinstance(kind, list) else [kind]
    if "null" in words:
        made["nullable"] = True
    types: list[Json] = [word for word in words if word in _TYPES]
    if "file" in words:
        made["type"], made["format"] = "string", "binary"
    elif len(types) == 1:
        made["type"] = types[0]
    elif types and "anyOf" not in made:
        made["anyOf"] = [_of_type(word) for word in types]
    if made.get("type") == "array":
        made.setdefault("items", {})
    if "nullable" in made and "type" not in made:
        del made["nullable"]


def _of_type(word: Json) -> Json:
    return {"type": "array", "items": {}} if word == "array" else {"type": word}


def _with_limits(made: _Schema) -> None:
    """Later drafts write an exclusive limit as a number of its own."""
    for name, limit in (("exclusiveMaximum", "maximum"), ("exclusiveMinimum", "minimum")):
        number = made.get(name)
        if isinstance(number, int | float) and not isinstance(number, bool):
            made[limit], made[name] = number, True
        elif number is not None and limit not in made:
            del made[name]
