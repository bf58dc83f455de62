"""What a REST API's route takes: its parameters, and the schemas of its bodies.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::Method` (`RequestModels`, `RequestParameters`) and
`AWS::ApiGateway::Model`; Swagger 2.0, *Parameter Object*; OpenAPI 3, *Parameter Object* and *Request Body Object*.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from stackwarden.apis.documents import Document, Operation, follow
from stackwarden.apis.reading import default, elements, listed, maps, named_resource
from stackwarden.graph.stack import Stack
from stackwarden.iam.made import made_map
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import (
    Absent,
    Known,
    MapValue,
    Plain,
    Record,
    ResourceValue,
    Unknown,
    Value,
    bind,
    cases_of,
)

__all__ = [
    "BODY",
    "BODY_FIELDS",
    "PARAMETER",
    "PARAMETER_FIELDS",
    "bodies_of_method",
    "bodies_of_operation",
    "of_method",
    "of_operation",
    "schemas_in",
]

PARAMETER: Final = "api.Parameter"
PARAMETER_FIELDS: Final = ("name", "place", "required", "schema")
BODY: Final = "api.Body"
BODY_FIELDS: Final = ("content_type", "schema")
MODEL: Final = "AWS::ApiGateway::Model"

_SOURCE: Final = "method.request."
_PLACES: Final = {"querystring": "query", "header": "header", "path": "path"}
_EMPTY: Final = "Empty"
"""The model that every REST API has and that any body fits."""

_JSON: Final = Known("application/json")
"""What a Swagger 2.0 definition takes where `consumes` says nothing; API Gateway checks bodies of this type only."""

_OF_PARAMETER: Final = frozenset(("name", "in", "required", "description", "schema"))
"""What a Swagger 2.0 parameter says besides its own schema."""


def of_method(method: ResourceValue) -> Value:
    """The parameters of a method as `api.Parameter` records: `method.request.querystring.page: true`."""
    found: list[tuple[Guard, Value]] = []
    declared, unknown = maps(at(method, "RequestParameters"))
    for guard, plain in declared:
        for written in plain.names():
            place, _, name = written.removeprefix(_SOURCE).partition(".")
            fields: dict[str, Value] = {
                "name": Known(name, plain.origin),
                "place": Known(_PLACES.get(place, place), plain.origin),
                "required": plain.get(written),
                "schema": Absent(plain.origin),
            }
            found.append((guard, Record(PARAMETER, fields, method, plain.origin)))
    return listed(found, is_open=unknown is not FALSE)


def bodies_of_method(stack: Stack, method: ResourceValue) -> Value:
    """The bodies that a method takes as `api.Body` records, with the schemas of its models; `{}` for `Empty`."""
    found: list[tuple[Guard, Value]] = []
    declared, unknown = maps(at(method, "RequestModels"))
    for guard, plain in declared:
        for name in plain.names():
            schema = bind(plain.get(name), partial(_schema, stack, method))
            found.append((guard, _body(Known(name, plain.origin), schema, method, plain)))
    return listed(found, is_open=unknown is not FALSE)


def schemas_in(bodies: Value) -> Value:
    """The schemas that the bodies of a route have."""
    found, unknown = elements(bodies)
    schemas = [(guard, at(body, "schema")) for guard, body in found]
    return listed(
        [(guard, schema) for guard, schema in schemas if not isinstance(schema, Absent)], is_open=unknown is not FALSE
    )


def _body(content_type: Value, schema: Value, holder: ResourceValue, written: Plain) -> Record:
    return Record(BODY, {"content_type": content_type, "schema": schema}, holder, written.origin)


def _schema(stack: Stack, method: ResourceValue, model: Plain) -> Value:
    named = named_resource(model)
    resource = stack.resource(named[0]) if named is not None else None
    if resource is not None and resource.resource.resource_type == MODEL:
        return at(resource, "Schema")
    if isinstance(model, Known):
        if model.text == _EMPTY:
            return made_map({}, method.origin)
        for one in stack.resources((MODEL,)):
            if at(one, "Name") == model and at(one, "RestApiId") == at(method, "RestApiId"):
                return at(one, "Schema")
    return Unknown("the model is not in the template", model.origin)


def of_operation(operation: Operation) -> Value:
    """The parameters of an operation and of its path, but for bodies, as `api.Parameter` records."""
    found: list[tuple[Guard, Value]] = []
    is_open = False
    for guard, written in _parameters(operation):
        if isinstance(written, Unknown):
            is_open = True
        elif at(written, "in") not in (Known("body"), Known("formData")):
            fields: dict[str, Value] = {
                "name": at(written, "name"),
                "place": at(written, "in"),
                "required": default(at(written, "required"), Known(False, written.origin)),
                "schema": _own_schema(operation.document, written),
            }
            found.append((guard, Record(PARAMETER, fields, operation.document.api, written.origin)))
    return listed(found, is_open=is_open)


def bodies_of_operation(operation: Operation) -> Value:
    """The bodies that an operation takes as `api.Body` records: of `requestBody`, or of a parameter in the body."""
    document, api = operation.document, operation.document.api
    found: list[tuple[Guard, Value]] = []
    body = follow(document, at(operation.node, "requestBody"))
    contents, unknown = maps(at(body, "content"))
    for guard, content in contents:
        for name in content.names():
            schema = follow(document, at(content.get(name), "schema"))
            found.append((guard, _body(Known(name, content.origin), schema, api, content)))
    for guard, written in _parameters(operation):
        if at(written, "in") == Known("body"):
            for inner, content_type in _consumed(operation):
                schema = follow(document, at(written, "schema"))
                found.append((guard & inner, _body(content_type, schema, api, written)))
    return listed(found, is_open=unknown is not FALSE)


def _consumed(operation: Operation) -> list[tuple[Guard, Plain]]:
    """The content types that Swagger 2.0's `consumes` names, for the operation or for the whole document."""
    named = default(operation.node.get("consumes"), operation.document.root.get("consumes"))
    return elements(named)[0] or [(TRUE, _JSON)]


def _own_schema(document: Document, parameter: Plain) -> Value:
    """The schema of a parameter; in Swagger 2.0 it is the parameter itself. Absent where nothing is said."""
    written = follow(document, at(parameter, "schema"))
    if not isinstance(written, Absent) or not isinstance(parameter, MapValue):
        return written
    own = {name: parameter.get(name) for name in parameter.names() if name not in _OF_PARAMETER}
    own = {name: value for name, value in own.items() if not name.startswith("x-")}
    return made_map(own, parameter.origin or document.api.origin) if own else written


def _parameters(operation: Operation) -> Iterator[tuple[Guard, Plain]]:
    """What the `parameters` of an operation and of its path list."""
    document = operation.document
    for holder in (operation.node, operation.item):
        listed_ones, unknown = elements(holder.get("parameters"))
        for guard, written in listed_ones:
            for inner, parameter in cases_of(follow(document, written)):
                yield guard & inner, parameter
        if unknown is not FALSE:
            yield unknown, Unknown("the parameters are not known")
