"""Changing rules one place at a time, to see whether their examples notice.

A mutant of a `define` counts as noticed when the examples of any rule that uses it do. A change that makes a rule
meaningless (it compares a list with a text) is no mutant; one that names a property or a word that does not exist is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace

from stackwarden.diagnostics import Diagnostic, Severity
from stackwarden.language import ast
from stackwarden.language.check import Checked, check_files
from stackwarden.language.compile import Compiler, constant
from stackwarden.language.mutants import Mutant, mutants
from stackwarden.language.typecheck.files import check_file
from stackwarden.language.typecheck.problems import NeverHolds, OutsideEnum, UnknownProperty, Unused
from stackwarden.language.typecheck.scope import Globals
from stackwarden.run.check import sources_of
from stackwarden.run.evaluate import Check, evaluate
from stackwarden.run.examples import Opened, compare, open_example
from stackwarden.run.session import info_of
from stackwarden.schema.registry import Registry
from stackwarden.source import Span

__all__ = ["MutationResult", "Survived", "run_mutants"]

_HARMLESS = (NeverHolds, OutsideEnum, UnknownProperty, Unused)
"""Faults that a change may bring without making the rule meaningless."""


@dataclass(frozen=True, slots=True)
class Survived(Diagnostic):
    """A change that no example noticed."""

    where: str
    change: str

    def message(self) -> str:
        return f"no example notices when {self.change} in `{self.where}`"


@dataclass(frozen=True, slots=True)
class MutationResult:
    """How many mutants there were, the faults of policies (nothing runs then), and the mutants that survived."""

    mutants: int
    diagnostics: tuple[Diagnostic, ...]
    survivors: tuple[Diagnostic, ...]


def run_mutants(paths: Iterable[str] = ()) -> MutationResult:
    """Mutates the rules under paths (none given: the shipped packs) and the defines of the files among them."""
    sources, problems = sources_of(paths)
    registry = Registry()
    checked = check_files(sources, registry)
    if problems or checked.diagnostics:
        return MutationResult(0, (*problems, *checked.diagnostics), ())
    outcomes = list(_Run(checked, registry).outcomes())
    return MutationResult(len(outcomes), (), tuple(survivor for noticed, survivor in outcomes if not noticed))


@dataclass(frozen=True, slots=True)
class _User:
    """A rule with the names that are in reach of it, and the names that it reads, through defines too."""

    tree: ast.File
    known: Globals
    rule: ast.Rule
    reads: frozenset[str]


class _Run:
    def __init__(self, checked: Checked, registry: Registry) -> None:
        self._registry = registry
        self._trees = checked.trees
        self._params = {param.key: constant(param.value) for file in checked.files for param in file.params}
        self._users = [
            _User(tree, known, rule, _reads(rule, known))
            for tree, known in zip(checked.trees, checked.known, strict=True)
            for rule in tree.rules
        ]
        self._opened: dict[str, tuple[Opened, ...]] = {}

    def outcomes(self) -> Iterator[tuple[bool, Survived]]:
        """Whether each mutant is noticed, with what to say where it is not."""
        for user in self._users:
            for mutant, rule in _of_rule(user.rule):
                noticed = self._notices(user, rule, user.known)
                if noticed is not None:
                    yield noticed, Survived(mutant.span, user.rule.id, mutant.change)
        for tree in self._trees:
            for define in tree.defines:
                users = [
                    user
                    for user in self._users
                    if define.name in user.reads and user.known.defines.get(define.name) is define
                ]
                for mutant in mutants(define.body, truth=_is_truth(define.body)):
                    changed = replace(define, body=mutant.expression)
                    noticed = self._any_notices(users, changed)
                    if noticed is not None:
                        yield noticed, Survived(mutant.span, define.name, mutant.change)

    def _any_notices(self, users: list[_User], define: ast.Define) -> bool | None:
        outcome: bool | None = None
        for user in users:
            known = replace(user.known, defines={**user.known.defines, define.name: define})
            noticed = self._notices(user, user.rule, known)
            if noticed:
                return True
            outcome = outcome if noticed is None else False
        return outcome

    def _notices(self, user: _User, rule: ast.Rule, known: Globals) -> bool | None:
        """Whether an example comes out otherwise than it says; None where the change makes the rule meaningless."""
        made, faults = check_file(
            replace(user.tree, params=(), lets=(), defines=(), rules=(rule,)), known, self._registry
        )
        if any(not isinstance(fault, _HARMLESS) for fault in faults):
            return None
        (typed,) = made.rules
        severity = Severity.parse(typed.severity)
        assert severity is not None  # checked
        check = Check(info_of(typed, "", rule.id, severity), typed, Compiler(self._params, typed.lets))
        return any(compare(one.expectation, evaluate(one.stack, [check])) is not None for one in self._examples(rule))

    def _examples(self, rule: ast.Rule) -> tuple[Opened, ...]:
        if rule.id not in self._opened:
            opened = (one for example in rule.examples for one in open_example(rule, example))
            self._opened[rule.id] = tuple(one for one in opened if isinstance(one, Opened))
        return self._opened[rule.id]


def _of_rule(rule: ast.Rule) -> Iterator[tuple[Mutant, ast.Rule]]:
    """The mutants of a rule's lets and conditions, each with the rule that it makes."""
    for index, let in enumerate(rule.lets):
        for mutant in mutants(let.value, truth=_is_truth(let.value)):
            lets = (*rule.lets[:index], replace(let, value=mutant.expression), *rule.lets[index + 1 :])
            yield mutant, replace(rule, lets=lets)
    if rule.where is not None:
        for mutant in mutants(rule.where, truth=True):
            yield mutant, replace(rule, where=mutant.expression)
    for index, require in enumerate(rule.requires):
        for mutant in mutants(require.condition, truth=True):
            changed = replace(require, condition=mutant.expression)
            yield mutant, replace(rule, requires=(*rule.requires[:index], changed, *rule.requires[index + 1 :]))


def _is_truth(node: ast.Expr) -> bool:
    """Whether an expression is a condition by its form."""
    return isinstance(
        node, ast.And | ast.Or | ast.Implies | ast.Not | ast.Compare | ast.Quantifier | ast.Is | ast.Refers
    )


def _reads(rule: ast.Rule, known: Globals) -> frozenset[str]:
    found: set[str] = set()
    todo: list[object] = [rule]
    while todo:
        for name in _names(todo.pop()):
            if name not in found:
                found.add(name)
                todo.extend(one for one in (known.defines.get(name), known.lets.get(name)) if one is not None)
    return frozenset(found)


def _names(node: object) -> Iterator[str]:
    """The names that a node of the syntax tree reads."""
    if isinstance(node, tuple):
        for item in node:
            yield from _names(item)
    elif is_dataclass(node) and not isinstance(node, Span | type):
        if isinstance(node, ast.Name):
            yield node.name
        for each in fields(node):
            yield from _names(getattr(node, each.name))
