"""What an output format is."""

from __future__ import annotations

from typing import Protocol

from stackwarden.run.finding import Report

__all__ = ["Reporter"]


class Reporter(Protocol):
    """A format: a pure function of the report, which opens no file, reads no clock and knows no terminal."""

    @property
    def name(self) -> str:
        """The word for `--format`."""
        ...

    def render(self, report: Report) -> str:
        """The whole output, ending in a line end."""
        ...
