"""What a builtin is: one record that checker, evaluator, reference pages and editor all read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stackwarden.graph.stack import Stack
from stackwarden.language.types import BOOLEAN, Type
from stackwarden.resolve.logic import Logic
from stackwarden.resolve.questions import ask_all, expand
from stackwarden.resolve.values import ListValue, Plain, Text, Unknown, Value, bind, fold_cases

__all__ = ["Collection", "Function", "Predicate", "RecordKind", "function", "predicate"]

Arguments = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A builtin that gives a truth.

    `takes` are names and types of its parameters, of which the last `optional` may be left out; `doc` documents it.
    `kept` says that a result is worth keeping: rules ask again and again about the same things.
    """

    name: str
    takes: tuple[tuple[str, Type], ...]
    run: Callable[[Stack, Arguments], Logic]
    doc: str
    optional: int = 0
    kept: bool = False

    @property
    def gives(self) -> Type:
        """Always a boolean."""
        return BOOLEAN


@dataclass(frozen=True, slots=True)
class Function:
    """A builtin that gives a value."""

    name: str
    takes: tuple[tuple[str, Type], ...]
    gives: Type
    run: Callable[[Stack, Arguments], Value]
    doc: str
    optional: int = 0
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """Things of the domain that a rule can be about. `resources` are the resource types that they come from."""

    name: str
    item: Type
    run: Callable[[Stack], ListValue]
    resources: tuple[str, ...]
    doc: str


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record and the types of its fields."""

    name: str
    fields: tuple[tuple[str, Type], ...]
    doc: str


def predicate(name: str, takes: tuple[tuple[str, Type], ...], test: Callable[..., bool | None]) -> Predicate:
    """A predicate from a test of plain values (True, False, None for unknown), whose docstring documents it."""

    def run(stack: Stack, arguments: Arguments) -> Logic:
        return ask_all(arguments, test, stack.domains)

    return Predicate(name, takes, run, test.__doc__ or "")


def function(name: str, takes: tuple[tuple[str, Type], ...], gives: Type, body: Callable[[Plain], Value]) -> Function:
    """A function of one plain value, mapped over the cases of its argument; a text is split where it has to be."""

    def run(stack: Stack, arguments: Arguments) -> Value:
        def one(plain: Plain) -> Value:
            value = body(plain)
            filled = expand(plain, stack.domains) if isinstance(value, Unknown) and isinstance(plain, Text) else []
            return fold_cases((guard, one(case)) for guard, case in filled) if filled else value

        return bind(arguments[0], one)

    return Function(name, takes, gives, run, body.__doc__ or "")
