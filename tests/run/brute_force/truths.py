"""Whether a condition of a rule holds in one world: three-valued, written from the docs of the language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import product
from typing import assert_never

from run.brute_force.rules import (
    FUNCTION,
    Both,
    Claim,
    Compare,
    Count,
    DefaultTo,
    Either,
    Exactly,
    Expr,
    Implies,
    IsState,
    Like,
    Listed,
    Member,
    Negated,
    Path,
    Quantified,
    Refers,
    Resources,
    Targets,
)
from run.brute_force.values import (
    MISSING,
    Fields,
    Hole,
    Items,
    Link,
    Missing,
    Pieces,
    Undetermined,
    Value,
    can_be,
    equals,
)
from run.brute_force.world import World

__all__ = ["truth"]

Env = Mapping[str, Value | Link]
"""What variables hold: values, or resources as links."""


def truth(claim: Claim, env: Env, world: World) -> bool | None:
    """Whether a claim holds; None where that is not known."""
    match claim:
        case Compare():
            return _compare(claim, _value(claim.left, env, world), _value(claim.right, env, world))
        case Member():
            answer = _member(_value(claim.item, env, world), _value(claim.container, env, world))
            return _not(answer) if claim.operator == "not in" else answer
        case IsState():
            return _state(_value(claim.path, env, world), claim.state)
        case Like():
            return _like(_value(claim.path, env, world), claim.pattern)
        case Refers():
            resource = env[claim.variable]
            assert isinstance(resource, Link)
            return _names(_value(claim.path, env, world), resource.logical_id, world)
        case Quantified():
            return _quantified(claim, env, world)
        case Negated():
            return _not(truth(claim.claim, env, world))
        case Both():
            return _and(truth(claim.left, env, world), truth(claim.right, env, world))
        case Either():
            return _or(truth(claim.left, env, world), truth(claim.right, env, world))
        case Implies():
            return _or(_not(truth(claim.left, env, world)), truth(claim.right, env, world))
        case _:
            assert_never(claim)


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _and(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def _or(left: bool | None, right: bool | None) -> bool | None:
    return _not(_and(_not(left), _not(right)))


def _value(expr: Expr, env: Env, world: World) -> Value:
    match expr:
        case Path():
            return _read(expr, env, world)
        case Exactly(value=bool()):
            return "true" if expr.value else "false"
        case Exactly():
            return expr.value
        case Listed():
            return Items(expr.values)
        case DefaultTo():
            value = _read(expr.path, env, world)
            return expr.fallback if isinstance(value, Missing) else value
        case Count():
            elements, more = _elements(_read(expr.path, env, world))
            return Undetermined() if more else len(elements)
        case _:
            assert_never(expr)


def _read(path: Path, env: Env, world: World) -> Value:
    start = env[path.variable]
    if isinstance(start, Link) and path.names[:1] and path.names[0].startswith("@"):
        return world.beside(start.logical_id, path.names[0][1:])
    value = world.properties(start.logical_id) if isinstance(start, Link) else start
    for name in path.names:
        match value:
            case Fields():
                value = value.get(name)
            case Undetermined() | Pieces():
                value = Undetermined(written=False)
            case _:
                value = MISSING
    return value


def _compare(claim: Compare, left: Value, right: Value) -> bool | None:
    if claim.operator in ("==", "!="):
        same = _same_number(left, right) if claim.numbers else equals(left, right)
        return _not(same) if claim.operator == "!=" else same
    if isinstance(left, Missing) or isinstance(right, Missing):
        return False
    low, high = (left, right) if claim.operator in ("<", "<=") else (right, left)
    if not isinstance(low, str | int) or not isinstance(high, str | int):
        return None
    return float(low) <= float(high) if "=" in claim.operator else float(low) < float(high)


def _same_number(left: Value, right: Value) -> bool | None:
    if isinstance(left, Missing) or isinstance(right, Missing):
        return False
    if isinstance(left, str | int) and isinstance(right, str | int):
        return float(left) == float(right)
    return None


def _elements(value: Value) -> tuple[tuple[Value, ...], bool]:
    """The elements that are known, and whether there may be others; a single value is a list of one."""
    match value:
        case Items():
            return value.items, value.more
        case Undetermined():
            return (), True
        case Missing():
            return (), False
        case _:
            return (value,), False


def _member(item: Value, container: Value) -> bool | None:
    elements, more = _elements(container)
    answer: bool | None = False
    for element in elements:
        answer = _or(answer, equals(item, element))
    return _or(answer, _and(None, _state(item, "present"))) if more else answer


def _state(value: Value, state: str) -> bool | None:
    match state:
        case "present":
            if isinstance(value, Undetermined):
                return True if value.written else None
            return not isinstance(value, Missing)
        case "absent":
            return _not(_state(value, "present"))
        case "empty":
            return _is_empty(value)
        case _:
            return _not(_is_empty(value))


def _is_empty(value: Value) -> bool | None:
    match value:
        case Missing():
            return True
        case str():
            return value == ""
        case Items():
            return False if value.items else None if value.more else True
        case Pieces():
            return None if can_be(value, "") else False
        case Undetermined():
            return None
        case _:
            return False


_SAMPLES = ("", "a", "b", "c", "q", "zz", "-", "azz", "zzb", "q-q", "azzb")


@lru_cache(maxsize=100_000)
def _like(value: Value, pattern: str) -> bool | None:
    """Whether a glob fits; a text with holes is tried with samples that can tell the patterns of these tests apart."""
    expression = re.compile(
        "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    )
    match value:
        case str() | int():
            return expression.fullmatch(str(value)) is not None
        case Undetermined():
            return None
        case Pieces():
            answers = {expression.fullmatch(text) is not None for text in _possible(value, _is_sample)}
            if len(answers) == 1:
                return answers.pop()
            fitting = [text for text in _possible(value, _is_within) if expression.fullmatch(text) is not None]
            return None if fitting else False
        case _:
            return False


def _possible(value: Pieces, may_be: Callable[[Hole, str], bool]) -> list[str]:
    names = tuple(dict.fromkeys(part for part in value.parts if not isinstance(part, str)))
    choices = [[sample for sample in _SAMPLES if not isinstance(name, Hole) or may_be(name, sample)] for name in names]
    return [
        "".join(part if isinstance(part, str) else dict(zip(names, chosen, strict=True))[part] for part in value.parts)
        for chosen in product(*choices)
    ]


def _is_sample(hole: Hole, sample: str) -> bool:
    """Whether a hole may be a sample; to a glob, a pseudo parameter is any text that is not empty."""
    return sample not in hole.excluded and (sample != "" or re.fullmatch(hole.pattern, "") is not None)


def _is_within(hole: Hole, sample: str) -> bool:
    """Whether a hole's pattern takes a sample; the values that it cannot have are no matter of the pattern."""
    return hole.name.startswith("AWS::") or re.fullmatch(hole.pattern, sample) is not None


def _names(value: Value, logical_id: str, world: World) -> bool | None:
    """Whether a value names a Lambda function: by reference, or by its name or ARN as text."""
    properties = world.properties(logical_id)
    own = properties.get("FunctionName") if isinstance(properties, Fields) else MISSING
    match value:
        case Pieces() if any(isinstance(part, Link) and part.logical_id == logical_id for part in value.parts):
            return True
        case Pieces() if any(isinstance(part, Link) for part in value.parts):
            return False
        case Pieces() if _may_be_anything(value):
            return True if equals(value, own) else None
        case Undetermined():
            return None
        case str() | int() | Pieces():  # nobody writes a name that CloudFormation makes up, nor a part of it
            return equals(value, own)
        case _:
            return False


def _may_be_anything(value: Pieces) -> bool:
    """Whether a text may be a name that CloudFormation makes up: it is an open parameter or comes from elsewhere."""
    open_parts = [part for part in value.parts if isinstance(part, Hole) and not part.name.endswith(_PSEUDO)]
    return len(value.parts) == 1 and bool(open_parts)


_PSEUDO = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackName")


def _quantified(claim: Quantified, env: Env, world: World) -> bool | None:
    elements, more = _walked(claim.collection, env, world)
    answer: bool | None = False
    for element in elements:
        answer = _or(answer, _decides(claim, {**env, claim.variable: element}, world))
    if more:  # there may be an element of which nothing is known; what holds for any value holds for it too
        answer = _or(answer, _and(None, _decides(claim, {**env, claim.variable: Undetermined()}, world)))
    return answer if claim.kind == "some" else _not(answer)


def _decides(claim: Quantified, env: Env, world: World) -> bool | None:
    """Whether an element is a witness: for `some` and `no`, or against `every`."""
    where = True if claim.where is None else truth(claim.where, env, world)
    body = truth(claim.body, env, world)
    return _and(where, _not(body) if claim.kind == "every" else body)


def _walked(collection: Path | Resources | Targets, env: Env, world: World) -> tuple[tuple[Value | Link, ...], bool]:
    match collection:
        case Path():
            return _elements(_read(collection, env, world))
        case Resources():
            return tuple(Link(one) for one in world.resources(collection.resource_type)), False
        case Targets():
            value = _read(collection.path, env, world)
            answers = {one: _names(value, one, world) for one in world.resources(FUNCTION)}
            certain = tuple(Link(one) for one, answer in answers.items() if answer)
            elsewhere = isinstance(value, Undetermined) or (
                isinstance(value, Pieces)
                and not any(isinstance(part, Link) for part in value.parts)
                and any(isinstance(part, Hole) and not part.name.endswith(_PSEUDO) for part in value.parts)
            )
            return certain, elsewhere or None in answers.values()
        case _:
            assert_never(collection)
