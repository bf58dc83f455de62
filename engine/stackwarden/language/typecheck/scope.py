"""Which names an expression may use, and the slots that variables stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from stackwarden.diagnostics import Diagnostic
from stackwarden.language import ast, ir
from stackwarden.language.types import Type
from stackwarden.schema.registry import Registry
from stackwarden.source import Span

__all__ = ["Binding", "Globals", "ProblemKey", "Scope", "place", "problem_key"]

ProblemKey = tuple[str, int, int, str]


@dataclass(frozen=True, slots=True)
class Binding:
    """A variable or a rule's let (`let`): its slot and type; `truth` marks a condition, `spread` a `[*]`."""

    slot: int
    type: Type
    let: bool = False
    truth: bool = False
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Globals:
    """What a file and the files that it uses define. Params map to their qualified name and type."""

    params: Mapping[str, tuple[str, Type]]
    lets: Mapping[str, ast.Let]
    defines: Mapping[str, ast.Define]


@dataclass(slots=True)
class Scope:
    """The names in reach while a rule is checked. Diagnostics are collected once each."""

    registry: Registry
    globals: Globals
    locals: dict[str, Binding] = field(default_factory=dict)
    quantified: dict[str, Binding] = field(default_factory=dict)  # for messages, which may name a witness
    used: set[int] = field(default_factory=set)  # slots that were read
    used_params: set[str] = field(default_factory=set)  # qualified names
    open: tuple[str, ...] = ()  # the defines and lets that are being expanded
    slots: int = 0
    diagnostics: dict[ProblemKey, Diagnostic] = field(default_factory=dict)

    def report(self, diagnostic: Diagnostic) -> None:
        """Notes a problem; the same one at the same place is kept once."""
        self.diagnostics.setdefault(problem_key(diagnostic), diagnostic)

    def new_slot(self) -> int:
        """A fresh slot."""
        self.slots += 1
        return self.slots - 1

    @contextmanager
    def variable(self, name: str, kind: Type) -> Iterator[int]:
        """A variable in a slot of its own, in reach for the length of the block."""
        slot = self.new_slot()
        outer = self.locals.get(name)
        self.locals[name] = Binding(slot, kind)
        if not self.open:
            self.quantified[name] = self.locals[name]
        try:
            yield slot
        finally:
            if outer is None:
                del self.locals[name]
            else:
                self.locals[name] = outer

    @contextmanager
    def expansion(self, name: str, variables: Mapping[str, Binding]) -> Iterator[None]:
        """Only `variables` and globals are in reach: the body of a define or a file's let."""
        outer, opened = self.locals, self.open
        self.locals, self.open = dict(variables), (*opened, name)
        try:
            yield
        finally:
            self.locals, self.open = outer, opened

    def names(self) -> tuple[str, ...]:
        """Every name in reach."""
        return (*self.locals, *self.globals.params, *self.globals.lets, *self.globals.defines)


def problem_key(diagnostic: Diagnostic) -> ProblemKey:
    """What tells one problem from another: its file, its place and what is said of it."""
    span = diagnostic.span
    name, start, end = ("", 0, 0) if span is None else (span.source.name, span.start, span.end)
    return name, start, end, diagnostic.message()


def place(span: Span) -> ir.Place:
    """A span as the place that typed nodes keep."""
    return span.start, span.end
