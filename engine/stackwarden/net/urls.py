"""Addresses of web resources, as far as the text shows them.

Source: RFC 3986, section 3: `scheme:`, then `//` and an authority up to the next `/`, `?` or `#`. Schemes and hosts are
read in any case.
"""

from __future__ import annotations

import re
from typing import Final

from stackwarden.resolve.reading import of_no_text
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Hole,
    Known,
    ParameterHole,
    Plain,
    Text,
    Value,
    make_text,
)

__all__ = ["host", "scheme"]

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_AUTHORITY: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_AFTER_AUTHORITY: Final = re.compile(r"[/?#]")
_PORT: Final = re.compile(r":[0-9]*$")


def scheme(plain: Plain) -> Value:
    """The scheme of a URL in lower case (`https`, `myapp`); absent where the text has none."""
    match plain:
        case Known():
            found = _SCHEME.match(plain.text)
            return Known(found.group(1).lower(), plain.origin) if found else Absent(plain.origin)
        case Text(parts=(str() as first, *_)) if found := _SCHEME.match(first):
            return Known(found.group(1).lower(), plain.origin)
        case _:
            return of_no_text(plain)


def host(plain: Plain) -> Value:
    """The host of a URL in lower case, without user and port; absent where the text has none."""
    match plain:
        case Known():
            return _host_of((plain.text,), plain)
        case Text(parts=(str() as first, *_)) if _AUTHORITY.match(first):
            return _host_of(plain.parts, plain)
        case _:
            return of_no_text(plain)


def _host_of(parts: tuple[str | Hole, ...], plain: Known | Text) -> Value:
    first = parts[0]
    start = _AUTHORITY.match(first) if isinstance(first, str) else None
    if start is None or not isinstance(first, str):
        return Absent(plain.origin)
    kept: list[str | Hole] = []
    for part in (first[start.end() :], *parts[1:]):
        if not isinstance(part, str):
            if not _is_name(part):
                return of_no_text(plain)
            kept.append(part)
            continue
        end = _AFTER_AUTHORITY.search(part)
        _, user_ends, piece = (part[: end.start()] if end else part).rpartition("@")
        if user_ends:
            kept.clear()
        kept.append(piece.lower())
        if end:
            break
    if isinstance(last := kept[-1], str):
        kept[-1] = _PORT.sub("", last)
    return make_text(kept, plain.origin)


def _is_name(hole: Hole) -> bool:
    """Whether a hole is a name that AWS gives out, or a region or an account: it does not end a host."""
    match hole:
        case AttributeHole():
            return hole.token and (hole.attribute == "" or hole.attribute.endswith("Name"))
        case ParameterHole():
            return hole.token
        case _:
            return False
