"""Request validators of REST APIs, as resources and as `x-amazon-apigateway-request-validators`.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::RequestValidator`; API Gateway Developer Guide,
*x-amazon-apigateway-request-validators* and *x-amazon-apigateway-request-validator*.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stackwarden.apis.documents import REST_API, Document, Operation, documents
from stackwarden.apis.reading import default, maps, named_resource, resource_of
from stackwarden.apis.shapes import own_id
from stackwarden.graph.stack import Stack
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    ListValue,
    MapValue,
    Plain,
    Record,
    ResourceValue,
    Unknown,
    Value,
    bind,
)

__all__ = ["VALIDATOR", "VALIDATOR_FIELDS", "VALIDATOR_TYPE", "of_operation", "referred", "validators"]

VALIDATOR: Final = "api.Validator"
VALIDATOR_TYPE: Final = "AWS::ApiGateway::RequestValidator"
VALIDATOR_FIELDS: Final = ("name", "api", "api_id", "checks_body", "checks_parameters")
_ALL: Final = "x-amazon-apigateway-request-validators"
_ONE: Final = "x-amazon-apigateway-request-validator"


def validators(stack: Stack) -> ListValue:
    """Every request validator of the template as an `api.Validator` record."""
    return stack.once("apis.validators", lambda: ListValue(tuple(_validators(stack))))


def _validators(stack: Stack) -> Iterator[Item]:
    for resource in stack.resources((VALIDATOR_TYPE,)):
        yield Item(_of_resource(stack, resource), resource.guard)
    for document in documents(stack):
        for guard, declared in maps(document.root.get(_ALL), document.guard)[0]:
            for name in declared.names():
                for inner, one in maps(declared.get(name), guard)[0]:
                    yield Item(_declared(document, name, one), inner)


def referred(stack: Stack, value: Value) -> Value:
    """The record of the validator whose id a value is; absent where there is none."""

    def one(plain: Plain) -> Value:
        named = named_resource(plain)
        resource = stack.resource(named[0]) if named is not None else None
        if resource is not None and resource.resource.resource_type == VALIDATOR_TYPE:
            return _of_resource(stack, resource)
        return plain if isinstance(plain, Absent) else Unknown("the validator is not in the template", plain.origin)

    return bind(value, one)


def of_operation(operation: Operation) -> Value:
    """The validator that an operation, or else its whole document, asks for by name; absent where none does."""
    document = operation.document
    own = operation.node.get(_ONE)
    chosen = bind(own, lambda plain: document.root.get(_ONE) if isinstance(plain, Absent) else plain)
    declared = document.root.get(_ALL)

    def one(name: Plain) -> Value:
        if isinstance(name, Absent):
            return name
        if not isinstance(name, Known):
            return Unknown("which validator this names is not known", name.origin)
        return bind(at(declared, name.text), lambda plain: _found(document, name.text, plain))

    return bind(chosen, one)


def _found(document: Document, name: str, declared: Plain) -> Value:
    return _declared(document, name, declared) if isinstance(declared, MapValue) else declared


def _of_resource(stack: Stack, resource: ResourceValue) -> Record:
    api_id = at(resource, "RestApiId")
    fields: dict[str, Value] = {
        "name": at(resource, "Name"),
        "api": resource_of(stack, api_id, (REST_API,)),
        "api_id": api_id,
        "checks_body": default(at(resource, "ValidateRequestBody"), Known(False, resource.origin)),
        "checks_parameters": default(at(resource, "ValidateRequestParameters"), Known(False, resource.origin)),
    }
    return Record(VALIDATOR, fields, resource, resource.origin)


def _declared(document: Document, name: str, declared: MapValue) -> Record:
    fields: dict[str, Value] = {
        "name": Known(name, declared.origin),
        "api": document.api,
        "api_id": own_id(document.api),
        "checks_body": default(declared.get("validateRequestBody"), Known(False, declared.origin)),
        "checks_parameters": default(declared.get("validateRequestParameters"), Known(False, declared.origin)),
    }
    return Record(VALIDATOR, fields, document.api, declared.origin)
