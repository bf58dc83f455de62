"""Resource types and their properties, read from cfn-lint's data files without importing cfn-lint.

cfn-lint keeps, for each region, a map from resource type to the name of a schema file; types of the Serverless
Application Model have a map of their own. Only files of types that are asked for are read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from stackwarden.assets import schema_dir
from stackwarden.schema.reader import SchemaReader
from stackwarden.schema.shapes import ObjectShape, Shape

__all__ = ["Registry"]

_FIRST: Final = ("us-east-1", "sam")
"""The providers that are looked at before all others; together they have nearly every type."""


class Registry:
    """Looks up resource types. `folder` is cfn-lint's schema folder (default: that of the installed cfn-lint)."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder if folder is not None else schema_dir()
        self._files: dict[str, str] | None = None
        self._readers: dict[str, SchemaReader | None] = {}
        self._shapes: dict[str, ObjectShape | None] = {}

    def types(self) -> frozenset[str]:
        """Every resource type of any region, and those of the Serverless Application Model."""
        return frozenset(self._all_files())

    def matching(self, pattern: str) -> tuple[str, ...]:
        """The types that a pattern stands for, sorted: a type, or a prefix and `::*` for the last part."""
        if not pattern.endswith("::*"):
            return (pattern,) if pattern in self._all_files() else ()
        prefix = pattern.removesuffix("*")
        return tuple(
            sorted(name for name in self._all_files() if name.startswith(prefix) and "::" not in name[len(prefix) :])
        )

    def shape(self, resource_type: str) -> ObjectShape | None:
        """The properties of a type that a template may set; None for an unknown type."""
        if resource_type not in self._shapes:
            reader = self._reader(resource_type)
            self._shapes[resource_type] = None if reader is None else reader.resource()
        return self._shapes[resource_type]

    def attributes(self, resource_type: str) -> frozenset[str]:
        """The attributes of a type that only the deployed resource has; empty for an unknown type."""
        reader = self._reader(resource_type)
        return frozenset() if reader is None else reader.attributes()

    def property(self, shape: ObjectShape, name: str) -> Shape | None:
        """The shape of a property; None where the object has none of that name."""
        return shape.properties.get(name)

    def _reader(self, resource_type: str) -> SchemaReader | None:
        if resource_type not in self._readers:
            file = self._all_files().get(resource_type)
            self._readers[resource_type] = None if file is None else SchemaReader(self._read(f"resources/{file}.json"))
        return self._readers[resource_type]

    def _all_files(self) -> dict[str, str]:
        if self._files is None:
            files: dict[str, str] = {}
            providers = sorted(path.stem for path in (self._folder / "providers").glob("*.json"))
            for provider in (*_FIRST, *(name for name in providers if name not in _FIRST)):
                for name, file in self._read(f"providers/{provider}.json").items():
                    files.setdefault(name, file)
            self._files = files
        return self._files

    def _read(self, name: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self._folder / name).read_text(encoding="utf-8"))
        return content
