"""Forms of ARNs against enumeration of their texts."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.globs import glob
from stackwarden.iam.forms import fits, matches_all_after

TEXTS = ["".join(chars) for length in range(7) for chars in product("ab:/", repeat=length)]


def regex(text: str, wildcards: dict[str, str]) -> re.Pattern[str]:
    return re.compile("".join(wildcards.get(char, re.escape(char)) for char in text))


@given(st.text(alphabet="ab:/*?", max_size=4), st.text(alphabet="ab:/*%", max_size=3))
def test_a_pattern_fits_a_form_where_some_text_is_of_both(pattern: str, form: str) -> None:
    mine, other = regex(pattern, {"*": ".*", "?": "."}), regex(form, {"*": "[^:/]*", "%": ".*"})
    expected = any(mine.fullmatch(text) and other.fullmatch(text) for text in TEXTS)
    assert fits(glob(pattern), form) is expected


@pytest.mark.parametrize(
    ("pattern", "form", "fit", "everything"),
    [
        ("*", "arn:aws:iam::*:role/", True, True),
        ("arn:aws:iam::1:role/*", "arn:aws:iam::*:role/", True, True),
        ("arn:aws:iam::1:*", "arn:aws:iam::*:role/", True, True),
        ("arn:aws:iam::1:role/app-*", "arn:aws:iam::*:role/", False, False),
        ("arn:aws:iam::1:role/app-*", "arn:aws:iam::*:role/%", True, True),
        ("arn:aws:iam::1:user/*", "arn:aws:iam::*:role/", False, False),
        ("arn:aws:iam::1:*/*", "arn:aws:iam::*:role/", True, True),
        ("arn:aws:iam::1:role/?*", "arn:aws:iam::*:role/", False, False),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::*", False, False),
        ("arn:aws:s3:::b", "arn:aws:s3:::*", True, False),
    ],
)
def test_arns(pattern: str, form: str, fit: bool, everything: bool) -> None:
    assert (fits(glob(pattern), form), matches_all_after(glob(pattern), form)) == (fit, everything)
