"""`Fn::Base64`: a string in base 64; encoded for each value that the string is known to have."""

from __future__ import annotations

from base64 import b64encode

from stackwarden.resolve.context import Context
from stackwarden.resolve.questions import settle
from stackwarden.resolve.values import (
    Known,
    ListValue,
    MapValue,
    OpaqueHole,
    Plain,
    Text,
    Unknown,
    Value,
    fold_cases,
    make_text,
)
from stackwarden.template.nodes import Node

__all__ = ["resolve"]


def resolve(argument: Node, node: Node, context: Context) -> Value:
    """The value of `{"Fn::Base64": argument}`."""

    def encode(plain: Plain) -> Value:
        match plain:
            case Known():
                return Known(b64encode(plain.text.encode()).decode("ascii"), node)
            case Text():
                return Unknown("an encoded text that is not wholly known", node, plain.mentions())
            case ListValue() | MapValue():
                return context.malformed("Fn::Base64", node, "expects a string")
            case _:
                return make_text((OpaqueHole("an encoded text that is not known"),), node)

    cases = settle(context.resolve(argument), context.domains)
    return fold_cases((guard, encode(plain)) for guard, plain in cases)
