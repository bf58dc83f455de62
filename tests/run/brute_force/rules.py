"""Rules and their conditions as small trees, and their text in Warden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, assert_never

__all__ = [
    "FUNCTION",
    "Both",
    "Claim",
    "Compare",
    "Count",
    "DefaultTo",
    "Either",
    "Exactly",
    "Expr",
    "Implies",
    "IsState",
    "Like",
    "Listed",
    "Member",
    "Negated",
    "Path",
    "Quantified",
    "Refers",
    "Resources",
    "Rule",
    "Targets",
    "claim_text",
]


@dataclass(frozen=True, slots=True)
class Path:
    """`x.A.B`, or `x` alone; `x@A` where the first name starts with `@`."""

    variable: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exactly:
    """A literal."""

    value: str | int


@dataclass(frozen=True, slots=True)
class Listed:
    """`["a", "b"]`."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefaultTo:
    """`x.A default "a"`."""

    path: Path
    fallback: str | int


@dataclass(frozen=True, slots=True)
class Count:
    """`count(x.A)`."""

    path: Path


Expr = Path | Exactly | Listed | DefaultTo | Count


@dataclass(frozen=True, slots=True)
class Compare:
    """`a == b`; `numbers`: the sides are read as numbers."""

    operator: Literal["==", "!=", "<", "<=", ">", ">="]
    left: Expr
    right: Expr
    numbers: bool


@dataclass(frozen=True, slots=True)
class Member:
    """`a in b`, `a not in b`, or `b contains a`."""

    operator: Literal["in", "not in", "contains"]
    item: Expr
    container: Expr


@dataclass(frozen=True, slots=True)
class IsState:
    """`a is present`."""

    path: Path
    state: Literal["present", "absent", "empty", "not empty"]


@dataclass(frozen=True, slots=True)
class Like:
    """`a like "glob"`."""

    path: Path
    pattern: str


@dataclass(frozen=True, slots=True)
class Refers:
    """`a refers x`, with x a Lambda function."""

    path: Path
    variable: str


@dataclass(frozen=True, slots=True)
class Resources:
    """All resources of a type."""

    resource_type: str


@dataclass(frozen=True, slots=True)
class Targets:
    """`target(a, AWS::Lambda::Function)`."""

    path: Path


@dataclass(frozen=True, slots=True)
class Quantified:
    """`every x in xs where p satisfies q`."""

    kind: Literal["every", "some", "no"]
    variable: str
    collection: Path | Resources | Targets
    where: Claim | None
    body: Claim


@dataclass(frozen=True, slots=True)
class Negated:
    """`not a`."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class Both:
    """`a and b`."""

    left: Claim
    right: Claim


@dataclass(frozen=True, slots=True)
class Either:
    """`a or b`."""

    left: Claim
    right: Claim


@dataclass(frozen=True, slots=True)
class Implies:
    """`a implies b`."""

    left: Claim
    right: Claim


Claim = Compare | Member | IsState | Like | Refers | Quantified | Negated | Both | Either | Implies
FUNCTION: Final = "AWS::Lambda::Function"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about resources of a type: its `where`, and requirements that are told apart by their messages."""

    where: Claim | None
    requires: tuple[Claim, ...]
    resource_type: str = FUNCTION

    def text(self) -> str:
        """The rule in Warden."""
        lines = ["rule r {", 'title "t"', "severity high", f"for x in {self.resource_type}"]
        if self.where is not None:
            lines.append(f"where {claim_text(self.where)}")
        for index, claim in enumerate(self.requires):
            lines.append(f'require {claim_text(claim)} else "{index}"')
        return "\n    ".join(lines) + "\n}\n"


# --- text


def claim_text(claim: Claim) -> str:
    """A claim in Warden."""
    match claim:
        case Compare():
            return f"{_expr_text(claim.left)} {claim.operator} {_expr_text(claim.right)}"
        case Member(operator="contains"):
            return f"{_expr_text(claim.container)} contains {_expr_text(claim.item)}"
        case Member():
            return f"{_expr_text(claim.item)} {claim.operator} {_expr_text(claim.container)}"
        case IsState():
            return f"{_expr_text(claim.path)} is {claim.state}"
        case Like():
            return f'{_expr_text(claim.path)} like "{claim.pattern}"'
        case Refers():
            return f"{_expr_text(claim.path)} refers {claim.variable}"
        case Quantified():
            where = "" if claim.where is None else f" where {claim_text(claim.where)}"
            body = claim_text(claim.body)
            return f"({claim.kind} {claim.variable} in {_collection_text(claim.collection)}{where} satisfies {body})"
        case Negated():
            return f"not ({claim_text(claim.claim)})"
        case Both():
            return f"({claim_text(claim.left)}) and ({claim_text(claim.right)})"
        case Either():
            return f"({claim_text(claim.left)}) or ({claim_text(claim.right)})"
        case Implies():
            return f"({claim_text(claim.left)}) implies ({claim_text(claim.right)})"
        case _:
            assert_never(claim)


def _expr_text(expr: Expr) -> str:
    match expr:
        case Path():
            return ".".join((expr.variable, *expr.names)).replace(".@", "@")
        case Exactly(value=bool()):
            return "true" if expr.value else "false"
        case Exactly():
            return f'"{expr.value}"' if isinstance(expr.value, str) else str(expr.value)
        case Listed():
            return "[" + ", ".join(f'"{value}"' for value in expr.values) + "]"
        case DefaultTo():
            return f"({_expr_text(expr.path)} default {_expr_text(Exactly(expr.fallback))})"
        case Count():
            return f"count({_expr_text(expr.path)})"
        case _:
            assert_never(expr)


def _collection_text(collection: Path | Resources | Targets) -> str:
    match collection:
        case Path():
            return _expr_text(collection)
        case Resources():
            return collection.resource_type
        case Targets():
            return f"target({_expr_text(collection.path)}, {FUNCTION})"
        case _:
            assert_never(collection)
