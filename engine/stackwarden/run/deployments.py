"""The deployments of a template that a run looks at: one, or one for each environment that the configuration names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.parameter_files import read_parameters
from stackwarden.run.session import SessionOptions
from stackwarden.run.templates import DeployedFiles, TemplateFiles

__all__ = ["Deployment", "deployments", "given_parameters"]

_ONE: Final = (("", ()),)
"""The deployments to check where the configuration names none: one, with whatever parameters it will get."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The values given for a template's parameters in one environment (empty: no environments are named).

    `files` gives the files of nested stacks and what other templates of the run export in that environment;
    `problems` are faults of parameter files.
    """

    environment: str
    given: Mapping[str, str]
    files: DeployedFiles | None
    problems: tuple[Diagnostic, ...]


def deployments(name: str, options: SessionOptions, templates: TemplateFiles | None) -> Iterator[Deployment]:
    """The deployments of the template in a file; without `templates`, nested stacks are not followed."""
    settings = options.settings
    for environment, arguments in settings.environments if settings is not None and settings.environments else _ONE:
        given, problems = _given(name, options, arguments, templates)
        others = partial(_values, options=options, more=arguments, templates=templates)
        files = None if templates is None else templates.under(environment, others)
        yield Deployment(environment, given, files, tuple(problems))


def _values(
    name: str, options: SessionOptions, more: Sequence[str], templates: TemplateFiles | None
) -> Mapping[str, str]:
    return _given(name, options, more, templates)[0]


def _given(
    name: str, options: SessionOptions, more: Sequence[str], templates: TemplateFiles | None
) -> tuple[dict[str, str], list[Diagnostic]]:
    given, problems = given_parameters(name, options, more)
    return {**(templates.assemblies.environment(name) if templates is not None else {}), **given}, problems


def given_parameters(
    name: str, options: SessionOptions, more: Sequence[str] = ()
) -> tuple[dict[str, str], list[Diagnostic]]:
    """The parameters that are given for a template: by the configuration, its environment, then the command line."""
    given: dict[str, str] = {}
    problems: list[Diagnostic] = []
    settings = options.settings
    configured = settings.parameter_arguments(Path(name)) if settings is not None else ()
    for argument in (*configured, *more):
        values = read_parameters(argument)
        if isinstance(values, tuple):
            problems.extend(values)
        else:
            given.update(values)
    stack = settings.stack_name(Path(name)) if settings is not None else None
    if stack:
        given["AWS::StackName"] = stack
    given.update(options.parameters)
    given.update(options.pseudo)
    return given, problems
