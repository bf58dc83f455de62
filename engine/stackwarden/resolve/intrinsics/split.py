"""`Fn::Split`: a string cut at a delimiter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stackwarden.resolve.context import Context
from stackwarden.resolve.questions import Domains, expand
from stackwarden.resolve.values import (
    Hole,
    Item,
    Known,
    ListValue,
    ParameterHole,
    Plain,
    Text,
    Unknown,
    Value,
    bind,
    fold_cases,
    make_text,
)
from stackwarden.template.nodes import Node, Scalar, Sequence

__all__ = ["resolve"]

_NAMES_WITHOUT_PUNCTUATION: Final = frozenset({"AWS::AccountId", "AWS::Partition", "AWS::Region"})


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::Split": [delimiter, string]}`."""
    if not isinstance(argument, Sequence) or len(argument.items) != 2 or not isinstance(argument.items[0], Scalar):
        return context.malformed("Fn::Split", node, "expects a delimiter and a string")
    delimiter = argument.items[0].text
    if not delimiter:
        return context.malformed("Fn::Split", node, "expects a delimiter that is not empty")
    return bind(context.resolve(argument.items[1]), _splitter(delimiter, node, context.domains))


def _splitter(delimiter: str, node: Node, domains: Domains) -> Callable[[Plain], Value]:
    def split(plain: Plain) -> Value:
        match plain:
            case Known():
                pieces = plain.text.split(delimiter)
                return ListValue(tuple(Item(Known(piece, node)) for piece in pieces), origin=node)
            case Text() if all(_is_safe(hole, delimiter) for hole in plain.holes):
                return _split_text(delimiter, plain, node)
            case Text():
                filled = expand(plain, domains)
                if filled:
                    return fold_cases((guard, split(case)) for guard, case in filled)
                return Unknown("the split string is not known", node, plain.mentions())
            case Unknown():
                return Unknown("the split string is not known", node, plain.mentions)
            case _:
                return Unknown("the split value is not a string", node)

    return split


def _is_safe(hole: Hole, delimiter: str) -> bool:
    """Whether the hole's value cannot hold the delimiter."""
    return (
        isinstance(hole, ParameterHole)
        and hole.variable in _NAMES_WITHOUT_PUNCTUATION
        and not delimiter.replace("-", "a").isalnum()
    )


def _split_text(delimiter: str, text: Text, node: Node) -> ListValue:
    pieces: list[list[str | Hole]] = [[]]
    for part in text.parts:
        if isinstance(part, str):
            first, *others = part.split(delimiter)
            pieces[-1].append(first)
            pieces.extend([other] for other in others)
        else:
            pieces[-1].append(part)
    return ListValue(tuple(Item(make_text(piece, node)) for piece in pieces), origin=node)
