"""The examples that stand in rules, run as tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stackwarden.diagnostics import Diagnostic, Severity
from stackwarden.graph.stack import Stack
from stackwarden.language import ast
from stackwarden.language.check import check_files
from stackwarden.language.compile import Compiler, constant
from stackwarden.resolve.transforms import open_template
from stackwarden.run.check import sources_of
from stackwarden.run.evaluate import Check, Seen, evaluate
from stackwarden.run.finding import Finding
from stackwarden.run.session import info_of
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

__all__ = [
    "BadExample",
    "ExampleFailed",
    "ExamplesResult",
    "NeverSeen",
    "Opened",
    "compare",
    "open_example",
    "run_examples",
]


@dataclass(frozen=True, slots=True)
class ExamplesResult:
    """How much was run, the faults of policies (nothing runs then), the failures, and what was never seen."""

    rules: int
    examples: int
    diagnostics: tuple[Diagnostic, ...]
    failures: tuple[Diagnostic, ...]
    uncovered: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class ExampleFailed(Diagnostic):
    """An example that came out otherwise than it says."""

    rule: str
    example: str
    wanted: str
    found: str

    def message(self) -> str:
        return f"example `{self.example}` of `{self.rule}` should {self.wanted}, but {self.found}"


@dataclass(frozen=True, slots=True)
class BadExample(Diagnostic):
    """An example whose template has a fault."""

    rule: str
    example: str
    line: int
    reason: str

    def message(self) -> str:
        return (
            f"the template of example `{self.example}` of `{self.rule}` is wrong in its line {self.line}: {self.reason}"
        )


@dataclass(frozen=True, slots=True)
class NeverSeen(Diagnostic):
    """A condition that no example made true, or false."""

    rule: str
    clause: str
    answer: str

    def message(self) -> str:
        return f"no example of `{self.rule}` makes this `{self.clause}` {self.answer}"


@dataclass(frozen=True, slots=True)
class Opened:
    """An example's stack under the parameters of one expectation."""

    expectation: ast.Expectation
    stack: Stack


def run_examples(paths: Iterable[str] = (), *, coverage: bool = False) -> ExamplesResult:
    """Runs the examples of the policies under paths (none given: the shipped packs)."""
    sources, problems = sources_of(paths)
    checked = check_files(sources)
    if problems or checked.diagnostics:
        return ExamplesResult(0, 0, (*problems, *checked.diagnostics), (), ())
    params = {param.key: constant(param.value) for file in checked.files for param in file.params}
    failures: list[Diagnostic] = []
    uncovered: list[Diagnostic] = []
    rules = examples = 0
    for tree, file in zip(checked.trees, checked.files, strict=True):
        for rule, typed in zip(tree.rules, file.rules, strict=True):
            severity = Severity.parse(typed.severity)
            assert severity is not None  # checked
            check = Check(info_of(typed, "", tree.span.source.name, severity), typed, Compiler(params, typed.lets))
            seen = Seen()
            for example in rule.examples:
                failures.extend(_run(rule, example, check, seen))
            rules += 1
            examples += len(rule.examples)
            if coverage:
                uncovered.extend(_never_seen(rule, seen))
    return ExamplesResult(rules, examples, (), tuple(failures), tuple(uncovered))


def _run(rule: ast.Rule, example: ast.Example, check: Check, seen: Seen) -> Iterator[Diagnostic]:
    for opened in open_example(rule, example):
        if not isinstance(opened, Opened):
            yield opened
            continue
        findings = evaluate(opened.stack, [check], {rule.id: seen})
        for fault in opened.stack.resolver.diagnostics:
            yield _bad(rule, example, fault)
        problem = compare(opened.expectation, findings)
        if problem is not None:
            yield ExampleFailed(opened.expectation.span, rule.id, example.name, *problem)


def open_example(rule: ast.Rule, example: ast.Example) -> Iterator[Opened | BadExample]:
    """What an example's expectations are about, each with its parameters bound, and the faults of its template."""
    template = load(Source(f"example {example.name}.yaml", example.template))
    faults = template.diagnostics if isinstance(template, Template) else template
    for fault in faults:
        yield _bad(rule, example, fault)
    if not isinstance(template, Template):
        return
    for expectation in example.expectations:
        resolver, refusals = open_template(template, dict(expectation.given))
        for fault in refusals:
            yield _bad(rule, example, fault)
        yield Opened(expectation, Stack(resolver))


def _bad(rule: ast.Rule, example: ast.Example, fault: Diagnostic) -> BadExample:
    return BadExample(example.template_span, rule.id, example.name, fault.position.line, fault.message())


def compare(expectation: ast.Expectation, findings: list[Finding]) -> tuple[str, str] | None:
    """What should have come out of an example and what did, where the two differ."""
    verdict = {"passes": None, "fails": "fail", "maybe": "maybe"}[expectation.verdict]
    found = [(_subject(finding), finding) for finding in findings]
    described = _described(findings)
    if verdict is None:
        return ("pass", described) if findings else None
    matching = [(name, finding) for name, finding in found if finding.verdict == verdict]
    others = [finding for finding in findings if finding.verdict != verdict]
    wanted = f"{'fail' if verdict == 'fail' else 'be a maybe'}"
    if expectation.at:
        wanted += f" at {', '.join(expectation.at)}"
        if {name for name, _ in matching} != set(expectation.at):
            return wanted, described
    if not matching or (verdict == "maybe" and others):
        return wanted, described
    if expectation.severity is not None and any(
        finding.severity.word != expectation.severity for _, finding in matching
    ):
        return f"{wanted} with severity {expectation.severity}", described
    return None


def _subject(finding: Finding) -> str:
    """The logical id, or the name of the parameter, output or condition that a finding is about."""
    if finding.resource:
        return finding.resource
    return str(finding.place.path[1]) if len(finding.place.path) > 1 else ""


def _described(findings: list[Finding]) -> str:
    if not findings:
        return "it passes"
    parts = (
        f"{finding.verdict} at {_subject(finding) or 'the template'} ({finding.severity.word})" for finding in findings
    )
    return f"it comes out as {', '.join(dict.fromkeys(parts))}"


def _never_seen(rule: ast.Rule, seen: Seen) -> Iterator[Diagnostic]:
    if rule.where is not None:
        for answer, was in (("true", seen.where_true), ("false", seen.where_false)):
            if not was:
                yield NeverSeen(rule.where.span, rule.id, "where", answer)
    for index, require in enumerate(rule.requires):
        for answer, indices in (("true", seen.true), ("false", seen.false)):
            if index not in indices:
                yield NeverSeen(require.condition.span, rule.id, "require", answer)
