"""Parameters and pseudo parameters: which values the template allows, and what a reference to them is.

A parameter with `AllowedValues` has those. Without them its known values are the default, every literal that a
condition compares it with and every key that a map is looked up by it; any other value is possible too. A list's
`AllowedValues` are those of its elements: its known values are the lists of one of them, and the list of all.
Sources: CloudFormation User Guide, *Parameters*, *Pseudo parameters reference*.
"""

from __future__ import annotations

from collections.abc import Mapping as ReadOnlyMapping
from dataclasses import dataclass
from typing import Final

from stackwarden.diagnostics import Diagnostic, did_you_mean
from stackwarden.resolve.constraints import allowed_pattern, elements_of, is_allowed, is_list_type, is_possible
from stackwarden.resolve.guards import TRUE, Guard, GuardSpace, Variable
from stackwarden.resolve.literals import compared_literals
from stackwarden.resolve.values import (
    Item,
    Known,
    ListValue,
    OpaqueHole,
    ParameterHole,
    Text,
    Unknown,
    Value,
    fold_cases,
)
from stackwarden.template.model import Parameter, Template
from stackwarden.template.nodes import Node, Scalar, Sequence

__all__ = ["PSEUDO_PARAMETERS", "Parameters", "ValueNotAllowed", "allowed_of", "default_of"]

PSEUDO_PARAMETERS: Final = frozenset(
    {
        "AWS::AccountId",
        "AWS::NoValue",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    }
)


@dataclass(frozen=True, slots=True)
class ValueNotAllowed(Diagnostic):
    """A value was given that the parameter's `AllowedValues` lack."""

    parameter: str
    value: str
    allowed: tuple[str, ...]

    def message(self) -> str:
        return f"parameter `{self.parameter}` does not allow `{self.value}`"

    def help(self) -> str | None:
        return did_you_mean(self.value, self.allowed) or f"allowed: {', '.join(self.allowed)}"


@dataclass(frozen=True, slots=True)
class _Domain:
    """The known values of a parameter; with `closed`, there are no others. `excluded` are literals it cannot have."""

    variable: Variable
    values: tuple[str, ...]
    closed: bool
    excluded: tuple[str, ...] = ()


class Parameters:
    """The parameters of one template. `given` binds them by name, pseudo parameters included."""

    def __init__(self, template: Template, given: ReadOnlyMapping[str, str], space: GuardSpace) -> None:
        self._template = template
        self._given = given
        self._space = space
        self._literals: ReadOnlyMapping[str, tuple[str, ...]] | None = None
        self._domains: dict[str, _Domain] = {}
        self._splits: dict[tuple[str, bool], tuple[tuple[Guard, Known | Text], ...] | None] = {}
        self.diagnostics = tuple(
            ValueNotAllowed(template.span(parameter.node), name, given[name], allowed)
            for name, parameter in template.parameters.items()
            if name in given and (allowed := allowed_of(parameter)) and not is_allowed(parameter, given[name], allowed)
        )

    def compare_with(self, literals: ReadOnlyMapping[str, tuple[str, ...]]) -> None:
        """The literals that the template compares parameters with, where its text does not tell them.

        Call it before any value is read.
        """
        self._literals = literals

    def compare_also(self, literals: ReadOnlyMapping[str, tuple[str, ...]]) -> None:
        """Further literals that parameters are compared with, in nested stacks. Call it before any value is read."""
        if not literals:
            return
        own = self._literals if self._literals is not None else compared_literals(self._template)
        self._literals = {name: (*own.get(name, ()), *literals.get(name, ())) for name in {**own, **literals}}

    def value(self, name: str, origin: Node) -> Value | None:
        """What `Ref` of a parameter or pseudo parameter is; None where `name` is neither."""
        parameter = self._template.parameters.get(name)
        if parameter is not None:
            return self._parameter(parameter, origin)
        if name not in PSEUDO_PARAMETERS:
            return None
        if name in self._given:
            return Known(self._given[name], origin)
        if name == "AWS::NotificationARNs":
            return ListValue((), open=True, origin=origin)
        return Text((ParameterHole(name, token=True),), origin)

    def is_given(self, name: str) -> bool:
        """Whether a parameter or pseudo parameter was given a value for the run."""
        return name in self._given

    def split(self, hole: ParameterHole) -> tuple[tuple[Guard, Known | Text], ...] | None:
        """The cases of a hole: a known value each, and the hole again for any other value."""
        key = (hole.variable, hole.secret)
        if key not in self._splits:
            self._splits[key] = self._split(hole)
        return self._splits[key]

    def fact(self, variable: str, value: str) -> Guard:
        """The guard under which a parameter or pseudo parameter has a value."""
        return self._space.fact(self._domain(variable).variable, value)

    def domain(self, variable: str) -> tuple[tuple[str, ...], bool]:
        """The known values of a parameter (`Parameters.NAME`) or pseudo parameter, and whether there are no others."""
        domain = self._domain(variable)
        return domain.values, domain.closed

    def _parameter(self, parameter: Parameter, origin: Node) -> Value:
        name = parameter.name
        if parameter.type.startswith("AWS::SSM::Parameter::Value<"):
            if "List<" in parameter.type or "CommaDelimitedList" in parameter.type:
                return Unknown(f"parameter {name} is read from Parameter Store", origin)
            return Text((OpaqueHole(f"parameter {name} is read from Parameter Store"),), origin)
        variable = f"Parameters.{name}"
        if name in self._given:
            return _written(self._given[name], parameter, origin)
        domain = self._domain(variable)
        if is_list_type(parameter.type):
            return self._list(parameter, domain, origin)
        if domain.closed and len(domain.values) == 1:
            return Known(domain.values[0], origin)
        pattern = "" if domain.closed else allowed_pattern(parameter)  # of all values that it can have, it says no more
        return Text((ParameterHole(variable, secret=_is_secret(parameter), pattern=pattern),), origin)

    def _list(self, parameter: Parameter, domain: _Domain, origin: Node) -> Value:
        cases: list[tuple[Guard, Value]] = []
        rest = TRUE
        for value in domain.values:
            fact = self._space.fact(domain.variable, value)
            cases.append((fact, _written(value, parameter, origin)))
            rest = rest & ~fact
        cases.append((rest, ListValue((), open=True, origin=origin)))
        return fold_cases(cases)

    def _split(self, hole: ParameterHole) -> tuple[tuple[Guard, Known | Text], ...] | None:
        domain = self._domain(hole.variable)
        taken = (*domain.values, *domain.excluded)
        if not taken:
            return None
        cases: list[tuple[Guard, Known | Text]] = []
        rest = TRUE
        for value in domain.values:
            fact = self._space.fact(domain.variable, value)
            cases.append((fact, Known(value)))
            rest = rest & ~fact
        if not domain.closed:
            cases.append((rest, Text((ParameterHole(hole.variable, hole.token, taken, hole.secret, hole.pattern),))))
        return tuple(cases)

    def _domain(self, variable: str) -> _Domain:
        domain = self._domains.get(variable)
        if domain is None:
            domain = self._domains[variable] = self._make_domain(variable)
        return domain

    def _make_domain(self, variable: str) -> _Domain:
        name = variable.removeprefix("Parameters.")
        if name in self._given:
            given = (self._given[name],)
            return _Domain(self._space.variable(variable, given), given, closed=True)
        parameter = self._template.parameters.get(name) if variable != name else None
        allowed = allowed_of(parameter) if parameter is not None else ()
        if parameter is not None and allowed and not is_list_type(parameter.type):
            allowed = tuple(value for value in allowed if is_possible(parameter, value)) or allowed
            return _Domain(self._space.variable(variable, allowed), allowed, closed=True)
        if self._literals is None:
            self._literals = compared_literals(self._template)
        values = self._literals.get(name, ())
        if allowed:
            values = (*allowed, ",".join(allowed), *values)
        default = default_of(parameter) if parameter is not None else None
        if default is not None:
            values = (default, *values)
        literals = tuple(dict.fromkeys(values))
        possible = tuple(value for value in literals if parameter is None or _may_have(parameter, value, allowed))
        excluded = tuple(value for value in literals if value not in possible)
        return _Domain(self._space.variable(variable), possible, closed=False, excluded=excluded)


def default_of(parameter: Parameter) -> str | None:
    """The default as text; None where there is none."""
    node = parameter.node.get("Default")
    return None if node is None else _text(node)


def _is_secret(parameter: Parameter) -> bool:
    hidden = parameter.node.get("NoEcho")
    return isinstance(hidden, Scalar) and str(hidden.data).lower() == "true"


def allowed_of(parameter: Parameter) -> tuple[str, ...]:
    """The texts under `AllowedValues`, each once; empty where any value is allowed."""
    allowed = parameter.node.get("AllowedValues")
    if not isinstance(allowed, Sequence):
        return ()
    return tuple(dict.fromkeys(text for item in allowed.items if (text := _text(item)) is not None))


def _may_have(parameter: Parameter, value: str, allowed: tuple[str, ...]) -> bool:
    return is_possible(parameter, value) and (not allowed or is_allowed(parameter, value, allowed))


def _text(node: Node) -> str | None:
    return Known(node.data, None, node.text).text if isinstance(node, Scalar) else None


def _written(value: str, parameter: Parameter, origin: Node) -> Known | ListValue:
    """A parameter's value as a reference gives it; lists are split at commas and trimmed."""
    if not is_list_type(parameter.type):
        return Known(value, origin)
    return ListValue(tuple(Item(Known(item, origin)) for item in elements_of(value)), origin=origin)
