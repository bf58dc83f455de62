"""What API Gateway itself answers: `AWS::ApiGateway::GatewayResponse` and `x-amazon-apigateway-gateway-responses`.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::GatewayResponse`; API Gateway Developer Guide,
*x-amazon-apigateway-gateway-responses*.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.apis.documents import REST_API, documents, follow
from stackwarden.apis.reading import maps, resource_of
from stackwarden.apis.shapes import own_id
from stackwarden.graph.stack import Stack
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Item, Known, ListValue, Record, Value

__all__ = ["RESPONSE", "RESPONSE_FIELDS", "RESPONSE_TYPE", "gateway_responses"]

RESPONSE: Final = "api.GatewayResponse"
RESPONSE_TYPE: Final = "AWS::ApiGateway::GatewayResponse"
RESPONSE_FIELDS: Final = ("api", "api_id", "type", "status", "parameters", "templates")


def gateway_responses(stack: Stack) -> ListValue:
    """Every gateway response of the template's REST APIs as an `api.GatewayResponse` record."""
    return stack.once("apis.gateway_responses", lambda: ListValue(tuple(_all(stack))))


def _all(stack: Stack) -> Iterator[Item]:
    for resource in stack.resources((RESPONSE_TYPE,)):
        api_id = at(resource, "RestApiId")
        fields: dict[str, Value] = {
            "api": resource_of(stack, api_id, (REST_API,)),
            "api_id": api_id,
            "type": at(resource, "ResponseType"),
            "status": at(resource, "StatusCode"),
            "parameters": at(resource, "ResponseParameters"),
            "templates": at(resource, "ResponseTemplates"),
        }
        yield Item(Record(RESPONSE, fields, resource, resource.origin), resource.guard)
    for document in documents(stack):
        written = document.root.get("x-amazon-apigateway-gateway-responses")
        for guard, by_type in maps(written, document.guard)[0]:
            for name in by_type.names():
                for inner, one in maps(follow(document, by_type.get(name)), guard)[0]:
                    fields = {
                        "api": document.api,
                        "api_id": own_id(document.api),
                        "type": Known(name, one.origin),
                        "status": one.get("statusCode"),
                        "parameters": one.get("responseParameters"),
                        "templates": one.get("responseTemplates"),
                    }
                    yield Item(Record(RESPONSE, fields, document.api, one.origin), inner)
