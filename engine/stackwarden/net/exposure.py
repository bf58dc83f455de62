"""What the internet can reach: a public address, in a subnet that may be public, behind a group that lets everyone in.

Sources: CloudFormation Template Reference, the resource types named below; Amazon VPC User Guide, *Public IPv4
addresses*; Elastic Load Balancing User Guide, *Load balancer scheme*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from stackwarden.graph.references import refers
from stackwarden.graph.stack import Stack
from stackwarden.net.peers import is_open_to_world
from stackwarden.net.reading import elements, is_true, property_of, resources_named
from stackwarden.net.security_groups import ingress_rules
from stackwarden.net.subnets import SUBNET, is_public_subnet
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.logic import MAYBE, NO, Logic, both, decided, either, negate, under
from stackwarden.resolve.questions import ask
from stackwarden.resolve.reading import is_present, read
from stackwarden.resolve.values import (
    Absent,
    Known,
    ListValue,
    MapValue,
    Plain,
    ResourceValue,
    Text,
    Unknown,
    Value,
    bind,
    cases_of,
)

__all__ = ["EXPOSED_TYPES", "is_exposed"]

_GROUP: Final = "AWS::EC2::SecurityGroup"


def is_exposed(stack: Stack, resource: Value) -> Logic:
    """Where the internet reaches a resource: an instance, load balancer or database; false for other types."""
    true, false = FALSE, FALSE
    for guard, plain in cases_of(resource):
        claim = MAYBE
        if isinstance(plain, ResourceValue):
            claim = _of_resource(stack, plain)
        elif isinstance(plain, Absent):
            claim = NO
        true, false = true | (guard & claim.true), false | (guard & claim.false)
    return decided(true, false)


def _of_resource(stack: Stack, resource: ResourceValue) -> Logic:
    judge = _JUDGES.get(resource.resource.resource_type)
    if judge is None:
        return NO
    return stack.once(f"net.exposed {resource.resource.logical_id}", lambda: judge(stack, resource))


def _instance(stack: Stack, instance: ResourceValue) -> Logic:
    outcome = both(
        _has_address(stack, instance, instance.properties, "SubnetId"),
        _lets_in(stack, instance.properties, ("SecurityGroupIds", "SecurityGroups")),
    )
    for guard, interface in elements(property_of(instance, "NetworkInterfaces")):
        if interface is None:
            return either(outcome, decided(FALSE, ~guard))
        if isinstance(interface, MapValue):
            addressed = _has_address(stack, instance, interface, "SubnetId")
            outcome = either(outcome, under(guard, both(addressed, _lets_in(stack, interface, ("GroupSet",)))))
    return outcome


def _has_address(stack: Stack, instance: ResourceValue, holder: Value, subnet_name: str) -> Logic:
    """Where an instance or interface has a public address in a subnet that leads to the internet."""
    subnet = read(holder, subnet_name)
    asked = read(holder, "AssociatePublicIpAddress")
    says = ask(asked, is_present, stack.domains)
    by_subnet = both(negate(says), _maps_addresses(stack, subnet))
    addressed = either(either(is_true(stack, asked), by_subnet), _has_elastic_address(stack, instance))
    placed = either(is_public_subnet(stack, subnet), both(negate(ask(subnet, is_present, stack.domains)), MAYBE))
    return both(addressed, placed)


def _maps_addresses(stack: Stack, subnet: Value) -> Logic:
    outcome, known = NO, NO
    for resource, named in resources_named(stack, subnet, (SUBNET,)):
        known = either(known, named)
        outcome = either(outcome, both(named, is_true(stack, property_of(resource, "MapPublicIpOnLaunch"))))
    return either(outcome, both(negate(known), MAYBE))


def _has_elastic_address(stack: Stack, instance: ResourceValue) -> Logic:
    outcome = NO
    for address in stack.resources(("AWS::EC2::EIP", "AWS::EC2::EIPAssociation")):
        named = refers(stack, property_of(address, "InstanceId"), instance)
        outcome = either(outcome, under(address.guard, named))
    return outcome


def _balancer(stack: Stack, balancer: ResourceValue) -> Logic:
    """A load balancer that faces the internet is in public subnets, or it would be of no use."""
    faces = negate(ask(property_of(balancer, "Scheme"), _is_internal_scheme, stack.domains))
    kind = ask(property_of(balancer, "Type"), lambda plain: _is_word(plain, "network"), stack.domains)
    groups = property_of(balancer, "SecurityGroups")
    groupless = both(kind, negate(ask(groups, is_present, stack.domains)))
    return both(faces, either(groupless, _lets_in(stack, balancer.properties, ("SecurityGroups",))))


def _database(*groups: str, default: bool = False) -> Callable[[Stack, ResourceValue], Logic]:
    def judge(stack: Stack, database: ResourceValue) -> Logic:
        said = property_of(database, "PubliclyAccessible")
        public = is_true(
            stack, bind(said, lambda plain: Known(True) if default and isinstance(plain, Absent) else plain)
        )
        return both(public, _lets_in(stack, database.properties, groups))

    return judge


def _lets_in(stack: Stack, holder: Value, names: tuple[str, ...]) -> Logic:
    """Where a security group of a resource lets the whole internet in; groups of another stack may do so."""
    outcome = NO
    for name in names:
        for guard, plain in cases_of(read(holder, name)):
            outcome = either(outcome, under(guard, _groups_let_in(stack, plain)))
    return outcome


def _groups_let_in(stack: Stack, groups: Plain) -> Logic:
    match groups:
        case Absent():
            return NO  # the default group of the VPC, which lets only its own members in
        case ListValue():
            outcome = MAYBE if groups.open else NO
            for item in groups.items:
                for guard, plain in cases_of(item.value):
                    outcome = either(outcome, under(item.guard & guard, _groups_let_in(stack, plain)))
            return outcome
        case _:
            outcome, known = NO, NO
            for group, named in resources_named(stack, groups, (_GROUP,)):
                known = either(known, named)
                outcome = either(outcome, both(named, _has_open_rule(stack, group)))
            return either(outcome, both(negate(known), MAYBE))


def _has_open_rule(stack: Stack, group: ResourceValue) -> Logic:
    def make() -> Logic:
        outcome = NO
        for item in ingress_rules(stack).items:
            for guard, rule in cases_of(item.value):
                own = refers(stack, read(rule, "group"), group)
                if own is not NO:
                    outcome = either(outcome, under(item.guard & guard, both(own, is_open_to_world(stack, rule))))
        return outcome

    return stack.once(f"net.open {group.resource.logical_id}", make)


def _is_internal_scheme(plain: Plain) -> bool | None:
    return _is_word(plain, "internal")


def _is_word(plain: Plain, word: str) -> bool | None:
    match plain:
        case Known():
            return plain.text == word
        case Text() | Unknown():
            return None
        case _:
            return False


_JUDGES: Final[Mapping[str, Callable[[Stack, ResourceValue], Logic]]] = MappingProxyType(
    {
        "AWS::EC2::Instance": _instance,
        "AWS::ElasticLoadBalancing::LoadBalancer": _balancer,
        "AWS::ElasticLoadBalancingV2::LoadBalancer": _balancer,
        "AWS::RDS::DBInstance": _database("VPCSecurityGroups"),
        "AWS::RDS::DBCluster": _database("VpcSecurityGroupIds"),
        "AWS::Redshift::Cluster": _database("VpcSecurityGroupIds"),
        "AWS::DMS::ReplicationInstance": _database("VpcSecurityGroupIds", default=True),
    }
)
EXPOSED_TYPES: Final = tuple(_JUDGES)
