"""Output formats. Each is a module of its own; `REPORTERS` is the list of them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from stackwarden.diagnostics import Diagnostic, did_you_mean
from stackwarden.report import asff, github, gitlab, html, json, junit, markdown, pretty, sarif
from stackwarden.report._reporter import Reporter
from stackwarden.report._text import clean, plural
from stackwarden.report.html import Html
from stackwarden.report.json import dump
from stackwarden.report.pretty import Pretty
from stackwarden.run.when import when_in_words

__all__ = [
    "REPORTERS",
    "Html",
    "Pretty",
    "Reporter",
    "UnknownFormat",
    "clean",
    "dump",
    "plural",
    "render_diagnostics",
    "reporter",
    "when_in_words",
]

REPORTERS: Final[tuple[Reporter, ...]] = (
    pretty.REPORTER,
    json.REPORTER,
    sarif.REPORTER,
    junit.REPORTER,
    github.REPORTER,
    gitlab.REPORTER,
    markdown.REPORTER,
    html.REPORTER,
    asff.REPORTER,
)


@dataclass(frozen=True, slots=True)
class UnknownFormat(Diagnostic):
    """A word for `--format` that is no format."""

    name: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"there is no format `{self.name}`"

    def help(self) -> str | None:
        return did_you_mean(self.name, self.known) or f"the formats are {', '.join(f'`{name}`' for name in self.known)}"


def reporter(name: str, reporters: Sequence[Reporter] = REPORTERS) -> Reporter | UnknownFormat:
    """The format of that name, or the diagnostic to show; there is no default to fall back to."""
    for candidate in reporters:
        if candidate.name == name:
            return candidate
    return UnknownFormat(None, name, tuple(candidate.name for candidate in reporters))


def render_diagnostics(diagnostics: Iterable[Diagnostic], *, colour: bool = False, width: int = 100) -> str:
    """Diagnostics for people, each with the lines in question and its help; empty for none."""
    from stackwarden.report._frames import of_diagnostic, print_out  # rich, needed only once something is wrong

    parts = [part for diagnostic in diagnostics for part in of_diagnostic(diagnostic, width)]
    return print_out(parts, colour=colour, width=width) if parts else ""
