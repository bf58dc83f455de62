"""Calls: builtins, `count`, `target`, and defines, whose bodies are put in place of the call."""

from __future__ import annotations

from typing import Final

from stackwarden.language import ast, ir
from stackwarden.language.builtins import BUILTINS, COLLECTIONS, MODULES, Predicate
from stackwarden.language.signature import signature
from stackwarden.language.typecheck.collections import collection, resource_types
from stackwarden.language.typecheck.comparisons import check_enum
from stackwarden.language.typecheck.declared import declared
from stackwarden.language.typecheck.problems import (
    Recursive,
    UnknownFunction,
    WrongArgument,
    WrongArgumentCount,
    WrongType,
)
from stackwarden.language.typecheck.scope import Binding, Scope, place
from stackwarden.language.typecheck.typed import Infer, Typed, as_value
from stackwarden.language.types import (
    ANY,
    BOOLEAN,
    NUMBER,
    ListType,
    NumberType,
    ResourceType,
    StringType,
    Type,
    accepts,
    describe,
)
from stackwarden.source import Span

__all__ = ["call", "is_function", "module_names"]

_SPECIAL: Final = ("count", "target")
_UNQUOTED: Final = "write the type without quotes, as in `target(value, AWS::Lambda::Function)`"


def call(node: ast.Call, scope: Scope, infer: Infer) -> Typed:
    """The typed node of a call."""
    name = _function_name(node.function)
    if name is None:
        scope.report(WrongType(node.function.span, "a function", "an expression"))
    elif name == "count":
        return _count(node, scope, infer)
    elif name == "target":
        return _target(node, scope, infer)
    elif name in scope.globals.defines and name not in scope.locals:
        return _define(scope.globals.defines[name], node, scope, infer)
    elif name in BUILTINS:
        return _builtin(name, node, scope, infer)
    else:
        _unknown(name, node.function.span, scope)
    for argument in node.arguments:
        if not isinstance(argument, ast.TypeRef):
            as_value(argument, scope, infer)
    return Typed(ir.Const("", place(node.span)), ANY)


def _unknown(name: str, span: Span, scope: Scope) -> None:
    if name in COLLECTIONS:
        scope.report(WrongType(span, "a function", f"the collection `{name}`"))
    elif name in scope.names():
        scope.report(WrongType(span, "a function", f"the value `{name}`"))
    else:
        known = module_names(name.partition(".")[0]) or (*_SPECIAL, *scope.globals.defines, *BUILTINS)
        scope.report(UnknownFunction(span, name, known))


def is_function(name: str) -> bool:
    """Whether the language itself has a function of that name."""
    return name in _SPECIAL or name in BUILTINS


def module_names(module: str) -> tuple[str, ...]:
    """The functions and collections of a module; empty where there is no such module."""
    if module not in MODULES:
        return ()
    return tuple(name for name in (*BUILTINS, *COLLECTIONS) if name.startswith(f"{module}."))


def _function_name(node: ast.Expr) -> str | None:
    match node:
        case ast.Name():
            return node.name
        case ast.Property(value=ast.Name() as module):
            return f"{module.name}.{node.name}"
        case _:
            return None


def _count(node: ast.Call, scope: Scope, infer: Infer) -> Typed:
    if not _has_arguments(node, "count", 1, 1, scope):
        return Typed(ir.Const(0, place(node.span)), NUMBER)
    walked, _ = collection(node.arguments[0], scope, infer)
    return Typed(ir.Count(walked, place(node.span)), NUMBER)


def _target(node: ast.Call, scope: Scope, infer: Infer) -> Typed:
    types: tuple[str, ...] = ()
    if not _has_arguments(node, "target", 1, 2, scope):
        return Typed(ir.ConstList((), place(node.span)), ListType(ResourceType(())))
    if len(node.arguments) == 2:
        wanted = node.arguments[1]
        if isinstance(wanted, ast.TypeRef):
            types = resource_types(wanted, scope)
        else:
            scope.report(WrongType(wanted.span, "a resource type", "a value", _UNQUOTED))
    value = as_value(node.arguments[0], scope, infer)
    item = ANY if len(node.arguments) == 2 and not types else ResourceType(types)
    return Typed(ir.Target(value.value(), types, place(node.span)), ListType(item))


def _has_arguments(node: ast.Call, name: str, least: int, most: int, scope: Scope) -> bool:
    if least <= len(node.arguments) <= most:
        return True
    wanted = f"{least} argument{'s' if least != 1 else ''}" if least == most else f"{least} to {most} arguments"
    scope.report(WrongArgumentCount(node.function.span, name, wanted, len(node.arguments)))
    return False


def _builtin(name: str, node: ast.Call, scope: Scope, infer: Infer) -> Typed:
    builtin = BUILTINS[name]
    count = len(builtin.takes)
    arguments = [as_value(argument, scope, infer) for argument in node.arguments]
    if not _has_arguments(node, name, count - builtin.optional, count, scope):
        return Typed(ir.Const("", place(node.span)), ANY)
    for (parameter, wanted), argument, given in zip(builtin.takes, node.arguments, arguments, strict=False):
        _check_argument(name, parameter, wanted, given.type, argument, scope)
        check_enum(wanted.item if isinstance(wanted, ListType) else wanted, argument, scope)
    values = tuple(argument.value() for argument in arguments)
    if isinstance(builtin, Predicate):
        return Typed(ir.Predicate(name, values, place(node.span)), BOOLEAN)
    return Typed(ir.Apply(name, values, place(node.span)), builtin.gives)


def _check_argument(name: str, parameter: str, wanted: Type, given: Type, node: ast.Expr, scope: Scope) -> None:
    if isinstance(wanted, StringType) and isinstance(given, NumberType):
        return
    if not accepts(wanted, given):
        scope.report(WrongArgument(node.span, name, parameter, describe(wanted), describe(given)))


def _define(define: ast.Define, node: ast.Call, scope: Scope, infer: Infer) -> Typed:
    count = len(define.parameters)
    arguments = [as_value(argument, scope, infer) for argument in node.arguments]
    if define.name in scope.open:
        scope.report(Recursive(node.function.span, define.name))
        return Typed(ir.Const("", place(node.span)), ANY)
    if not _has_arguments(node, define.name, count, count, scope):
        return Typed(ir.Const("", place(node.span)), ANY)
    bindings: dict[str, Binding] = {}
    bound: list[tuple[int, ir.ValueExpr]] = []
    for parameter, argument, given in zip(define.parameters, node.arguments, arguments, strict=True):
        wanted = declared(parameter.type, scope)
        _check_argument(define.name, parameter.name, wanted, given.type, argument, scope)
        slot = scope.new_slot()
        bindings[parameter.name] = Binding(slot, wanted)
        bound.append((slot, given.value()))
    with scope.expansion(define.name, bindings):
        body = infer(define.body, scope)
    signed = signature((slot for slot, _ in bound), body.node)
    if isinstance(body.node, ir.TruthExpr):
        return Typed(ir.BindTruth(define.name, signed, tuple(bound), body.node, place(node.span)), BOOLEAN)
    return Typed(ir.Bind(define.name, signed, tuple(bound), body.node, place(node.span)), body.type)
