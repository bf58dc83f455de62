"""Where the internet enters: endpoints that anyone may reach, and the AWS services that call or assume something.

This is about reachability alone, not about who is let in. Source: CloudFormation Template Reference, the property of
each type below; *IAM JSON policy elements reference*, service principals.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.graph.edges import INTERNET, Edge, End, Family, Kind, Outside
from stackwarden.graph.follow import ends, follow, wording
from stackwarden.graph.relations.types import FUNCTIONS
from stackwarden.graph.stack import Stack
from stackwarden.resolve.logic import MAYBE, YES, Logic, both, negate, under
from stackwarden.resolve.questions import Test, ask
from stackwarden.resolve.values import Known, Plain, Text, Unknown

__all__ = ["FAMILY"]

_ALWAYS: Final = (
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudFront::Distribution",
    "AWS::Lambda::Url",
)


def _edges(stack: Stack) -> Iterator[Edge]:
    for resource in stack.resources(_ALWAYS):
        own = resource.resource.logical_id
        yield Edge(INTERNET, own, Kind.ENTERS, under(resource.guard, YES), own, "", resource.origin)
    yield from _unless(stack, "AWS::AppSync::GraphQLApi", ("Visibility",), _is("PRIVATE"))
    yield from _unless(stack, "AWS::ElasticLoadBalancingV2::LoadBalancer", ("Scheme",), _is("internal"))
    yield from _unless(stack, "AWS::ElasticLoadBalancing::LoadBalancer", ("Scheme",), _is("internal"))
    yield from _stages(stack)
    yield from _permissions(stack)
    yield from _trust(stack)


def _is(word: str) -> Test:
    def test(plain: Plain) -> bool | None:
        match plain:
            case Known():
                return plain.text == word
            case Text() | Unknown():
                return None
            case _:
                return False

    return test


def _unless(stack: Stack, resource_type: str, path: tuple[str, ...], closed: Test) -> Iterator[Edge]:
    for resource in stack.resources((resource_type,)):
        own = resource.resource.logical_id
        claim: Logic = YES
        origin = resource.origin
        for guard, plain in follow(resource.properties, path):
            claim = both(claim, negate(under(guard, ask(plain, closed, stack.domains))))
            origin = plain.origin or origin
        yield Edge(INTERNET, own, Kind.ENTERS, under(resource.guard, claim), own, ".".join(path), origin)


def _stages(stack: Stack) -> Iterator[Edge]:
    """The stages of REST APIs that are not private."""
    for stage in stack.resources(("AWS::ApiGateway::Stage",)):
        own = stage.resource.logical_id
        for guard, plain in follow(stage.properties, ("RestApiId",), stage.guard):
            for end, named in ends(stack, plain, ("AWS::ApiGateway::RestApi",)):
                claim = under(guard, both(named, _is_public(stack, end)))
                yield Edge(INTERNET, own, Kind.ENTERS, claim, own, "RestApiId", plain.origin)


def _is_public(stack: Stack, api: End) -> Logic:
    resource = stack.resource(api) if isinstance(api, str) else None
    if resource is None:
        return MAYBE
    claim: Logic = YES
    for guard, plain in follow(resource.properties, ("EndpointConfiguration", "Types")):
        claim = both(claim, negate(under(guard, ask(plain, _is("PRIVATE"), stack.domains))))
    return claim


def _permissions(stack: Stack) -> Iterator[Edge]:
    """The services (and accounts) that a permission lets call a function."""
    for permission in stack.resources(("AWS::Lambda::Permission",)):
        own = permission.resource.logical_id
        for guard, principal in follow(permission.properties, ("Principal",), permission.guard):
            if not isinstance(principal, Known | Text):
                continue
            source = _principal(principal)
            for inner, plain in follow(permission.properties, ("FunctionName",), guard):
                for end, claim in ends(stack, plain, FUNCTIONS):
                    yield Edge(source, end, Kind.MAY_INVOKE, under(inner, claim), own, "Principal", principal.origin)


def _trust(stack: Stack) -> Iterator[Edge]:
    """The services that may assume a role."""
    path = ("AssumeRolePolicyDocument", "Statement", "Principal", "Service")
    for role in stack.resources(("AWS::IAM::Role",)):
        own = role.resource.logical_id
        for guard, plain in follow(role.properties, path, role.guard):
            if isinstance(plain, Known | Text):
                yield Edge(_principal(plain), own, Kind.ASSUMES, under(guard, YES), own, ".".join(path), plain.origin)


def _principal(plain: Known | Text) -> Outside:
    name = wording(plain).replace("${AWS::URLSuffix}", "amazonaws.com")
    return Outside("service" if name.endswith((".amazonaws.com", ".amazonaws.com.cn")) else "external", name)


FAMILY: Final = Family("entries", frozenset({Kind.ENTERS, Kind.MAY_INVOKE, Kind.ASSUMES}), _edges)
