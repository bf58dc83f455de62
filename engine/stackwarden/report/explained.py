"""Explanations and query results as JSON, described in `docs/reports.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from stackwarden.report._when import when_as_data
from stackwarden.run.explain import Explained
from stackwarden.run.finding import RuleInfo
from stackwarden.run.query import Found
from stackwarden.run.steps import Derivation, Step
from stackwarden.run.trail_text import step_in_words, steps_below
from stackwarden.run.tree import Clause, ExplainedSubject
from stackwarden.source import Span
from stackwarden.template.secrets import Secrets

__all__ = ["explained_as_data", "found_as_data"]

_VERSION = "1"
Object = dict[str, object]


def explained_as_data(rule: RuleInfo, explained: Explained) -> Object:
    """How a rule was decided: its subjects with their clauses, and how the values that decided came about."""
    subjects = [_subject(environment, subject) for environment, subject in explained.subjects]
    made: Object = {"version": _VERSION, "rule": rule.id, "title": rule.title, "subjects": subjects}
    return {name: _masked(value, explained.secrets) for name, value in made.items()}


def found_as_data(found: Iterable[Found], secrets: Secrets) -> Object:
    """What stands at the path of a query; `known` tells a value that the template determines."""
    results = [
        {
            "path": one.path,
            "value": one.words,
            "known": one.known,
            "when": when_as_data(one.when),
            **({"environments": list(one.environments)} if one.environments else {}),
            **_place(one.place.span),
        }
        for one in found
    ]
    return {"version": _VERSION, "results": _masked(results, secrets)}


def _subject(environment: str, subject: ExplainedSubject) -> Object:
    resource = subject.resource
    return {
        **({"environment": environment} if environment else {}),
        "subject": subject.name,
        "resource": resource.logical_id if resource is not None else "",
        "resource_type": resource.resource_type if resource is not None else "",
        **(_place(subject.place) if subject.place is not None else {}),
        "deployed": subject.deployed,
        "applies": subject.applies,
        "when": when_as_data(subject.when),
        "clauses": [_clause(clause) for clause in subject.clauses],
    }


def _clause(clause: Clause) -> Object:
    (tree,) = _nested(clause.lines)
    return {
        "kind": clause.kind,
        **tree,
        **({"verdict": clause.verdict, "when": when_as_data(clause.when)} if clause.verdict else {}),
        **(_derivation(clause.derivation) if clause.derivation is not None else {}),
    }


def _nested(lines: Sequence[tuple[int, str]]) -> Iterator[Object]:
    """Lines with a depth as objects: each with its text and those below it."""
    starts = [index for index, (depth, _) in enumerate(lines) if depth == lines[0][0]]  # none of no lines
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        yield {"text": lines[start][1], "parts": list(_nested(lines[start + 1 : end]))}


def _derivation(derivation: Derivation) -> Object:
    trails = [
        {"expression": trail.label, "value": trail.value, "steps": [_step(step) for step in trail.steps]}
        for trail in derivation.trails
    ]
    return {"setting": dict(derivation.setting), "trails": trails}


def _step(step: Step) -> Object:
    text, place = step_in_words(step)
    return {
        "kind": type(step).__name__,
        "text": text,
        **_place(place),
        "below": [_step(one) for one in steps_below(step)],
    }


def _place(span: Span) -> Object:
    begin, finish = span.begin, span.finish
    return {
        "file": span.source.name,
        "line": begin.line,
        "column": begin.column,
        "end_line": finish.line,
        "end_column": finish.column,
    }


def _masked(data: object, secrets: Secrets) -> object:
    match data:
        case str():
            return secrets.mask(data)
        case list():
            return [_masked(item, secrets) for item in data]
        case dict():
            return {name: _masked(value, secrets) for name, value in data.items()}
        case _:
            return data
