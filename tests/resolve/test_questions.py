"""Questions about values: answers by cases, and texts that are split only where the question needs it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.logic import MAYBE, NO, YES, Logic
from stackwarden.resolve.questions import ask, ask_all, ask_both, can_equal, settle
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import AttributeHole, Known, MapValue, ParameterHole, Plain, Text, Value, fold_cases
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

TEMPLATE = """
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Size: {Type: String, Default: small}
  Open: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Thing:
    Type: Custom::Thing
    Properties:
      Stage: !Ref Stage
      Size: !Ref Size
      Open: !Ref Open
      Name: !Sub "${Stage}-${Size}"
      Prefixed: !Sub "x-${Size}-y"
      Branch: !If [IsProd, a, b]
      Inner: !Sub ["${B}/${Stage}", {B: !If [IsProd, a, b]}]
      Missing: !If [IsProd, a, !Ref "AWS::NoValue"]
"""


class Asked:
    """A template to ask about, and how often its parameters were split."""

    def __init__(self) -> None:
        template = load(Source("a.yaml", TEMPLATE))
        assert isinstance(template, Template)
        self.resolver = Resolver(template)
        self.splits: list[str] = []

    def value(self, name: str) -> Value:
        thing = self.resolver.resource("Thing")
        assert thing is not None and isinstance(thing.properties, MapValue)
        return thing.properties.get(name)

    def fact(self, name: str, value: str) -> Guard:
        return self.resolver.parameters.fact(f"Parameters.{name}", value)

    def spelled(self, hole: AttributeHole) -> Value | None:
        return self.resolver.spelled(hole)

    def split(self, hole: ParameterHole) -> tuple[tuple[Guard, Known | Text], ...] | None:
        self.splits.append(hole.variable)
        return self.resolver.parameters.split(hole)


def equals(wanted: str) -> Callable[[Plain], bool | None]:
    def test(plain: Plain) -> bool | None:
        if isinstance(plain, Known):
            return plain.text == wanted
        return (None if can_equal(plain, wanted) else False) if isinstance(plain, Text) else False

    return test


def test_a_decided_question_splits_nothing() -> None:
    asked = Asked()
    assert ask(asked.value("Name"), equals("no dash"), asked) == NO
    assert ask(asked.value("Prefixed"), equals("z-small-y"), asked) == NO
    assert asked.splits == []


def test_a_question_splits_what_it_needs() -> None:
    asked = Asked()
    assert ask(asked.value("Stage"), equals("prod"), asked) == Logic(
        asked.fact("Stage", "prod"), asked.fact("Stage", "dev")
    )
    assert asked.splits == ["Parameters.Stage"]


def test_any_other_value_is_none_of_the_known_ones() -> None:
    asked = Asked()
    small = asked.fact("Size", "small")
    assert ask(asked.value("Size"), equals("small"), asked) == Logic(small, ~small)
    assert ask(asked.value("Size"), equals("big"), asked) == Logic(FALSE, small)
    assert ask(asked.value("Prefixed"), equals("x-small-y"), asked) == Logic(small, ~small)
    assert ask(asked.value("Prefixed"), equals("x-big-y"), asked) == Logic(FALSE, small)
    assert ask(asked.value("Open"), equals("a"), asked) == MAYBE


def test_parts_of_a_text_are_split_together() -> None:
    asked = Asked()
    prod, small = asked.fact("Stage", "prod"), asked.fact("Size", "small")
    assert ask(asked.value("Name"), equals("prod-small"), asked) == Logic(prod & small, ~(prod & small))
    assert ask(asked.value("Inner"), equals("a/prod"), asked) == Logic(prod, ~prod)
    assert ask(asked.value("Inner"), equals("a/dev"), asked) == NO  # the parts are correlated


def test_cases_are_asked_one_by_one() -> None:
    asked = Asked()
    prod = asked.fact("Stage", "prod")
    assert ask(asked.value("Branch"), equals("a"), asked) == Logic(prod, ~prod)
    assert ask(asked.value("Missing"), equals("a"), asked) == Logic(prod, ~prod)


def test_two_values_meet_only_where_both_are() -> None:
    asked = Asked()

    def same(left: Plain, right: Plain) -> bool | None:
        return left.text == right.text if isinstance(left, Known) and isinstance(right, Known) else None

    prod = asked.fact("Stage", "prod")
    assert ask_both(asked.value("Branch"), asked.value("Branch"), same, asked) == YES
    assert ask_both(asked.value("Branch"), Known("a"), same, asked) == Logic(prod, ~prod)
    assert ask_both(asked.value("Stage"), asked.value("Stage"), same, asked) == YES


def test_several_values() -> None:
    asked = Asked()

    def all_known(*plains: Plain) -> bool | None:
        if not all(isinstance(plain, Known) for plain in plains):
            return None
        return "".join(plain.text for plain in plains if isinstance(plain, Known)) == "aprodsmall"

    values = [asked.value("Branch"), asked.value("Stage"), asked.value("Size")]
    claim = ask_all(values, all_known, asked)
    assert claim.true == asked.fact("Stage", "prod") & asked.fact("Size", "small")
    assert ask_all((), lambda: True, asked) == YES


@pytest.mark.parametrize("name", ["Stage", "Size", "Open", "Name", "Prefixed", "Branch", "Inner", "Missing"])
def test_settled_cases_exclude_each_other_and_cover_everything(name: str) -> None:
    asked = Asked()
    guards = [guard for guard, _ in settle(asked.value(name), asked)]
    covered = FALSE
    for guard in guards:
        assert guard is not FALSE
        assert covered.excludes(guard)
        covered = covered | guard
    assert covered is TRUE


# --- can_equal against enumeration

HOLES = {"P": frozenset[str](), "Q": frozenset({"a", ""}), "R": frozenset({"ab"})}
SAMPLES = ["".join(chars) for length in range(4) for chars in product("ab", repeat=length)]


@given(
    st.lists(st.sampled_from(["a", "b", "-", *HOLES]), min_size=1, max_size=3).filter(
        lambda parts: (
            any(part in HOLES for part in parts)
            and len({part for part in parts if part in HOLES}) == len([part for part in parts if part in HOLES])
        )
    ),
    st.text(alphabet="ab-", max_size=3),
)
def test_can_equal(parts: list[str], candidate: str) -> None:
    text = Text(tuple(ParameterHole(part, excluded=tuple(HOLES[part])) if part in HOLES else part for part in parts))
    samples = {*SAMPLES, *_parts_of(candidate)}
    choices = [sorted(samples - HOLES[part]) if part in HOLES else [part] for part in parts]
    assert can_equal(text, candidate) == (candidate in {"".join(chosen) for chosen in product(*choices)})


def _parts_of(text: str) -> set[str]:
    return {text[start:end] for start in range(len(text) + 1) for end in range(start, len(text) + 1)}


def test_folding_drops_what_cannot_be() -> None:
    asked = Asked()
    prod = asked.fact("Stage", "prod")
    inner = fold_cases(((prod, Known(1)), (~prod, Known(2))))
    assert fold_cases(((prod, inner), (~prod, Known(3)))) == fold_cases(((prod, Known(1)), (~prod, Known(3))))
    assert fold_cases(((TRUE, Known(1)), (FALSE, Known(2)))) == Known(1)
