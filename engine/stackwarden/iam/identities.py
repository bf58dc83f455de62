"""Which policies an identity has: its own, those attached to it from either side, those of its groups, its boundary.

A policy that names its roles by a parameter is taken for one about other roles. Source: IAM User Guide, *Managed
policies and inline policies*, *Permissions boundaries for IAM entities*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from stackwarden.graph.references import targets
from stackwarden.graph.stack import Stack
from stackwarden.iam.attachments import POLICY, policies_in
from stackwarden.iam.document import as_list, statements
from stackwarden.iam.managed import MANAGED, managed_document, managed_name
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.questions import settle
from stackwarden.resolve.values import (
    Absent,
    AttributeHole,
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
    bind,
    cases_of,
    fold_cases,
)

__all__ = ["AWS_MANAGED", "IDENTITIES", "Held", "boundary_of", "held_policies", "policies_of"]

AWS_MANAGED: Final = "AWS managed policy"
"""The `type` of the record of a policy that AWS manages."""

_MEMBERS: Final = {
    "AWS::IAM::Role": ("Roles", "RoleName"),
    "AWS::IAM::User": ("Users", "UserName"),
    "AWS::IAM::Group": ("Groups", "GroupName"),
}
_STANDALONE: Final = (
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
IDENTITIES: Final = (*_MEMBERS, "AWS::SSO::PermissionSet")
_MANAGED_LISTS: Final = ("ManagedPolicyArns", "ManagedPolicies")


@dataclass(frozen=True, slots=True)
class Held:
    """The policies of an identity as guarded `iam.Policy` records, and where it may have more."""

    policies: tuple[Item, ...]
    unknown: Guard = FALSE


@dataclass(slots=True)
class _Found:
    """What is being collected for one identity."""

    guards: dict[Record, Guard] = field(default_factory=dict)
    unknown: Guard = FALSE

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(Item(policy, guard) for policy, guard in self.guards.items())

    def add(self, item: Item, under: Guard = TRUE) -> None:
        guard = item.guard & under
        if guard is not FALSE and isinstance(item.value, Record):
            self.guards[item.value] = self.guards.get(item.value, FALSE) | guard


def policies_of(stack: Stack, identity: Value) -> Value:
    """The policies of a role, user, group or permission set as a list of `iam.Policy` records.

    Of a policy record, that policy. The list is open where policies may be attached that the template lacks.
    """

    def one(plain: Plain) -> Value:
        if isinstance(plain, Unknown | Text):
            return ListValue((), open=True, origin=plain.origin)
        held = held_policies(stack, plain)
        whole = ListValue(held.policies, origin=plain.origin)
        return fold_cases(
            ((held.unknown, ListValue(held.policies, open=True, origin=plain.origin)), (~held.unknown, whole))
        )

    return bind(identity, one)


def held_policies(stack: Stack, identity: Plain) -> Held:
    """The policies of an identity; of a policy record that policy, of anything else none."""
    match identity:
        case Record() if identity.kind == POLICY:
            return Held((Item(identity),))
        case ResourceValue() if identity.resource.resource_type in IDENTITIES:
            return stack.once(f"iam.held {identity.resource.logical_id}", lambda: _held(stack, identity))
        case ResourceValue():
            return Held(tuple(policies_in(stack, identity, ("identity",))))
        case _:
            return Held(())


def boundary_of(stack: Stack, identity: Value) -> Value:
    """The policy that is the permissions boundary of a role or user: an `iam.Policy` record, absent, or unknown."""

    def one(plain: Plain) -> Value:
        if not isinstance(plain, ResourceValue):
            return Absent(plain.origin)
        boundary = bind(plain.properties, _boundary_property)
        return bind(boundary, lambda arn: arn if isinstance(arn, Absent) else _boundary(stack, arn, plain))

    return bind(identity, one)


def _boundary_property(properties: Plain) -> Value:
    return properties.get("PermissionsBoundary") if isinstance(properties, MapValue) else Absent(properties.origin)


def _boundary(stack: Stack, arn: Plain, identity: ResourceValue) -> Value:
    found = _Found()
    _attach(stack, arn, identity, TRUE, found)
    unknown = Unknown("the boundary is not in the template", arn.origin)
    if found.unknown is not FALSE or not found.items:
        return unknown
    rest: Guard = TRUE
    cases: list[tuple[Guard, Value]] = []
    for item in found.items:
        cases.append((item.guard & rest, item.value))
        rest = rest & ~item.guard
    return fold_cases((*cases, (rest, unknown)))


def _held(stack: Stack, identity: ResourceValue) -> Held:
    found = _Found()
    for item in policies_in(stack, identity, ("identity",)):
        found.add(item)
    index = stack.once("iam.attached", lambda: _attached(stack))
    for item in index.get(identity.resource.logical_id, ()):
        found.add(item)
    for guard, properties in cases_of(identity.properties):
        if isinstance(properties, MapValue):
            _attach_all(stack, properties, identity, guard, found)
    if identity.resource.resource_type == "AWS::IAM::User":
        for group in _groups_of(stack, identity, found):
            assert isinstance(group.value, ResourceValue)  # groups of the template
            held = held_policies(stack, group.value)
            for item in held.policies:
                found.add(item, group.guard)
            found.unknown = found.unknown | (group.guard & held.unknown)
    return Held(found.items, found.unknown)


def _attached(stack: Stack) -> dict[str, list[Item]]:
    """The policies that name the identities they are attached to, by the logical id of the identity."""
    index: dict[str, list[Item]] = {}
    for policy in stack.resources(_STANDALONE):
        for guard, properties in cases_of(policy.properties):
            if not isinstance(properties, MapValue):
                continue
            for resource_type, names in _MEMBERS.items():
                for name in names:
                    for member in _targets(stack, properties.get(name), resource_type):
                        assert isinstance(member.value, ResourceValue)  # members are resources of the template
                        items = index.setdefault(member.value.resource.logical_id, [])
                        items.extend(
                            Item(item.value, item.guard & guard & member.guard)
                            for item in policies_in(stack, policy, ("identity",))
                        )
    return index


def _targets(stack: Stack, value: Value, resource_type: str) -> Iterator[Item]:
    """The resources of a type that a value or the elements of a list name, with their guards."""
    for guard, plain in cases_of(value):
        if isinstance(plain, ListValue):
            for item in plain.items:
                for found in _targets(stack, item.value, resource_type):
                    yield Item(found.value, guard & item.guard & found.guard)
            continue
        direct = _direct(stack, plain, resource_type)
        if direct is not None:
            yield Item(direct, guard)
        elif isinstance(plain, Known | Text):
            for inner, listed in cases_of(targets(stack, plain, (resource_type,))):
                if isinstance(listed, ListValue):
                    yield from (Item(item.value, guard & inner & item.guard) for item in listed.items)


def _direct(stack: Stack, plain: Plain, resource_type: str) -> ResourceValue | None:
    """The resource that a bare `Ref` or `Fn::GetAtt` is of."""
    if isinstance(plain, Text) and len(plain.parts) == 1 and isinstance(plain.parts[0], AttributeHole):
        resource = stack.resource(plain.parts[0].logical_id)
        if resource is not None and resource.resource.resource_type == resource_type:
            return resource
    return None


def _attach_all(stack: Stack, properties: MapValue, identity: ResourceValue, under: Guard, found: _Found) -> None:
    for name in _MANAGED_LISTS:
        for guard, listed in cases_of(as_list(properties.get(name))):
            if not isinstance(listed, ListValue):
                continue
            if listed.open:
                found.unknown = found.unknown | (under & guard)
            for item in listed.items:
                for inner, arn in settle(item.value, stack.domains):
                    _attach(stack, arn, identity, under & guard & item.guard & inner, found)
    references = properties.get("CustomerManagedPolicyReferences")
    for guard, plain in cases_of(references):
        if not isinstance(plain, Absent):
            found.unknown = found.unknown | (under & guard)


def _attach(stack: Stack, arn: Plain, identity: ResourceValue, under: Guard, found: _Found) -> None:
    """Adds the policy that an ARN names, or notes that it is not in the template."""
    if under is FALSE or isinstance(arn, Absent):
        return
    name = managed_name(_spelled(arn))
    if name is not None:
        found.add(Item(_managed(name, arn, identity), under))
        return
    rest = under
    for target in _targets(stack, arn, "AWS::IAM::ManagedPolicy"):
        assert isinstance(target.value, ResourceValue)  # targets are resources of the template
        for item in policies_in(stack, target.value, ("identity",)):
            found.add(item, under & target.guard)
        rest = rest & ~target.guard
    found.unknown = found.unknown | rest


def _spelled(arn: Plain) -> str:
    """An ARN whose only open part is the partition; empty for all others."""
    match arn:
        case Known():
            return arn.text
        case Text(parts=("arn:", ParameterHole(variable="AWS::Partition"), str() as rest)):
            return f"arn:aws{rest}"
        case _:
            return ""


def _managed(name: str, arn: Plain, identity: ResourceValue) -> Record:
    known = MANAGED.get(name)
    document: Plain = Unknown("a policy that AWS manages", arn.origin)
    if known is not None and arn.origin is not None:
        document = managed_document(known, arn.origin)
    fields: dict[str, Value] = {
        "name": Known(name, arn.origin),
        "document": document,
        "statements": statements(document, identity),
        "owner": identity,
        "type": Known(AWS_MANAGED),
        "kind": Known("identity"),
    }
    return Record(POLICY, fields, identity, arn.origin)


def _groups_of(stack: Stack, user: ResourceValue, found: _Found) -> Iterator[Item]:
    for guard, properties in cases_of(user.properties):
        if isinstance(properties, MapValue):
            for inner, listed in cases_of(as_list(properties.get("Groups"))):
                if isinstance(listed, ListValue):
                    for item in listed.items:
                        groups = list(_targets(stack, item.value, "AWS::IAM::Group"))
                        there = guard & inner & item.guard
                        yield from (Item(group.value, group.guard & there) for group in groups)
                        found.unknown = found.unknown | (there if not groups else FALSE)
                    found.unknown = found.unknown | (guard & inner if listed.open else FALSE)
    for addition in stack.resources(("AWS::IAM::UserToGroupAddition",)):
        for guard, properties in cases_of(addition.properties):
            if isinstance(properties, MapValue):
                users = _targets(stack, properties.get("Users"), "AWS::IAM::User")
                there = addition.guard & guard
                for member in users:
                    if member.value == user:
                        for group in _targets(stack, properties.get("GroupName"), "AWS::IAM::Group"):
                            yield Item(group.value, there & member.guard & group.guard)
