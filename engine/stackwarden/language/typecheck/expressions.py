"""The types of expressions: syntax tree in, typed nodes out, every problem reported, none fatal."""

from __future__ import annotations

from typing import Literal, assert_never

from stackwarden.language import ast, ir
from stackwarden.language.builtins import COLLECTIONS, MODULES
from stackwarden.language.typecheck import calls, comparisons, paths
from stackwarden.language.typecheck.collections import collection
from stackwarden.language.typecheck.contradictions import never_holds
from stackwarden.language.typecheck.problems import (
    BadPattern,
    DuplicateName,
    MisplacedType,
    NeverHolds,
    NotABoolean,
    Recursive,
    ReservedName,
    UnknownMember,
    UnknownName,
    WrongType,
)
from stackwarden.language.typecheck.scope import Scope, place
from stackwarden.language.typecheck.typed import Typed, as_value
from stackwarden.language.types import (
    ANY,
    BOOLEAN,
    NUMBER,
    STRING,
    AnyType,
    BooleanType,
    ListType,
    NumberType,
    ResourceType,
    StringType,
    Type,
    accepts,
    describe,
    join,
)
from stackwarden.regex import compile_regex
from stackwarden.source import Span

__all__ = ["check_fresh", "infer", "optional_truth", "truth", "value"]


def truth(node: ast.Expr, scope: Scope) -> ir.TruthExpr:
    """An expression where a condition is expected."""
    typed = infer(node, scope)
    if isinstance(typed.node, ir.TruthExpr):
        return typed.node
    if not isinstance(typed.type, BooleanType | AnyType):
        scope.report(NotABoolean(node.span, describe(typed.type)))
    return ir.Holds(typed.node, place(node.span))


def value(node: ast.Expr, scope: Scope) -> Typed:
    """An expression where a value is expected."""
    return as_value(node, scope, infer)


def infer(node: ast.Expr, scope: Scope) -> Typed:
    """The typed node of any expression."""
    at = place(node.span)
    match node:
        case ast.Literal():
            return Typed(ir.Const(node.value, at), _literal_type(node.value))
        case ast.ListLiteral():
            items = [value(item, scope) for item in node.items]
            kind: Type = items[0].type if items else ANY
            for item in items[1:]:
                kind = join(kind, item.type)
            return Typed(ir.ConstList(tuple(item.value() for item in items), at), ListType(kind))
        case ast.Name():
            return _name(node, scope)
        case ast.TypeRef():
            scope.report(MisplacedType(node.span, node.patterns[0].name))
            return Typed(ir.Const("", at), ANY)
        case ast.Property():
            return _property(node, scope)
        case ast.Index():
            return paths.index(infer(node.value, scope), node, scope)
        case ast.Each():
            return paths.each(infer(node.value, scope), node, scope)
        case ast.Aspect():
            return paths.aspect(infer(node.value, scope), node, scope)
        case ast.Call():
            return calls.call(node, scope, infer)
        case ast.Not():
            return Typed(ir.Not(truth(node.operand, scope), at), BOOLEAN)
        case ast.And():
            return Typed(ir.And(truth(node.left, scope), truth(node.right, scope), at), BOOLEAN)
        case ast.Or():
            return Typed(ir.Or(truth(node.left, scope), truth(node.right, scope), at), BOOLEAN)
        case ast.Implies():
            left = ir.Not(truth(node.left, scope), place(node.left.span))
            return Typed(ir.Or(left, truth(node.right, scope), at), BOOLEAN)
        case ast.Compare():
            return Typed(comparisons.compare(node, scope, infer), BOOLEAN)
        case ast.Matches():
            _check_pattern(node.pattern, node.pattern_span, scope)
            return Typed(ir.Matches(_string(node.value, scope), node.pattern, at), BOOLEAN)
        case ast.Like():
            return Typed(ir.Like(_string(node.value, scope), node.pattern, at), BOOLEAN)
        case ast.Refers():
            return Typed(ir.Refers(value(node.value, scope).value(), _resource(node.resource, scope), at), BOOLEAN)
        case ast.Is():
            return Typed(ir.Is(value(node.value, scope).value(), node.state, at), BOOLEAN)
        case ast.Default():
            return _default(node, scope)
        case ast.Arithmetic():
            return _arithmetic(node, scope)
        case ast.Negate():
            operand = value(node.operand, scope)
            _expect(NUMBER, operand.type, node.operand.span, scope)
            if isinstance(operand.node, ir.Const) and isinstance(operand.node.value, int | float):
                return Typed(ir.Const(-operand.node.value, at), NUMBER)
            return Typed(ir.Arithmetic("-", "number", ir.Const(0, at), operand.value(), at), NUMBER)
        case ast.Quantifier():
            return _quantifier(node, scope)
        case ast.Comprehension():
            return _comprehension(node, scope)
        case _:
            assert_never(node)


def _literal_type(literal: str | int | float | bool) -> Type:
    if isinstance(literal, bool):
        return BOOLEAN
    return STRING if isinstance(literal, str) else NUMBER


def _name(node: ast.Name, scope: Scope) -> Typed:
    at = place(node.span)
    binding = scope.locals.get(node.name)
    if binding is not None:
        scope.used.add(binding.slot)
        if not binding.let:
            return Typed(ir.Local(binding.slot, node.name, at), binding.type, binding.spread)
        if binding.truth:
            return Typed(ir.LetTruth(binding.slot, node.name, at), BOOLEAN)
        return Typed(ir.LetValue(binding.slot, node.name, at), binding.type, binding.spread)
    if node.name in scope.globals.params:
        key, kind = scope.globals.params[node.name]
        scope.used_params.add(key)
        return Typed(ir.ParamRef(key, at), kind)
    if node.name in scope.globals.lets:
        return _global_let(node, scope)
    if node.name in COLLECTIONS:
        return Typed(ir.Collection(node.name, at), ListType(COLLECTIONS[node.name].item))
    if node.name in scope.globals.defines:
        scope.report(WrongType(node.span, "a value", f"`{node.name}`, which is a define: call it"))
    elif node.name in MODULES:
        scope.report(WrongType(node.span, "a value", f"the module `{node.name}`"))
    else:
        scope.report(UnknownName(node.span, node.name, (*scope.names(), *COLLECTIONS, *MODULES)))
    return Typed(ir.Const("", at), ANY)


def _global_let(node: ast.Name, scope: Scope) -> Typed:
    if node.name in scope.open:
        scope.report(Recursive(node.span, node.name))
        return Typed(ir.Const("", place(node.span)), ANY)
    with scope.expansion(node.name, {}):
        return infer(scope.globals.lets[node.name].value, scope)


def _property(node: ast.Property, scope: Scope) -> Typed:
    """A property, or a collection of a module."""
    owner = node.value
    if isinstance(owner, ast.Name) and owner.name in MODULES and owner.name not in scope.names():
        name = f"{owner.name}.{node.name}"
        if name in COLLECTIONS:
            return Typed(ir.Collection(name, place(node.span)), ListType(COLLECTIONS[name].item))
        known = calls.module_names(owner.name)
        if name in known:
            scope.report(WrongType(node.span, "a value", f"`{name}`, which is a function: call it"))
        else:
            scope.report(UnknownMember(node.name_span, owner.name, node.name, known))
        return Typed(ir.Const("", place(node.span)), ANY)
    return paths.property_(infer(owner, scope), node, scope)


def _string(node: ast.Expr, scope: Scope) -> ir.ValueExpr:
    typed = value(node, scope)
    _expect(STRING, typed.type, node.span, scope)
    return typed.value()


def _expect(wanted: Type, given: Type, span: Span, scope: Scope) -> None:
    if isinstance(wanted, StringType) and isinstance(given, NumberType):
        return  # CloudFormation passes numbers as text
    if not accepts(wanted, given):
        scope.report(WrongType(span, describe(wanted), describe(given)))


def _resource(node: ast.Expr, scope: Scope) -> ir.ValueExpr:
    typed = value(node, scope)
    _expect(ResourceType(()), typed.type, node.span, scope)
    return typed.value()


def _default(node: ast.Default, scope: Scope) -> Typed:
    main, fallback = value(node.value, scope), value(node.fallback, scope)
    comparisons.check_enum(main.type, node.fallback, scope)
    if not accepts(main.type, fallback.type):
        scope.report(WrongType(node.fallback.span, describe(main.type), describe(fallback.type)))
    kind = join(main.type, fallback.type) if isinstance(main.type, AnyType) else main.type
    return Typed(ir.Default(main.value(), fallback.value(), place(node.span)), kind)


def _arithmetic(node: ast.Arithmetic, scope: Scope) -> Typed:
    left, right = value(node.left, scope), value(node.right, scope)
    kind: Type = NUMBER
    if node.operator == "+":  # what one side is says what both are
        kind = next((side.type for side in (left, right) if isinstance(side.type, StringType | ListType)), NUMBER)
        kind = STRING if isinstance(kind, StringType) else kind
    for side, operand in ((left, node.left), (right, node.right)):
        _expect(kind, side.type, operand.span, scope)
    if isinstance(kind, ListType) and isinstance(left.type, ListType) and isinstance(right.type, ListType):
        kind = join(left.type, right.type)
    made = _operation(kind)
    return Typed(ir.Arithmetic(node.operator, made, left.value(), right.value(), place(node.span)), kind)


def _operation(kind: Type) -> Literal["number", "string", "list"]:
    match kind:
        case ListType():
            return "list"
        case StringType():
            return "string"
        case _:
            return "number"


def _quantifier(node: ast.Quantifier, scope: Scope) -> Typed:
    walked, item = collection(node.collection, scope, infer)
    check_fresh(node.variable, node.variable_span, scope)
    with scope.variable(node.variable, item) as slot:
        where = optional_truth(node.where, scope)
        body = truth(node.body, scope)
    made = ir.Quantifier(node.kind, slot, node.variable, walked, where, body, place(node.span))
    return Typed(made, BOOLEAN)


def _comprehension(node: ast.Comprehension, scope: Scope) -> Typed:
    walked, item = collection(node.collection, scope, infer)
    check_fresh(node.variable, node.variable_span, scope)
    with scope.variable(node.variable, item) as slot:
        where = optional_truth(node.where, scope)
        body = value(node.body, scope)
    made = ir.Comprehension(slot, node.variable, walked, where, body.value(), False, place(node.span))
    return Typed(made, ListType(body.type))


def optional_truth(node: ast.Expr | None, scope: Scope) -> ir.TruthExpr | None:
    """The condition of a `where`, if there is one; it is reported where it can never hold."""
    if node is None:
        return None
    condition = truth(node, scope)
    if never_holds(condition):
        scope.report(NeverHolds(node.span, "where"))
    return condition


def check_fresh(name: str, span: Span, scope: Scope) -> None:
    """Reports the name of a variable, let or param that a name in reach or a collection has.

    A module's name is free: `api.Name` is then the variable's property, and only a module's functions are called.
    """
    if name in COLLECTIONS:
        scope.report(ReservedName(span, name, "a collection"))
    elif name in scope.names():
        scope.report(DuplicateName(span, name))


def _check_pattern(pattern: str, span: Span, scope: Scope) -> None:
    compiled = compile_regex(pattern)
    if isinstance(compiled, str):
        scope.report(BadPattern(span, compiled))
