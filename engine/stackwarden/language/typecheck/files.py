"""Checking a whole file: params, defines and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.language import ast, ir
from stackwarden.language.builtins import COLLECTIONS
from stackwarden.language.typecheck import expressions
from stackwarden.language.typecheck.calls import is_function
from stackwarden.language.typecheck.collections import collection
from stackwarden.language.typecheck.declared import declared, spelled
from stackwarden.language.typecheck.fixes import check_fix
from stackwarden.language.typecheck.problems import (
    DuplicateName,
    NotConstant,
    ReservedName,
    Unused,
    WrongParamType,
    WrongType,
)
from stackwarden.language.typecheck.scope import Binding, Globals, ProblemKey, Scope, place
from stackwarden.language.types import (
    ANY,
    AnyType,
    BooleanType,
    ListType,
    NumberType,
    RecordType,
    ResourceType,
    StringType,
    Type,
    accepts,
    describe,
)
from stackwarden.schema.registry import Registry
from stackwarden.source import Span

__all__ = ["check_file", "globals_of", "unused_lets"]

_PARAM_TYPES: Final = (AnyType, BooleanType, NumberType, StringType)


def globals_of(files: tuple[ast.File, ...], registry: Registry) -> tuple[Globals, tuple[Diagnostic, ...]]:
    """What files define together; a name that is defined twice is reported and the first one counts."""
    scope = Scope(registry, Globals({}, {}, {}))
    params: dict[str, tuple[str, Type]] = {}
    lets: dict[str, ast.Let] = {}
    defines: dict[str, ast.Define] = {}
    seen: dict[str, Span] = {}
    for file in files:
        items: tuple[ast.Param | ast.Let | ast.Define, ...] = (*file.params, *file.lets, *file.defines)
        for item in items:
            first = seen.setdefault(item.name, item.name_span)
            if first is not item.name_span:
                line = first.begin.line if first.source is item.name_span.source else None
                scope.report(DuplicateName(item.name_span, item.name, line))
                continue
            _check_reserved(item, scope)
            match item:
                case ast.Param():
                    params[item.name] = (item.name, declared(item.type, scope))
                case ast.Let():
                    lets[item.name] = item
                case ast.Define():
                    defines[item.name] = item
    return Globals(params, lets, defines), tuple(scope.diagnostics.values())


def _check_reserved(item: ast.Param | ast.Let | ast.Define, scope: Scope) -> None:
    if item.name in COLLECTIONS:
        scope.report(ReservedName(item.name_span, item.name, "a collection"))
    elif isinstance(item, ast.Define) and is_function(item.name):
        scope.report(ReservedName(item.name_span, item.name, "a function"))


def check_file(file: ast.File, known: Globals, registry: Registry) -> tuple[ir.FileIR, tuple[Diagnostic, ...]]:
    """The typed rules of a file and all that is wrong with it. Rules with problems are typed as far as possible."""
    diagnostics: dict[ProblemKey, Diagnostic] = {}
    scope = Scope(registry, known, diagnostics=diagnostics)
    params = [_param(param, param.name, scope) for param in file.params]
    for define in file.defines:
        _check_define(define, scope)
    for let in file.lets:
        with scope.expansion(let.name, {}):
            expressions.infer(let.value, scope)
    rules: list[ir.RuleIR] = []
    for rule in file.rules:
        rule_scope = Scope(registry, known, diagnostics=diagnostics)
        own, made = _rule(rule, rule_scope)
        params.extend(own)
        rules.append(made)
    return ir.FileIR(tuple(params), tuple(rules)), tuple(diagnostics.values())


def unused_lets(file: ast.File) -> tuple[Diagnostic, ...]:
    """The lets at the top of a file that nothing in it reads: wrong in a file that no other one uses."""
    read = {node.name for node in _nodes(file) if isinstance(node, ast.Name)}
    return tuple(Unused(let.name_span, let.name, "let") for let in file.lets if let.name not in read)


def _nodes(node: object) -> Iterator[object]:
    """A node of the syntax tree and all below it."""
    if isinstance(node, tuple):
        for item in node:
            yield from _nodes(item)
    elif is_dataclass(node) and not isinstance(node, Span | type):
        yield node
        for each in fields(node):
            yield from _nodes(getattr(node, each.name))


def _check_define(define: ast.Define, scope: Scope) -> None:
    bindings: dict[str, Binding] = {}
    for parameter in define.parameters:
        if parameter.name in bindings:
            scope.report(DuplicateName(parameter.name_span, parameter.name))
        else:
            expressions.check_fresh(parameter.name, parameter.name_span, scope)
        bindings[parameter.name] = Binding(scope.new_slot(), declared(parameter.type, scope))
    with scope.expansion(define.name, bindings):
        expressions.infer(define.body, scope)


def _param(param: ast.Param, key: str, scope: Scope) -> ir.ParamIR:
    kind = declared(param.type, scope)
    typed = expressions.value(param.value, scope)
    wanted_list = isinstance(kind, ListType)
    value = _constant(typed.node)
    if not isinstance(kind.item if isinstance(kind, ListType) else kind, _PARAM_TYPES):
        scope.report(WrongParamType(param.type.span, describe(kind)))
    elif value is None:
        scope.report(NotConstant(param.value.span, param.name))
    elif not accepts(kind, typed.type) and not (wanted_list and value == ()):
        scope.report(WrongType(param.value.span, describe(kind), describe(typed.type)))
    return ir.ParamIR(key, spelled(param.type), () if value is None else value, param.doc or "")


def _constant(node: ir.ValueExpr | ir.TruthExpr) -> ir.Scalar | tuple[ir.Scalar, ...] | None:
    match node:
        case ir.Const():
            return node.value
        case ir.ConstList():
            items = tuple(item.value for item in node.items if isinstance(item, ir.Const))
            return items if len(items) == len(node.items) else None
        case _:
            return None


def _rule(rule: ast.Rule, scope: Scope) -> tuple[list[ir.ParamIR], ir.RuleIR]:
    params = _own_params(rule, scope)
    subject, item = _subject(rule.subject, scope)
    expressions.check_fresh(rule.variable, rule.variable_span, scope)
    scope.locals[rule.variable] = Binding(scope.new_slot(), item)
    lets = _lets(rule, scope)
    where = expressions.optional_truth(rule.where, scope)
    requires = tuple(_require(require, scope) for require in rule.requires)
    fixes = tuple(check_fix(fix, scope) for fix in rule.fixes)
    _check_used(rule, lets, scope)
    meta = {entry.name: entry.value for entry in rule.metadata}
    resources = subject.types if isinstance(subject, ir.Resources) else COLLECTIONS[subject.name].resources
    made = ir.RuleIR(
        id=rule.id,
        title=_text(meta.get("title")),
        severity=_text(meta.get("severity")) or "medium",
        category=_text(meta.get("category")),
        because=_text(meta.get("because")),
        remediation=_text(meta.get("remediate")),
        see=_texts(meta.get("see")),
        tags=_texts(meta.get("tags")),
        maps=_maps(meta.get("maps")),
        deprecated_by=_text(meta.get("deprecated_by")),
        variable=rule.variable,
        subject=subject,
        resources=resources,
        slots=scope.slots,
        lets=lets,
        where=where,
        requires=requires,
        fixes=fixes,
        line=rule.id_span.begin.line,
        at=place(rule.span),
    )
    return params, made


def _own_params(rule: ast.Rule, scope: Scope) -> list[ir.ParamIR]:
    """The rule's own params, from here on in reach."""
    made: list[ir.ParamIR] = []
    for param in rule.params:
        expressions.check_fresh(param.name, param.name_span, scope)
        key = f"{rule.id}.{param.name}"
        made.append(_param(param, key, scope))
        params = {**scope.globals.params, param.name: (key, declared(param.type, scope))}
        scope.globals = Globals(params, scope.globals.lets, scope.globals.defines)
    return made


def _check_used(rule: ast.Rule, lets: tuple[ir.LetIR, ...], scope: Scope) -> None:
    for written, let in zip(rule.lets, lets, strict=True):
        if let.slot not in scope.used:
            scope.report(Unused(written.name_span, written.name, "let"))
    for param in rule.params:
        if f"{rule.id}.{param.name}" not in scope.used_params:
            scope.report(Unused(param.name_span, param.name, "param"))


def _subject(node: ast.Expr, scope: Scope) -> tuple[ir.Resources | ir.Collection, Type]:
    walked, item = collection(node, scope, expressions.infer)
    if isinstance(walked, ir.Resources | ir.Collection):
        return walked, item
    if not isinstance(item, AnyType):
        scope.report(WrongType(node.span, "resource types or a collection such as `iam.identity_policies`", "a value"))
    return ir.Resources((), place(node.span)), ANY


def _lets(rule: ast.Rule, scope: Scope) -> tuple[ir.LetIR, ...]:
    lets: list[ir.LetIR] = []
    for let in rule.lets:
        expressions.check_fresh(let.name, let.name_span, scope)
        typed = expressions.infer(let.value, scope)
        slot = scope.new_slot()
        is_truth = isinstance(typed.node, ir.TruthExpr)
        scope.locals[let.name] = Binding(slot, typed.type, let=True, truth=is_truth, spread=typed.spread)
        lets.append(ir.LetIR(slot, let.name, typed.node, place(let.span)))
    return tuple(lets)


def _require(require: ast.Require, scope: Scope) -> ir.RequireIR:
    scope.quantified.clear()
    condition = expressions.truth(require.condition, scope)
    outer = dict(scope.locals)
    scope.locals.update(scope.quantified)
    parts: list[str | ir.ValueExpr] = []
    for part in require.message.parts if require.message is not None else ():
        parts.append(part if isinstance(part, str) else expressions.value(part, scope).value())
    at = None if require.at is None else expressions.value(require.at, scope).value()
    along = None if require.along is None else _along(require.along, scope)
    scope.locals = outer
    return ir.RequireIR(condition, tuple(parts), at, along, require.severity or "", place(require.span))


def _along(node: ast.Expr, scope: Scope) -> ir.ValueExpr:
    """The records whose places are reported beside a finding's own."""
    typed = expressions.value(node, scope)
    item = typed.type.item if isinstance(typed.type, ListType) else typed.type
    if not isinstance(typed.type, ListType | AnyType) or not isinstance(item, RecordType | ResourceType | AnyType):
        scope.report(WrongType(node.span, "a list of records such as the hops of a path", describe(typed.type)))
    return typed.value()


def _text(value: ast.MetaValue | None) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: ast.MetaValue | None) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()


def _maps(value: ast.MetaValue | None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(value.items()) if isinstance(value, Mapping) else ()
