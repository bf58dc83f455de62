"""Guards against truth tables: random functions over closed and open variables, equal ones being one object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackwarden.resolve.guards import FALSE, REST, TRUE, Guard, GuardSpace, any_of

DOMAINS = {
    "closed": ("a", "b", "c"),
    "flag": ("true", "false"),
    "open": ("a", "b", REST),
    "wide": ("x", "y", "z", REST),
}
CLOSED = {"closed", "flag"}
Assignment = dict[str, str]
ASSIGNMENTS = [dict(zip(DOMAINS, values, strict=True)) for values in product(*DOMAINS.values())]


@dataclass(frozen=True, slots=True)
class Both:
    """A guard and, beside it, the function that it should be."""

    guard: Guard
    table: tuple[bool, ...]


def space_with_variables() -> GuardSpace:
    space = GuardSpace()
    for name, values in DOMAINS.items():
        space.variable(name, values if name in CLOSED else None)
    return space


def functions(space: GuardSpace) -> st.SearchStrategy[Both]:
    """Random functions, built from facts."""
    facts = [_fact(space, name, value) for name, values in DOMAINS.items() for value in values if value != REST]
    constants = [Both(TRUE, (True,) * len(ASSIGNMENTS)), Both(FALSE, (False,) * len(ASSIGNMENTS))]
    return st.recursive(
        st.sampled_from([*facts, *constants]),
        lambda inner: st.one_of(
            st.builds(_and, inner, inner),
            st.builds(_or, inner, inner),
            st.builds(_not, inner),
        ),
        max_leaves=12,
    )


def _fact(space: GuardSpace, name: str, value: str) -> Both:
    return Both(space.fact(space.variable(name), value), tuple(one[name] == value for one in ASSIGNMENTS))


def _and(left: Both, right: Both) -> Both:
    return Both(left.guard & right.guard, _pointwise(lambda one, other: one and other, left, right))


def _or(left: Both, right: Both) -> Both:
    return Both(left.guard | right.guard, _pointwise(lambda one, other: one or other, left, right))


def _not(one: Both) -> Both:
    return Both(~one.guard, tuple(not value for value in one.table))


def _pointwise(operation: Callable[[bool, bool], bool], left: Both, right: Both) -> tuple[bool, ...]:
    return tuple(operation(one, other) for one, other in zip(left.table, right.table, strict=True))


@given(st.data())
def test_operators_agree_with_truth_tables(data: st.DataObject) -> None:
    function = data.draw(functions(space_with_variables()))
    assert tuple(function.guard.holds(one) for one in ASSIGNMENTS) == function.table


@given(st.data())
def test_equal_functions_are_one_object(data: st.DataObject) -> None:
    made = functions(space_with_variables())
    left, right = data.draw(made), data.draw(made)
    assert (left.guard is right.guard) == (left.table == right.table)


@given(st.data())
def test_constants_are_the_only_ones_of_their_kind(data: st.DataObject) -> None:
    function = data.draw(functions(space_with_variables()))
    assert (function.guard is TRUE) == all(function.table)
    assert (function.guard is FALSE) == (not any(function.table))


@given(st.data())
def test_implication_and_exclusion_are_those_of_the_tables(data: st.DataObject) -> None:
    made = functions(space_with_variables())
    left, right = data.draw(made), data.draw(made)
    assert left.guard.implies(right.guard) == all(_pointwise(lambda one, other: not one or other, left, right))
    assert left.guard.excludes(right.guard) == (not any(_pointwise(lambda one, other: one and other, left, right)))


@given(st.data())
def test_a_witness_satisfies_whatever_else_is_assigned(data: st.DataObject) -> None:
    function = data.draw(functions(space_with_variables()))
    if function.guard is FALSE:
        with pytest.raises(ValueError, match="false"):
            function.guard.witness()
        return
    witness = function.guard.witness()
    agreeing = [one for one in ASSIGNMENTS if all(one[name] == value for name, value in witness.items())]
    assert agreeing
    assert all(function.guard.holds(one) for one in agreeing)


@given(st.data())
def test_support_is_what_the_function_depends_on(data: st.DataObject) -> None:
    function = data.draw(functions(space_with_variables()))
    table = {tuple(one.values()): value for one, value in zip(ASSIGNMENTS, function.table, strict=True)}
    names = list(DOMAINS)
    depends = {
        name
        for index, name in enumerate(names)
        for key, value in table.items()
        if any(table[(*key[:index], other, *key[index + 1 :])] != value for other in DOMAINS[name])
    }
    assert {variable.name for variable in function.guard.support()} == depends


def test_the_facts_of_a_closed_variable_cover_everything() -> None:
    space = space_with_variables()
    closed = space.variable("closed")
    a, b, c = (space.fact(closed, value) for value in DOMAINS["closed"])
    assert a | b | c is TRUE
    assert ~a & ~b is c
    assert space.fact(closed, "nowhere") is FALSE


def test_the_facts_of_an_open_variable_leave_a_rest() -> None:
    space = space_with_variables()
    variable = space.variable("open")
    rest = ~(space.fact(variable, "a") | space.fact(variable, "b"))
    assert rest is not FALSE
    assert rest.holds({"open": REST})
    assert rest.holds({"open": "anything"})
    assert rest.holds({})
    assert not rest.holds({"open": "a"})


def test_cost_follows_the_variables_that_matter() -> None:
    """The conjunction of n independent facts takes a number of steps linear in n, not in the 2ⁿ assignments."""
    space = GuardSpace()
    everything = TRUE
    for index in range(60):
        everything = everything & space.fact(space.variable(f"Parameters.P{index}"), "yes")
    assert space.operations < 60 * 61
    assert len(everything.support()) == 60


def test_deep_guards_fit_the_stack() -> None:
    """A template has at most 200 parameters, and comparisons that nothing decides may come on top."""
    space = GuardSpace()
    facts = [space.fact(space.variable(f"Parameters.P{index}"), "yes") for index in range(500)]
    some, every = FALSE, TRUE
    for fact in facts:
        some, every = some | fact, every & fact
    assert ~every is any_of(~fact for fact in facts)
    assert every.implies(some)
    assert not some.implies(every)
    assert (~some).excludes(some)
