"""Reachability under guards is reachability under each assignment, by brute force on small random graphs."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.graphs import graph_of_text, truth
from stackwarden.graph.edges import Each, Edge, End, Kind, Somewhere
from stackwarden.graph.reach import LONGEST, MOST_PATHS, Network
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, TRUE, Guard, any_of
from stackwarden.resolve.logic import Logic

QUEUE, TOPIC = "AWS::SQS::Queue", "AWS::SNS::Topic"
RESOURCES = f"""\
  A: {{Type: {QUEUE}}}
  B: {{Type: {QUEUE}, Condition: IsProd}}
  C: {{Type: {TOPIC}}}
  D: {{Type: {TOPIC}}}
  E: {{Type: {TOPIC}, Condition: IsProd}}
"""
NODES = {"A": QUEUE, "B": QUEUE, "C": TOPIC, "D": TOPIC, "E": TOPIC}
STAGES = ("dev", "prod")
OPENS = ("one", "two", "other")


def guards(stack: Stack) -> list[Guard]:
    space = stack.resolver.space
    stage = space.fact(space.variable("Parameters.Stage", STAGES), "prod")
    facts = [space.fact(space.variable("Parameters.Open"), value) for value in OPENS[:2]]
    return [TRUE, stage, ~stage, facts[0], facts[1], stage & facts[0], stage | facts[1], ~facts[0]]


Spec = tuple[str | int, str | int, int, int]
ENDS = st.one_of(st.sampled_from(sorted(NODES)), st.integers(0, 2))
SPECS = st.lists(st.tuples(ENDS, ENDS, st.integers(0, 7), st.integers(0, 7)), max_size=8)


def end_of(spec: str | int) -> End:
    return spec if isinstance(spec, str) else (Somewhere((QUEUE,)), Somewhere(()), Each((TOPIC,)))[spec]


def edges_of(stack: Stack, specs: list[Spec]) -> tuple[Edge, ...]:
    """Edges that are true under one guard and undecided under another; the ends exist where an edge is there."""
    made: list[Edge] = []
    for source, target, sure, maybe in specs:
        if isinstance(source, int) and source == 2:
            source = 1  # nothing leads from each of some resources
        there = TRUE
        for end in (source, target):
            resource = stack.resource(end) if isinstance(end, str) else None
            there = there & (resource.guard if resource is not None else TRUE)
        surely = guards(stack)[sure] & there
        if isinstance(end_of(source), Somewhere) or isinstance(end_of(target), Somewhere):
            surely = FALSE
        perhaps = (guards(stack)[maybe] & there) | surely
        claim = Logic(surely, ~perhaps)
        made.append(Edge(end_of(source), end_of(target), Kind.INVOKES, claim, "A", "P", None))
    return tuple(made)


def steps(edges: tuple[Edge, ...], stage: str, value: str) -> dict[tuple[str, str], bool]:
    """The resources that an edge leads between under an assignment, and whether it surely does."""
    found: dict[tuple[str, str], bool] = {}
    there = {name for name in NODES if name not in "BE" or stage == "prod"}

    def members(end: End) -> list[tuple[str, bool]]:
        match end:
            case str():
                return [(end, True)]
            case Somewhere() | Each():
                sure = isinstance(end, Each)
                return [(name, sure) for name in sorted(there) if not end.types or NODES[name] in end.types]
            case _:
                raise AssertionError

    for edge in edges:
        answer = truth(edge.claim, Stage=stage, Open=value)
        if answer is False:
            continue
        for (source, one), (target, other) in itertools.product(members(edge.source), members(edge.target)):
            sure = answer is True and one and other
            found[source, target] = found.get((source, target), False) or sure
    return found


def reached(pairs: set[tuple[str, str]], source: str) -> set[str]:
    found: set[str] = set()
    todo = [source]
    while todo:
        node = todo.pop()
        for first, second in pairs:
            if first == node and second not in found:
                found.add(second)
                todo.append(second)
    return found


@settings(max_examples=200, deadline=None)
@given(SPECS)
def test_reachability_is_that_of_every_assignment(specs: list[Spec]) -> None:
    stack, _ = graph_of_text(RESOURCES)
    edges = edges_of(stack, specs)
    network = Network(stack, edges)
    for stage, value in itertools.product(STAGES, OPENS):
        pairs = steps(edges, stage, value)
        for source in NODES:
            surely = reached({pair for pair, sure in pairs.items() if sure}, source)
            perhaps = reached(set(pairs), source)
            for target in NODES:
                expected = True if target in surely else None if target in perhaps else False
                assert truth(network.reaches(source, target), Stage=stage, Open=value) is expected


@settings(max_examples=200, deadline=None)
@given(SPECS)
def test_the_paths_cover_what_is_surely_reached(specs: list[Spec]) -> None:
    stack, _ = graph_of_text(RESOURCES)
    edges = edges_of(stack, specs)
    network = Network(stack, edges)
    for source, target in itertools.product(NODES, NODES):
        paths = network.paths(source, target)
        claim = network.reaches(source, target)
        assert paths.others.implies(~claim.false)
        if len(paths.found) < MOST_PATHS:
            assert any_of(path.guard for path in paths.found) is claim.true
            assert paths.others is claim.unknown
        for path in paths.found:
            assert path.edges[0].source == source
            assert path.edges[-1].target == target
            assert all(one.target == other.source for one, other in itertools.pairwise(path.edges))
        assert [len(path.edges) for path in paths.found] == sorted(len(path.edges) for path in paths.found)


def test_a_cycle_ends_and_leads_back_to_itself() -> None:
    stack, _ = graph_of_text(RESOURCES)
    edges = tuple(
        Edge(source, target, Kind.INVOKES, Logic(TRUE, FALSE), "A", "P", None)
        for source, target in ("AC", "CD", "DA", "DC")
    )
    network = Network(stack, edges)
    assert network.reaches("A", "A") == Logic(TRUE, FALSE)
    assert [[edge.source for edge in path.edges] for path in network.paths("A", "A").found] == [["A", "C", "D"]]
    assert network.reaches("A", "B").false is TRUE


def test_many_paths_are_listed_up_to_a_bound_and_said_to_be_more() -> None:
    width = 7
    names = [f"N{level}x{place}" for level in range(3) for place in range(width)]
    stack, _ = graph_of_text("".join(f"  {name}: {{Type: {QUEUE}}}\n" for name in ("Start", *names, "End")))
    pairs = [("Start", f"N0x{place}") for place in range(width)]
    pairs += [
        (f"N{level}x{one}", f"N{level + 1}x{other}")
        for level in range(2)
        for one in range(width)
        for other in range(width)
    ]
    pairs += [(f"N2x{place}", "End") for place in range(width)]
    edges = tuple(Edge(one, other, Kind.INVOKES, Logic(TRUE, FALSE), "Start", "P", None) for one, other in pairs)
    paths = Network(stack, edges).paths("Start", "End")
    assert len(paths.found) == MOST_PATHS
    assert paths.others is TRUE


def test_a_path_that_is_too_long_is_not_listed() -> None:
    names = [f"N{index}" for index in range(LONGEST + 2)]
    stack, _ = graph_of_text("".join(f"  {name}: {{Type: {QUEUE}}}\n" for name in names))
    edges = tuple(
        Edge(one, other, Kind.INVOKES, Logic(TRUE, FALSE), one, "P", None) for one, other in itertools.pairwise(names)
    )
    network = Network(stack, edges)
    assert network.reaches(names[0], names[-1]).true is TRUE
    assert network.paths(names[0], names[-1]).found == ()
    assert network.paths(names[0], names[-1]).others is TRUE
    assert len(network.paths(names[0], names[-2]).found) == 1
