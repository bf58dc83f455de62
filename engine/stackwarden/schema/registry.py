"""Resource types and their properties, read from cfn-lint's data files without importing cfn-lint.

For each region cfn-lint keeps a map from resource type to the name of a schema file; the types of the Serverless
Application Model have a map of their own. Only files of types that are asked for are read. Its patches and extensions
are not applied.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, assert_never

from stackwarden.assets import schema_dir
from stackwarden.schema.reader import SchemaReader
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

__all__ = ["Registry"]

_FIRST: Final = ("us-east-1", "sam")
"""The providers that are looked at before all others; together they have nearly every type."""
_CUSTOM: Final = "Custom::"
_CUSTOM_RESOURCE: Final = "AWS::CloudFormation::CustomResource"
_MODULE: Final = "::MODULE"


class Registry:
    """Looks up resource types. `folder` is cfn-lint's schema folder (default: that of the installed cfn-lint).

    Raises FileNotFoundError where there is none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder if folder is not None else schema_dir()
        self._files: dict[str, str] | None = None
        self._readers: dict[str, SchemaReader | None] = {}
        self._shapes: dict[str, ObjectShape | None] = {}

    def types(self) -> frozenset[str]:
        """Every resource type of any region, and those of the Serverless Application Model."""
        return frozenset(self._all_files())

    def matching(self, pattern: str) -> tuple[str, ...]:
        """The types that a pattern stands for, sorted: a type, or a prefix and `::*` for the last part.

        A custom resource or a module stands for itself; no list of those exists, so `*` finds none.
        """
        if not pattern.endswith("::*"):
            return (pattern,) if pattern in self._all_files() or _is_free(pattern) else ()
        prefix = pattern.removesuffix("*")
        return tuple(
            sorted(name for name in self._all_files() if name.startswith(prefix) and "::" not in name[len(prefix) :])
        )

    def shape(self, resource_type: str) -> ObjectShape | None:
        """The properties of a type that a template may set; None for an unknown type.

        Custom resources take what `AWS::CloudFormation::CustomResource` takes, modules take any parameter.
        """
        if resource_type not in self._shapes:
            reader = self._reader(resource_type)
            if reader is not None:
                self._shapes[resource_type] = reader.resource()
            elif resource_type.startswith(_CUSTOM):
                self._shapes[resource_type] = self.shape(_CUSTOM_RESOURCE)
            elif _is_free(resource_type):
                self._shapes[resource_type] = ObjectShape(resource_type, LazyShapes((), _nothing), open=True)
            else:
                self._shapes[resource_type] = None
        return self._shapes[resource_type]

    def attributes(self, resource_type: str) -> frozenset[str]:
        """What `Fn::GetAtt` gives of a type: its read-only properties, dotted; empty for an unknown type."""
        reader = self._reader(resource_type)
        return frozenset() if reader is None else reader.attributes()

    def property(self, shape: Shape, name: str) -> Shape | None:
        """The shape of a property or key of a value; None where values of that shape have none of that name."""
        match shape:
            case ObjectShape():
                return shape.properties.get(name, AnyShape() if shape.open else None)
            case MapShape():
                return shape.value
            case AnyShape():
                return shape
            case StringShape() | NumberShape() | BooleanShape() | ListShape():
                return None
            case _:
                assert_never(shape)

    def item(self, shape: Shape) -> Shape | None:
        """The shape of the elements of a value; None where values of that shape are no lists."""
        match shape:
            case ListShape():
                return shape.item
            case AnyShape():
                return shape
            case StringShape() | NumberShape() | BooleanShape() | ObjectShape() | MapShape():
                return None
            case _:
                assert_never(shape)

    def _reader(self, resource_type: str) -> SchemaReader | None:
        if resource_type not in self._readers:
            file = self._all_files().get(resource_type)
            self._readers[resource_type] = None if file is None else SchemaReader(self._read(f"resources/{file}.json"))
        return self._readers[resource_type]

    def _all_files(self) -> dict[str, str]:
        if self._files is None:
            files: dict[str, str] = {}
            providers = sorted(path.stem for path in (self._folder / "providers").glob("*.json"))
            for provider in sorted(providers, key=lambda name: (_FIRST.index(name) if name in _FIRST else 9, name)):
                for name, file in self._read(f"providers/{provider}.json").items():
                    files.setdefault(name, file)
            self._files = files
        return self._files

    def _read(self, name: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self._folder / name).read_text(encoding="utf-8"))
        return content


def _is_free(resource_type: str) -> bool:
    return resource_type.startswith(_CUSTOM) or resource_type.endswith(_MODULE)


def _nothing(name: str) -> Shape:
    raise KeyError(name)
