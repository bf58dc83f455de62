"""Secrets that a parent passes to a nested stack: only the nested template says by `NoEcho` that they are some."""

from __future__ import annotations

from stackwarden.graph.stack import Stack
from stackwarden.resolve.bound_parameters import BoundParameters
from stackwarden.resolve.values import Known, cases_of
from stackwarden.template.secrets import Secrets, is_hidden

__all__ = ["passed_secrets"]


def passed_secrets(stack: Stack) -> Secrets:
    """The texts that are passed for hidden parameters of the nested stacks."""
    values = (
        plain.text
        for part in stack.resolvers
        if isinstance(part.parameters, BoundParameters)
        for name, parameter in part.template.parameters.items()
        if is_hidden(parameter.node)
        for _, plain in cases_of(part.parameters.passed(name))
        if isinstance(plain, Known) and plain.text
    )
    return Secrets(frozenset(values))
