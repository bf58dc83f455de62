"""Template files that a run reads, for nested stacks: each is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING

from stackwarden.diagnostics import Diagnostic
from stackwarden.run.cdk import Assemblies
from stackwarden.run.discover import Found
from stackwarden.run.files import read_named
from stackwarden.run.glance import glance
from stackwarden.run.objects import is_url
from stackwarden.source import Source
from stackwarden.template.decode import decode
from stackwarden.template.model import Snippet, Template
from stackwarden.template.secrets import NO_SECRETS, Secrets, masked, masked_faults, masked_snippet

if TYPE_CHECKING:
    from stackwarden.resolve.transforms.nested_stacks import Loaded
    from stackwarden.resolve.values import Plain, Value
    from stackwarden.run.exports import Exports

__all__ = ["DeployedFiles", "TemplateFiles", "deployed_by", "followed"]


class TemplateFiles:
    """Loads templates by the name that people see, which is relative to the working folder.

    `were_asked` turns true when somebody asks for what is in a file. Those who want to know set it back before.
    """

    def __init__(self, files: Iterable[Found] = ()) -> None:
        self.were_asked = False
        self.assemblies = Assemblies()
        self._files = tuple(files)
        self._exports: dict[str, tuple[Exports, Secrets]] = {}
        self._loaded: dict[str, Loaded] = {}
        self._snippets: dict[str, tuple[Snippet | None, Secrets]] = {}
        self._secrets: dict[str, Secrets] = {}
        self.secrets = NO_SECRETS

    def __reduce__(self) -> tuple[type[TemplateFiles], tuple[tuple[Found, ...]]]:
        """As another process gets it, which reads by itself what it needs."""
        return TemplateFiles, (self._files,)

    def begin(self) -> None:
        """Starts on another template: `secrets` are those of the files that are asked for from here on.

        So what is masked in what comes of a template does not depend on what was scanned before it.
        """
        self.secrets = NO_SECRETS

    def load(self, name: str) -> Loaded:
        """The template in a file, its faults, or None where there is no such file."""
        self.were_asked = True
        if name not in self._loaded:
            asset = None if is_url(name) or Path(name).is_file() else self.assemblies.asset(name)
            loaded = _load(name) if asset is None else self.load(asset)
            secrets = NO_SECRETS if asset is None else self._secrets[asset]
            if asset is None and isinstance(loaded, Template):
                loaded, secrets = masked(loaded)
            elif asset is None and isinstance(loaded, tuple):
                loaded = masked_faults(loaded)
            self._loaded[name], self._secrets[name] = loaded, secrets
        self.secrets = self.secrets | self._secrets[name]
        return self._loaded[name]

    def under(self, environment: str, given: Callable[[str], Mapping[str, str]]) -> DeployedFiles:
        """The files in one environment, whose parameters are `given` by the name of the file."""
        return DeployedFiles(self, environment, given)

    def exports(self, environment: str, given: Callable[[str], Mapping[str, str]]) -> Exports:
        """What the templates of the run export in an environment."""
        from stackwarden.run.exports import exports_of

        self.were_asked = True
        if environment not in self._exports:
            names = [file.name for file in self._files if glance(file).exports]
            loaded = (self.load(one) for one in names)
            exporting = (one for one in loaded if isinstance(one, Template))
            exports = exports_of(exporting, given)
            secrets = reduce(or_, (self._secrets[one] for one in names), NO_SECRETS)
            self._exports[environment] = exports, secrets
        exports, secrets = self._exports[environment]
        self.secrets = self.secrets | secrets
        return exports

    def snippet(self, name: str) -> Snippet | None:
        """The object in a file for `AWS::Include`; None where there is none that can be read."""
        self.were_asked = True
        if name not in self._snippets:
            snippet = _snippet(name)
            self._snippets[name] = (None, NO_SECRETS) if snippet is None else masked_snippet(snippet)
        snippet, secrets = self._snippets[name]
        self.secrets = self.secrets | secrets
        return snippet


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
    todo = [file.name for file in files if glance(file).nests]
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
    data = read_named(name)
    return decode(data, name) if isinstance(data, bytes) else data
