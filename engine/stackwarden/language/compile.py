"""Checked expressions as closures.

A rule is compiled when its first subject turns up. Every node compiles to a function of an `Env`; the compiler keeps
them by node, so that whoever explains a finding can evaluate a part of a rule with the same meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal, TypeVar, assert_never

from stackwarden.graph import references
from stackwarden.graph.stack import Stack
from stackwarden.language import ir, operations
from stackwarden.language.builtins import BUILTINS, COLLECTIONS, Function, Predicate
from stackwarden.language.narrowing import Element, narrowing
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import NO, YES, Logic, both, decided, either, negate, under
from stackwarden.resolve.questions import Test, ask, ask_both, settle, where_true
from stackwarden.resolve.reading import is_present, is_true, read
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    ListValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    bind,
    cases_of,
    fold_cases,
    make_text,
)
from stackwarden.template.nodes import Node

__all__ = ["Compiler", "Env", "constant"]

_ASPECT_KEYS: Final = frozenset(
    {"Condition", "CreationPolicy", "DeletionPolicy", "DependsOn", "Metadata", "UpdatePolicy", "UpdateReplacePolicy"}
)


_SOME_ELEMENT: Final = Unknown("an element that the template does not determine")


class Env:
    """The slots of one rule for one subject, over one stack."""

    __slots__ = ("slots", "stack")

    def __init__(self, stack: Stack, size: int) -> None:
        self.stack = stack
        self.slots: list[Value | Logic | None] = [None] * size


RunValue = Callable[[Env], Value]
RunTruth = Callable[[Env], Logic]
_Outcome = TypeVar("_Outcome", Value, Logic)


def constant(value: ir.Scalar | tuple[ir.Scalar, ...]) -> Known | ListValue:
    """A literal of a policy as a value."""
    if isinstance(value, tuple):
        return ListValue(tuple(Item(Known(item)) for item in value))
    return Known(value)


@lru_cache(maxsize=4096)
def _constant(_: str, value: ir.Scalar) -> Known:
    """The one value that stands for a literal in all rules. Its type counts: `1` and `true` are equal for Python."""
    return Known(value)


class Compiler:
    """Compiles the expressions of one rule; `params` are the values of policy parameters by qualified name."""

    def __init__(self, params: Mapping[str, Known | ListValue], lets: tuple[ir.LetIR, ...]) -> None:
        self._params = params
        self._lets = {let.slot: let for let in lets}
        self._values: dict[int, RunValue] = {}
        self._truths: dict[int, RunTruth] = {}

    def let(self, slot: int) -> ir.LetIR:
        """The `let` whose result stands in a slot."""
        return self._lets[slot]

    def value(self, node: ir.ValueExpr) -> RunValue:
        """The function that gives the node's value."""
        run = self._values.get(id(node))
        if run is None:
            run = self._values[id(node)] = self._value(node)
        return run

    def truth(self, node: ir.TruthExpr) -> RunTruth:
        """The function that gives the node's truth."""
        run = self._truths.get(id(node))
        if run is None:
            run = self._truths[id(node)] = self._truth(node)
        return run

    def _value(self, node: ir.ValueExpr) -> RunValue:
        match node:
            case ir.Const():
                known = _constant(type(node.value).__name__, node.value)
                return lambda _: known
            case ir.ConstList():
                return self._list(node)
            case ir.Local():
                return _local(node.slot)
            case ir.LetValue():
                return self._let_value(node.slot)
            case ir.ParamRef():
                param = self._params[node.key]
                return lambda _: param
            case ir.Field():
                inner, name = self.value(node.value), node.name
                return lambda env: read(inner(env), name)
            case ir.At():
                inner, index = self.value(node.value), node.index
                return lambda env: operations.element(inner(env), index)
            case ir.Aspect():
                inner, name = self.value(node.value), node.name
                return lambda env: _aspect(inner(env), name, env.stack)
            case ir.Comprehension():
                return self._comprehension(node)
            case ir.Count():
                inner = self.value(node.value)
                return lambda env: operations.count(inner(env))
            case ir.Arithmetic():
                return self._arithmetic(node)
            case ir.Default():
                inner, fallback = self.value(node.value), self.value(node.fallback)
                return lambda env: bind(inner(env), lambda plain: fallback(env) if isinstance(plain, Absent) else plain)
            case ir.Target():
                inner, types = self.value(node.value), node.types
                return lambda env: references.targets(env.stack, inner(env), types)
            case ir.Resources():
                types = node.types
                return lambda env: env.stack.collection(types)
            case ir.Collection():
                make = COLLECTIONS[node.name].run
                return lambda env: make(env.stack)
            case ir.Apply():
                builtin = BUILTINS[node.function]
                assert isinstance(builtin, Function)
                return self._builtin(node, builtin.run, kept=builtin.kept)
            case ir.Truth():
                claim = self.truth(node.operand)
                return lambda env: operations.truth_value(claim(env))
            case ir.Bind():
                return self._call(node, self.value(node.body))
            case _:
                assert_never(node)

    def _truth(self, node: ir.TruthExpr) -> RunTruth:
        match node:
            case ir.Holds():
                return self._asked(node.value, is_true)
            case ir.LetTruth():
                return self._let_truth(node.slot)
            case ir.Not():
                operand = self.truth(node.operand)
                return lambda env: negate(operand(env))
            case ir.And():
                return _and(self.truth(node.left), self.truth(node.right))
            case ir.Or():
                return _or(self.truth(node.left), self.truth(node.right))
            case ir.Compare():
                return self._compare(node)
            case ir.In():
                return self._in(node)
            case ir.Matches():
                return self._asked(node.value, operations.matches_pattern(node.pattern))
            case ir.Like():
                return self._asked(node.value, operations.is_like(node.pattern))
            case ir.Refers():
                value, resource = self.value(node.value), self.value(node.resource)
                return lambda env: references.refers(env.stack, value(env), resource(env))
            case ir.Is():
                return self._is(node)
            case ir.Quantifier():
                return self._quantifier(node)
            case ir.Predicate():
                builtin = BUILTINS[node.function]
                assert isinstance(builtin, Predicate)
                return self._builtin(node, builtin.run, kept=builtin.kept)
            case ir.BindTruth():
                return self._call(node, self.truth(node.body))
            case _:
                assert_never(node)

    def _asked(self, node: ir.ValueExpr, test: Test) -> RunTruth:
        inner = self.value(node)
        return lambda env: ask(inner(env), test, env.stack.domains)

    def _list(self, node: ir.ConstList) -> RunValue:
        if all(isinstance(item, ir.Const) for item in node.items):
            fixed = ListValue(tuple(Item(Known(item.value)) for item in node.items if isinstance(item, ir.Const)))
            return lambda _: fixed
        items = tuple(self.value(item) for item in node.items)
        return lambda env: ListValue(tuple(Item(item(env)) for item in items))

    def _let_value(self, slot: int) -> RunValue:
        let = self._lets[slot].meaning
        assert not isinstance(let, ir.TruthExpr)

        def run(env: Env) -> Value:
            value = env.slots[slot]
            if value is None:
                value = env.slots[slot] = self.value(let)(env)
            assert not isinstance(value, Logic)
            return value

        return run

    def _let_truth(self, slot: int) -> RunTruth:
        let = self._lets[slot].meaning
        assert isinstance(let, ir.TruthExpr)

        def run(env: Env) -> Logic:
            claim = env.slots[slot]
            if claim is None:
                claim = env.slots[slot] = self.truth(let)(env)
            assert isinstance(claim, Logic)
            return claim

        return run

    def _call(self, node: ir.Bind | ir.BindTruth, body: Callable[[Env], _Outcome]) -> Callable[[Env], _Outcome]:
        """A call of a define. What it gave for the same arguments is kept, whichever rule it was that called."""
        slots = tuple(slot for slot, _ in node.arguments)
        arguments = tuple(self.value(argument) for _, argument in node.arguments)

        def run(env: Env, values: tuple[Value, ...]) -> _Outcome:
            for slot, value in zip(slots, values, strict=True):
                env.slots[slot] = value
            return body(env)

        stays = all(_stays(argument) for _, argument in node.arguments)
        return _kept((node.signature, id(self._params)), arguments, run) if stays else _plain(arguments, run)

    def _builtin(
        self, node: ir.Apply | ir.Predicate, give: Callable[[Stack, tuple[Value, ...]], _Outcome], *, kept: bool
    ) -> Callable[[Env], _Outcome]:
        arguments = tuple(self.value(argument) for argument in node.arguments)

        def run(env: Env, values: tuple[Value, ...]) -> _Outcome:
            return give(env.stack, values)

        stays = kept and all(_stays(argument) for argument in node.arguments)
        return _kept((node.function,), arguments, run) if stays else _plain(arguments, run)

    def _arithmetic(self, node: ir.Arithmetic) -> RunValue:
        left, right = self.value(node.left), self.value(node.right)
        calculate = _CALCULATE[node.kind](node.operator)

        def run(env: Env) -> Value:
            first_value, second_value = left(env), right(env)
            if isinstance(first_value, Known) and isinstance(second_value, Known):
                return calculate(first_value, second_value)
            cases: list[tuple[Guard, Value]] = []
            for left_guard, first in settle(first_value, env.stack.domains):
                for right_guard, second in settle(second_value, env.stack.domains):
                    cases.append((left_guard & right_guard, calculate(first, second)))
            return fold_cases(cases)

        return run

    def _compare(self, node: ir.Compare) -> RunTruth:
        left, right = self.value(node.left), self.value(node.right)
        match node.operator:
            case "==":
                test = operations.equal(node.kind)
            case "!=":
                same = operations.equal(node.kind)
                return lambda env: negate(ask_both(left(env), right(env), same, env.stack.domains))
            case "<" | "<=":
                test = operations.less(node.kind, or_equal=node.operator == "<=")
            case ">" | ">=":
                left, right = right, left
                test = operations.less(node.kind, or_equal=node.operator == ">=")
            case _:
                assert_never(node.operator)
        return lambda env: ask_both(left(env), right(env), test, env.stack.domains)

    def _in(self, node: ir.In) -> RunTruth:
        item, container = self.value(node.item), self.value(node.container)
        if node.substring:
            return lambda env: ask_both(item(env), container(env), operations.substring, env.stack.domains)
        same = operations.equal(node.kind)

        def run(env: Env) -> Logic:
            wanted = item(env)
            found, unknown = operations.elements(container(env))
            claim = NO
            for guard, value in found:
                answer = ask_both(wanted, value, same, env.stack.domains)
                claim = either(claim, under(guard, answer))
                if claim is YES:
                    return YES
            if unknown is not FALSE:
                present = ask(wanted, is_present, env.stack.domains)
                claim = decided(claim.true, claim.false & (~unknown | present.false))
            return claim

        return run

    def _is(self, node: ir.Is) -> RunTruth:
        match node.state:
            case "present":
                return self._asked(node.value, is_present)
            case "absent":
                present = self._asked(node.value, is_present)
                return lambda env: negate(present(env))
            case "empty":
                return self._is_empty(node.value)
            case "not empty":
                empty = self._is_empty(node.value)
                return lambda env: negate(empty(env))
            case _:
                assert_never(node.state)

    def _is_empty(self, node: ir.ValueExpr) -> RunTruth:
        inner = self.value(node)

        def run(env: Env) -> Logic:
            value = inner(env)
            outcome = NO
            for guard, plain in cases_of(value):
                if isinstance(plain, ListValue):
                    found, unknown = operations.elements(plain)
                    some = FALSE
                    for there, _ in found:
                        some = some | there
                    claim = decided(~some & ~unknown, some)
                else:
                    claim = ask(plain, operations.is_empty, env.stack.domains)
                outcome = either(outcome, under(guard, claim))
            return outcome

        return run

    def _quantifier(self, node: ir.Quantifier) -> RunTruth:
        collection, slot = self.value(node.collection), node.slot
        where = None if node.where is None else self.truth(node.where)
        body, kind = self.truth(node.body), node.kind
        select = self._selection(node)

        def decides(env: Env, element: Value) -> Logic:
            """Whether an element is a witness: for `some` and `no`, or against `every`."""
            env.slots[slot] = element
            part = YES if where is None else where(env)
            if part is NO:
                return NO
            inner = body(env)
            return both(part, negate(inner) if kind == "every" else inner)

        def run(env: Env) -> Logic:
            found, unknown = operations.elements(collection(env))
            claim = NO
            for guard, value in found if select is None else select(env, found):
                part = decides(env, value)
                claim = either(claim, under(guard, part))
                if claim is YES:
                    break
            if unknown is not FALSE and claim is not YES:
                possible = unknown & ~decides(env, _SOME_ELEMENT).false
                claim = decided(claim.true, claim.false & ~possible)
            return claim if kind == "some" else negate(claim)

        return run

    def _selection(self, node: ir.Quantifier) -> Callable[[Env, Sequence[Element]], Sequence[Element]] | None:
        """Looks elements up where the condition lets it; None where every element has to be looked at."""
        narrow = narrowing(node)
        if narrow is None:
            return None
        fixed, value, slot = self.value(narrow.fixed), self.value(narrow.node.value), node.slot

        def run(env: Env, found: Sequence[Element]) -> Sequence[Element]:
            def value_of(element: Value) -> Value:
                env.slots[slot] = element
                return value(env)

            return narrow.select(env.stack, found, fixed(env), value_of)

        return run

    def _comprehension(self, node: ir.Comprehension) -> RunValue:
        collection, slot = self.value(node.collection), node.slot
        where = None if node.where is None else self.truth(node.where)
        body, flatten = self.value(node.body), node.flatten

        def run(env: Env) -> Value:
            source = collection(env)
            found, unknown = operations.elements(source)
            items: list[Item] = []
            is_open = unknown is not FALSE
            for guard, value in found:
                env.slots[slot] = value
                if where is not None:
                    claim = where(env)
                    is_open = is_open or (guard & claim.unknown) is not FALSE
                    guard = guard & claim.true
                if guard is FALSE:
                    continue
                made = body(env)
                if flatten:
                    inner, more = operations.elements(made)
                    is_open = is_open or (guard & more) is not FALSE
                    items.extend(Item(one, guard & there) for there, one in inner)
                else:
                    items.append(Item(made, guard & _present(made)))
            return ListValue(tuple(items), open=is_open, origin=_origin(source))

        return run


def _stays(node: ir.ValueExpr) -> bool:
    """Whether a value is the same object each time it is asked for, so that results can be kept by it."""
    match node:
        case ir.Local() | ir.LetValue() | ir.Const() | ir.ParamRef() | ir.Resources() | ir.Collection():
            return True
        case ir.Field():
            return _stays(node.value)
        case _:
            return False


def _plain(
    arguments: tuple[RunValue, ...], run: Callable[[Env, tuple[Value, ...]], _Outcome]
) -> Callable[[Env], _Outcome]:
    return lambda env: run(env, tuple([argument(env) for argument in arguments]))


def _kept(
    name: tuple[object, ...], arguments: tuple[RunValue, ...], run: Callable[[Env, tuple[Value, ...]], _Outcome]
) -> Callable[[Env], _Outcome]:
    """Runs once for the same arguments; they are kept too, so that no other object gets the identity of one."""

    def call(env: Env) -> _Outcome:
        values: tuple[Value, ...] = tuple([argument(env) for argument in arguments])
        return env.stack.kept((*name, *map(id, values)), values, lambda: run(env, values))

    return call


def _local(slot: int) -> RunValue:
    def run(env: Env) -> Value:
        value = env.slots[slot]
        assert value is not None and not isinstance(value, Logic)
        return value

    return run


def _and(left: RunTruth, right: RunTruth) -> RunTruth:
    def run(env: Env) -> Logic:
        claim = left(env)
        return claim if claim is NO else both(claim, right(env))

    return run


def _or(left: RunTruth, right: RunTruth) -> RunTruth:
    def run(env: Env) -> Logic:
        claim = left(env)
        return claim if claim is YES else either(claim, right(env))

    return run


def _present(value: Value) -> Guard:
    """Where a value is not absent."""
    return ~where_true(value, lambda plain: isinstance(plain, Absent))


def _origin(value: Value) -> Node | None:
    return next(iter(cases_of(value)))[1].origin


_Calculate = Callable[[Plain, Plain], Value]


def _numbers(operator: Literal["+", "-", "*"]) -> _Calculate:
    def calculate(left: Plain, right: Plain) -> Value:
        first, second = operations.number(left), operations.number(right)
        if first is None or second is None:
            return _no_result(left, right, "not a number")
        result = first + second if operator == "+" else first - second if operator == "-" else first * second
        return Known(int(result) if isinstance(result, float) and result.is_integer() else result)

    return calculate


def _strings(_: str) -> _Calculate:
    def calculate(left: Plain, right: Plain) -> Value:
        if isinstance(left, Known) and isinstance(right, Known) and "{{" not in (joined := left.text + right.text):
            return Known(joined, left.origin)
        if all(isinstance(side, Known | Text | Unknown) for side in (left, right)):
            return make_text((left, right), left.origin)
        return _no_result(left, right, "not a string")

    return calculate


def _lists(_: str) -> _Calculate:
    def calculate(left: Plain, right: Plain) -> Value:
        if isinstance(left, Absent) or isinstance(right, Absent):
            return _no_result(left, right, "")
        is_open = False
        items: list[Item] = []
        for side in (left, right):
            found, unknown = operations.elements(side)
            items.extend(Item(value, guard) for guard, value in found)
            is_open = is_open or unknown is not FALSE
        return ListValue(tuple(items), open=is_open, origin=left.origin)

    return calculate


def _no_result(left: Plain, right: Plain, reason: str) -> Value:
    """What an operation gives whose sides do not fit: absent with an absent side, else unknown."""
    if isinstance(left, Absent) or isinstance(right, Absent):
        return Absent(left.origin or right.origin)
    return Unknown(reason, left.origin)


_CALCULATE: Final = {"number": _numbers, "string": _strings, "list": _lists}


def _aspect(value: Value, name: str, stack: Stack) -> Value:
    def of(plain: Plain) -> Value:
        resource = plain.resource if isinstance(plain, Record) else plain
        if not isinstance(resource, ResourceValue):
            return Unknown("not a resource", plain.origin) if isinstance(plain, Unknown) else Absent(plain.origin)
        if name == "id":
            return Known(resource.resource.logical_id, resource.origin)
        if name == "type":
            return Known(resource.resource.resource_type, resource.origin)
        assert name in _ASPECT_KEYS
        node = resource.resource.node.get(name)
        return Absent(resource.origin) if node is None else stack.resolver.resolve(node)

    return bind(value, of)
