"""Patterns against enumeration: holes and policy variables are filled with every short text."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.iam.patterns import Pattern, action_pattern, covers, literal_pattern, meets, resource_pattern
from stackwarden.resolve.values import (
    AttributeHole,
    Hole,
    Known,
    OpaqueHole,
    ParameterHole,
    Plain,
    Text,
    Unknown,
    make_text,
)

# Letters of both cases: actions are compared without regard to it.
WORDS = st.text(alphabet="aB*?", max_size=4)
# Longer than the longest pattern below, so that what two of them differ in is among these.
TEXTS = ["".join(chars) for length in range(8) for chars in product("abc", repeat=length)]
OPEN = ParameterHole("Parameters.One")
SINGLE = AttributeHole("Queue", "QueueName")
IMPORT = OpaqueHole("an import")
FILLINGS: dict[Hole, tuple[str, ...]] = {
    OPEN: ("", "a", "*", "ab"),
    SINGLE: ("a", "c", "ab"),
    IMPORT: ("", "a", "*", "ab"),
}
PARTS = st.lists(st.one_of(st.sampled_from(["a", "b", "*"]), st.sampled_from([OPEN, SINGLE, IMPORT])), max_size=3)


@cache
def language(pattern: str) -> frozenset[str]:
    """The texts that an action pattern fits, by way of a regular expression that ignores case."""
    regex = re.compile("".join({"*": ".*", "?": "."}.get(char, char) for char in pattern), re.IGNORECASE)
    return frozenset(text for text in TEXTS if regex.fullmatch(text))


def action(text: str) -> Pattern:
    pattern = action_pattern(Known(text))
    assert pattern is not None
    return pattern


@given(WORDS, WORDS)
def test_actions_cover_exactly(outer: str, inner: str) -> None:
    assert covers(action(outer), action(inner)) is (language(inner) <= language(outer))


@given(WORDS, WORDS)
def test_actions_meet_exactly(left: str, right: str) -> None:
    assert meets(action(left), action(right)) is bool(language(left) & language(right))


def fillings(parts: list[str | Hole]) -> list[dict[Hole, str]]:
    """What the holes of a text can be."""
    holes = [hole for hole in FILLINGS if hole in parts]
    return [dict(zip(holes, texts, strict=True)) for texts in product(*(FILLINGS[hole] for hole in holes))]


def written(parts: list[str | Hole], values: dict[Hole, str]) -> str:
    return "".join(part if isinstance(part, str) else values[part] for part in parts)


@given(PARTS, PARTS)
def test_a_decided_comparison_holds_for_every_filling(left: list[str | Hole], right: list[str | Hole]) -> None:
    mine, other = resource_pattern(make_text(left)), resource_pattern(make_text(right))
    assert mine is not None and other is not None
    covered, met = covers(mine, other), meets(mine, other)
    for one, two in product(fillings(left), fillings(right)):
        if any(one[hole] != two.get(hole, one[hole]) for hole in (OPEN, SINGLE) if hole in one):
            continue  # a parameter and an attribute have one value, an import in two places may have two
        first, second = language(written(left, one)), language(written(right, two))
        assert covered is None or covered is (second <= first)
        assert met is None or met is bool(first & second)


ROLE = AttributeHole("Role", "Arn")
ACCOUNT = ParameterHole("AWS::AccountId", token=True)
PARTITION = ParameterHole("AWS::Partition", token=True)


@pytest.mark.parametrize(
    ("outer", "inner", "covered", "met"),
    [
        (Known("*"), Unknown("x"), True, True),
        (Unknown("x"), Known("*"), None, True),
        (Known("arn:aws:s3:::a/*"), Known("arn:aws:s3:::a/b"), True, True),
        (Known("arn:aws-cn:s3:::a/*"), Known("arn:aws:s3:::a/b"), True, True),
        (Text(("arn:", PARTITION, ":s3:::a/*")), Known("arn:aws:s3:::a/b"), True, True),
        (Text((ROLE, "/*")), Text((ROLE, "/x")), True, True),
        (Text((ROLE, "/*")), Text((AttributeHole("Other", "Arn"), "/x")), None, None),
        (Text((ROLE,)), Known("*"), False, True),
        (Text(("arn:aws:iam::", ACCOUNT, ":role/*")), Known("arn:aws:iam::1:role/a"), None, None),
        (Known("arn:aws:iam::*:role/*"), Text(("arn:aws:iam::", ACCOUNT, ":role/a")), True, True),
        (Known("arn:aws:s3:::b/${aws:username}/*"), Known("arn:aws:s3:::b/me/x"), None, None),
        (Known("arn:aws:s3:::b/${aws:username}/*"), Known("arn:aws:s3:::b/${aws:username}/x"), True, True),
        (Known("arn:aws:s3:::b/${*}"), Known("arn:aws:s3:::b/x"), False, False),
        (Known("arn:aws:s3:::${Open}"), Known("arn:aws:sqs:::x"), False, False),
    ],
)
def test_resources(outer: Plain, inner: Plain, covered: bool | None, met: bool | None) -> None:
    mine, other = resource_pattern(outer), resource_pattern(inner)
    assert mine is not None and other is not None
    assert (covers(mine, other), meets(mine, other)) == (covered, met)


def test_what_is_no_text_has_no_pattern() -> None:
    assert action_pattern(make_text(())) == literal_pattern("")
    assert resource_pattern(Unknown("x")) is not None
