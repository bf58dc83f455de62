"""What CloudFormation expands before it deploys: each new node remembers the author's place.

The order is CloudFormation's: language extensions first, then the Serverless transform; macros that nobody here knows
leave what they may change unknown. Nested stacks are followed at last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.resolve.assertions import deployable
from stackwarden.resolve.guards import TRUE
from stackwarden.resolve.literals import compared_literals
from stackwarden.resolve.resolver import Made, Resolver
from stackwarden.resolve.transforms.nested_stacks import Files, attach, compared_below
from stackwarden.template.model import Template

__all__ = ["open_template"]

_LANGUAGE: Final = "AWS::LanguageExtensions"
_SERVERLESS: Final = "AWS::Serverless-2016-10-31"
_HARMLESS: Final = frozenset({"AWS::CodeDeployBlueGreen"})
_ADDING: Final = ("AWS::SecretsManager-",)
"""Transforms of AWS that add resources and leave the others as they are."""


def open_template(
    template: Template, given: Mapping[str, str], files: Files | None = None, *, alone: bool = False
) -> tuple[Resolver, tuple[Diagnostic, ...]]:
    """The resolver of a template as it is deployed, and what kept a transform from running.

    `given` binds parameters and pseudo parameters by name; `files` gives nested templates and included
    snippets, which are opaque without it. A template without transforms is taken as it is. With `alone`, it is part of
    a stack whose other resources are not known.
    """
    region = given.get("AWS::Region", "us-east-1")
    plain = Resolver(template, given)
    if _LANGUAGE in template.transforms and "Fn::ForEach" in template.source.text:
        plain.parameters.compare_with(_compared_in_loops(template, given))
    if files is not None:
        plain.snippets = files.snippet
        plain.exports = files.exported
        plain.parameters.compare_also(compared_below(template, files))
    resolver, diagnostics = _transformed(plain, region)
    if alone:
        resolver = Resolver(resolver.template, made=resolver.made(unknown=(("*", TRUE),)))
    resolver.assumptions = deployable(template, resolver.conditions)
    if files is None:
        return resolver, diagnostics
    nested: list[Diagnostic] = []

    def open_child(child: Template, made: Made) -> Resolver:
        inner, problems = _transformed(Resolver(child, made=made), region)
        nested.extend(problems)
        return inner

    faults = tuple(attach(resolver, files, open_child))
    return resolver, (*diagnostics, *nested, *faults)


def _compared_in_loops(template: Template, given: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """What a template compares its parameters with once its loops are written out: elements count as literals."""
    from stackwarden.resolve.transforms import language_extensions

    loops = language_extensions.expand(template, Resolver(template, given))
    return compared_literals(replace(loops.template, root=loops.document))


def _transformed(resolver: Resolver, region: str) -> tuple[Resolver, tuple[Diagnostic, ...]]:
    template = resolver.template
    diagnostics: tuple[Diagnostic, ...] = ()
    document = template.root
    if _LANGUAGE in template.transforms:
        from stackwarden.resolve.transforms import language_extensions

        loops = language_extensions.expand(template, resolver)
        made = resolver.made(conditions=loops.guards)
        resolver, document = Resolver(loops.template, made=made), loops.document
        diagnostics = loops.diagnostics
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
