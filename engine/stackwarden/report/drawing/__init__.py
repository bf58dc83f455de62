"""Drawings of a stack: which nodes and lines (`picture`), and one module for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.report.drawing.dot import dot
from stackwarden.report.drawing.html import html
from stackwarden.report.drawing.mermaid import mermaid
from stackwarden.report.drawing.picture import Choice, Picture, picture_of
from stackwarden.report.drawing.svg import STYLE, svg
from stackwarden.run.finding import Finding

__all__ = ["DRAWINGS", "STYLE", "Choice", "Picture", "picture_of", "svg", "svg_of"]

DRAWINGS: Final[Mapping[str, Callable[[Picture], str]]] = MappingProxyType(
    {"dot": dot, "mermaid": mermaid, "svg": svg, "html": html}
)
"""The formats by their names."""


def svg_of(stack: Stack, findings: Sequence[Finding] = ()) -> str:
    """The drawing of a stack as an SVG element for a page, which has to bring `STYLE`; nodes link to `#node-N`."""
    return svg(picture_of(stack, findings=findings), alone=False)
