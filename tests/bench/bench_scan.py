"""Benchmarks, not part of the test run: `pytest -n 0 tests/bench/bench_scan.py --benchmark-sort=name`.

Pytest collects `test_*.py` only, so naming the file is what runs it. `STACKWARDEN_CORPUS` names a folder of templates
for the scan of a corpus, which is left out without it.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from bench import templates
from stackwarden.diagnostics import Severity
from stackwarden.graph.stack import Stack
from stackwarden.language import ir
from stackwarden.language.check import check_files
from stackwarden.language.compile import Compiler
from stackwarden.resolve.guards import FALSE, TRUE, GuardSpace
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.transforms import open_template
from stackwarden.run.evaluate import Check, evaluate
from stackwarden.run.finding import Finding
from stackwarden.run.scan import scan_source
from stackwarden.run.session import Session, SessionOptions, info_of, open_session
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

T = TypeVar("T")
TIMEOUT = "require x.Timeout < 300"
NAMED = "require some u in AWS::Lambda::Url satisfies u.TargetFunctionArn refers x"
MODULES = ("graph.", "iam.")
LAYERS = 'require every l in x.Layers satisfies l != "layer-7"'


@pytest.fixture(autouse=True)
def without_collector() -> Iterator[None]:
    """A scan of files switches the garbage collector off, too."""
    gc.disable()
    yield
    gc.enable()
    gc.collect()


@cache
def check(clauses: str) -> Check:
    rule = f'rule r {{ title "t" severity high for x in AWS::Lambda::Function {clauses} }}'
    checked = check_files([(Path("r.warden"), Source("r.warden", rule))])
    assert checked.diagnostics == ()
    (typed,) = checked.files[0].rules
    return Check(info_of(typed, "", "r.warden", Severity.HIGH), typed, Compiler({}, typed.lets))


def scanner(text: str, clauses: str) -> Callable[[], list[Finding]]:
    """Reads, resolves and evaluates a text anew at each call."""
    rule = check(clauses)

    def run() -> list[Finding]:
        template = load(Source("a.yaml", text))
        assert isinstance(template, Template)
        return evaluate(Stack(Resolver(template)), [rule])

    return run


def evaluator(text: str, clauses: str) -> Callable[[], list[Finding]]:
    """Resolves and evaluates a text that was read before."""
    rule = check(clauses)
    template = load(Source("a.yaml", text))
    assert isinstance(template, Template)
    return lambda: evaluate(Stack(Resolver(template)), [rule])


def whole_scanner(text: str, clauses: str, name: str = "a.yaml") -> Callable[[], list[Finding]]:
    """Reads, transforms, resolves and evaluates a text anew at each call."""
    rule = check(clauses)

    def run() -> list[Finding]:
        template = load(Source(name, text))
        assert isinstance(template, Template)
        resolver, _ = open_template(template, {})
        return evaluate(Stack(resolver), [rule])

    return run


def best(run: Callable[[], object], times: int = 5) -> float:
    """The shortest of several runs, in seconds."""
    durations: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        durations.append(time.perf_counter() - start)
    return min(durations)


def _rounds(benchmark: BenchmarkFixture, run: Callable[[], T], rounds: int) -> T:
    """A few runs of what takes long."""
    result: T = benchmark.pedantic(run, rounds=rounds)  # type: ignore[no-untyped-call]  # it has no annotations
    return result


def test_sixty_independent_conditions(benchmark: BenchmarkFixture) -> None:
    """Each guards a property that the rule reads: 2⁶⁰ assignments. Beside it stand two ratios, and neither is asserted.

    One is to a template that has neither the conditions nor their parameters, and is a third as long; the other is to
    one that has both but does not use them, so that reading the text costs the same.
    """
    with_conditions = scanner(templates.guarded(60), TIMEOUT)
    found = benchmark(with_conditions)
    assert len(found) == 60
    assert all(one.when == ({f"C{index}": True},) for index, one in enumerate(found))
    duration = best(with_conditions, 15)
    for name, text in (("without", templates.unguarded(60)), ("not used", templates.unused(60))):
        benchmark.extra_info[f"times the same, conditions {name}"] = round(
            duration / best(scanner(text, TIMEOUT), 15), 2
        )


def test_sixty_conditions_in_a_template_of_ordinary_size(benchmark: BenchmarkFixture) -> None:
    """A whole scan with the shipped rules costs less than twice that of the same template without conditions."""
    session = open_session(SessionOptions())
    assert isinstance(session, Session)

    def scan_of(conditions: bool) -> Callable[[], int]:
        source = Source("a.yaml", templates.ordinary(60, conditions=conditions))
        return lambda: len(scan_source(source, session).findings)

    assert benchmark(scan_of(True)) == 60
    ratio = best(scan_of(True), 20) / best(scan_of(False), 20)
    benchmark.extra_info["times the same, conditions without"] = round(ratio, 2)
    assert ratio < 2


def test_many_conditions_in_one_value(benchmark: BenchmarkFixture) -> None:
    found = benchmark(scanner(templates.correlated(60), LAYERS))
    assert [one.when for one in found] == [({"C7": True},)]


def test_nested_branches(benchmark: BenchmarkFixture) -> None:
    found = benchmark(scanner(templates.nested(30), TIMEOUT))
    assert [one.verdict for one in found] == ["fail"]


def test_large_map(benchmark: BenchmarkFixture) -> None:
    found = benchmark(scanner(templates.lookup(64), TIMEOUT))
    assert [one.verdict for one in found] == ["fail"]


@pytest.mark.parametrize("uses", [1, 5, 20])
def test_sixty_conditions_each_used_often(benchmark: BenchmarkFixture, uses: int) -> None:
    found = _rounds(benchmark, whole_scanner(templates.spread(60, uses), LAYERS), 3)
    assert [one.when for one in found] == [({"C7": True},)] * uses


@pytest.mark.parametrize("count", [10, 100, 1000])
def test_loop(benchmark: BenchmarkFixture, count: int) -> None:
    found = _rounds(benchmark, whole_scanner(templates.looped(count), TIMEOUT), 3)
    assert len(found) == count


@pytest.mark.parametrize("count", [500, 5000])
def test_json(benchmark: BenchmarkFixture, count: int) -> None:
    """The larger one has 2 MB."""
    text = templates.as_json(count)
    benchmark.extra_info["bytes"] = len(text)
    found = _rounds(benchmark, whole_scanner(text, TIMEOUT, "a.json"), 3)
    assert len(found) == count


@pytest.mark.parametrize("count", [1000, 5000])
def test_whole_scan_of_many_resources(benchmark: BenchmarkFixture, count: int) -> None:
    found = _rounds(benchmark, whole_scanner(templates.resources(count), TIMEOUT), 2)
    assert len(found) == sum(index % 1000 >= 300 for index in range(count))


SHAPES: dict[str, tuple[Callable[[int], str], int, int]] = {
    "conditions, each used": (lambda uses: templates.spread(60, uses), 5, 20),
    "nested Fn::If": (templates.nested, 15, 30),
    "resources": (templates.resources, 1000, 5000),
    "elements of a loop": (templates.looped, 100, 1000),
    "resources of a JSON template": (templates.as_json, 500, 5000),
    "keys of a map": (templates.lookup, 16, 64),
}
"""What grows, and from which size to which."""


@pytest.mark.parametrize("shape", SHAPES)
def test_growth_with_all_rules(benchmark: BenchmarkFixture, shape: str) -> None:
    """A whole scan with the shipped rules of a template and of one several times its size; the text grows as well."""
    make, small, large = SHAPES[shape]
    session = open_session(SessionOptions())
    assert isinstance(session, Session)
    name = "a.json" if "JSON" in shape else "a.yaml"
    sources = {size: Source(name, make(size)) for size in (small, large)}
    scan_source(sources[small], session)  # rules are made ready at their first use

    def run(size: int) -> float:
        start = time.process_time()
        assert not scan_source(sources[size], session).errors
        return time.process_time() - start

    seconds = {size: min(run(size), run(size)) for size in (small, large)}
    _rounds(benchmark, lambda: run(large), 1)
    benchmark.extra_info["rules"] = len(session.rules)
    benchmark.extra_info["seconds"] = {size: round(duration, 3) for size, duration in seconds.items()}
    benchmark.extra_info["times the size"] = large / small
    benchmark.extra_info["times the text"] = round(len(sources[large].text) / len(sources[small].text), 1)
    benchmark.extra_info["times as long"] = round(seconds[large] / seconds[small], 1)


@pytest.mark.parametrize("count", [100, 1000, 10000])
def test_growth(benchmark: BenchmarkFixture, count: int) -> None:
    run = evaluator(templates.resources(count), TIMEOUT)
    _rounds(benchmark, run, 2)


@pytest.mark.parametrize("count", [100, 1000])
def test_growth_of_references(benchmark: BenchmarkFixture, count: int) -> None:
    run = evaluator(templates.resources(count), NAMED)
    found = _rounds(benchmark, run, 1)
    assert found == []


def test_guard_operations(benchmark: BenchmarkFixture) -> None:
    """Exclusive-ors over 60 variables with 8 values each; the work is counted, not only timed."""

    def run() -> GuardSpace:
        space = GuardSpace()
        parity = FALSE
        for index in range(60):
            fact = space.fact(space.variable(f"P{index}", tuple("abcdefgh")), "a")
            parity = (parity & ~fact) | (~parity & fact)
        assert parity is not FALSE and parity is not TRUE
        return space

    space = benchmark(run)
    benchmark.extra_info["operations"] = space.operations
    assert space.operations < 60 * 60 * 8


needs_corpus = pytest.mark.skipif("STACKWARDEN_CORPUS" not in os.environ, reason="no corpus is named")


def corpus() -> list[Source]:
    """The templates of the folder that `STACKWARDEN_CORPUS` names."""
    return [
        Source(path.name, path.read_text(encoding="utf-8-sig"))
        for path in sorted(Path(os.environ["STACKWARDEN_CORPUS"]).iterdir())
        if path.suffix in (".json", ".yaml", ".yml", ".template")
    ]


def asks(node: object, modules: tuple[str, ...]) -> bool:
    """Whether a typed rule calls a function or looks at a collection of one of the modules."""
    if isinstance(node, tuple):
        return any(asks(item, modules) for item in node)
    name = getattr(node, "function", None) or (node.name if isinstance(node, ir.Collection) else None)
    if isinstance(name, str) and name.startswith(modules):
        return True
    return is_dataclass(node) and any(asks(getattr(node, one.name), modules) for one in fields(node))


@needs_corpus
def test_share_of_graph_and_iam(benchmark: BenchmarkFixture) -> None:
    """A scan of the corpus with all rules, and how much of its time rules that ask the graph or IAM take."""
    whole = open_session(SessionOptions())
    assert isinstance(whole, Session)
    asking = tuple(rule.id for rule in whole.rules if (check := whole.find(rule.id)) and asks(check.rule, MODULES))
    plain = open_session(SessionOptions(skip=asking))
    assert isinstance(plain, Session)
    sources = corpus()
    without = best(lambda: [scan_source(one, plain) for one in sources], 2)
    _rounds(benchmark, lambda: [scan_source(one, whole) for one in sources], 2)
    benchmark.extra_info["rules that ask"] = f"{len(asking)} of {len(whole.rules)}"
    benchmark.extra_info["times a scan without them"] = round(
        best(lambda: [scan_source(one, whole) for one in sources], 2) / without, 2
    )


@needs_corpus
def test_corpus(benchmark: BenchmarkFixture) -> None:
    session = open_session(SessionOptions())
    assert isinstance(session, Session)
    sources = corpus()
    scanned = _rounds(benchmark, lambda: [scan_source(one, session) for one in sources], 3)
    benchmark.extra_info["templates"] = len(sources)
    benchmark.extra_info["findings"] = sum(len(one.findings) for one in scanned)
