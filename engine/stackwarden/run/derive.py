"""The derivation of a verdict: one assignment under which it comes about, and how the values that decided came about.

The assignment is that of the finding; facts that do not matter for it have their default where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stackwarden.graph.stack import Stack
from stackwarden.language import ir
from stackwarden.language.compile import Env
from stackwarden.resolve.guards import Guard
from stackwarden.resolve.parameters import default_of
from stackwarden.resolve.values import Plain, ResourceValue
from stackwarden.run.evaluate import Check, Subject
from stackwarden.run.reads import Reads
from stackwarden.run.steps import Derivation, Trail
from stackwarden.run.trail import Tracer
from stackwarden.source import Span

__all__ = ["Exporters", "derive"]

Exporters = Callable[[Plain], tuple[Span, ...]]
"""The outputs of the run that an import may mean, by the import's name."""


def derive(
    stack: Stack, check: Check, require: ir.RequireIR, subject: Subject, env: Env, guard: Guard, exporters: Exporters
) -> Derivation:
    """How the values came about that made `require` fail, or left it undecided, where `guard` (possible) holds."""
    witness = guard.witness()
    assignment = {**_defaults(stack, witness), **witness}
    tracer = Tracer(stack, subject.resource, assignment, exporters)
    trails: list[Trail] = []
    if subject.resource is not None:
        steps = tracer.existence(subject.resource)
        if steps:
            trails.append(Trail("", subject.resource.resource.logical_id, steps))
    seen: set[tuple[str, int]] = set()
    for label, plain in _read(check, require, Reads(check.compiler, env, assignment)):
        key = (label, id(plain.origin))
        if key not in seen and not isinstance(plain, ResourceValue):
            seen.add(key)
            steps = tracer.of(plain)
            if steps:
                trails.append(Trail(label, tracer.words(plain), steps))
    setting = tuple((name, value) for name, value in witness.items() if _is_named(stack, name))
    return Derivation(setting, tuple(_longest(trails)))


def _longest(trails: list[Trail]) -> Iterator[Trail]:
    """The trails without those that are the same as an earlier one, or the beginning of another."""
    for index, trail in enumerate(trails):
        length = len(trail.steps)
        others = (
            other
            for position, other in enumerate(trails)
            if position != index and (len(other.steps) > length or position < index)
        )
        if all(other.steps[:length] != trail.steps for other in others):
            yield trail


def _read(check: Check, require: ir.RequireIR, reads: Reads) -> Iterator[tuple[str, Plain]]:
    """What the condition read, then what `where` did."""
    yield from reads.of(require.condition)
    if check.rule.where is not None:
        yield from reads.of(check.rule.where)


def _defaults(stack: Stack, witness: dict[str, str]) -> dict[str, str]:
    """The defaults of the parameters that the witness leaves open."""
    found: dict[str, str] = {}
    for name, parameter in stack.template.parameters.items():
        default = default_of(parameter)
        if default is not None and f"Parameters.{name}" not in witness:
            found[f"Parameters.{name}"] = default
    return found


def _is_named(stack: Stack, name: str) -> bool:
    """Whether a fact is a parameter or a pseudo parameter, and not one that only its text names."""
    variable = stack.resolver.space.known(name)
    return variable is not None and not variable.opaque
