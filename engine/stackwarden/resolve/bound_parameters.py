"""The parameters of a nested stack: bound to what the parent passes, else to their defaults."""

from __future__ import annotations

from collections.abc import Mapping as ReadOnlyMapping

from stackwarden.resolve.constraints import elements_of, is_list_type
from stackwarden.resolve.guards import Guard, GuardSpace
from stackwarden.resolve.parameters import PSEUDO_PARAMETERS, Parameters, default_of
from stackwarden.resolve.questions import Domains, settle
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    ListValue,
    ParameterHole,
    Plain,
    Text,
    Unknown,
    Value,
    bind,
    fold_cases,
    with_origin,
)
from stackwarden.template.model import Parameter, Template
from stackwarden.template.nodes import Node

__all__ = ["BoundParameters"]


class BoundParameters(Parameters):
    """Values over the guards of the outermost stack, whose parameters (`outer`) are the ones that are open.

    `bound` are the values that the parent passes, by name, and `domains` knows what is in them; `path` tells the
    stack's own name from its parent's.
    """

    def __init__(
        self,
        template: Template,
        bound: ReadOnlyMapping[str, Value],
        outer: Parameters,
        domains: Domains,
        space: GuardSpace,
        path: str,
    ) -> None:
        super().__init__(template, {}, space)
        self._bound = bound
        self._outer = outer
        self._parent = domains
        self._path = path

    def value(self, name: str, origin: Node) -> Value | None:
        """What `Ref` of a parameter or pseudo parameter of the nested stack is."""
        parameter = self._template.parameters.get(name)
        if parameter is not None:
            return with_origin(self._typed(parameter), origin)
        if name in ("AWS::StackName", "AWS::StackId"):
            return Text((ParameterHole(f"{self._path}{name}", token=True),), origin)
        return self._outer.value(name, origin) if name in PSEUDO_PARAMETERS else None

    def split(self, hole: ParameterHole) -> tuple[tuple[Guard, Known | Text], ...] | None:
        """The cases of a hole: all holes are those of the outermost stack."""
        return self._outer.split(hole)

    def passed(self, name: str) -> Value:
        """What the parent passes for a parameter, absent where that is nothing."""
        return self._bound.get(name, Absent())

    def _given_value(self, parameter: Parameter) -> Value:
        """What the parent passes; the default where it passes nothing, by `AWS::NoValue` too."""
        default = default_of(parameter)
        missing = Known(default) if default is not None else Unknown(f"parameter {parameter.name} is given no value")
        return bind(self.passed(parameter.name), lambda plain: missing if isinstance(plain, Absent) else plain)

    def _typed(self, parameter: Parameter) -> Value:
        """The given value as a reference gives it; a text that is read as a list is split into its cases."""
        given = self._given_value(parameter)
        if parameter.type.startswith("AWS::SSM::Parameter::Value<"):
            return Unknown(f"parameter {parameter.name} is read from Parameter Store")
        if not is_list_type(parameter.type):
            return given
        return fold_cases((guard, _as_list(plain)) for guard, plain in settle(given, self._parent))


def _as_list(plain: Plain) -> Plain:
    match plain:
        case ListValue() | Unknown():
            return plain
        case Known():
            return ListValue(tuple(Item(Known(element)) for element in elements_of(plain.text)))
        case _:
            return ListValue((), open=True)
