"""What an intrinsic function may ask while it is resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from stackwarden.diagnostics import Diagnostic
from stackwarden.resolve.guards import Guard
from stackwarden.resolve.questions import Domains
from stackwarden.resolve.values import Plain, Unknown, Value
from stackwarden.template.nodes import Mapping, Node

__all__ = ["BadIntrinsic", "Context"]


@dataclass(frozen=True, slots=True)
class BadIntrinsic(Diagnostic):
    """An intrinsic function that CloudFormation would refuse."""

    function: str
    reason: str
    advice: str | None = None

    def message(self) -> str:
        return f"`{self.function}` {self.reason}"

    def help(self) -> str | None:
        return self.advice


class Context(Protocol):
    """The resolver of one template, as intrinsic functions see it."""

    @property
    def domains(self) -> Domains:
        """The values of parameters."""

    def resolve(self, node: Node) -> Value:
        """What a node can be."""

    def reference(self, name: str, node: Node) -> Value:
        """What `Ref` of a name gives."""

    def attribute(self, logical_id: str, attribute: str, node: Node) -> Value:
        """What `Fn::GetAtt` gives."""

    def condition(self, name: str, node: Node) -> Guard:
        """Where a named condition holds."""

    def mapping(self, name: str) -> Mapping | None:
        """An entry of `Mappings`."""

    def mapping_names(self) -> tuple[str, ...]:
        """All names under `Mappings`."""

    def may_have_more(self, section: str) -> bool:
        """Whether a macro may add entries to a section of the template."""

    def imported(self, name: Plain) -> Value | None:
        """What another stack exports under a name; None where no template of the run makes that certain."""

    def malformed(self, function: str, node: Node, reason: str, advice: str | None = None) -> Unknown:
        """Notes that a function is malformed; its value is unknown."""
