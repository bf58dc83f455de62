"""Conditions that are false whatever the template says."""

from __future__ import annotations

from collections.abc import Iterator

from stackwarden.language import ir

__all__ = ["never_holds"]


def never_holds(node: ir.TruthExpr) -> bool:
    """Whether a conjunction has a false literal or two claims that exclude each other.

    Found are `false`, one value equal to two different literals, and a value both present and absent.
    """
    claims = tuple(_conjuncts(node))
    if any(
        isinstance(claim, ir.Holds) and isinstance(claim.value, ir.Const) and claim.value.value is False
        for claim in claims
    ):
        return True
    return any(_exclude(one, other) for index, one in enumerate(claims) for other in claims[index + 1 :])


def _conjuncts(node: ir.TruthExpr) -> Iterator[ir.TruthExpr]:
    if isinstance(node, ir.And):
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    else:
        yield node


def _exclude(one: ir.TruthExpr, other: ir.TruthExpr) -> bool:
    match one, other:
        case ir.Compare(operator="==", right=ir.Const() as first), ir.Compare(
            operator="==", right=ir.Const() as second
        ):
            return one.left == other.left and first.value != second.value
        case ir.Is(), ir.Is():
            return one.value == other.value and {one.state, other.state} in (
                {"present", "absent"},
                {"empty", "not empty"},
                {"absent", "not empty"},
            )
        case ir.Not(), _ if one.operand == other:
            return True
        case _, ir.Not() if other.operand == one:
            return True
        case _:
            return False
