"""What CloudFormation expands before it deploys: each new node remembers the author's place.

The order is CloudFormation's: language extensions first, then the Serverless transform; macros that nobody here knows
leave what they may change unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.resolve.assertions import deployable
from stackwarden.resolve.guards import TRUE
from stackwarden.resolve.resolver import Made, Resolver
from stackwarden.template.model import Template

__all__ = ["open_template"]

_LANGUAGE: Final = "AWS::LanguageExtensions"
_SERVERLESS: Final = "AWS::Serverless-2016-10-31"
_HARMLESS: Final = frozenset({"AWS::CodeDeployBlueGreen"})
_ADDING: Final = ("AWS::SecretsManager-",)
"""Transforms of AWS that add resources and leave the others as they are."""


def open_template(template: Template, given: Mapping[str, str]) -> tuple[Resolver, tuple[Diagnostic, ...]]:
    """The resolver of a template as it is deployed, and what kept a transform from running.

    `given` binds parameters and pseudo parameters by name. A template without transforms is taken as it is.
    """
    resolver = Resolver(template, given)
    diagnostics: tuple[Diagnostic, ...] = ()
    document = template.root
    if _LANGUAGE in template.transforms:
        from stackwarden.resolve.transforms import language_extensions

        loops = language_extensions.expand(template, resolver)
        made = Made(resolver.space, resolver.parameters, loops.guards)
        resolver, document = Resolver(loops.template, made=made), loops.document
        diagnostics = loops.diagnostics
    if _SERVERLESS in template.transforms:
        from stackwarden.resolve.transforms import sam  # loads the translator, which plain templates do without

        expanded, refusals = sam.expand(resolver.template, document, given.get("AWS::Region", "us-east-1"))
        resolver = Resolver(expanded, made=_made(resolver))
        diagnostics = (*diagnostics, *refusals)
    others = [name for name in resolver.template.transforms if name not in _HARMLESS]
    others = [name for name in others if name not in (_LANGUAGE, _SERVERLESS)]
    if others:
        changes = not all(name.startswith(_ADDING) for name in others)
        resolver = Resolver(resolver.template, made=_made(resolver, macro=True, open_maps=changes))
    resolver.assumptions = deployable(template, resolver.conditions)
    return resolver, diagnostics


def _made(resolver: Resolver, *, macro: bool = False, open_maps: bool = False) -> Made:
    unknown = (*resolver.unknown_resources, *((("*", TRUE),) if macro else ()))
    return Made(resolver.space, resolver.parameters, resolver.conditions.made, unknown, open_maps)
