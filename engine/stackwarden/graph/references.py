"""Which resource a value names: by `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join`, or by a literal name or ARN.

A name that CloudFormation generates cannot be spelled in a template, so a literal never names a resource without an
explicit name; a parameter with open values might.
"""

from __future__ import annotations

from typing import Final

from stackwarden.globs import STAR, Glob, overlaps
from stackwarden.graph.candidates import candidates
from stackwarden.graph.names import all_names
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import NO, YES, Logic, decided, either, under
from stackwarden.resolve.questions import ask_both, can_equal, settle
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Hole,
    Item,
    Known,
    ListValue,
    MapValue,
    ParameterHole,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    cases_of,
    fold_cases,
)

__all__ = ["elsewhere", "name_symbols", "refers", "refers_at_length", "targets"]

_ARN_START: Final = tuple("arn:")
_ARN_HEAD: Final = 5
"""`arn`, partition, service, region and account stand before the fifth colon of an ARN."""


def refers(stack: Stack, value: Value, resource: Value) -> Logic:
    """Where `value` names `resource`; a list does where one of its elements does."""
    return _of_cases(stack, value, resource, looked_up=True)


def refers_at_length(stack: Stack, value: Value, resource: Value) -> Logic:
    """The same as `refers`, found without a lookup: what the lookup is tested against."""
    return _of_cases(stack, value, resource, looked_up=False)


def _of_cases(stack: Stack, value: Value, resource: Value, *, looked_up: bool) -> Logic:
    outcome = NO
    for guard, plain in cases_of(resource):
        if isinstance(plain, Record) and plain.resource is not None:
            plain = plain.resource
        if isinstance(plain, ResourceValue):
            possible = candidates(stack, value) if looked_up else None
            if possible is not None and not possible.open and plain.resource.logical_id not in possible.ids:
                continue
            claim = _refers(stack, value, plain)
            outcome = either(outcome, under(guard, claim))
        elif isinstance(plain, Unknown | Text):
            outcome = either(outcome, decided(FALSE, ~guard))
    return outcome


def targets(stack: Stack, value: Value, types: tuple[str, ...]) -> Value:
    """A list of the resources of the given types (none: any) that a value names; open where it may name others."""
    items: list[Item] = []
    unknown = elsewhere(stack, value)
    for resource in _possible(stack, value, types):
        claim = _refers(stack, value, resource)
        guard = claim.true & resource.guard
        if guard is not FALSE:
            items.append(Item(resource, guard))
        unknown = unknown | (resource.guard & claim.unknown)
    found = tuple(items)
    return fold_cases(((unknown, ListValue(found, open=True)), (~unknown, ListValue(found))))


def _possible(stack: Stack, value: Value, types: tuple[str, ...]) -> list[ResourceValue]:
    """The resources of some types that a value may name, in the order of the text."""
    possible = candidates(stack, value)
    if possible.open:
        return stack.present(types)
    return stack.some_resources(possible.ids, types)


def _refers(stack: Stack, value: Value, resource: ResourceValue) -> Logic:
    if isinstance(value, Text) and len(value.parts) == 1 and isinstance(value.parts[0], AttributeHole):
        if value.parts[0].logical_id == resource.resource.logical_id:
            return YES
        if _is_another(stack, value, resource):
            return NO
    identities = all_names(stack, resource)

    def one(plain: Plain, identity: Plain) -> bool | None:
        if _is_another(stack, plain, resource):
            return False
        return _names(plain, resource.resource.logical_id, identity)

    outcome = NO
    for guard, plain in cases_of(value):
        claim = NO
        if isinstance(plain, ListValue):
            for item in plain.items:
                inner = _refers(stack, item.value, resource)
                claim = either(claim, under(item.guard, inner))
            if plain.open:
                claim = decided(claim.true, FALSE)
        elif isinstance(plain, MapValue | Absent | Record):
            claim = NO
        else:
            for identity in (Absent(), *identities):
                claim = either(claim, ask_both(plain, identity, one, stack.domains))
        outcome = either(outcome, under(guard, claim))
    return outcome


def _names(plain: Plain, logical_id: str, identity: Plain) -> bool | None:
    """Whether a value names a resource that is also called `identity` (absent: by nothing but its logical id)."""
    match plain:
        case ResourceValue():
            return plain.resource.logical_id == logical_id
        case Text() if any(isinstance(hole, AttributeHole) and hole.logical_id == logical_id for hole in plain.holes):
            return True
        case Unknown():
            if any(mentioned == logical_id for mentioned, _ in plain.mentions):
                return True
            return False if plain.mentions else None
        case Known() | Text():
            if isinstance(identity, Known | Text):
                return _same_name(plain, identity)
            if isinstance(identity, Unknown):
                return None
            return None if isinstance(plain, Text) and _splittable(plain) else False
        case _:
            return False


def _is_another(stack: Stack, plain: Plain, resource: ResourceValue) -> bool:
    """Whether a value is the name or ARN of another resource of the same type: two of them never share it."""
    match plain:
        case Text(parts=(AttributeHole() as hole, *others)) if hole.logical_id != resource.resource.logical_id and (
            hole.attribute == "Arn" or (hole.attribute == "" and not others)
        ):
            other = stack.resource(hole.logical_id)
            return other is not None and other.resource.resource_type == resource.resource.resource_type
        case _:
            return False


def _splittable(text: Text) -> bool:
    """Whether a text has parts that may still turn out to mention a resource."""
    return any(not isinstance(hole, AttributeHole | ParameterHole) for hole in text.holes)


def _same_name(left: Known | Text, right: Known | Text) -> bool | None:
    mine, other = name_symbols(left), name_symbols(right)
    holes = [symbol for symbol in (*mine, *other) if not isinstance(symbol, str)]
    if mine == other and all(isinstance(hole, ParameterHole) for hole in holes):
        return True
    if not holes or not overlaps(_name_glob(mine), _name_glob(other)):
        return False
    if all(isinstance(hole, str) or _is_pseudo(hole) for hole in mine) and (
        _is_made_up(other) or (other[:4] == _ARN_START and mine[:4] != _ARN_START)
    ):
        return False  # a pseudo parameter is no name, and no beginning of an ARN
    return False if _excluded(left, right) or _excluded(right, left) else None


def _excluded(known: Known | Text, text: Known | Text) -> bool:
    """Whether a text that is no ARN differs from a literal because its parameter has any other value."""
    if not isinstance(known, Known) or not isinstance(text, Text) or known.text.startswith("arn:"):
        return False
    return not can_equal(text, known.text)


def name_symbols(plain: Known | Text) -> tuple[str | Hole, ...]:
    """The name as characters and holes: a resource's attribute is one symbol of its own.

    In an ARN the partition, region and account count as those of the stack.
    """
    symbols: list[str | Hole] = []
    for part in (plain.text,) if isinstance(plain, Known) else plain.parts:
        if isinstance(part, str):
            symbols.extend(part)
        elif isinstance(part, AttributeHole):
            symbols.append(f"\0{part.logical_id}.{part.attribute}")
        else:
            symbols.append(part)
    if tuple(symbols[:4]) != _ARN_START or symbols.count(":") < _ARN_HEAD:
        return tuple(symbols)
    colons = [index for index, symbol in enumerate(symbols) if symbol == ":"][:_ARN_HEAD]
    service = symbols[colons[1] + 1 : colons[2]]
    return (*"arn::", *service, *":::", *symbols[colons[4] + 1 :])


def _name_glob(symbols: tuple[str | Hole, ...]) -> Glob:
    return tuple(symbol if isinstance(symbol, str) else STAR for symbol in symbols)


def elsewhere(stack: Stack, value: Value) -> Guard:
    """Where the value may name a resource that the template does not have; a literal does so in an excerpt only."""
    found: Guard = FALSE
    for guard, plain in settle(value, stack.domains):
        match plain:
            case Unknown():
                if not plain.mentions:
                    found = found | guard
            case Text():
                if not any(isinstance(hole, AttributeHole) for hole in plain.holes) and not _only_pseudo(plain):
                    found = found | guard
            case ListValue():
                if plain.open:
                    found = found | guard
                for item in plain.items:
                    found = found | (guard & item.guard & elsewhere(stack, item.value))
            case Known() if stack.excerpt is not None and not _is_of_aws(plain):
                found = found | (guard & ~_here(stack, plain))
            case _:
                pass
    return found


def _here(stack: Stack, name: Known) -> Guard:
    """Where a literal names a resource that the template has."""
    found: Guard = FALSE
    for resource in stack.some_resources(candidates(stack, name).ids):
        found = found | (resource.guard & _refers(stack, name, resource).true)
    return found


def _is_of_aws(name: Known) -> bool:
    """Whether a name is the ARN of something that AWS provides, such as a managed policy: nobody deploys it."""
    return name.text.split(":")[4:5] == ["aws"]


def _only_pseudo(text: Text) -> bool:
    return all(_is_pseudo(hole) for hole in text.holes)


def _is_pseudo(hole: Hole) -> bool:
    """Whether a part of a text is a pseudo parameter: what it can be names no resource."""
    return isinstance(hole, ParameterHole) and hole.token


def _is_made_up(symbols: tuple[str | Hole, ...]) -> bool:
    """Whether a name has a part that CloudFormation makes up."""
    return any(isinstance(symbol, str) and symbol.startswith("\0") for symbol in symbols)
