"""Globs against enumeration: every text over a small alphabet up to a length that tells short patterns apart."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.globs import ANY, STAR, Glob, glob, includes, includes_any_of, literal, matches, overlaps

PATTERNS = st.text(alphabet="ab*?", max_size=4)
# Long enough to tell these patterns apart; "c" is the character that none of them has.
TEXTS = ["".join(chars) for length in range(7) for chars in product("abc", repeat=length)]


@cache
def language(pattern: str) -> frozenset[str]:
    """The texts that a pattern fits, by way of a regular expression."""
    regex = re.compile("".join({"*": ".*", "?": "."}.get(char, char) for char in pattern))
    return frozenset(text for text in TEXTS if regex.fullmatch(text))


@given(PATTERNS, st.text(alphabet="abc", max_size=8))
def test_matches(pattern: str, text: str) -> None:
    regex = re.compile("".join({"*": ".*", "?": "."}.get(char, char) for char in pattern))
    assert matches(glob(pattern), text) == (regex.fullmatch(text) is not None)


@given(PATTERNS, PATTERNS)
def test_includes(outer: str, inner: str) -> None:
    assert includes(glob(outer), glob(inner)) == (language(inner) <= language(outer))


@given(PATTERNS, PATTERNS)
def test_overlaps(left: str, right: str) -> None:
    assert overlaps(glob(left), glob(right)) == bool(language(left) & language(right))
    assert overlaps(glob(left), glob(right)) == overlaps(glob(right), glob(left))


@given(st.lists(PATTERNS, max_size=3), PATTERNS)
def test_includes_any_of(outers: list[str], inner: str) -> None:
    covered = frozenset[str]().union(*(language(outer) for outer in outers))
    assert includes_any_of([glob(outer) for outer in outers], glob(inner)) == (language(inner) <= covered)


@pytest.mark.parametrize(
    ("outers", "inner"),
    [
        (("a*", "b*", "?*"), "?*"),
        (("", "?", "??*"), "*"),  # together everything, none alone
    ],
)
def test_several_patterns_together(outers: tuple[str, ...], inner: str) -> None:
    assert includes_any_of([glob(outer) for outer in outers], glob(inner))


def test_wildcards_in_a_literal_are_ordinary_characters() -> None:
    assert matches(literal("a*"), "a*")
    assert not matches(literal("a*"), "ab")
    assert includes(glob("a?"), literal("a*"))
    assert not includes(literal("a*"), glob("a*"))


def test_a_glob_is_one_symbol_a_character() -> None:
    assert glob("a**?") == ("a", STAR, ANY)


def test_long_patterns_stay_cheap() -> None:
    """Walking sets of positions does not backtrack: this would take an exponential number of steps if it did."""
    many: Glob = glob("*a" * 40)
    assert not matches(many, "a" * 39)
    assert matches(many, "a" * 400)
    assert includes(glob("*a*"), many)
