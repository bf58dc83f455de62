"""Output formats. Each is a module of its own, which is loaded when somebody wants it; `FORMATS` names them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from stackwarden.diagnostics import Diagnostic, did_you_mean
from stackwarden.report._reporter import Reporter
from stackwarden.report._text import clean, plural
from stackwarden.report.json import dump
from stackwarden.run.when import when_in_words

__all__ = [
    "FORMATS",
    "Reporter",
    "UnknownFormat",
    "clean",
    "dump",
    "plural",
    "render_diagnostics",
    "reporter",
    "reporters",
    "when_in_words",
]

FORMATS: Final = ("pretty", "json", "sarif", "junit", "github", "gitlab", "markdown", "html", "asff")
"""The names of the formats, each that of its module."""


@dataclass(frozen=True, slots=True)
class UnknownFormat(Diagnostic):
    """A word for `--format` that is no format."""

    name: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"there is no format `{self.name}`"

    def help(self) -> str | None:
        return did_you_mean(self.name, self.known) or f"the formats are {', '.join(f'`{name}`' for name in self.known)}"


def reporter(name: str) -> Reporter | UnknownFormat:
    """The format of that name, or the diagnostic to show; there is no default to fall back to."""
    if name not in FORMATS:
        return UnknownFormat(None, name, FORMATS)
    found: Reporter = import_module(f"stackwarden.report.{name}").REPORTER
    return found


def reporters() -> tuple[Reporter, ...]:
    """All formats, in the order of their names' list."""
    return tuple(found for name in FORMATS if not isinstance(found := reporter(name), UnknownFormat))


def render_diagnostics(diagnostics: Iterable[Diagnostic], *, colour: bool = False, width: int = 100) -> str:
    """Diagnostics for people, each with the lines in question and its help; empty for none."""
    from stackwarden.report._frames import of_diagnostic, print_out  # rich, needed only once something is wrong

    parts = [part for diagnostic in diagnostics for part in of_diagnostic(diagnostic, width)]
    return print_out(parts, colour=colour, width=width) if parts else ""
