"""Guards: boolean functions over facts such as `Parameters.Env = prod`.

A guard is a node of a multi-valued decision diagram, hash-consed within its space, so that equal functions are the
same object and `is` compares them. A node branches over one variable; it lists the values whose branch differs from
`rest`, the branch of every value that is not listed. For a variable with a closed domain, `rest` is the branch of
the domain's last value; for an open one it is the branch of all values that nobody names. The cost of an operation
follows the variables that its operands really depend on, never the number of assignments.

A diagram with a branch per value was chosen over a library of binary diagrams (`dd`): parameters have many values,
and one-hot coding them needs an exclusion constraint in every operation.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["FALSE", "REST", "TRUE", "Guard", "GuardSpace", "Variable", "any_of", "how_many"]

REST: Final = "\0rest"
"""In an assignment: the value of a variable that is none of the listed ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """What a fact is about. `name` is `Parameters.NAME`, a pseudo parameter, or a text for a fact of its own.

    `closed` holds all values that are possible, in order; None means that any other value is possible too.
    `opaque` marks a fact that no parameter's value decides (a comparison of two open values).
    """

    name: str
    level: int
    closed: tuple[str, ...] | None
    opaque: bool = False


class Guard:
    """A boolean function. Combine with `&`, `|`, `~`; equal functions of one space are identical objects."""

    __slots__ = ("branches", "complement", "rest", "space", "variable")

    def __init__(
        self, space: GuardSpace | None, variable: Variable | None, branches: Mapping[str, Guard], rest: Guard | None
    ) -> None:
        self.space = space
        self.variable = variable
        self.branches = branches
        self.rest = rest
        self.complement: Guard | None = None

    def __reduce__(self) -> str:
        """The two constants are themselves in every process; other functions mean nothing outside of their space."""
        if self.variable is not None:
            raise TypeError("a guard belongs to its space")
        return "TRUE" if self is TRUE else "FALSE"

    def __and__(self, other: Guard) -> Guard:
        if self is other or other is TRUE or self is FALSE:
            return self
        if self is TRUE or other is FALSE:
            return other
        assert self.space is not None
        return self.space.conjunction(self, other)

    def __or__(self, other: Guard) -> Guard:
        if self is other or other is FALSE or self is TRUE:
            return self
        if self is FALSE or other is TRUE:
            return other
        assert self.space is not None
        return self.space.disjunction(self, other)

    def __invert__(self) -> Guard:
        if self is TRUE:
            return FALSE
        if self is FALSE:
            return TRUE
        assert self.space is not None
        return self.space.complement(self)

    def implies(self, other: Guard) -> bool:
        """Whether `other` holds wherever this one does."""
        return not _meet(self, ~other, set())

    def excludes(self, other: Guard) -> bool:
        """Whether the two never hold together."""
        return not _meet(self, other, set())

    def holds(self, assignment: Mapping[str, str]) -> bool:
        """The function's value; a variable that `assignment` (by name) lacks counts as `REST`."""
        guard = self
        while guard.variable is not None:
            assert guard.rest is not None
            guard = guard.branches.get(assignment.get(guard.variable.name, REST), guard.rest)
        return guard is TRUE

    def witness(self) -> dict[str, str]:
        """An assignment under which the function holds; variables that do not matter are left out.

        Raises ValueError for FALSE.
        """
        if self is FALSE:
            raise ValueError("no assignment satisfies the constant false")
        assignment: dict[str, str] = {}
        guard = self
        while guard.variable is not None:
            assert guard.rest is not None
            value, branch = next(
                ((value, branch) for value, branch in guard.branches.items() if branch is not FALSE), (REST, guard.rest)
            )
            closed = guard.variable.closed
            assignment[guard.variable.name] = closed[-1] if value == REST and closed is not None else value
            guard = branch
        return assignment

    def support(self) -> frozenset[Variable]:
        """The variables that the function depends on."""
        found: set[Variable] = set()
        seen: set[Guard] = set()
        todo = [self]
        while todo:
            guard = todo.pop()
            if guard.variable is None or guard in seen:
                continue
            seen.add(guard)
            found.add(guard.variable)
            todo.extend(guard.children())
        return frozenset(found)

    def children(self) -> Iterator[Guard]:
        """The branches, `rest` last."""
        yield from self.branches.values()
        if self.rest is not None:
            yield self.rest

    def __repr__(self) -> str:
        if self.variable is None:
            return "TRUE" if self is TRUE else "FALSE"
        parts = [f"{value}: {branch!r}" for value, branch in self.branches.items()]
        return f"({self.variable.name}? {', '.join([*parts, f'rest: {self.rest!r}'])})"


TRUE: Final = Guard(None, None, {}, None)
FALSE: Final = Guard(None, None, {}, None)


_Results = dict[tuple[Guard, Guard], Guard]


def any_of(guards: Iterable[Guard]) -> Guard:
    """Where one of the guards holds; joined in pairs, so that neighbours with much in common meet first."""
    level = list(guards)
    while len(level) > 1:
        level = [functools.reduce(Guard.__or__, level[index : index + 2]) for index in range(0, len(level), 2)]
    return level[0] if level else FALSE


def how_many(guards: Iterable[Guard]) -> dict[int, Guard]:
    """How many of the guards hold: each possible count with the guard under which it is the count."""
    counts: dict[int, Guard] = {0: TRUE}
    for guard in guards:
        following: dict[int, Guard] = {}
        for count, there in counts.items():
            for longer, joint in ((count + 1, there & guard), (count, there & ~guard)):
                if joint is not FALSE:
                    following[longer] = following.get(longer, FALSE) | joint
        counts = following
    return counts


def _meet(left: Guard, right: Guard, apart: set[tuple[Guard, Guard]]) -> bool:
    """Whether some assignment satisfies both; makes no guards. `apart` are pairs that were found not to meet."""
    if left is FALSE or right is FALSE:
        return False
    if left is right or left.variable is None or right.variable is None:
        return True
    if (left, right) in apart:
        return False
    if right.variable.level < left.variable.level:
        left, right = right, left
    assert left.variable is not None and left.rest is not None and right.rest is not None
    same = left.variable is right.variable
    if _meet(left.rest, right.rest if same else right, apart):
        return True
    for value in (*left.branches, *right.branches) if same else left.branches:
        other = right.branches.get(value, right.rest) if same else right
        if _meet(left.branches.get(value, left.rest), other, apart):
            return True
    apart.add((left, right))
    return False


class GuardSpace:
    """The variables of one template and the guards over them. `operations` counts the work that was done."""

    def __init__(self) -> None:
        self.operations = 0
        self._variables: dict[str, Variable] = {}
        self._nodes: dict[tuple[Variable, frozenset[tuple[str, Guard]], Guard], Guard] = {}
        self._conjunctions: _Results = {}
        self._disjunctions: _Results = {}

    def variable(self, name: str, closed: tuple[str, ...] | None = None, *, opaque: bool = False) -> Variable:
        """The variable of that name, made at first use (which fixes its domain and its place in the order)."""
        variable = self._variables.get(name)
        if variable is None:
            variable = Variable(name, len(self._variables), closed, opaque)
            self._variables[name] = variable
        return variable

    def known(self, name: str) -> Variable | None:
        """The variable of that name if it was made."""
        return self._variables.get(name)

    def fact(self, variable: Variable, value: str) -> Guard:
        """The guard that holds where `variable` has `value`; FALSE where its domain lacks the value."""
        if variable.closed is not None:
            if value not in variable.closed:
                return FALSE
            if value == variable.closed[-1]:
                return self._node(variable, dict.fromkeys(variable.closed[:-1], FALSE), TRUE)
        return self._node(variable, {value: TRUE}, FALSE)

    def flag(self, name: str) -> Guard:
        """A fact that is true or false for reasons that no parameter's value decides."""
        return self.fact(self.variable(name, ("true", "false"), opaque=True), "true")

    def conjunction(self, left: Guard, right: Guard) -> Guard:
        """Both hold."""
        return self._combined(left, right, self._conjunctions, TRUE, FALSE)

    def disjunction(self, left: Guard, right: Guard) -> Guard:
        """One of two holds."""
        return self._combined(left, right, self._disjunctions, FALSE, TRUE)

    def _combined(self, left: Guard, right: Guard, known: _Results, unit: Guard, zero: Guard) -> Guard:
        """`unit` changes nothing that it is combined with, `zero` everything. One frame of the stack a variable."""
        if left is right or right is unit or left is zero:
            return left
        if left is unit or right is zero:
            return right
        key = (left, right)
        result = known.get(key)
        if result is not None:
            return result
        self.operations += 1
        assert left.variable is not None and right.variable is not None
        if right.variable.level < left.variable.level:
            left, right = right, left
        assert left.variable is not None and left.rest is not None and right.rest is not None
        same = left.variable is right.variable
        branches: dict[str, Guard] = {}
        for value in {**left.branches, **right.branches} if same else left.branches:
            first = left.branches.get(value, left.rest)
            second = right.branches.get(value, right.rest) if same else right
            if second is unit or first is zero:  # as at the top: most branches are constants, and a call costs
                branches[value] = first
            elif first is unit or second is zero:
                branches[value] = second
            else:
                branches[value] = self._combined(first, second, known, unit, zero)
        rest = self._combined(left.rest, right.rest if same else right, known, unit, zero)
        result = known[key] = known[key[1], key[0]] = self._node(left.variable, branches, rest)
        return result

    def complement(self, guard: Guard) -> Guard:
        """It does not hold; remembered by both."""
        if guard.variable is None:
            return FALSE if guard is TRUE else TRUE
        if guard.complement is None:
            self.operations += 1
            assert guard.rest is not None
            branches: dict[str, Guard] = {}
            for value, branch in guard.branches.items():
                branches[value] = self.complement(branch)
            guard.complement = self._node(guard.variable, branches, self.complement(guard.rest))
            guard.complement.complement = guard
        return guard.complement

    def _node(self, variable: Variable, branches: dict[str, Guard], rest: Guard) -> Guard:
        differing = {value: branch for value, branch in branches.items() if branch is not rest}
        if not differing:
            return rest
        # INVARIANT: one object per function, or comparisons by identity break.
        key = (variable, frozenset(differing.items()), rest)
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Guard(self, variable, differing, rest)
        return node
