"""Custom domain names and which APIs they lead to.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::DomainName`, `AWS::ApiGateway::DomainNameV2`,
`AWS::ApiGateway::BasePathMapping`, `AWS::ApiGateway::BasePathMappingV2`, `AWS::ApiGatewayV2::DomainName`,
`AWS::ApiGatewayV2::ApiMapping`, `AWS::AppSync::DomainName`, `AWS::AppSync::DomainNameApiAssociation`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.apis.documents import HTTP_API, REST_API
from stackwarden.apis.reading import Later, default, elements, is_among, is_same, listed, resource_of, truth
from stackwarden.apis.simple_routes import GRAPHQL_API
from stackwarden.graph.references import refers
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.logic import NO, YES, Logic, decided, either, under
from stackwarden.resolve.reading import at, first_of
from stackwarden.resolve.values import (
    ABSENT,
    Absent,
    Item,
    Known,
    ListValue,
    Record,
    ResourceValue,
    Unknown,
    Value,
    cases_of,
    fold_cases,
)

__all__ = [
    "DOMAIN",
    "DOMAIN_FIELDS",
    "DOMAIN_TYPES",
    "MAPPING",
    "MAPPING_FIELDS",
    "MAPPING_TYPES",
    "domains",
    "domains_of",
    "mappings",
    "mappings_of",
]

DOMAIN: Final = "api.Domain"
MAPPING: Final = "api.Mapping"
REST_DOMAIN: Final = "AWS::ApiGateway::DomainName"
PRIVATE_DOMAIN: Final = "AWS::ApiGateway::DomainNameV2"
V2_DOMAIN: Final = "AWS::ApiGatewayV2::DomainName"
GRAPHQL_DOMAIN: Final = "AWS::AppSync::DomainName"
DOMAIN_TYPES: Final = (REST_DOMAIN, PRIVATE_DOMAIN, V2_DOMAIN, GRAPHQL_DOMAIN)
DOMAIN_FIELDS: Final = (
    "kind",
    "name",
    "endpoint_types",
    "is_private",
    "security_policies",
    "certificates",
    "truststore",
    "truststore_version",
    "mappings",
    "owner",
)
MAPPING_FIELDS: Final = ("domain", "domain_name", "api", "api_id", "stage", "path", "owner")

_MAPPINGS: Final = {
    # by type, the properties with the domain's name or ARN, the API, the stage and the path
    "AWS::ApiGateway::BasePathMapping": ("DomainName", "RestApiId", "Stage", "BasePath"),
    "AWS::ApiGateway::BasePathMappingV2": ("DomainNameArn", "RestApiId", "Stage", "BasePath"),
    "AWS::ApiGatewayV2::ApiMapping": ("DomainName", "ApiId", "Stage", "ApiMappingKey"),
    "AWS::AppSync::DomainNameApiAssociation": ("DomainName", "ApiId", "", ""),
}
MAPPING_TYPES: Final = tuple(_MAPPINGS)
_APIS: Final = (REST_API, HTTP_API, GRAPHQL_API)
_KINDS: Final = {REST_DOMAIN: "rest", PRIVATE_DOMAIN: "rest", V2_DOMAIN: "http", GRAPHQL_DOMAIN: "graphql"}


def domains(stack: Stack) -> ListValue:
    """Every custom domain name of the template as an `api.Domain` record."""
    return stack.once(
        "apis.domains",
        lambda: ListValue(tuple(Item(_domain(stack, one), one.guard) for one in stack.resources(DOMAIN_TYPES))),
    )


def mappings(stack: Stack) -> ListValue:
    """Every mapping of a custom domain name to an API as an `api.Mapping` record."""
    return stack.once("apis.mappings", lambda: ListValue(tuple(_mappings(stack))))


def mappings_of(stack: Stack, resource: ResourceValue) -> ListValue:
    """The mappings that lead to an API, or that belong to a domain name."""
    items: list[Item] = []
    for item in mappings(stack).items:
        there: Guard = FALSE
        for name in ("api", "domain"):
            for guard, plain in cases_of(at(item.value, name)):
                there = there | (guard if isinstance(plain, ResourceValue) and plain == resource else FALSE)
        if (item.guard & there) is not FALSE:
            items.append(Item(item.value, item.guard & there))
    return ListValue(tuple(items))


def domains_of(stack: Stack, api: ResourceValue) -> ListValue:
    """The custom domain names of the template that lead to an API."""
    items: dict[str, Item] = {}
    for item in mappings_of(stack, api).items:
        for guard, plain in cases_of(at(item.value, "domain")):
            if isinstance(plain, ResourceValue):
                logical_id = plain.resource.logical_id
                earlier = items[logical_id].guard if logical_id in items else FALSE
                items[logical_id] = Item(_domain(stack, plain), earlier | (item.guard & guard & plain.guard))
    return ListValue(tuple(item for item in items.values() if item.guard is not FALSE))


def _mappings(stack: Stack) -> Iterator[Item]:
    for resource in stack.resources(MAPPING_TYPES):
        domain, api, stage, path = _MAPPINGS[resource.resource.resource_type]
        name, api_id = at(resource, domain), at(resource, api)
        fields: dict[str, Value] = {
            "domain": _domain_named(stack, name),
            "domain_name": name,
            "api": resource_of(stack, api_id, _APIS),
            "api_id": api_id,
            "stage": at(resource, stage) if stage else ABSENT,
            "path": at(resource, path) if path else ABSENT,
            "owner": resource,
        }
        yield Item(Record(MAPPING, fields, resource, resource.origin), resource.guard)


def _domain_named(stack: Stack, name: Value) -> Value:
    """The domain name resource that a name or ARN is; absent where it is not one of the template's."""
    cases: list[tuple[Guard, Value]] = []
    remaining: Guard = ~FALSE
    unknown: Guard = FALSE
    for resource in stack.resources(DOMAIN_TYPES):
        claim = either(refers(stack, name, resource), is_same(stack, name, at(resource, "DomainName")))
        there = remaining & claim.true
        if there is not FALSE:
            cases.append((there, resource))
            remaining = remaining & ~there
        unknown = unknown | claim.unknown
    cases.append((remaining & unknown, Unknown("which domain name this is, is not known")))
    cases.append((remaining & ~unknown, Absent(None)))
    return fold_cases(cases)


def _domain(stack: Stack, domain: ResourceValue) -> Record:
    return stack.once(f"apis.domain {domain.resource.logical_id}", lambda: _new_domain(stack, domain))


def _new_domain(stack: Stack, domain: ResourceValue) -> Record:
    resource_type = domain.resource.resource_type
    configurations = elements(at(domain, "DomainNameConfigurations"))[0] if resource_type == V2_DOMAIN else []

    def each(name: str) -> Value:
        found = [(guard, at(one, name)) for guard, one in configurations]
        return listed([(guard & there, plain) for guard, value in found for there, plain in _present(value)])

    types = default(at(domain, "EndpointConfiguration", "Types"), ListValue((Item(Known("EDGE", domain.origin)),)))
    certificate = first_of(domain, ("CertificateArn",), ("RegionalCertificateArn",))
    is_v2 = resource_type == V2_DOMAIN
    private = YES if resource_type == PRIVATE_DOMAIN else NO
    fields: dict[str, Value] = {
        "kind": Known(_KINDS[resource_type]),
        "name": at(domain, "DomainName"),
        "endpoint_types": each("EndpointType") if is_v2 else types,
        "security_policies": each("SecurityPolicy") if is_v2 else _one(at(domain, "SecurityPolicy")),
        "certificates": each("CertificateArn") if is_v2 else _one(certificate),
        "truststore": at(domain, "MutualTlsAuthentication", "TruststoreUri"),
        "truststore_version": at(domain, "MutualTlsAuthentication", "TruststoreVersion"),
        "owner": domain,
    }
    later = Later(
        fields,
        is_private=lambda: truth(either(private, _has(stack, fields["endpoint_types"], "PRIVATE"))),
        mappings=lambda: mappings_of(stack, domain),
    )
    return Record(DOMAIN, later, domain, domain.origin)


def _one(value: Value) -> Value:
    """A value as a list of one; an empty list where it is absent."""
    return listed([(guard, plain) for guard, plain in _present(value)])


def _present(value: Value) -> Iterator[tuple[Guard, Value]]:
    for guard, plain in cases_of(value):
        if not isinstance(plain, Absent):
            yield guard, plain


def _has(stack: Stack, value: Value, word: str) -> Logic:
    found, unknown = elements(value)
    outcome = NO
    for guard, plain in found:
        outcome = either(outcome, under(guard, is_among(stack, plain, word)))
    return decided(outcome.true, outcome.false & ~unknown)
