"""Trails in words: a line for each step with its place, what it rests on indented below."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from stackwarden.resolve.guards import REST
from stackwarden.run.steps import (
    Attribute,
    Branch,
    Claim,
    Computed,
    Condition,
    Derivation,
    DynamicReference,
    Element,
    FromMapping,
    FromOutput,
    FromParameter,
    FromPseudoParameter,
    Generated,
    Imported,
    Included,
    Nested,
    Nothing,
    NotKnown,
    Passed,
    Step,
    Trail,
    Written,
)
from stackwarden.source import Span

__all__ = ["cut", "derivation_in_words", "step_in_words", "steps_below"]

_MOST_LINES: Final = 40
"""Lines of one trail; what is beyond is counted."""
_MOST_VALUES: Final = 8
_LONGEST: Final = 80
_SERVICES: Final = {"ssm": "Parameter Store", "ssm-secure": "Parameter Store", "secretsmanager": "Secrets Manager"}
_NUMBERS: Final = {1: "first", 2: "second"}


def derivation_in_words(derivation: Derivation) -> Iterator[tuple[int, str]]:
    """The lines of a derivation as depth and text; none where nothing is to be told."""
    if not derivation.trails:
        return
    setting = ", ".join(f"{name} = {_setting(value)}" for name, value in derivation.setting)
    yield 0, f"how it comes about, with {setting}:" if setting else "how it comes about:"
    told: set[Span] = set()
    for trail in derivation.trails:
        yield 1, _head(trail)
        lines = [line for step in trail.steps for line in _lines(step, 2, told)]
        yield from lines[:_MOST_LINES]
        if len(lines) > _MOST_LINES:
            yield 2, f"… and {len(lines) - _MOST_LINES} more steps"


def _head(trail: Trail) -> str:
    if not trail.label:
        return f"{trail.value} is there:"
    return f"{cut(trail.label)} = {_shown(trail.value)}:"


def _setting(value: str) -> str:
    return "any other value" if value == REST else _shown(value)


def _lines(step: Step, depth: int, told: set[Span]) -> Iterator[tuple[int, str]]:
    """The lines of a step and of those below it; the definition of a condition is `told` once."""
    text, place = step_in_words(step)
    yield depth, f"{text}  {_place(place)}"
    if isinstance(step, Condition):
        if step.at in told:
            return
        told.add(step.at)
    for one in steps_below(step):
        yield from _lines(one, depth + 1, told)


def steps_below(step: Step) -> tuple[Step, ...]:
    """What a step rests on."""
    match step:
        case Passed() | FromOutput() | Branch() | Condition() | Claim() | FromMapping() | Imported() | Computed():
            return step.below
        case Element() | Nested():
            return step.below
        case _:
            return ()


def step_in_words(step: Step) -> tuple[str, Span]:
    """A step as a sentence, and its place."""
    match step:
        case Written():
            return f"{_shown(step.value)} is written", step.at
        case Nothing():
            return "is left empty", step.at
        case FromParameter():
            return _parameter(step), step.source
        case FromPseudoParameter():
            return _pseudo_parameter(step), step.at
        case Passed():
            return f"{step.stack} is passed {step.name} = {_shown(step.value)}", step.source
        case FromOutput():
            return f"output {step.output} of {step.stack} is {_shown(step.value)}", step.source
        case Branch():
            holds = "true" if step.holds else "false"
            return f"Fn::If takes its {_NUMBERS[step.number]} value, as {step.condition} is {holds}", step.at
        case Condition():
            return f"condition {step.name} is {'true' if step.holds else 'false'}", step.at
        case Claim():
            return _claim(step), step.at
        case FromMapping() | Imported():
            return _looked_up(step)
        case DynamicReference():
            return f"{step.reference} is read from {_service(step.reference)} at deployment", step.at
        case Attribute():
            what = f"attribute {step.attribute}" if step.attribute else "Ref"
            return f"{step.logical_id} is a resource; its {what} is known once it is made", step.source or step.at
        case Computed():
            return f"{step.function} gives {_shown(step.value)}", step.at
        case Element():
            value = "an element that is not known" if step.value is None else _shown(step.value)
            return f"{step.variable} is {value} in the loop {step.loop}", step.at
        case Generated():
            return f"{step.logical_id} is made for {step.written_id} ({step.written_type})", step.at
        case Included():
            return f"AWS::Include takes it from {step.file}", step.at
        case Nested():
            return f"{step.logical_id} deploys {step.file}", step.at
        case NotKnown():
            return step.reason, step.at
        case _:
            assert_never(step)


def _parameter(step: FromParameter) -> str:
    if step.stored:
        return f"parameter {step.name} is read from Parameter Store at deployment, by the name {_shown(step.value)}"
    if step.given:
        return f"parameter {step.name} is given as {_shown(step.value)}"
    facts = [f"default: {_shown(step.default)}"] if step.default is not None else []
    if step.allowed:
        more = ", …" if len(step.allowed) > _MOST_VALUES else ""
        facts.append(f"allowed: {', '.join(_shown(one) for one in step.allowed[:_MOST_VALUES])}{more}")
    known = f" ({'; '.join(facts)})" if facts else ""
    if step.value == f"${{{step.name}}}":
        return f"parameter {step.name} is {'any other value' if facts else 'whatever it is given'}{known}"
    return f"parameter {step.name} is {_shown(step.value)}{known}"


def _pseudo_parameter(step: FromPseudoParameter) -> str:
    if step.given:
        return f"{step.name} is given as {_shown(step.value)}"
    if step.value == f"${{{step.name}}}":
        return f"{step.name} is that of the deployment"
    return f"{step.name} is {_shown(step.value)}"


def _claim(step: Claim) -> str:
    truth = "true" if step.holds else "false"
    words = " and ".join(_shown(word) for word in step.operands)
    outcome = f"is {truth}" if step.certain else f"is taken to be {truth}"
    return f"{step.function} of {words} {outcome}" if words else f"{step.function} {outcome}"


def _looked_up(step: FromMapping | Imported) -> tuple[str, Span]:
    match step:
        case FromMapping():
            path = f"{step.mapping}{''.join(f'[{key}]' for key in step.keys)}"
            if step.source is None:
                return f"{path} is not in Mappings, so it is {_shown(step.value)}", step.at
            return f"{path} is {_shown(step.value)}", step.source
        case Imported():
            if not step.sources:
                return f"{step.name} is imported; no template that was read is known to export it", step.at
            if len(step.sources) == 1:
                return f"{step.name} is imported and is {_shown(step.value)} where it is exported", step.sources[0]
            places = ", ".join(_place(one) for one in step.sources[:_MOST_VALUES])
            return f"{step.name} is imported and is {_shown(step.value)}; it may be exported at {places}", step.at
        case _:
            assert_never(step)


def _service(reference: str) -> str:
    name = reference.removeprefix("{{resolve:").partition(":")[0]
    return _SERVICES.get(name, f"`{name}`")


def _shown(value: str) -> str:
    return cut(value) if value else '""'


def _place(span: Span) -> str:
    begin = span.begin
    return f"({span.source.name}:{begin.line}:{begin.column})"


def cut(text: str, longest: int = _LONGEST) -> str:
    """The text, unless it is too long for one line."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
