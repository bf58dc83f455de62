"""The policies of a template as records: whichever resource and property they are written in, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.graph.stack import Stack
from stackwarden.iam.document import statement_of, statements
from stackwarden.iam.json_text import read_json
from stackwarden.iam.permissions import PERMISSIONS, written_statement
from stackwarden.iam.places import PLACES, Kind, Place, types_of
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    ListValue,
    MapValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    cases_of,
)

__all__ = [
    "DEVICE_TYPES",
    "IDENTITY_TYPES",
    "LIMIT_TYPES",
    "POLICY",
    "POLICY_TYPES",
    "RESOURCE_TYPES",
    "device_policies",
    "identity_policies",
    "limiting_policies",
    "policies",
    "policies_in",
    "resource_policies",
    "trust_policies",
]

POLICY: Final = "iam.Policy"

IDENTITY_TYPES: Final = types_of("identity")
RESOURCE_TYPES: Final = (*types_of("resource"), *PERMISSIONS)
LIMIT_TYPES: Final = types_of("limit")
DEVICE_TYPES: Final = types_of("device")
POLICY_TYPES: Final = (*PLACES, *PERMISSIONS)


def policies(stack: Stack) -> ListValue:
    """Every policy of the template, of whatever kind, as `iam.Policy` records."""
    return stack.once(
        "iam.policies", lambda: ListValue(tuple(_all(stack, ("identity", "trust", "resource", "limit", "device"))))
    )


def identity_policies(stack: Stack) -> ListValue:
    """Policies that say what an identity may do, inline and managed, as `iam.Policy` records."""
    return stack.once("iam.identity_policies", lambda: ListValue(tuple(_all(stack, ("identity",)))))


def resource_policies(stack: Stack) -> ListValue:
    """Policies that say who may use a resource, as `iam.Policy` records."""
    return stack.once("iam.resource_policies", lambda: ListValue(tuple(_all(stack, ("resource",)))))


def trust_policies(stack: Stack) -> ListValue:
    """Policies that say who may assume a role, as `iam.Policy` records."""
    return stack.once("iam.trust_policies", lambda: ListValue(tuple(_all(stack, ("trust",)))))


def limiting_policies(stack: Stack) -> ListValue:
    """Policies that grant nothing but limit what others grant (of VPC endpoints, sessions, organizations)."""
    return stack.once("iam.limiting_policies", lambda: ListValue(tuple(_all(stack, ("limit",)))))


def device_policies(stack: Stack) -> ListValue:
    """Policies of AWS IoT that say what a device may do, as `iam.Policy` records."""
    return stack.once("iam.device_policies", lambda: ListValue(tuple(_all(stack, ("device",)))))


def policies_in(stack: Stack, resource: ResourceValue, kinds: tuple[Kind, ...]) -> Iterator[Item]:
    """The policies that one resource holds, each under the guard with which it is there; the same at every call."""
    key = f"iam.policies_in {resource.resource.logical_id} {resource.resource.resource_type}"
    for kind, item in stack.once(key, lambda: tuple(_of_resource(resource))):
        if kind in kinds:
            yield item


def _all(stack: Stack, kinds: tuple[Kind, ...]) -> Iterator[Item]:
    types = tuple(dict.fromkeys((*types_of(*kinds), *(PERMISSIONS if "resource" in kinds else ()))))
    for resource in stack.resources(types):
        yield from policies_in(stack, resource, kinds)


def _of_resource(resource: ResourceValue) -> Iterator[tuple[Kind, Item]]:
    resource_type = resource.resource.resource_type
    for place in PLACES.get(resource_type, ()):
        for guard, holder in cases_of(resource.properties):
            for item in _documents(holder, place.path.split("."), place, resource, resource.guard & guard):
                yield place.kind, item
    if resource_type in PERMISSIONS:
        for item in _permission(resource):
            yield "resource", item


def _documents(holder: Plain, steps: list[str], place: Place, resource: ResourceValue, under: Guard) -> Iterator[Item]:
    """Follows the path of a place; what is not known on the way there gives a policy of which nothing is known."""
    if under is FALSE or isinstance(holder, Absent):
        return
    if not isinstance(holder, MapValue):
        if isinstance(holder, Text) or (isinstance(holder, Unknown) and holder.written):
            yield _policy(Unknown("the policy is not known", holder.origin), Absent(), place, resource, under)
        return
    step, *others = steps
    name = step.removesuffix("[*]")
    for guard, plain in cases_of(holder.get(name)):
        there = under & guard
        if name != step:
            yield from _listed(plain, others, place, resource, there)
        elif others:
            yield from _documents(plain, others, place, resource, there)
        elif there is not FALSE and _is_written(plain):
            yield _policy(plain, holder.get(place.label), place, resource, there)


def _listed(plain: Plain, steps: list[str], place: Place, resource: ResourceValue, under: Guard) -> Iterator[Item]:
    if isinstance(plain, ListValue):
        for item in plain.items:
            for guard, element in cases_of(item.value):
                yield from _documents(element, steps, place, resource, under & item.guard & guard)
        if not plain.open:
            return
    if isinstance(plain, ListValue | Text) or (isinstance(plain, Unknown) and plain.written):
        yield from _documents(Unknown("the list is not known", plain.origin), steps, place, resource, under)
    elif isinstance(plain, MapValue):
        yield from _documents(plain, steps, place, resource, under)


def _is_written(plain: Plain) -> bool:
    """Whether there is a document; what a macro may add to an object is not counted as one."""
    return not isinstance(plain, Absent) and (not isinstance(plain, Unknown) or plain.written)


def _policy(document: Plain, name: Value, place: Place, resource: ResourceValue, under: Guard) -> Item:
    read = read_json(document) if isinstance(document, Known | Text) else document
    fields: dict[str, Value] = {
        "name": name,
        "document": read,
        "statements": statements(document, resource),
        "owner": resource,
        "type": Known(resource.resource.resource_type),
        "kind": Known(place.kind),
    }
    return Item(Record(POLICY, fields, resource, document.origin), under)


def _permission(resource: ResourceValue) -> Iterator[Item]:
    """The policy of one statement that a permission stands for."""
    for guard, properties in cases_of(resource.properties):
        there = resource.guard & guard
        if there is FALSE or not isinstance(properties, MapValue):
            continue
        for inner, statement in cases_of(written_statement(resource.resource.resource_type, properties)):
            known = isinstance(statement, MapValue)
            items = (Item(statement_of(statement, 1, resource)),) if isinstance(statement, MapValue) else ()
            fields: dict[str, Value] = {
                "name": Absent(properties.origin),
                "document": properties,
                "statements": ListValue(items, open=not known, origin=properties.origin),
                "owner": resource,
                "type": Known(resource.resource.resource_type),
                "kind": Known("resource"),
            }
            if (there & inner) is not FALSE:
                yield Item(Record(POLICY, fields, resource, properties.origin), there & inner)
