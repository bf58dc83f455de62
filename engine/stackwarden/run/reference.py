"""What the reference pages of rules show: metadata, the rule's own text, and its examples with the findings in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stackwarden.diagnostics import Diagnostic, Severity
from stackwarden.language import ast
from stackwarden.language.check import check_files
from stackwarden.language.compile import Compiler, constant
from stackwarden.language.pack import read_policies
from stackwarden.run.evaluate import Check, evaluate
from stackwarden.run.examples import Opened, open_example
from stackwarden.run.finding import Finding, RuleInfo
from stackwarden.run.session import info_of
from stackwarden.run.standards import Standard, load_standard, standard_files
from stackwarden.source import Source

__all__ = ["ExamplePage", "Mark", "Outcome", "Reference", "RulePage", "reference"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding in an example's template: the first and last line (from 1) that it points at, and what it says."""

    first: int
    last: int
    message: str
    severity: Severity
    verdict: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a template with these parameters given; none: of every deployment. No marks: the rule passes."""

    given: tuple[tuple[str, str], ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class ExamplePage:
    """An example: its name, its template, and what comes of it."""

    name: str
    template: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """A rule; `body` is what it checks as it is written, without metadata and examples."""

    info: RuleInfo
    body: str
    params: tuple[tuple[str, str, str], ...]
    examples: tuple[ExamplePage, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """All pages: rules in the order of their packs and ids, and the standards that are checked by some of them."""

    rules: tuple[RulePage, ...]
    standards: tuple[Standard, ...]


def reference(roots: Iterable[tuple[Path, str]]) -> Reference | tuple[Diagnostic, ...]:
    """The reference of the rules under files and folders, each given with its name for people.

    Gives every fault of the policies instead, if there is one.
    """
    given = tuple(roots)
    files, problems = read_policies(given)
    checked = check_files([(file.path, Source(file.name, file.text)) for file in files])
    standards: list[Standard] = []
    for path in standard_files(root for root, _ in given).values():
        loaded = load_standard(path)
        if isinstance(loaded, Standard):
            standards.append(loaded)
        else:
            problems.append(loaded)
    if problems or checked.diagnostics:
        return (*problems, *checked.diagnostics)
    params = {param.key: constant(param.value) for file in checked.files for param in file.params}
    pages: list[RulePage] = []
    for file, tree, made in zip(files, checked.trees, checked.files, strict=True):
        for rule, typed in zip(tree.rules, made.rules, strict=True):
            severity = Severity.parse(typed.severity)
            assert severity is not None  # checked
            info = info_of(typed, file.pack, file.name, severity)
            check = Check(info, typed, Compiler(params, typed.lets))
            examples = tuple(_example(rule, example, check) for example in rule.examples)
            pages.append(RulePage(info, _body(rule), _params(rule, tree), examples))
    pages.sort(key=lambda page: (page.info.pack, page.info.id))
    return Reference(tuple(pages), tuple(standards))


def _example(rule: ast.Rule, example: ast.Example, check: Check) -> ExamplePage:
    outcomes: list[Outcome] = []
    for opened in open_example(rule, example):
        if isinstance(opened, Opened):
            marks = tuple(_mark(finding) for finding in evaluate(opened.stack, [check]))
            outcomes.append(Outcome(opened.expectation.given, marks))
    return ExamplePage(example.name, example.template, tuple(outcomes))


def _mark(finding: Finding) -> Mark:
    span = finding.place.span
    last = span.source.position(max(span.start, span.end - 1)).line
    return Mark(span.begin.line, last, finding.message, finding.severity, finding.verdict)


def _params(rule: ast.Rule, tree: ast.File) -> tuple[tuple[str, str, str], ...]:
    """The rule's own knobs and those of its file: name, value as written, what it means."""
    return tuple((one.name, one.value.span.text, one.doc or "") for one in (*tree.params, *rule.params))


def _body(rule: ast.Rule) -> str:
    """The lines of a rule that say what it checks."""
    text, origin = rule.span.text, rule.span.start
    hidden = bytearray(len(text))
    for span in (*(entry.span for entry in rule.metadata), *(example.span for example in rule.examples)):
        hidden[span.start - origin : span.end - origin] = b"\1" * (span.end - span.start)
    lines: list[str] = []
    start = 0
    for line in text.split("\n"):
        marks = hidden[start : start + len(line)]
        start += len(line) + 1
        kept = "".join(char for char, mark in zip(line, marks, strict=True) if not mark).rstrip()
        if kept.strip() or not any(marks):
            lines.append(kept)
    return _without_gaps(lines)


def _without_gaps(lines: list[str]) -> str:
    """The lines without a blank one at either end or after another."""
    kept: list[str] = []
    for line in lines[1:-1]:
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line)
    while kept and not kept[-1].strip():
        kept.pop()
    return "\n".join([lines[0], *kept, lines[-1]])
