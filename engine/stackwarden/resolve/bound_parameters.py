"""The parameters of a nested stack: bound to what the parent passes, else to their defaults."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as ReadOnlyMapping

from stackwarden.resolve.guards import Guard, GuardSpace
from stackwarden.resolve.parameters import PSEUDO_PARAMETERS, Parameters, default_of, is_list_type
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
    with_origin,
)
from stackwarden.template.model import Parameter, Template
from stackwarden.template.nodes import Node

__all__ = ["BoundParameters"]


class BoundParameters(Parameters):
    """Values over the guards of the outermost stack, whose parameters (`outer`) are the ones that are open.

    `bound` are the values that the parent passes, by name; `path` tells the stack's own name from its parent's.
    """

    def __init__(
        self,
        template: Template,
        bound: ReadOnlyMapping[str, Value],
        outer: Parameters,
        space: GuardSpace,
        path: str,
    ) -> None:
        super().__init__(template, {}, space)
        self._bound = bound
        self._outer = outer
        self._path = path

    def value(self, name: str, origin: Node) -> Value | None:
        """What `Ref` of a parameter or pseudo parameter of the nested stack is."""
        parameter = self._template.parameters.get(name)
        if parameter is not None:
            return with_origin(bind(self._given_value(parameter), _typed(parameter)), origin)
        if name in ("AWS::StackName", "AWS::StackId"):
            return Text((ParameterHole(f"{self._path}{name}", token=True),), origin)
        return self._outer.value(name, origin) if name in PSEUDO_PARAMETERS else None

    def split(self, hole: ParameterHole) -> tuple[tuple[Guard, Known | Text], ...] | None:
        """The cases of a hole: all holes are those of the outermost stack."""
        return self._outer.split(hole)

    def _given_value(self, parameter: Parameter) -> Value:
        bound = self._bound.get(parameter.name)
        if bound is not None and not isinstance(bound, Absent):
            return bound
        default = default_of(parameter)
        return Known(default) if default is not None else Unknown(f"parameter {parameter.name} is given no value")


def _typed(parameter: Parameter) -> Callable[[Plain], Value]:
    def typed(plain: Plain) -> Value:
        if parameter.type.startswith("AWS::SSM::Parameter::Value<"):
            return Unknown(f"parameter {parameter.name} is read from Parameter Store")
        if not is_list_type(parameter.type) or isinstance(plain, ListValue | Unknown):
            return plain
        if isinstance(plain, Known):
            pieces = [piece.strip() for piece in plain.text.split(",")] if plain.text else []
            return ListValue(tuple(Item(Known(piece)) for piece in pieces))
        return ListValue((), open=True)

    return typed
