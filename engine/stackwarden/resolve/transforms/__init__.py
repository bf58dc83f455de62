"""What CloudFormation expands before it deploys: each new node remembers the author's place.

The order is CloudFormation's: snippets that are included, language extensions, then the Serverless transform; macros
that nobody here knows leave what they may change unknown. Nested stacks are followed at last.
"""

from __future__ import annotations

from collections.abc import Mapping as ReadOnlyMapping
from dataclasses import replace
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.resolve.assertions import deployable
from stackwarden.resolve.guards import TRUE
from stackwarden.resolve.literals import compared_literals
from stackwarden.resolve.resolver import Made, Resolver
from stackwarden.resolve.transforms import include
from stackwarden.resolve.transforms.nested_stacks import Files, Loaded, attach, compared_below
from stackwarden.resolve.values import Plain, Value
from stackwarden.template.model import Snippet, Template
from stackwarden.template.nodes import Mapping

__all__ = ["open_template"]

_LANGUAGE: Final = "AWS::LanguageExtensions"
_SERVERLESS: Final = "AWS::Serverless-2016-10-31"
_HARMLESS: Final = frozenset({"AWS::CodeDeployBlueGreen"})
_ADDING: Final = ("AWS::SecretsManager-",)
"""Transforms of AWS that add resources and leave the others as they are."""


def open_template(
    template: Template, given: ReadOnlyMapping[str, str], files: Files | None = None
) -> tuple[Resolver, tuple[Diagnostic, ...]]:
    """The resolver of a template as it is deployed, and what kept a transform from running.

    `given` binds parameters and pseudo parameters by name; `files` gives nested templates and included
    snippets, which are opaque without it. A template without transforms is taken as it is.
    """
    region = given.get("AWS::Region", "us-east-1")
    faults: tuple[Diagnostic, ...] = ()
    if files is not None:
        files = _WithSnippets(files)
        template, faults = include.expand(template, files)
    plain = Resolver(template, given)
    if _LANGUAGE in template.transforms and "Fn::ForEach" in template.source.text:
        plain.parameters.compare_with(_compared_in_loops(template, given))
    if files is not None:
        plain.snippets = files.snippet
        plain.exports = files.exported
        plain.parameters.compare_also(compared_below(template, files))
    resolver, diagnostics = _transformed(plain, region)
    resolver.assumptions = deployable(template, resolver.conditions)
    if files is None:
        return resolver, diagnostics
    nested: list[Diagnostic] = []

    def open_child(child: Template, made: Made) -> Resolver:
        inner, problems = _transformed(Resolver(child, made=made), region)
        nested.extend(problems)
        return inner

    unfollowed = tuple(attach(resolver, files, open_child))
    return resolver, (*faults, *files.faults, *diagnostics, *nested, *unfollowed)


class _WithSnippets:
    """The files of a deployment; nested templates have the snippets in place that they include."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._loaded: dict[str, Loaded] = {}
        self.faults: list[Diagnostic] = []

    def load(self, name: str) -> Loaded:
        """The template in a file, its faults, or None where there is no such file."""
        if name not in self._loaded:
            loaded = self._files.load(name)
            if isinstance(loaded, Template):
                loaded, faults = include.expand(loaded, self._files)
                self.faults.extend(faults)
            self._loaded[name] = loaded
        return self._loaded[name]

    def snippet(self, name: str) -> Snippet | None:
        """The object in a file for `AWS::Include`; None where there is none that can be read."""
        return self._files.snippet(name)

    def exported(self, name: Plain) -> Value | None:
        """What the templates of the run export under a name; None where that is not certain."""
        return self._files.exported(name)


def _compared_in_loops(template: Template, given: ReadOnlyMapping[str, str]) -> ReadOnlyMapping[str, tuple[str, ...]]:
    """What a template compares its parameters with once its loops are written out: elements count as literals."""
    from stackwarden.resolve.transforms import language_extensions

    loops = language_extensions.expand(template, Resolver(template, given))
    return compared_literals(replace(loops.template, root=loops.document))


def _transformed(resolver: Resolver, region: str) -> tuple[Resolver, tuple[Diagnostic, ...]]:
    template = resolver.template
    diagnostics: tuple[Diagnostic, ...] = ()
    if _has_unseen_resources(template):
        of_all = template.has_macro("Resources")  # it is given the resources beside it, too
        resolver = Resolver(template, made=resolver.made(unknown=(("*", TRUE),), open_maps=of_all))
    document = template.root
    if _LANGUAGE in template.transforms:
        from stackwarden.resolve.transforms import language_extensions

        loops = language_extensions.expand(template, resolver)
        made = resolver.made(conditions=loops.guards)
        collections = resolver.malformed_functions
        resolver, document = Resolver(loops.template, made=made), loops.document
        diagnostics = (*loops.diagnostics, *collections)
    if _SERVERLESS in template.transforms:
        from stackwarden.resolve.transforms import sam  # loads the translator, which plain templates do without

        expanded, refusals = sam.expand(resolver.template, document, region)
        generated = frozenset(expanded.conditions) - frozenset(resolver.template.conditions)
        resolver = Resolver(expanded, made=resolver.made(generated=generated))
        diagnostics = (*diagnostics, *refusals)
    others = [name for name in resolver.template.transforms if name not in _HARMLESS]
    others = [name for name in others if name not in (_LANGUAGE, _SERVERLESS)]
    if others:
        changes = not all(name.startswith(_ADDING) for name in others)
        resolver = Resolver(resolver.template, made=resolver.made(unknown=(("*", TRUE),), open_maps=changes))
    return resolver, diagnostics


def _has_unseen_resources(template: Template) -> bool:
    """Whether a macro in the `Resources` section makes resources, or all of one."""
    resources = template.root.get("Resources")
    entries = resources if isinstance(resources, Mapping) and "Fn::Transform" in template.source.text else ()
    return template.has_macro("Resources") or any(
        isinstance(entry.value, Mapping)
        and "Fn::Transform" in entry.value.entries
        and "Type" not in entry.value.entries
        for entry in entries
    )
