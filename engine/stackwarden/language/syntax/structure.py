"""A rule from its clauses, and what is wrong with them that needs no types to see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from stackwarden.diagnostics import Diagnostic
from stackwarden.language import ast
from stackwarden.language.syntax.chunks import CLAUSES
from stackwarden.language.syntax.clauses import Clause, Subject, Where
from stackwarden.language.syntax.problems import BadRuleId, DuplicateClause, MissingClause
from stackwarden.source import Span

__all__ = ["check_clauses", "check_id", "rule"]

_KEBAB: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_T = TypeVar("_T")


def rule(
    name: str, name_span: Span, clauses: Sequence[Clause], span: Span
) -> tuple[ast.Rule | None, tuple[Diagnostic, ...]]:
    """The rule that clauses make up, in whatever order they stand, and what is wrong with them.

    None where there is no rule without what is missing: a `for` and a `require`.
    """
    problems = [*check_id(name, name_span), *check_clauses(clauses), *_missing(name, name_span, clauses)]
    subjects, wheres, requires = _of(clauses, Subject), _of(clauses, Where), _of(clauses, ast.Require)
    if not subjects or not requires:
        return None, tuple(problems)
    made = ast.Rule(
        id=name,
        id_span=name_span,
        metadata=_of(clauses, ast.Meta),
        params=_of(clauses, ast.Param),
        variable=subjects[0].variable,
        variable_span=subjects[0].variable_span,
        subject=subjects[0].collection,
        lets=_of(clauses, ast.Let),
        where=wheres[0].condition if wheres else None,
        requires=requires,
        fixes=_of(clauses, ast.Fix),
        examples=_of(clauses, ast.Example),
        span=span,
    )
    return made, tuple(problems)


def check_id(name: str, span: Span) -> Iterable[Diagnostic]:
    """Whether a rule id is in kebab-case."""
    if not _KEBAB.fullmatch(name):
        words = re.findall(r"[A-Z]+[0-9]*(?![a-z])|[A-Z]?[a-z0-9]+", name)
        better = "-".join(word.lower() for word in words)
        yield BadRuleId(span, name, better if _KEBAB.fullmatch(better) else "")


def check_clauses(clauses: Iterable[Clause]) -> Iterable[Diagnostic]:
    """Clauses that stand twice although they may stand once, and ids that are none."""
    first: dict[str, Span] = {}
    for clause in clauses:
        match clause:
            case Subject():
                word, span = "for", clause.span
            case Where():
                word, span = "where", clause.span
            case ast.Meta():
                word, span = clause.name, clause.name_span
                if word == "deprecated_by" and isinstance(clause.value, str):
                    yield from check_id(clause.value, clause.span)
            case _:
                continue
        earlier = first.setdefault(word, span)
        if earlier is not span:
            yield DuplicateClause(span, word, earlier.begin.line)


def _missing(name: str, span: Span, clauses: Sequence[Clause]) -> Iterable[Diagnostic]:
    present = {clause.name for clause in _of(clauses, ast.Meta)}
    if _of(clauses, Subject):
        present.add("for")
    requires = _of(clauses, ast.Require)
    if requires:
        present.add("require")
    for word in CLAUSES:
        if word in present or word not in ("title", "severity", "for", "require"):
            continue
        advice = None
        if word == "severity" and any(require.severity is not None for require in requires):
            advice = "a `severity` after `require` is that of the `require`; write the rule's before `for`"
        yield MissingClause(span, name, word, advice)


def _of(clauses: Iterable[Clause], kind: type[_T]) -> tuple[_T, ...]:
    return tuple(clause for clause in clauses if isinstance(clause, kind))
