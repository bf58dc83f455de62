"""Template files that a run reads, for nested stacks: each is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.run.cdk import Assemblies
from stackwarden.run.discover import Found
from stackwarden.source import Source
from stackwarden.template.decode import decode
from stackwarden.template.limits import Limits
from stackwarden.template.model import Snippet, Template
from stackwarden.template.secrets import NO_SECRETS, masked, masked_faults, masked_snippet

if TYPE_CHECKING:
    from stackwarden.resolve.transforms.nested_stacks import Loaded
    from stackwarden.resolve.values import Plain, Value
    from stackwarden.run.exports import Exports

__all__ = ["DeployedFiles", "TemplateFiles", "deployed_by", "followed"]

_EXPORTING: Final = (b"Export",)
_NESTING: Final = (b"AWS::CloudFormation::Stack", b"AWS::Serverless::Application")


class TemplateFiles:
    """Loads templates by the name that people see, which is relative to the working folder.

    `were_asked` turns true when somebody asks for what is in a file. Those who want to know set it back before.
    """

    def __init__(self, files: Iterable[Found] = ()) -> None:
        self.were_asked = False
        self.assemblies = Assemblies()
        self._files = tuple(files)
        self._exports: dict[str, Exports] = {}
        self._loaded: dict[str, Loaded] = {}
        self._snippets: dict[str, Snippet | None] = {}
        self.secrets = NO_SECRETS

    def load(self, name: str) -> Loaded:
        """The template in a file, its faults, or None where there is no such file."""
        self.were_asked = True
        if name not in self._loaded:
            asset = None if Path(name).is_file() else self.assemblies.asset(name)
            self._loaded[name] = self._masked(_load(name)) if asset is None else self.load(asset)
        return self._loaded[name]

    def _masked(self, loaded: Loaded) -> Loaded:
        if not isinstance(loaded, Template):
            return None if loaded is None else masked_faults(loaded)
        template, secrets = masked(loaded)
        self.secrets = self.secrets | secrets
        return template

    def under(self, environment: str, given: Callable[[str], Mapping[str, str]]) -> DeployedFiles:
        """The files in one environment, whose parameters are `given` by the name of the file."""
        return DeployedFiles(self, environment, given)

    def exports(self, environment: str, given: Callable[[str], Mapping[str, str]]) -> Exports:
        """What the templates of the run export in an environment."""
        from stackwarden.run.exports import exports_of

        self.were_asked = True
        if environment not in self._exports:
            names = (file.name for file in self._files if file.path is not None and _has(file.path, _EXPORTING))
            loaded = (self.load(one) for one in names)
            exporting = (one for one in loaded if isinstance(one, Template))
            self._exports[environment] = exports_of(exporting, given)
        return self._exports[environment]

    def snippet(self, name: str) -> Snippet | None:
        """The object in a file for `AWS::Include`; None where there is none that can be read."""
        self.were_asked = True
        if name not in self._snippets:
            snippet = _snippet(name)
            if snippet is not None:
                snippet, secrets = masked_snippet(snippet)
                self.secrets = self.secrets | secrets
            self._snippets[name] = snippet
        return self._snippets[name]


class DeployedFiles:
    """The files of a run as one environment deploys them."""

    def __init__(self, files: TemplateFiles, environment: str, given: Callable[[str], Mapping[str, str]]) -> None:
        self._files = files
        self._environment = environment
        self._given = given

    @property
    def exports(self) -> Exports:
        """What the templates of the run export; they are read when they are first asked for."""
        return self._files.exports(self._environment, self._given)

    def load(self, name: str) -> Loaded:
        """The template in a file, its faults, or None where there is no such file."""
        return self._files.load(name)

    def snippet(self, name: str) -> Snippet | None:
        """The object in a file for `AWS::Include`; None where there is none that can be read."""
        return self._files.snippet(name)

    def exported(self, name: Plain) -> Value | None:
        """What the templates of the run export under a name; None where that is not certain."""
        return self.exports.value(name)


def followed(files: Iterable[Found], templates: TemplateFiles) -> frozenset[str]:
    """The files that other files deploy as nested stacks: they are scanned there, with what is passed to them.

    Stacks that nest each other in a circle are scanned each for itself.
    """
    below = _below(files, templates)
    return frozenset(child for name in _outermost(below) for child in _reached(name, below))


def deployed_by(name: str, files: Iterable[Found], templates: TemplateFiles) -> tuple[str, ...]:
    """The outermost files that deploy a file as a nested stack, through others or not."""
    below = _below(files, templates)
    return tuple(outer for outer in _outermost(below) if name in _reached(outer, below))


_Below = Mapping[str, tuple[str, ...]]
"""The files that a file deploys as nested stacks, by its name."""


def _below(files: Iterable[Found], templates: TemplateFiles) -> _Below:
    below: dict[str, tuple[str, ...]] = {}
    todo = [file.name for file in files if file.path is not None and _has(file.path, _NESTING)]
    while todo:
        name = todo.pop()
        template = templates.load(name) if name not in below else None
        if isinstance(template, Template):
            from stackwarden.resolve.transforms.nested_stacks import local_children

            loaded = (templates.load(child) for _, _, child in local_children(template))
            below[name] = tuple(child.source.name for child in loaded if isinstance(child, Template))
            todo.extend(below[name])
    return below


def _outermost(below: _Below) -> list[str]:
    nested = {child for children in below.values() for child in children}
    return [name for name in below if name not in nested]


def _reached(name: str, below: _Below) -> set[str]:
    reached: set[str] = set()
    todo = list(below.get(name, ()))
    while todo:
        child = todo.pop()
        if child not in reached:
            reached.add(child)
            todo.extend(below.get(child, ()))
    return reached


def _has(path: Path, marks: tuple[bytes, ...]) -> bool:
    try:
        with path.open("rb") as file:
            content = file.read(Limits().size)
    except OSError:
        return False
    return any(mark in content for mark in marks)


def _load(name: str) -> Loaded:
    from stackwarden.template.load import load

    source = _read(name)
    if source is None:
        return None
    return (source,) if isinstance(source, Diagnostic) else load(source)


def _snippet(name: str) -> Snippet | None:
    from stackwarden.template.load import load_snippet

    source = _read(name)
    return load_snippet(source) if isinstance(source, Source) else None


def _read(name: str) -> Source | Diagnostic | None:
    path = Path(name)
    try:
        return decode(path.read_bytes(), name) if path.is_file() else None
    except OSError:
        return None
