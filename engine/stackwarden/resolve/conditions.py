"""Named conditions as guards.

A condition whose outcome no parameter's known values decide (two open parameters compared with each other) becomes
a fact of its own, named by what is compared, so that it is the same fact wherever the template uses it. Values of which
nothing is known are told apart by how they are written.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as ReadOnlyMapping
from functools import partial
from types import MappingProxyType

from stackwarden.diagnostics import did_you_mean
from stackwarden.resolve.context import Context
from stackwarden.resolve.guards import FALSE, TRUE, Guard, GuardSpace
from stackwarden.resolve.questions import ask_both, can_equal, same_text
from stackwarden.resolve.values import (
    ConditionalHole,
    Item,
    Known,
    ListValue,
    OpaqueHole,
    Plain,
    Text,
    Value,
    cases_of,
)
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["Conditions"]


class Conditions:
    """The `Conditions` section of one template; `made` are conditions that a transform made, by name.

    `generated` are the names that a transform added to the section; `path` tells nested stacks apart.
    """

    def __init__(
        self,
        nodes: ReadOnlyMapping[str, Node],
        context: Context,
        space: GuardSpace,
        made: ReadOnlyMapping[str, Guard] = MappingProxyType({}),
        generated: frozenset[str] = frozenset(),
        path: str = "",
    ) -> None:
        self._nodes = nodes
        self._context = context
        self._space = space
        self.made = made
        self.generated = generated
        self._path = path
        self._guards: dict[str, Guard] = dict(made)
        self._open: set[str] = set()

    def names(self) -> tuple[str, ...]:
        """The names of the author's conditions in the order of the text."""
        return tuple(name for name in self._nodes if name not in self.generated)

    def guard(self, name: str, node: Node) -> Guard:
        """Where a condition holds; an unknown or circular one is noted and becomes a fact of its own."""
        guard = self._guards.get(name)
        if guard is not None:
            return guard
        definition = self._nodes.get(name)
        if definition is None:
            if self._context.may_have_more("Conditions"):
                return self._space.flag(f"Condition {name}")
            self._context.malformed(
                "Condition", node, f"names `{name}`, which is not in `Conditions`", self._near(name)
            )
            return self._space.flag(f"Condition {name}")
        if name in self._open:
            self._context.malformed("Condition", node, f"`{name}` depends on itself")
            return self._space.flag(f"Condition {name}")
        self._open.add(name)
        guard = self._guards[name] = self._evaluate(definition)
        self._open.discard(name)
        return guard

    def evaluate(self, node: Node) -> Guard:
        """Where a condition function outside of `Conditions` holds: one of the `Rules` section."""
        return self._evaluate(node)

    def _near(self, name: str) -> str | None:
        return did_you_mean(name, self._nodes)

    def _evaluate(self, node: Node) -> Guard:
        if not isinstance(node, Mapping) or len(node.entries) != 1:
            return self._malformed("Conditions", node, "expects a condition function such as `Fn::Equals`")
        ((function, entry),) = node.entries.items()
        argument = entry.value
        match function:
            case "Condition":
                if not isinstance(argument, Scalar):
                    return self._malformed(function, argument, "expects the name of a condition")
                return self.guard(argument.text, argument)
            case "Fn::Equals":
                return self._equals(argument)
            case "Fn::Contains":
                return self._members(function, argument, _one_of_them)
            case "Fn::EachMemberEquals" | "Fn::EachMemberIn":
                return self._members(function, argument, _each)
            case "Fn::Not":
                operands = self._operands(function, argument, 1, 1)
                return ~self._evaluate(operands[0]) if operands else self._fact(node)
            case "Fn::And" | "Fn::Or":
                operands = self._operands(function, argument, 1, 10)
                if not operands:
                    return self._fact(node)
                return self._joined(function, operands)
            case _:
                return self._malformed(
                    function,
                    node,
                    "is not a condition function",
                    did_you_mean(function, ("Condition", "Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or")),
                )

    def _joined(self, function: str, operands: list[Node]) -> Guard:
        guards = [self._evaluate(operand) for operand in operands]
        joined = TRUE if function == "Fn::And" else FALSE
        for guard in guards:
            joined = joined & guard if function == "Fn::And" else joined | guard
        return joined

    def _equals(self, argument: Node) -> Guard:
        operands = self._operands("Fn::Equals", argument, 2, 2)
        if not operands:
            return self._fact(argument)
        left, right = (self._context.resolve(operand) for operand in operands)
        return self._same(left, right, operands)

    def _members(self, function: str, argument: Node, combine: _Combine) -> Guard:
        """Functions of the `Rules` section over lists; a second operand that is one value is a list of one."""
        operands = self._operands(function, argument, 2, 2)
        if not operands:
            return self._fact(argument)
        left, right = (self._context.resolve(operand) for operand in operands)
        guard = FALSE
        for left_guard, first in cases_of(left):
            for right_guard, second in cases_of(right):
                there = left_guard & right_guard
                if there is not FALSE:
                    guard = guard | (there & self._combined(first, second, combine, operands))
        return guard

    def _combined(self, first: Plain, second: Plain, combine: _Combine, operands: list[Node]) -> Guard:
        lists = [plain if isinstance(plain, ListValue) else ListValue((Item(plain),)) for plain in (first, second)]
        if any(one.open for one in lists):
            return self._space.flag(f"{first!r} in {second!r} at {self._path}{' in '.join(map(_written, operands))}")
        return combine(lists[0], lists[1], partial(self._same, operands=operands))

    def _same(self, left: Value, right: Value, operands: list[Node]) -> Guard:
        answer = ask_both(left, right, _equal, self._context.domains)
        if answer.unknown is FALSE:
            return answer.true
        fact = " = ".join(sorted((repr(left), repr(right))))
        if not (_has_identity(left) and _has_identity(right)):
            fact += f" at {self._path}{' = '.join(sorted(map(_written, operands)))}"
        return answer.true | (answer.unknown & self._space.flag(fact))

    def _operands(self, function: str, node: Node, least: int, most: int) -> list[Node]:
        if not isinstance(node, Sequence) or not least <= len(node.items) <= most:
            count = str(least) if least == most else f"{least} to {most}"
            self._context.malformed(function, node, f"expects a list of {count}")
            return []
        return node.items

    def _malformed(self, function: str, node: Node, reason: str, advice: str | None = None) -> Guard:
        self._context.malformed(function, node, reason, advice)
        return self._fact(node)

    def _fact(self, node: Node) -> Guard:
        return self._space.flag(f"condition at {node.start}")


_Same = Callable[[Value, Value], Guard]
_Combine = Callable[[ListValue, ListValue, _Same], Guard]


def _one_of_them(members: ListValue, value: ListValue, same: _Same) -> Guard:
    """`Fn::Contains`: some member is the value."""
    found = FALSE
    for wanted in value.items:
        for item in members.items:
            found = found | (item.guard & wanted.guard & same(item.value, wanted.value))
    return found


def _each(values: ListValue, allowed: ListValue, same: _Same) -> Guard:
    """`Fn::EachMemberIn`, `Fn::EachMemberEquals`: every value is one of the allowed."""
    accepted = TRUE
    for item in values.items:
        found = FALSE
        for one in allowed.items:
            found = found | (one.guard & same(item.value, one.value))
        accepted = accepted & (~item.guard | found)
    return accepted


def _has_identity(value: Value) -> bool:
    """Whether two values that look alike are the same: all that is open in them is parameters and attributes."""
    return all(
        isinstance(plain, Known)
        or (
            isinstance(plain, Text)
            and all(
                _has_identity(hole.cases) if isinstance(hole, ConditionalHole) else not isinstance(hole, OpaqueHole)
                for hole in plain.holes
            )
        )
        for _, plain in cases_of(value)
    )


def _written(node: Node) -> str:
    """A node as text without its place: the same for the same value written twice."""
    match node:
        case Scalar():
            return repr(node.text)
        case Sequence():
            return f"[{', '.join(map(_written, node.items))}]"
        case Mapping():
            return f"{{{', '.join(f'{entry.key!r}: {_written(entry.value)}' for entry in node)}}}"


def _equal(left: Plain, right: Plain) -> bool | None:
    """Equality as `Fn::Equals` compares: by text, case-sensitive."""
    match left, right:
        case Known(), Known():
            return left.text == right.text
        case (Known() as known, Text() as text) | (Text() as text, Known() as known):
            return None if can_equal(text, known.text) else False
        case Text(), Text():
            return same_text(left, right)
        case _:
            return None
