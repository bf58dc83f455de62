"""Which values a parameter's own constraints exclude.

`AllowedPattern` has to match the whole value; a pattern that RE2 does not take decides nothing. `MinLength`,
`MaxLength`, `MinValue` and `MaxValue` are bounds, both included. Source: CloudFormation User Guide, *Parameters*.
"""

from __future__ import annotations

from stackwarden.regex import compile_regex
from stackwarden.template.model import Parameter
from stackwarden.template.nodes import Scalar

__all__ = ["is_possible"]


def is_possible(parameter: Parameter, value: str) -> bool:
    """Whether CloudFormation would take the value for the parameter, as far as its constraints say."""
    pattern = parameter.node.get("AllowedPattern")
    if isinstance(pattern, Scalar) and isinstance(pattern.data, str) and not _matches(pattern.data, value):
        return False
    if parameter.type == "Number":
        size = _number(value)
        return size is not None and _within(parameter, "MinValue", "MaxValue", size)
    return _within(parameter, "MinLength", "MaxLength", len(value))


def _within(parameter: Parameter, least: str, most: str, size: float) -> bool:
    low, high = _bound(parameter, least), _bound(parameter, most)
    return (low is None or size >= low) and (high is None or size <= high)


def _bound(parameter: Parameter, name: str) -> float | None:
    node = parameter.node.get(name)
    return _number(node.text) if isinstance(node, Scalar) else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _matches(pattern: str, value: str) -> bool:
    compiled = compile_regex(pattern)
    return isinstance(compiled, str) or compiled.fullmatch(value) is not None
