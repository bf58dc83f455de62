"""Drawings of a stack: which nodes and lines (`picture`), and one module for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from stackwarden.report.drawing.dot import dot
from stackwarden.report.drawing.html import LEGEND, html, page_style
from stackwarden.report.drawing.mermaid import mermaid
from stackwarden.report.drawing.picture import Choice, Picture, node_of, picture_of
from stackwarden.report.drawing.svg import OnPage, svg

__all__ = ["DRAWINGS", "LEGEND", "Choice", "OnPage", "Picture", "node_of", "page_style", "picture_of", "svg"]

DRAWINGS: Final[Mapping[str, Callable[[Picture], str]]] = MappingProxyType(
    {"dot": dot, "mermaid": mermaid, "svg": svg, "html": html}
)
"""The formats by their names."""
