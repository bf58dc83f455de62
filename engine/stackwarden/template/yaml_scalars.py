"""Plain scalars as YAML 1.1 reads them (https://yaml.org/type/), except that dates stay text.

CloudFormation reads templates as YAML 1.1; the forms below are those of its type repository, with the same
choices as PyYAML's safe loader: `y` and `n` are text, `0o17` is text, `017` is fifteen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from stackwarden.template.nodes import ScalarData

__all__ = ["NUMBER_STARTS", "STANDARD", "TEXT", "WORDS", "number", "plain", "standard"]

STANDARD: Final = "tag:yaml.org,2002:"
"""Prefix of the tags that `!!` stands for."""

TEXT: Final = STANDARD + "str"
"""The tag of text."""


def _spellings(*words: str) -> tuple[str, ...]:
    return tuple(spelling for word in words for spelling in (word, word.capitalize(), word.upper()))


_TRUE: Final = _spellings("true", "yes", "on")
_FALSE: Final = _spellings("false", "no", "off")
_NULL: Final = ("", "~", *_spellings("null"))
WORDS: Final[dict[str, ScalarData]] = {
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
    **dict.fromkeys(_NULL, None),
}
"""Plain scalars that are no text and no number."""

NUMBER_STARTS: Final = "0123456789-+."
"""What a number can start with."""

_INTEGER: Final = re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0[0-7_]+|0|[1-9][0-9_]*(?::[0-5]?[0-9])*)", re.ASCII)
_FLOAT: Final = re.compile(
    r"""(?: [-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?
          | \.[0-9][0-9_]*(?:[eE][-+][0-9]+)?
          | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*
          | [-+]?\.(?:inf|Inf|INF) | \.(?:nan|NaN|NAN) )""",
    re.ASCII | re.VERBOSE,
)


def plain(text: str) -> ScalarData:
    """The value of a plain scalar without a tag."""
    data = WORDS.get(text, text)
    return number(text) if data is text and text[0] in NUMBER_STARTS else data


def number(text: str) -> int | float | str:
    """The number that a plain scalar is, or the text itself. Expects a text that starts like a number."""
    try:
        if _INTEGER.fullmatch(text) is not None:
            return _integer(text)
        if _FLOAT.fullmatch(text) is not None:
            return _float(text)
    except ValueError:  # `0x_` has the form of a number but no digit, or there are more digits than Python reads
        return text
    return text


def standard(tag: str, text: str) -> ScalarData:
    """The value of a scalar under a standard tag, given without its prefix (`int`).

    Raises ValueError where the text is no such value, KeyError for a tag that is not for scalars.
    """
    match tag:
        case "str" | "binary" | "timestamp":
            return text
        case "int":
            return _integer(text)
        case "float":
            return _float(text)
        case "bool":
            if isinstance(value := WORDS.get(text.lower()), bool):
                return value
            raise ValueError(text)
        case "null":
            return None
        case _:
            raise KeyError(tag)


def _integer(text: str) -> int:
    sign, digits = _signed(text.replace("_", ""))
    if digits.startswith("0b"):
        return sign * int(digits[2:], 2)
    if digits.startswith("0x"):
        return sign * int(digits[2:], 16)
    if ":" in digits:
        return sign * int(_base_sixty([int(part) for part in digits.split(":")]))
    return sign * int(digits, 8 if digits.startswith("0") and digits != "0" else 10)


def _float(text: str) -> float:
    sign, digits = _signed(text.replace("_", "").lower())
    if digits in (".inf", ".nan"):
        return sign * float(digits[1:])
    if ":" in digits:
        return sign * _base_sixty([float(part) for part in digits.split(":")])
    return sign * float(digits)


def _signed(text: str) -> tuple[int, str]:
    return (-1 if text.startswith("-") else 1), text[1:] if text[:1] in ("-", "+") else text


def _base_sixty(parts: Sequence[float]) -> float:
    """`1:30` is ninety; whole numbers stay exact."""
    value, base = 0.0 if isinstance(parts[0], float) else 0, 1
    for part in reversed(parts):
        value += part * base
        base *= 60
    return value
