"""Module `str`: strings."""

from __future__ import annotations

import re
from typing import Final

from stackwarden.language.builtins._record import Function, Predicate, function, predicate
from stackwarden.language.types import NUMBER, STRING
from stackwarden.resolve.reading import of_no_text
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    ConditionalHole,
    Known,
    OpaqueHole,
    ParameterHole,
    Plain,
    Text,
    Unknown,
    Value,
)

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]

_PARAMETER: Final = "Parameters."
_SECRET_REFERENCE: Final = re.compile(r"\{\{resolve:(?:secretsmanager|ssm-secure):")


def _starts_with(text: Plain, prefix: Plain) -> bool | None:
    """Whether a text starts with a prefix."""
    if not isinstance(prefix, Known):
        return False if isinstance(prefix, Absent) else None
    match text:
        case Known():
            return text.text.startswith(prefix.text)
        case Text(parts=(str() as first, *_)):
            length = min(len(first), len(prefix.text))
            if first[:length] != prefix.text[:length]:
                return False
            return True if len(first) >= len(prefix.text) else None
        case Text() | Unknown():
            return None
        case _:
            return False


def _ends_with(text: Plain, suffix: Plain) -> bool | None:
    """Whether a text ends with a suffix."""
    if not isinstance(suffix, Known):
        return False if isinstance(suffix, Absent) else None
    match text:
        case Known():
            return text.text.endswith(suffix.text)
        case Text(parts=(*_, str() as last)):
            length = min(len(last), len(suffix.text))
            if length and last[-length:] != suffix.text[-length:]:
                return False
            return True if len(last) >= len(suffix.text) else None
        case Text(parts=(*_, ParameterHole(token=True) | AttributeHole(token=True))) if suffix.text[-1:] in ("*", "?"):
            return False  # no name or ARN that AWS gives out has a wildcard
        case Text() | Unknown():
            return None
        case _:
            return False


def _contains(text: Plain, part: Plain) -> bool | None:
    """Whether a text has a part."""
    if not isinstance(part, Known):
        return False if isinstance(part, Absent) else None
    match text:
        case Known():
            return part.text in text.text
        case Text():
            if any(part.text in piece for piece in text.parts if isinstance(piece, str)):
                return True
            # no name or ARN that AWS gives out has a wildcard
            return False if part.text in ("*", "?") and all(hole.token for hole in text.holes) else None
        case Unknown():
            return None
        case _:
            return False


def _reads_secret(text: Plain) -> bool | None:
    """Whether a text has a dynamic reference to a secret (`secretsmanager`, `ssm-secure`), filled in at deployment."""
    match text:
        case Known():
            return _SECRET_REFERENCE.search(text.text) is not None
        case Text():
            references = (hole.reason for hole in text.holes if isinstance(hole, OpaqueHole))
            if any(_SECRET_REFERENCE.match(reference) for reference in references):
                return True
            return None if any(isinstance(hole, ConditionalHole | ParameterHole) for hole in text.holes) else False
        case _:
            return False


def _shows_parameter(text: Plain) -> bool | None:
    """Whether a text has the value of a parameter without `NoEcho`, which all who may describe the stack can read."""
    if not isinstance(text, Text):
        return False
    holes = [hole for hole in text.holes if isinstance(hole, ParameterHole) and hole.variable.startswith(_PARAMETER)]
    if any(not hole.secret for hole in holes):
        return True
    return None if any(isinstance(hole, ConditionalHole) for hole in text.holes) else False


def _lower(plain: Plain) -> Value:
    """The text in lower case."""
    return Known(plain.text.lower(), plain.origin) if isinstance(plain, Known) else of_no_text(plain)


def _upper(plain: Plain) -> Value:
    """The text in upper case."""
    return Known(plain.text.upper(), plain.origin) if isinstance(plain, Known) else of_no_text(plain)


def _length(plain: Plain) -> Value:
    """How many characters a text has."""
    return Known(len(plain.text), plain.origin) if isinstance(plain, Known) else of_no_text(plain)


BUILTINS: Final[tuple[Function | Predicate, ...]] = (
    predicate("str.starts_with", (("text", STRING), ("prefix", STRING)), _starts_with),
    predicate("str.ends_with", (("text", STRING), ("suffix", STRING)), _ends_with),
    predicate("str.contains", (("text", STRING), ("part", STRING)), _contains),
    predicate("str.reads_secret", (("text", STRING),), _reads_secret),
    predicate("str.shows_parameter", (("text", STRING),), _shows_parameter),
    function("str.lower", (("text", STRING),), STRING, _lower),
    function("str.upper", (("text", STRING),), STRING, _upper),
    function("str.length", (("text", STRING),), NUMBER, _length),
)
COLLECTIONS: Final = ()
RECORDS: Final = ()
