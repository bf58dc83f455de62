"""One template as a scan opens it: with the parameters given for it, nested stacks, and exports of other templates."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stackwarden.diagnostics import Diagnostic, Message
from stackwarden.graph.stack import Stack
from stackwarden.resolve.parameters import ValueNotAllowed
from stackwarden.resolve.transforms import open_template
from stackwarden.run.deployments import deployments
from stackwarden.run.discover import Found
from stackwarden.run.exports import Exports
from stackwarden.run.files import read_source
from stackwarden.run.session import SessionOptions, UnknownChoice
from stackwarden.run.templates import TemplateFiles, deployed_by
from stackwarden.template.faults import Skipped
from stackwarden.template.load import load
from stackwarden.template.model import Template
from stackwarden.template.secrets import NO_SECRETS, Secrets, masked

__all__ = ["Asked", "Opened", "OpenedFile", "open_file"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A template to look at. `others` are further files of the run: for what they export, and for stacks that nest it.

    `stdin` is the text of a file without a path; `environment` chooses one that the configuration names (empty: all).
    """

    file: Found
    others: tuple[Found, ...] = ()
    stdin: bytes | None = None
    environment: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The outermost stack that has the template, in one environment (empty: the configuration names none)."""

    environment: str
    stack: Stack
    exports: Exports


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """The stacks that deploy a template. `name` is the file's name for people.

    `wrong` says what the call names that is not there, `faults` what keeps (part of) the template from being read.
    `secrets` must not be shown.
    """

    name: str
    stacks: tuple[Opened, ...]
    wrong: tuple[Diagnostic, ...] = ()
    faults: tuple[Diagnostic, ...] = ()
    secrets: Secrets = NO_SECRETS

    @property
    def is_nested(self) -> bool:
        """Whether the template is looked at as part of the stacks that nest it."""
        return any(one.stack.template.source.name != self.name for one in self.stacks)


def open_file(asked: Asked, options: SessionOptions) -> OpenedFile:
    """Opens a template by itself, or through the outermost stacks that nest it where others of the run do."""
    settings = options.settings
    environments = tuple(name for name, _ in settings.environments) if settings is not None else ()
    name = asked.file.name if asked.file.path is None else os.path.normpath(asked.file.name).replace(os.sep, "/")
    if asked.environment and asked.environment not in environments:
        return OpenedFile(name, (), (UnknownChoice(None, "environment", asked.environment, environments),))
    source = read_source(asked.file, asked.stdin)
    if isinstance(source, Diagnostic):
        named = source if source.span is not None else Message(None, f"`{name}` {source.message()}", source.help())
        return OpenedFile(name, (), (), (named,))
    loaded = load(source)
    if not isinstance(loaded, Template):
        return OpenedFile(name, (), (), loaded)
    template, secrets = masked(loaded)
    files = (asked.file, *(one for one in asked.others if one.path is not None and one.path != asked.file.path))
    templates = TemplateFiles(files)
    nesting = [templates.load(outer) for outer in deployed_by(name, files, templates)]
    roots = [one for one in nesting if isinstance(one, Template)] or [template]
    known = {parameter: None for root in roots for parameter in root.parameters}
    wrong = tuple(UnknownChoice(None, "parameter", one, tuple(known)) for one in options.parameters if one not in known)
    faults: list[Diagnostic] = [one for one in template.diagnostics if isinstance(one, Skipped)]
    stacks = [opened for root in roots for opened in _open(root, asked.environment, options, templates, faults)]
    hidden = (secrets | templates.secrets).given(options.parameters)
    for root in roots:
        for deployment in deployments(root.source.name, options, templates):
            hidden = hidden.given(deployment.given)
    return OpenedFile(name, tuple(stacks), wrong, tuple(dict.fromkeys(faults)), hidden)


def _open(
    template: Template,
    environment: str,
    options: SessionOptions,
    templates: TemplateFiles,
    faults: list[Diagnostic],
) -> Iterator[Opened]:
    for deployment in deployments(template.source.name, options, templates):
        if environment in ("", deployment.environment):
            resolver, refusals = open_template(template, deployment.given, deployment.files)
            stack = Stack(resolver)
            refused = (one for part in stack.resolvers for one in part.parameters.diagnostics)
            left_out = (
                one for part in stack.resolvers for one in part.template.diagnostics if isinstance(one, Skipped)
            )
            faults.extend((*deployment.problems, *refusals, *left_out, *_fatal(refused)))
            exports = deployment.files.exports if deployment.files is not None else Exports(())
            yield Opened(deployment.environment, stack, exports)


def _fatal(diagnostics: Iterator[Diagnostic]) -> Sequence[Diagnostic]:
    return [one for one in diagnostics if isinstance(one, ValueNotAllowed)]
