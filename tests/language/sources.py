"""Warden texts for tests, and ways to read them."""

from __future__ import annotations

from stackwarden.diagnostics import Diagnostic
from stackwarden.language import ast
from stackwarden.language.parse import parse
from stackwarden.source import Source, Span

__all__ = ["NOWHERE", "expression", "parsed", "problems", "rule", "rule_text"]

NOWHERE = Span(Source("nowhere", ""), 0, 0)
"""A place for nodes of tests; places take no part in equality."""


def parsed(text: str) -> ast.File:
    """The tree of a text without mistakes."""
    file, diagnostics = parse(Source("test.warden", text))
    assert [diagnostic.message() for diagnostic in diagnostics] == []
    return file


def problems(text: str) -> tuple[Diagnostic, ...]:
    """What is wrong with a text."""
    return parse(Source("test.warden", text))[1]


def expression(text: str) -> ast.Expr:
    """The tree of an expression."""
    return parsed(f"let it = {text}").lets[0].value


def rule_text(clauses: str) -> str:
    """A whole rule that has some clauses."""
    return f'rule a-rule {{ title "T" severity high for x in AWS::S3::Bucket\n{clauses}\n}}'


def rule(clauses: str) -> ast.Rule:
    """The tree of a rule that has some clauses and else what it must have."""
    return parsed(rule_text(clauses)).rules[0]
