"""Conditions that are false whatever the template says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.language import ir

__all__ = ["never_holds"]

_States = frozenset[str]
_EXCLUSIVE: Final[frozenset[_States]] = frozenset(
    frozenset(pair) for pair in (("present", "absent"), ("empty", "not empty"), ("absent", "not empty"))
)


def never_holds(node: ir.TruthExpr) -> bool:
    """Whether a condition has a false literal or claims that exclude each other in each of its alternatives.

    Found are `false`, membership in an empty list, a claim and its negation, one value equal to two different
    literals (or to none of a list), a value that is absent and yet something, and empty ranges of numbers.
    """
    match node:
        case ir.Or():
            return never_holds(node.left) and never_holds(node.right)
        case ir.Holds(value=ir.Const(value=False)) | ir.Not(operand=ir.Holds(value=ir.Const(value=True))):
            return True
        case ir.In(container=ir.ConstList(items=())):
            return True
        case ir.And():
            claims = tuple(_conjuncts(node))
            if any(never_holds(claim) for claim in claims):
                return True
            return any(_exclude(one, other) for index, one in enumerate(claims) for other in claims[index + 1 :])
        case _:
            return False


def _conjuncts(node: ir.TruthExpr) -> Iterator[ir.TruthExpr]:
    if isinstance(node, ir.And):
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    else:
        yield node


def _exclude(one: ir.TruthExpr, other: ir.TruthExpr) -> bool:
    return any(_clash(first, second) for first, second in ((one, other), (other, one)))


def _clash(one: ir.TruthExpr, other: ir.TruthExpr) -> bool:
    """Whether `other` cannot hold where `one` does; asked in both directions."""
    match one, other:
        case ir.Not(), _ if one.operand == other:
            return True
        case ir.Is(), ir.Is() if one.value == other.value:
            return frozenset({one.state, other.state}) in _EXCLUSIVE
        case ir.Is(state="absent"), _:
            return one.value in _asks_for(other)
        case ir.Compare(operator="=="), ir.Compare(operator="!="):
            return one.left == other.left and one.right == other.right
    possible, excluded = _literals(one), _literals(other)
    if possible is not None and excluded is not None and possible[0] == excluded[0]:
        return not set(possible[1]) & set(excluded[1])
    return _is_empty_range(one, other)


def _asks_for(node: ir.TruthExpr) -> tuple[ir.ValueExpr, ...]:
    """The values that must be there for a condition to hold."""
    match node:
        case ir.Compare(operator="==" | "<" | "<=" | ">" | ">="):
            return node.left, node.right
        case ir.In():
            return node.item, node.container
        case ir.Matches() | ir.Like() | ir.Refers():
            return (node.value,)
        case _:
            return ()


def _literals(node: ir.TruthExpr) -> tuple[ir.ValueExpr, tuple[ir.Scalar, ...]] | None:
    """A value and the literals of which it must equal one."""
    match node:
        case ir.Compare(operator="==", kind="boolean" | "number" | "string", right=ir.Const(value=literal)):
            return node.left, (literal,)
        case ir.In(kind="boolean" | "number" | "string", container=ir.ConstList(items=items), substring=False):
            literals = tuple(item.value for item in items if isinstance(item, ir.Const))
            return (node.item, literals) if len(literals) == len(items) else None
        case _:
            return None


def _is_empty_range(one: ir.TruthExpr, other: ir.TruthExpr) -> bool:
    """Whether no number is above one literal and below the other."""
    match one, other:
        case (
            ir.Compare(operator=">" | ">=", kind="number", right=ir.Const(value=int() | float() as low)),
            ir.Compare(operator="<" | "<=", kind="number", right=ir.Const(value=int() | float() as high)),
        ) if one.left == other.left:
            return low > high or (low == high and not (one.operator == ">=" and other.operator == "<="))
        case _:
            return False
