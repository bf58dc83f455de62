"""Every integration of the template's APIs, those included that no route of the template leads to.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::Method` (`Integration`) and
`AWS::ApiGatewayV2::Integration`; API Gateway Developer Guide, *x-amazon-apigateway-integration*.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.apis.documents import HTTP_API, REST_API
from stackwarden.apis.integrations import INTEGRATION_TYPE, of_resource
from stackwarden.apis.reading import is_among, resource_of
from stackwarden.apis.routes import routes
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Item, ListValue, Record, cases_of

__all__ = ["INTEGRATION_SOURCES", "integrations"]

INTEGRATION_SOURCES: Final = ("AWS::ApiGateway::Method", INTEGRATION_TYPE, REST_API, HTTP_API)


def integrations(stack: Stack) -> ListValue:
    """Every integration as an `api.Integration` record; none for definitions that cannot be read."""
    return stack.once("apis.integrations", lambda: ListValue(tuple(_integrations(stack))))


def _integrations(stack: Stack) -> Iterator[Item]:
    for resource in stack.resources((INTEGRATION_TYPE,)):
        api = resource_of(stack, at(resource, "ApiId"), (HTTP_API,))
        yield Item(of_resource(stack, resource, api), resource.guard)
    for item in routes(stack).items:
        known = item.guard & is_among(stack, at(item.value, "is_known"), "true").true
        if known is FALSE:
            continue
        for guard, plain in cases_of(at(item.value, "integration")):
            there = known & guard
            if isinstance(plain, Record) and there is not FALSE and not _is_resource(plain):
                yield Item(plain, there)


def _is_resource(integration: Record) -> bool:
    resource = integration.resource
    return resource is not None and resource.resource.resource_type == INTEGRATION_TYPE
