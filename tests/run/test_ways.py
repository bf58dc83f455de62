"""`when`: the ways of a finding cover exactly its assignments, none is superfluous, and they are the smallest."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.resolve.guards import FALSE, REST, TRUE, Guard
from stackwarden.resolve.resolver import Resolver
from stackwarden.run.finding import Setting
from stackwarden.run.verdict import Ways
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

TEMPLATE = """
Parameters:
  Stage: {Type: String, AllowedValues: [dev, test, prod]}
  Size: {Type: String, AllowedValues: [small, big]}
  Region: {Type: String, Default: here}
  Left: {Type: String}
  Right: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Equals [!Ref Stage, dev]
  IsBig: !Equals [!Ref Size, big]
  IsBigProd: !And [!Condition IsProd, !Condition IsBig]
  IsHere: !Equals [!Ref Region, here]
  IsSame: !Equals [!Ref Left, !Ref Right]
  IsSameInProd: !And [!Condition IsSame, !Condition IsProd]
Resources: {}
"""
CONDITIONS = ("IsProd", "IsDev", "IsBig", "IsBigProd", "IsHere", "IsSame", "IsSameInProd")
DOMAINS: Mapping[str, tuple[str, ...]] = {
    "Parameters.Stage": ("dev", "test", "prod"),
    "Parameters.Size": ("small", "big"),
    "Parameters.Region": ("here", REST),
}


def resolver() -> Resolver:
    template = load(Source("a.yaml", TEMPLATE))
    assert isinstance(template, Template)
    return Resolver(template)


def condition(made: Resolver, name: str) -> Guard:
    return made.condition(name, made.template.conditions[name])


def guards(made: Resolver) -> st.SearchStrategy[Guard]:
    """Functions of named conditions and of parameters' values."""
    facts = [made.parameters.fact(name, value) for name, values in DOMAINS.items() for value in values if value != REST]
    named = [condition(made, name) for name in CONDITIONS]
    return st.recursive(
        st.sampled_from([*facts, *named]),
        lambda inner: st.one_of(
            st.builds(lambda left, right: left & right, inner, inner),
            st.builds(lambda left, right: left | right, inner, inner),
            st.builds(lambda one: ~one, inner),
        ),
        max_leaves=6,
    )


def assignments(made: Resolver) -> list[dict[str, str]]:
    """All values of the parameters that matter, and both answers to whether the open ones are the same."""
    (opaque,) = [variable for variable in condition(made, "IsSame").support() if variable.opaque]
    names = (*DOMAINS, opaque.name)
    return [dict(zip(names, values, strict=True)) for values in product(*DOMAINS.values(), ("true", "false"))]


def met(made: Resolver, way: Mapping[str, Setting], assignment: Mapping[str, str]) -> bool:
    return all(_met(made, key, setting, assignment) for key, setting in way.items())


def _met(made: Resolver, key: str, setting: Setting, assignment: Mapping[str, str]) -> bool:
    if isinstance(setting, bool):
        return condition(made, key).holds(assignment) is setting
    if isinstance(setting, Mapping):
        return not _met(made, key, setting["not"], assignment)
    return assignment[key] in ((setting,) if isinstance(setting, str) else setting)


@given(st.data())
def test_the_ways_are_exact(data: st.DataObject) -> None:
    made = resolver()
    guard = data.draw(guards(made))
    if guard is FALSE:
        return
    when = Ways(made).of(guard)
    for assignment in assignments(made):
        holds = when is None or any(met(made, way, assignment) for way in when)
        assert holds is guard.holds(assignment), (when, assignment)
    assert (when is None) == (guard is TRUE)


@given(st.data())
def test_no_way_and_no_setting_is_superfluous(data: st.DataObject) -> None:
    made = resolver()
    guard = data.draw(guards(made))
    when = Ways(made).of(guard) if guard is not FALSE else None
    if when is None:
        return
    every = assignments(made)
    holding = [one for one in every if guard.holds(one)]
    for way in when:
        others = [other for other in when if other is not way]
        assert not all(any(met(made, other, one) for other in others) for one in holding), "a way too many"
        for key in way:
            shorter = {name: setting for name, setting in way.items() if name != key}
            inside = all(guard.holds(one) for one in every if met(made, shorter, one))
            assert not inside, f"{key} is a setting too many in {way}"


@given(st.data())
def test_a_single_setting_is_found(data: st.DataObject) -> None:
    made = resolver()
    guard = data.draw(guards(made))
    if guard is FALSE or guard is TRUE:
        return
    single = [name for name in CONDITIONS if guard is condition(made, name) or guard is ~condition(made, name)]
    if single:
        when = Ways(made).of(guard)
        assert when is not None
        assert [len(way) for way in when] == [1]
        assert set(when[0]) & set(single)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("IsProd", [{"IsProd": True}]),
        ("not IsProd", [{"IsProd": False}]),
        ("Stage = prod", [{"IsProd": True}]),
        ("Stage = test", [{"Parameters.Stage": "test"}]),
        ("IsBig and IsHere", [{"IsBig": True, "IsHere": True}]),
        ("IsBig and IsProd", [{"IsBigProd": True}]),
        ("IsBig or IsHere", [{"IsBig": True}, {"IsHere": True}]),
        ("Region = here", [{"IsHere": True}]),
        ("IsSame and Stage = test", [{"IsSame": True, "Parameters.Stage": "test"}]),
        ("IsSame and IsProd and IsBig", [{"IsBig": True, "IsSameInProd": True}]),
    ],
)
def test_the_smallest_ways(text: str, ways: list[dict[str, Setting]]) -> None:
    made = resolver()
    assert Ways(made).of(_parsed(made, text)) == tuple(ways)


def test_an_open_parameter_has_the_way_of_any_other_value() -> None:
    template = load(Source("a.yaml", "Parameters: {P: {Type: String, Default: x}}\nResources: {}\n"))
    assert isinstance(template, Template)
    made = Resolver(template)
    guard = made.parameters.fact("Parameters.P", "x")
    assert Ways(made).of(guard) == ({"Parameters.P": "x"},)
    assert Ways(made).of(~guard) == ({"Parameters.P": {"not": "x"}},)


def test_assumptions_are_not_repeated() -> None:
    """What the template itself excludes needs no setting."""
    made = resolver()
    made.assumptions = ~condition(made, "IsDev")
    guard = condition(made, "IsProd")
    assert Ways(made).of(guard) == ({"IsProd": True},)
    assert Ways(made).of(~condition(made, "IsDev")) is None
    stage = made.parameters.fact("Parameters.Stage", "test") | condition(made, "IsDev")
    assert Ways(made).of(stage) == ({"IsProd": False},)


def _parsed(made: Resolver, text: str) -> Guard:
    for word, function in ((" or ", Guard.__or__), (" and ", Guard.__and__)):
        left, found, right = text.partition(word)
        if found:
            return function(_parsed(made, left), _parsed(made, right))
    if text.startswith("not "):
        return ~_parsed(made, text.removeprefix("not "))
    name, is_fact, value = text.partition(" = ")
    return made.parameters.fact(f"Parameters.{name}", value) if is_fact else condition(made, name)
