"""What is said of a rule and of a policy parameter, apart from what the rule asks: plain data, quick to read back."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stackwarden.language import ir

__all__ = ["About", "PolicyParam", "about", "param", "written"]

_Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class About:
    """What reports and lists say of a rule. `resources` are the types its subjects come from, `line` is in its file."""

    id: str
    title: str
    category: str
    because: str
    remediation: str
    see: tuple[str, ...]
    tags: tuple[str, ...]
    maps: tuple[tuple[str, tuple[str, ...]], ...]
    resources: tuple[str, ...]
    fixable: bool
    line: int
    deprecated_by: str


@dataclass(frozen=True, slots=True)
class PolicyParam:
    """A policy parameter: qualified name, type as written, value, documentation."""

    key: str
    type: str
    value: _Scalar | tuple[_Scalar, ...]
    doc: str


def about(rule: ir.RuleIR) -> About:
    """What is said of a checked rule."""
    return About(
        id=rule.id,
        title=rule.title,
        category=rule.category,
        because=rule.because,
        remediation=rule.remediation,
        see=rule.see,
        tags=rule.tags,
        maps=rule.maps,
        resources=rule.resources,
        fixable=bool(rule.fixes),
        line=rule.line,
        deprecated_by=rule.deprecated_by,
    )


def param(node: ir.ParamIR) -> PolicyParam:
    """A checked parameter as plain data."""
    return PolicyParam(node.key, node.type, node.value, node.doc)


def written(data: About | PolicyParam) -> tuple[Any, ...]:
    """The data as a tuple of scalars and tuples; the class called with its parts gives it back."""
    return tuple(getattr(data, one.name) for one in fields(data))
