"""Values of a template as texts with variables, case by case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.integrations.dynamic.surface import Variable, Words
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.parameters import allowed_of, default_of
from stackwarden.resolve.values import (
    AttributeHole,
    ConditionalHole,
    Hole,
    Known,
    OpaqueHole,
    ParameterHole,
    Text,
    Value,
    cases_of,
)
from stackwarden.template.secrets import Secrets

__all__ = ["Wording", "joined"]

_NO_NAME: Final = re.compile(r"[^A-Za-z0-9_]+")
_LONGEST: Final = 40
_MOST: Final = 64
"""More cases of a text than anyone writes; the rest of its parts stay variables."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Puts values into words. No secret comes out of it."""

    stack: Stack
    secrets: Secrets

    def cases(self, value: Value) -> list[tuple[Guard, Words | None]]:
        """What a value is as a text, under each guard; None where it is no text or nothing is known of it."""
        found: list[tuple[Guard, Words | None]] = []
        for guard, plain in cases_of(value):
            match plain:
                case Known():
                    found.append((guard, self.literal(plain.text)))
                case Text():
                    found.extend((guard & inner, words) for inner, words in self._parts(plain.parts))
                case _:
                    found.append((guard, None))
        return [(guard, words) for guard, words in found if guard is not FALSE]

    def literal(self, text: str) -> Words:
        """A text that is known."""
        return (self.mask(text),) if text else ()

    def mask(self, text: str) -> str:
        """A text without the secrets in it."""
        return self.secrets.mask(text)

    def _parts(self, parts: tuple[str | Hole, ...]) -> list[tuple[Guard, Words]]:
        """The parts of a text with its conditional ones decided."""
        made: list[tuple[Guard, Words]] = [(TRUE, ())]
        for part in parts:
            made = [
                (joint, joined(words, more))
                for guard, words in made
                for inner, more in self._part(part, split=len(made) < _MOST)
                if (joint := guard & inner) is not FALSE
            ]
        return made

    def _part(self, part: str | Hole, *, split: bool) -> Iterator[tuple[Guard, Words]]:
        match part:
            case str():
                yield TRUE, self.literal(part)
            case ConditionalHole() if split:
                for guard, words in self.cases(part.cases):
                    yield guard, (Variable("value", "not determined by the template"),) if words is None else words
            case _:
                yield TRUE, (self.variable(part),)

    def variable(self, hole: Hole) -> Variable:
        """What stands for a part that the template leaves open."""
        match hole:
            case ParameterHole():
                return self._parameter(hole)
            case AttributeHole():
                attribute = f".{hole.attribute}" if hole.attribute else ""
                told = f"{hole.logical_id}{attribute}"
                return Variable(_named(told), f"`{told}`, which AWS makes up when the stack is deployed")
            case ConditionalHole():
                return Variable("value", "not determined by the template")
            case OpaqueHole():
                reason = self.mask(hole.reason)
                return Variable(_named(reason)[:_LONGEST], f"not determined by the template: {reason}")

    def _parameter(self, hole: ParameterHole) -> Variable:
        name = hole.variable.removeprefix("Parameters.")
        if name == hole.variable:
            return Variable(_named(name), f"pseudo parameter `{name}`; --region, --account and --partition decide it")
        parameter = self.stack.template.parameters.get(name)  # of the outermost stack, as only its own are open
        told = f"template parameter `{name}`; --parameters {name}=… decides it"
        if parameter is None or hole.secret or name in self.secrets.parameters:
            return Variable(_named(name), told)
        default = default_of(parameter)
        return Variable(_named(name), told, default, allowed_of(parameter))


def joined(*texts: Words) -> Words:
    """Texts as one; neighbouring literal parts are joined."""
    made: list[str | Variable] = []
    for part in chain.from_iterable(texts):
        if isinstance(part, str) and made and isinstance(made[-1], str):
            made[-1] += part
        else:
            made.append(part)
    return tuple(made)


def _named(text: str) -> str:
    """A name that may stand between the braces of every document: `AWS::Region` is `Region`."""
    return _NO_NAME.sub("_", text.removeprefix("AWS::")).strip("_") or "value"
