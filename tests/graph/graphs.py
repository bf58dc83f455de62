"""The edges of a template's text, in words."""

from __future__ import annotations

from stackwarden.graph.edges import Each, Edge, End, Kind, Outside, Somewhere
from stackwarden.graph.graph import Graph
from stackwarden.graph.stack import Stack
from stackwarden.language.builtins.graph import graph
from stackwarden.resolve.guards import FALSE, TRUE
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.resolver import Resolver
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

__all__ = ["edges_in_words", "graph_of_text", "truth", "working_edges"]

PARAMETERS = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Open: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
"""
WRITTEN = {Kind.REFERS, Kind.DEPENDS_ON}


def graph_of_text(resources: str) -> tuple[Stack, Graph]:
    """The stack and the graph of a template with some resources; it has the parameters `Stage` and `Open`."""
    template = load(Source("a.yaml", f"{PARAMETERS}Resources:\n{resources}"))
    assert isinstance(template, Template), [one.message() for one in template]
    stack = Stack(Resolver(template, {}))
    return stack, graph(stack)


def edges_in_words(resources: str, *kinds: Kind) -> list[str]:
    """The edges of some kinds (none: all): `A kind B`, then `when prod`, `when dev` or `?` where it is not certain."""
    _, made = graph_of_text(resources)
    return [_in_words(edge) for edge in made.edges(kinds)]


def working_edges(resources: str) -> list[str]:
    """The edges that are not about how the template is written, sorted, without repetition."""
    _, made = graph_of_text(resources)
    return sorted({_in_words(edge) for edge in made.edges() if edge.kind not in WRITTEN})


def truth(claim: Logic, **parameters: str) -> bool | None:
    """What a claim comes to under values of parameters."""
    assignment = {f"Parameters.{name}": value for name, value in parameters.items()}
    if claim.true.holds(assignment):
        return True
    return False if claim.false.holds(assignment) else None


def _in_words(edge: Edge) -> str:
    return f"{_end(edge.source)} {edge.kind} {_end(edge.target)}{_when(edge.claim)}"


def _when(claim: Logic) -> str:
    if claim.true is TRUE:
        return ""
    answers = {stage: truth(claim, Stage=stage) for stage in ("dev", "prod")}
    words = [f"{stage}{'?' if answer is None else ''}" for stage, answer in answers.items() if answer is not False]
    return " ?" if claim.true is FALSE and len(words) == 2 else f" when {' '.join(words)}"


def _end(end: End) -> str:
    match end:
        case str():
            return end
        case Outside():
            return f"<{end.name}>"
        case Somewhere():
            return "<unknown>"
        case Each():
            return "<each>"
