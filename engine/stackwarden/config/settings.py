"""What a configuration file says, once it is read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from stackwarden.diagnostics import Severity
from stackwarden.source import Span

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["ParamValue", "Settings", "Waiver", "within"]

ParamValue = str | int | float | bool | tuple["ParamValue", ...]
"""A value for a `param` of a rule, as TOML gives it; lists are tuples."""


def within(path: Path, folder: Path) -> str:
    """`path` as seen from `folder`, with `/`; its absolute form without the leading `/` where it lies outside."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - drops `..` and, unlike `resolve`, keeps symbolic links
    for root, candidate in ((folder.absolute(), absolute), (folder.resolve(), absolute.resolve())):
        if candidate.is_relative_to(root):
            return candidate.relative_to(root).as_posix()
    return absolute.as_posix().lstrip("/")


def _globs(*patterns: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec  # not needed by a scan without globs

    return GitIgnoreSpec.from_lines(patterns)


@dataclass(frozen=True)
class Waiver:
    """A `[[waivers]]` entry: findings that are known and accepted.

    `rule` and `resource` are shell globs over rule ids and logical ids; `path` is a glob in the manner of `.gitignore`,
    seen from `root`, the folder of the configuration file. `until` is the last day on which the waiver counts.
    """

    rule: str
    reason: str
    path: str | None = None
    resource: str | None = None
    until: date | None = None
    owner: str | None = None
    root: Path = Path()
    span: Span | None = field(default=None, compare=False, repr=False)

    @cached_property
    def _paths(self) -> GitIgnoreSpec | None:
        return None if self.path is None else _globs(self.path)

    @property
    def place(self) -> str:
        """`file:line` of the entry."""
        return "" if self.span is None else f"{self.span.source.name}:{self.span.begin.line}"

    def covers_file(self, file: str) -> bool:
        """Whether the waiver is about the template `file` (a path as given on the command line)."""
        return self._paths is None or self._paths.match_file(within(Path(file), self.root))


@dataclass(frozen=True)
class Settings:
    """A whole configuration; what it does not say is empty or None.

    `root` is the folder of the file: every glob is seen from there, and `policies` are already joined to it.
    `select` and `ignore` hold rule ids, globs, categories and severities. `parameters` pairs a glob over
    templates with arguments for `parameter_files.read_parameters`; `file` is None for settings made in code.
    `environments` pairs names with such arguments: deployments that are checked each for itself. `stacks` pairs a glob
    over templates with the name of the stack that they are deployed as.
    """

    file: Path | None = None
    root: Path = Path()
    packs: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    params: Mapping[str, ParamValue] = field(default_factory=dict)
    parameters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fail_on: Severity | None = None
    min_severity: Severity | None = None
    exclude: tuple[str, ...] = ()
    honor_suppressions: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    environments: tuple[tuple[str, tuple[str, ...]], ...] = ()
    stacks: tuple[tuple[str, str], ...] = ()

    def stack_name(self, template: Path) -> str | None:
        """The name of the stack that a template is deployed as; of several globs the last one counts."""
        name = within(template, self.root)
        return next((stack for pattern, stack in reversed(self.stacks) if _globs(pattern).match_file(name)), None)

    def parameter_arguments(self, template: Path) -> tuple[str, ...]:
        """Parameter files and `K=V` pairs for a template, in the order in which later ones win."""
        name = within(template, self.root)
        return tuple(
            argument
            for pattern, arguments in self.parameters
            if _globs(pattern).match_file(name)
            for argument in arguments
        )
