"""Which characters texts may have that a regular expression matches wholly."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.regex import fits, may_contain


@pytest.mark.parametrize(
    ("pattern", "within", "without"),
    [
        ("[a-z0-9-]+", "az09-", "A*:/ "),
        ("^[a-z]{1,64}$", "az", "^$1{,}64"),
        (r"(\d{1,3})\.(\d{1,3})/(\d{1,2})", "0123./", "a(){}"),
        (r"arn:(?:aws|aws-cn):\w+", "arn:ws-cAZ09_", "*/?"),
        ("[^*]+", "aA:", "*"),
        ("[]a]b", "]ab", "[c"),
        (r"\$\{x\}", "${x}", r"\y"),
        (".*", "aA* \n", ""),
        (r"\bab\z", "ab", "zA"),
        ("(?i)abc", "abcABCxyz", ""),  # flags change what the parts match: nothing is excluded
        (r"\Qa.b\E", "a.bxQ", ""),
        (r"[[:alpha:]]+\x41\pL", "aA1", ""),
        ("(?=a)b", "xyz", ""),  # refused by RE2
        ("", "", "a*"),
    ],
)
def test_what_a_pattern_is_made_of(pattern: str, within: str, without: str) -> None:
    assert [char for char in within if not may_contain(pattern, char)] == []
    assert [char for char in without if may_contain(pattern, char)] == []


_PARTS = st.sampled_from(
    ("a", "b", "[ab]", "[^a]", "[a-c]", r"\.", r"\d", ".", "(a|b)", "a*", "b?", "(?:ab)+", "[]a]", "c{2}")
)


@given(st.lists(_PARTS, min_size=1, max_size=4).map("".join), st.text("abc.0]", max_size=6))
def test_a_text_that_fits_has_only_what_may_be_in_it(pattern: str, text: str) -> None:
    if re.fullmatch(pattern, text):
        assert fits(pattern, text)
        assert all(may_contain(pattern, char) for char in text)
