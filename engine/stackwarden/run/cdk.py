"""What a folder that the CDK made (`cdk.out`) says of the templates in it.

`manifest.json` names each stack's template and its environment; asset manifests say which file an object in Amazon S3
comes from, so that nested stacks can be followed; metadata maps logical ids to construct paths. Source: AWS CDK,
*Cloud assembly schema*.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from stackwarden.template.model import Resource
from stackwarden.template.nodes import Mapping, Scalar

__all__ = ["Assemblies", "written_path"]

_STACK: Final = "aws:cloudformation:stack"
_ENVIRONMENT: Final = re.compile(r"aws://([^/]+)/(.+)")
_PATH: Final = "aws:cdk:path"


class Assemblies:
    """Reads the assemblies of folders; each folder once. Files that are no assembly, or damaged, say nothing."""

    def __init__(self) -> None:
        self._manifests: dict[Path, dict[str, Any]] = {}
        self._assets: dict[Path, dict[str, str]] = {}
        self._constructs: dict[Path, dict[str, str]] = {}

    def environment(self, template: str) -> dict[str, str]:
        """`AWS::AccountId` and `AWS::Region` that a stack is made for, where the assembly says so."""
        path = Path(template)
        for artifact in self._stacks(path.parent):
            if _dict(artifact.get("properties")).get("templateFile") == path.name:
                found = _ENVIRONMENT.fullmatch(str(artifact.get("environment", "")))
                pairs = zip(("AWS::AccountId", "AWS::Region"), found.groups(), strict=True) if found else ()
                return {name: value for name, value in pairs if not value.startswith("unknown-")}
        return {}

    def has(self, template: str) -> bool:
        """Whether a template lies in an assembly."""
        return any(True for _ in self._stacks(Path(template).parent))

    def asset(self, name: str) -> str | None:
        """The file that an asset object (`FOLDER/HASH.json`) is made from, by its name for people."""
        path = Path(name)
        if path.parent not in self._assets:
            self._assets[path.parent] = dict(self._read_assets(path.parent))
        source = self._assets[path.parent].get(path.name)
        return None if source is None else (path.parent / source).as_posix()

    def construct(self, template: str, logical_id: str) -> str:
        """The path of the construct that a resource was made by; empty where it is not known."""
        folder = Path(template).parent
        if folder not in self._constructs:
            self._constructs[folder] = dict(self._read_constructs(folder))
        return self._constructs[folder].get(logical_id, "")

    def _stacks(self, folder: Path) -> Iterator[dict[str, Any]]:
        if folder not in self._manifests:
            self._manifests[folder] = _read(folder / "manifest.json")
        for artifact in _dict(self._manifests[folder].get("artifacts")).values():
            if _dict(artifact).get("type") == _STACK:
                yield artifact

    def _read_assets(self, folder: Path) -> Iterator[tuple[str, str]]:
        if not any(self._stacks(folder)):
            return
        for path in sorted(folder.glob("*.assets.json")):
            for file in _dict(_read(path).get("files")).values():
                source = _dict(_dict(file).get("source")).get("path")
                for target in _dict(_dict(file).get("destinations")).values():
                    key = _dict(target).get("objectKey")
                    if isinstance(source, str) and isinstance(key, str):
                        yield key, source

    def _read_constructs(self, folder: Path) -> Iterator[tuple[str, str]]:
        for artifact in self._stacks(folder):
            file = artifact.get("additionalMetadataFile")
            metadata = _read(folder / file) if isinstance(file, str) else _dict(artifact.get("metadata"))
            for path, entries in metadata.items():
                for entry in entries if isinstance(entries, list) else ():
                    if _dict(entry).get("type") == "aws:cdk:logicalId":
                        yield str(entry.get("data")), path.lstrip("/")


def written_path(resource: Resource) -> str:
    """The construct path that stands in a resource's `Metadata`; empty where there is none."""
    metadata = resource.node.get("Metadata")
    path = metadata.get(_PATH) if isinstance(metadata, Mapping) else None
    return path.text if isinstance(path, Scalar) else ""


def _read(path: Path) -> dict[str, Any]:
    try:
        return _dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError):
        return {}


def _dict(data: object) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}
