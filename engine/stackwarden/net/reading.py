"""Reading properties of resources and fields of rules, whatever their values depend on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stackwarden.graph.references import refers
from stackwarden.graph.stack import Stack
from stackwarden.resolve import reading
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import NO, Logic, decided, under
from stackwarden.resolve.questions import ask, same_text
from stackwarden.resolve.reading import read
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
    Known,
    ListValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    cases_of,
)

__all__ = ["elements", "is_same_id", "is_true", "of_rules", "property_of", "resources_named"]


def property_of(resource: ResourceValue, name: str) -> Value:
    """A property of a resource."""
    return read(resource.properties, name)


def elements(value: Value) -> Iterator[tuple[Guard, Plain | None]]:
    """The elements of a list; None for those that the template does not determine. A single value is one element."""
    for guard, plain in cases_of(value):
        match plain:
            case ListValue():
                for item in plain.items:
                    for inner, one in cases_of(item.value):
                        if (there := guard & item.guard & inner) is not FALSE:
                            yield there, one
                if plain.open:
                    yield guard, None
            case Unknown() | Text():
                yield guard, None
            case Absent():
                pass
            case _:
                yield guard, plain


def of_rules(rule: Value, claim: Callable[[Record], Logic]) -> Logic:
    """A claim about each case of a rule; of what is no rule it is unknown."""
    true, false = FALSE, FALSE
    for guard, plain in cases_of(rule):
        if isinstance(plain, Record):
            one = claim(plain)
            true, false = true | (guard & one.true), false | (guard & one.false)
    return decided(true, false)


def resources_named(stack: Stack, value: Value, types: tuple[str, ...]) -> list[tuple[ResourceValue, Logic]]:
    """The resources of some types that a value names, and where it does; those that it does not name are left out."""
    found: list[tuple[ResourceValue, Logic]] = []
    for resource in stack.resources(types):
        named = under(resource.guard, refers(stack, value, resource))
        if named is not NO:
            found.append((resource, named))
    return found


def is_true(stack: Stack, value: Value) -> Logic:
    """Where a value is the boolean true."""
    return ask(value, reading.is_true, stack.domains)


def is_same_id(left: Plain, right: Plain) -> bool | None:
    """Whether two values are the same id. An id that CloudFormation makes up cannot be spelled in a template."""
    match left, right:
        case Known(), Known():
            return left.text == right.text
        case Text(parts=(AttributeHole() as mine,)), Text(parts=(AttributeHole() as other,)):
            return mine.logical_id == other.logical_id and _is_same_attribute(mine.attribute, other.attribute)
        case (Known(), Text(parts=(AttributeHole(),))) | (Text(parts=(AttributeHole(),)), Known()):
            return False
        case Text(), Text():
            return same_text(left, right)
        case _:
            return None


def _is_same_attribute(left: str, right: str) -> bool | None:
    """`Ref` of a resource is its id, which `Fn::GetAtt` gives as `Id`, `GroupId` and the like."""
    if left == right or (left.endswith("Id") and right == "") or (left == "" and right.endswith("Id")):
        return True
    return None
