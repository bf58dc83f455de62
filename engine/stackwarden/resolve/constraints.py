"""Which values a parameter's own constraints exclude.

`AllowedPattern` has to match the whole value; a pattern that RE2 does not take decides nothing. `MinLength`,
`MaxLength`, `MinValue` and `MaxValue` are bounds, both included. What is said of a list holds for each of its elements.
Source: CloudFormation User Guide, *Parameters*.
"""

from __future__ import annotations

from stackwarden.regex import fits
from stackwarden.template.model import Parameter
from stackwarden.template.nodes import Scalar

__all__ = ["allowed_pattern", "elements_of", "is_allowed", "is_list_type", "is_possible"]


def is_possible(parameter: Parameter, value: str) -> bool:
    """Whether CloudFormation would take the value for the parameter, as far as its constraints say."""
    if is_list_type(parameter.type):
        kind = "Number" if parameter.type == "List<Number>" else "String"
        return all(_is_possible(parameter, kind, element) for element in elements_of(value))
    return _is_possible(parameter, parameter.type, value)


def is_allowed(parameter: Parameter, value: str, allowed: tuple[str, ...]) -> bool:
    """Whether a value, or each element of a list, is one of the `AllowedValues`, given as texts."""
    elements = elements_of(value) if is_list_type(parameter.type) else (value,)
    return all(element in allowed for element in elements)


def is_list_type(parameter_type: str) -> bool:
    """Whether a reference to a parameter of the type gives a list."""
    return parameter_type == "CommaDelimitedList" or parameter_type.startswith("List<")


def elements_of(value: str) -> tuple[str, ...]:
    """The elements of a list that is given as text: it is split at commas, and they are trimmed."""
    return tuple(piece.strip() for piece in value.split(",")) if value else ()


def _is_possible(parameter: Parameter, kind: str, value: str) -> bool:
    pattern = allowed_pattern(parameter)
    if pattern and not fits(pattern, value):
        return False
    if kind == "Number":
        size = _number(value)
        return size is not None and _within(parameter, "MinValue", "MaxValue", size)
    return _within(parameter, "MinLength", "MaxLength", len(value))


def allowed_pattern(parameter: Parameter) -> str:
    """The regular expression that the whole value has to match; empty where there is none."""
    pattern = parameter.node.get("AllowedPattern")
    return pattern.data if isinstance(pattern, Scalar) and isinstance(pattern.data, str) else ""


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
