"""Module `arn`: the parts of an ARN."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from stackwarden.arn import Arn, parse_arn
from stackwarden.language.builtins._record import Function, Predicate, function, predicate
from stackwarden.language.types import STRING, STRINGS
from stackwarden.resolve.values import Absent, Hole, Item, Known, ListValue, Plain, Text, Unknown, Value, make_text

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]

_MARK: Final = "\ue000"


def _is_arn(plain: Plain) -> bool | None:
    """Whether a text has the form of an ARN."""
    match plain:
        case Known():
            return parse_arn(plain.text) is not None
        case Text():
            found = _parts(plain)
            return None if found is None else True
        case Unknown():
            return None
        case _:
            return False


def _parts(text: Text) -> Arn | None:
    """The parts of an ARN with holes, each hole written as a mark; None where the holes hide its form."""
    return parse_arn("".join(part if isinstance(part, str) else _MARK for part in text.parts))


def _part(name: str, doc: str) -> Function:
    def body(plain: Plain) -> Value:
        match plain:
            case Known():
                arn = parse_arn(plain.text)
                return Absent(plain.origin) if arn is None else Known(getattr(arn, name), plain.origin)
            case Text():
                return _part_of_text(plain, name)
            case Unknown():
                return Unknown("the ARN is not known", plain.origin, plain.mentions)
            case _:
                return Absent(plain.origin)

    body.__doc__ = doc
    return function(f"arn.{_PUBLIC[name]}", (("arn", STRING),), STRING, body)


def _part_of_text(text: Text, name: str) -> Value:
    arn = _parts(text)
    if arn is None:
        return Unknown("the ARN is not known", text.origin, text.mentions())
    fields = {field: getattr(arn, field) for field in _PUBLIC}
    holes = iter(text.holes)
    parts: list[str | Hole] = []
    for field, written in fields.items():
        for piece in _pieces(written):
            hole = next(holes) if piece == _MARK else None
            if field == name:
                parts.append(piece if hole is None else hole)
    return make_text(parts, text.origin)


def _path(plain: Plain) -> Value:
    """The resource part of an ARN, cut at its slashes (API, stage, method and path of an `execute-api` ARN).

    What is put into a text is taken for a part of one piece; empty where the text is no ARN.
    """
    match plain:
        case Known():
            arn = parse_arn(plain.text)
            pieces = () if arn is None else tuple(Known(piece, plain.origin) for piece in arn.resource.split("/"))
            return ListValue(tuple(Item(piece) for piece in pieces), origin=plain.origin)
        case Text():
            resource = _part_of_text(plain, "resource")
            if isinstance(resource, Unknown):
                return ListValue((), open=True, origin=plain.origin)
            parts = resource.parts if isinstance(resource, Text) else (_text_of(resource),)
            return ListValue(tuple(Item(make_text(one, plain.origin)) for one in _cut(parts)), origin=plain.origin)
        case Unknown():
            return ListValue((), open=True, origin=plain.origin)
        case _:
            return ListValue((), origin=plain.origin)


def _text_of(value: Value) -> str:
    return value.text if isinstance(value, Known) else ""


def _cut(parts: Iterable[str | Hole]) -> list[list[str | Hole]]:
    pieces: list[list[str | Hole]] = [[]]
    for part in parts:
        if isinstance(part, str):
            first, *others = part.split("/")
            pieces[-1].append(first)
            pieces.extend([other] for other in others)
        else:
            pieces[-1].append(part)
    return pieces


def _pieces(written: str) -> list[str]:
    pieces: list[str] = []
    for index, piece in enumerate(written.split(_MARK)):
        if index:
            pieces.append(_MARK)
        if piece:
            pieces.append(piece)
    return pieces


_PUBLIC: Final = {
    "partition": "partition",
    "service": "service",
    "region": "region",
    "account_id": "account",
    "resource": "resource",
}

BUILTINS: Final[tuple[Function | Predicate, ...]] = (
    predicate("arn.is_arn", (("text", STRING),), _is_arn),
    _part("partition", "The partition of an ARN (`aws`, `aws-cn`, …); absent where the text is no ARN."),
    _part("service", "The service of an ARN (`s3`, `lambda`, …); absent where the text is no ARN."),
    _part("region", "The region of an ARN, which may be empty; absent where the text is no ARN."),
    _part("account_id", "The account id of an ARN, which may be empty; absent where the text is no ARN."),
    _part("resource", "The resource part of an ARN: all after the fifth colon; absent where the text is no ARN."),
    function("arn.path", (("arn", STRING),), STRINGS, _path),
)
COLLECTIONS: Final = ()
RECORDS: Final = ()
