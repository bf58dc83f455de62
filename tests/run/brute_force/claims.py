"""Random conditions of rules about Lambda functions and their URLs."""

from __future__ import annotations

from typing import Final, Literal

from hypothesis import strategies as st

from run.brute_force.rules import (
    Both,
    Claim,
    Compare,
    Count,
    DefaultTo,
    Either,
    Exactly,
    Expr,
    Implies,
    IsState,
    Like,
    Listed,
    Member,
    Negated,
    Path,
    Quantified,
    Refers,
    Resources,
    Targets,
)
from run.brute_force.sections import NUMBERS, TEXTS

__all__ = ["claims", "conditions_of_where"]

Draw = st.DrawFn
_TEXT_PATHS: Final = (("FunctionName",), ("Description",))
_LIST_PATHS: Final = (("Layers",), ("VpcConfig", "SubnetIds"), ("VpcConfig", "SecurityGroupIds"))
_KINDS: Final[tuple[Literal["every", "some", "no"], ...]] = ("every", "some", "no")
_SAME: Final[tuple[Literal["==", "!="], ...]] = ("==", "!=")
_ORDER: Final[tuple[Literal["==", "!=", "<", "<=", ">", ">="], ...]] = ("==", "!=", "<", "<=", ">", ">=")
_PATHS: Final = (*_TEXT_PATHS, *_LIST_PATHS, ("Timeout",))


@st.composite
def claims(draw: Draw, variable: str = "x", depth: int = 2) -> Claim:
    """A claim about the Lambda function in a variable."""
    kind = draw(st.sampled_from(("atom", "atom", "both", "either", "not", "implies", "items", "urls"))) if depth else ""
    match kind:
        case "both":
            return Both(draw(claims(variable, depth - 1)), draw(claims(variable, depth - 1)))
        case "either":
            return Either(draw(claims(variable, depth - 1)), draw(claims(variable, depth - 1)))
        case "implies":
            return Implies(draw(claims(variable, depth - 1)), draw(claims(variable, depth - 1)))
        case "not":
            return Negated(draw(claims(variable, depth - 1)))
        case "items":
            return _items(draw, variable)
        case "urls":
            return _urls(draw, variable)
        case _:
            return draw(conditions_of_where(variable))


@st.composite
def conditions_of_where(draw: Draw, variable: str = "x") -> Claim:
    """A single claim, of the kind that stands in a `where`."""
    match draw(
        st.sampled_from(("text", "text", "pair", "number", "member", "list", "state", "like", "count", "policy"))
    ):
        case "text":
            return Compare(draw(st.sampled_from(_SAME)), _text(draw, variable), _literal(draw), False)
        case "pair":
            first, second = (Path(variable, path) for path in _TEXT_PATHS)
            return Compare(draw(st.sampled_from(_SAME)), first, second, False)
        case "number":
            timeout: Expr = Path(variable, ("Timeout",))
            if draw(st.booleans()):
                timeout = DefaultTo(Path(variable, ("Timeout",)), draw(st.sampled_from(NUMBERS)))
            operator = draw(st.sampled_from(_ORDER))
            return Compare(operator, timeout, Exactly(draw(st.sampled_from(NUMBERS))), True)
        case "member":
            return Member(draw(st.sampled_from(("in", "not in"))), _text(draw, variable), _listed(draw))
        case "list":
            path = Path(variable, draw(st.sampled_from(_LIST_PATHS)))
            item: Expr = _literal(draw) if draw(st.booleans()) else Path(variable, ("FunctionName",))
            return Member(draw(st.sampled_from(("contains", "in", "not in"))), item, path)
        case "state":
            path = Path(variable, draw(st.sampled_from(_PATHS)))
            return IsState(path, draw(st.sampled_from(("present", "absent", "empty", "not empty"))))
        case "policy":
            policy = Exactly(draw(st.sampled_from(("Retain", "Delete"))))
            return Compare(draw(st.sampled_from(_SAME)), Path(variable, ("@DeletionPolicy",)), policy, False)
        case "like":
            return Like(
                Path(variable, draw(st.sampled_from(_TEXT_PATHS))), draw(st.sampled_from(("a*", "*b", "*-*", "?")))
            )
        case _:
            path = Path(variable, draw(st.sampled_from(_LIST_PATHS)))
            return Compare(draw(st.sampled_from((">=", "=="))), Count(path), Exactly(draw(st.integers(0, 2))), True)


def _text(draw: Draw, variable: str) -> Expr:
    path = Path(variable, draw(st.sampled_from(_TEXT_PATHS)))
    return DefaultTo(path, draw(st.sampled_from(TEXTS))) if draw(st.integers(0, 3)) == 0 else path


def _literal(draw: Draw) -> Exactly:
    return Exactly(draw(st.sampled_from(TEXTS)))


def _listed(draw: Draw) -> Listed:
    return Listed(tuple(draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3, unique=True))))


def _items(draw: Draw, variable: str) -> Claim:
    """A quantifier over a list of texts."""
    item = f"{variable}_item"
    where = Compare("!=", Path(item), _literal(draw), False) if draw(st.booleans()) else None
    bodies: tuple[Claim, ...] = (
        Compare("==", Path(item), _literal(draw), False),
        Member("in", Path(item), _listed(draw)),
        Compare("!=", Path(item), Path(variable, ("FunctionName",)), False),
    )
    path = Path(variable, draw(st.sampled_from(_LIST_PATHS)))
    return Quantified(_kind(draw), item, path, where, draw(st.sampled_from(bodies)))


def _urls(draw: Draw, variable: str) -> Claim:
    """A quantifier over all URLs: those that refer to the function, or what they refer to."""
    url = f"{variable}_url"
    target = Path(url, ("TargetFunctionArn",))
    where = Compare("==", Path(url, ("AuthType",)), Exactly("NONE"), False) if draw(st.booleans()) else None
    other = f"{variable}_target"
    inner = draw(conditions_of_where(other))
    bodies: tuple[Claim, ...] = (
        Refers(target, variable),
        Negated(Refers(target, variable)),
        Both(Refers(target, variable), draw(conditions_of_where(variable))),
        Quantified(_kind(draw), other, Targets(target), None, inner),
    )
    return Quantified(_kind(draw), url, Resources("AWS::Lambda::Url"), where, draw(st.sampled_from(bodies)))


def _kind(draw: Draw) -> Literal["every", "some", "no"]:
    return draw(st.sampled_from(_KINDS))
