"""Expressions evaluated on small templates, by the real checker, compiler and resolver."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from stackwarden.diagnostics import Severity
from stackwarden.graph.stack import Stack
from stackwarden.language import ir
from stackwarden.language.check import check_files
from stackwarden.language.compile import Compiler, constant
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.resolver import Resolver
from stackwarden.run.evaluate import Check, subjects
from stackwarden.run.finding import RuleInfo
from stackwarden.run.session import info_of
from stackwarden.schema.registry import Registry
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

__all__ = ["answers", "check_of", "stack_of"]


@cache
def _registry() -> Registry:
    return Registry()


def check_of(text: str, rule_id: str = "") -> Check:
    """The rule of a Warden text (the first, or that of an id), ready to run with the params' own values."""
    checked = check_files([(Path("/rule.warden"), Source("rule.warden", text))], _registry())
    assert [one.message() for one in checked.diagnostics] == []
    rule = next(rule for rule in checked.files[0].rules if not rule_id or rule.id == rule_id)
    params = {param.key: constant(param.value) for param in checked.files[0].params}
    info: RuleInfo = info_of(rule, "pack", "rule.warden", Severity.parse(rule.severity) or Severity.MEDIUM)
    return Check(info, rule, Compiler(params, rule.lets))


def stack_of(text: str) -> Stack:
    """The stack of a template's text, which must be faultless."""
    template = load(Source("template.yaml", text))
    assert isinstance(template, Template), [one.message() for one in template]
    assert template.diagnostics == ()
    return Stack(Resolver(template, {}))


def answers(expression: str, template: str, resource_type: str, *, items: str = "") -> list[str]:
    """What a condition about `x`, a resource of a type, comes out as for each resource of that type in turn.

    `true`, `false` or `unknown`; where it depends on settings, all that it may be, joined by `|`.
    """
    text = f'{items}\nrule a-rule {{ title "T" severity low for x in {resource_type} require {expression} }}'
    check = check_of(text)
    condition: ir.TruthExpr = check.rule.requires[0].condition
    stack = stack_of(template)
    return [_in_words(check.compiler.truth(condition)(env), stack) for _, env in subjects(stack, check)]


def _in_words(claim: Logic, stack: Stack) -> str:
    everywhere = stack.resolver.assumptions
    parts = {"true": claim.true, "false": claim.false, "unknown": claim.unknown}
    return "|".join(word for word, guard in parts.items() if not everywhere.excludes(guard))
