"""The parts of a rule put in order, and what is wrong with them that needs no types to see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from stackwarden.diagnostics import Diagnostic, Severity
from stackwarden.language import ast
from stackwarden.language.parse_problems import (
    BadRuleId,
    DuplicateClause,
    MissingClause,
    UnknownMetadata,
    UnknownSeverity,
    WrongMetadata,
)
from stackwarden.source import Span

__all__ = ["METADATA", "build_rule"]

METADATA: Final = {
    "title": "a text",
    "severity": "a severity",
    "category": "a word",
    "because": "a text",
    "remediate": "a text",
    "see": "a link or a list of links",
    "maps": "a table of lists",
    "tags": "a list of texts",
    "deprecated_by": "a rule id",
}
_KEBAB: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def build_rule(
    id_span: Span, name: str, clauses: Iterable[Any], span: Span, diagnostics: list[Diagnostic]
) -> ast.Rule | None:
    """A rule from its clauses in any order; None where it lacks what a rule cannot do without."""
    if not _KEBAB.fullmatch(name):
        diagnostics.append(BadRuleId(id_span, name))
    parts = list(clauses)
    for_ = _only([part for part in parts if isinstance(part, tuple) and part[0] == "for"], diagnostics)
    where = _only([part for part in parts if isinstance(part, tuple) and part[0] == "where"], diagnostics)
    metadata = tuple(part for part in parts if isinstance(part, ast.Meta))
    requires = tuple(part for part in parts if isinstance(part, ast.Require))
    _check_metadata(name, id_span, metadata, diagnostics)
    for severity, place in (
        *((require.severity, require.severity_span) for require in requires),
        *(
            (expectation.severity, expectation.span)
            for part in parts
            if isinstance(part, ast.Example)
            for expectation in part.expectations
        ),
    ):
        if severity is not None and Severity.parse(severity) is None:
            diagnostics.append(UnknownSeverity(place, severity))
    if for_ is None:
        diagnostics.append(MissingClause(id_span, name, "for"))
    if not requires:
        diagnostics.append(MissingClause(id_span, name, "require"))
    if for_ is None:
        return None
    return ast.Rule(
        name,
        id_span,
        metadata,
        tuple(part for part in parts if isinstance(part, ast.Param)),
        for_[1],
        for_[2],
        for_[3],
        tuple(part for part in parts if isinstance(part, ast.Let)),
        None if where is None else where[1],
        requires,
        tuple(part for part in parts if isinstance(part, ast.Fix)),
        tuple(part for part in parts if isinstance(part, ast.Example)),
        span,
    )


def _only(found: list[Any], diagnostics: list[Diagnostic]) -> Any:
    for extra in found[1:]:
        diagnostics.append(DuplicateClause(extra[-1], extra[0]))
    return found[0] if found else None


def _check_metadata(name: str, id_span: Span, metadata: tuple[ast.Meta, ...], diagnostics: list[Diagnostic]) -> None:
    seen: set[str] = set()
    for entry in metadata:
        if entry.name not in METADATA:
            diagnostics.append(UnknownMetadata(entry.name_span, entry.name, (*METADATA, *_CLAUSES)))
            continue
        if entry.name in seen:
            diagnostics.append(DuplicateClause(entry.span, entry.name))
        seen.add(entry.name)
        if not _fits(entry):
            diagnostics.append(WrongMetadata(entry.span, entry.name, METADATA[entry.name]))
        elif entry.name == "severity" and Severity.parse(str(entry.value)) is None:
            diagnostics.append(UnknownSeverity(entry.span, str(entry.value)))
    for needed in ("title", "severity"):
        if needed not in seen:
            diagnostics.append(MissingClause(id_span, name, needed))


_CLAUSES: Final = ("example", "fix", "for", "let", "param", "require", "where")


def _fits(entry: ast.Meta) -> bool:
    match entry.name:
        case "maps":
            return isinstance(entry.value, dict)
        case "tags":
            return isinstance(entry.value, tuple)
        case "see":
            return isinstance(entry.value, str | tuple)
        case _:
            return isinstance(entry.value, str)
