"""Template files that a run reads, for nested stacks: each is read once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.resolve.transforms.nested_stacks import Loaded, local_children
from stackwarden.resolve.values import Value
from stackwarden.run.cdk import Assemblies
from stackwarden.run.discover import Found
from stackwarden.run.exports import exports_of
from stackwarden.template.limits import Limits
from stackwarden.template.load import decode, load, load_object
from stackwarden.template.model import Template
from stackwarden.template.nodes import Mapping

__all__ = ["TemplateFiles", "followed"]

_EXPORTING: Final = (b"Export",)
_NESTING: Final = (b"AWS::CloudFormation::Stack", b"AWS::Serverless::Application")


class TemplateFiles:
    """Loads templates by the name that people see, which is relative to the working folder."""

    def __init__(self, files: Iterable[Found] = ()) -> None:
        self.assemblies = Assemblies()
        self._files = tuple(files)
        self._exports: dict[str, Value] | None = None
        self._loaded: dict[str, Loaded] = {}

    def load(self, name: str) -> Loaded:
        """The template in a file, its faults, or None where there is no such file."""
        if name not in self._loaded:
            asset = None if Path(name).is_file() else self.assemblies.asset(name)
            self._loaded[name] = _load(name) if asset is None else self.load(asset)
        return self._loaded[name]

    def exported(self, name: str) -> Value | None:
        """What some template of the run exports under a name; None where none does."""
        if self._exports is None:
            names = (file.name for file in self._files if file.path is not None and _has(file.path, _EXPORTING))
            loaded = (self.load(one) for one in names)
            self._exports = exports_of(one for one in loaded if isinstance(one, Template))
        return self._exports.get(name)

    def snippet(self, name: str) -> Mapping | None:
        """The object in a file for `AWS::Include`; None where there is none that can be read."""
        try:
            source = decode(Path(name).read_bytes(), name)
        except OSError:
            return None
        return None if isinstance(source, Diagnostic) else load_object(source)


def followed(files: Iterable[Found], templates: TemplateFiles) -> frozenset[str]:
    """The files that other files deploy as nested stacks: they are scanned there, with what is passed to them.

    Stacks that nest each other in a circle are scanned each for itself.
    """
    below: dict[str, tuple[str, ...]] = {}
    todo = [file.name for file in files if file.path is not None and _has(file.path, _NESTING)]
    while todo:
        name = todo.pop()
        template = templates.load(name) if name not in below else None
        if isinstance(template, Template):
            loaded = (templates.load(child) for _, _, child in local_children(template))
            below[name] = tuple(child.source.name for child in loaded if isinstance(child, Template))
            todo.extend(below[name])
    nested = {child for children in below.values() for child in children}
    reached: set[str] = set()
    todo = [child for name, children in below.items() if name not in nested for child in children]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo.extend(below.get(name, ()))
    return frozenset(reached)


def _has(path: Path, marks: tuple[bytes, ...]) -> bool:
    try:
        with path.open("rb") as file:
            content = file.read(Limits().size)
    except OSError:
        return False
    return any(mark in content for mark in marks)


def _load(name: str) -> Loaded:
    path = Path(name)
    if not path.is_file():
        return None
    try:
        source = decode(path.read_bytes(), name)
    except OSError:
        return None
    return (source,) if isinstance(source, Diagnostic) else load(source)
