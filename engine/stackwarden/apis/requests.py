"""What a REST API's route takes: its parameters, and the schemas of its bodies.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::Method` (`RequestModels`, `RequestParameters`) and
`AWS::ApiGateway::Model`; Swagger 2.0, *Parameter Object*; OpenAPI 3, *Parameter Object* and *Request Body Object*.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from stackwarden.apis.documents import Operation, follow
from stackwarden.apis.reading import at, default, elements, listed, maps, named_resource
from stackwarden.graph.stack import Stack
from stackwarden.iam.made import made_map
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.values import Absent, Known, Plain, Record, ResourceValue, Unknown, Value, bind, cases_of

__all__ = ["PARAMETER", "PARAMETER_FIELDS", "of_method", "of_operation", "schemas_of_method", "schemas_of_operation"]

PARAMETER: Final = "api.Parameter"
PARAMETER_FIELDS: Final = ("name", "place", "required")
MODEL: Final = "AWS::ApiGateway::Model"

_SOURCE: Final = "method.request."
_PLACES: Final = {"querystring": "query", "header": "header", "path": "path"}
_EMPTY: Final = "Empty"
"""The model that every REST API has and that any body fits."""


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
            }
            found.append((guard, Record(PARAMETER, fields, method, plain.origin)))
    return listed(found, is_open=unknown is not FALSE)


def schemas_of_method(stack: Stack, method: ResourceValue) -> Value:
    """The schemas of a method's models, one for each content type; `{}` for the model `Empty`."""
    found: list[tuple[Guard, Value]] = []
    declared, unknown = maps(at(method, "RequestModels"))
    for guard, plain in declared:
        found.extend((guard, bind(plain.get(name), partial(_schema, stack, method))) for name in plain.names())
    return listed(found, is_open=unknown is not FALSE)


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
            }
            found.append((guard, Record(PARAMETER, fields, operation.document.api, written.origin)))
    return listed(found, is_open=is_open)


def schemas_of_operation(operation: Operation) -> Value:
    """The schemas of the bodies that an operation takes: of `requestBody`, or of a parameter in the body."""
    document = operation.document
    found: list[tuple[Guard, Value]] = []
    body = follow(document, at(operation.node, "requestBody"))
    contents, unknown = maps(at(body, "content"))
    for guard, content in contents:
        for name in content.names():
            found.append((guard, follow(document, at(content.get(name), "schema"))))
    for guard, written in _parameters(operation):
        if at(written, "in") == Known("body"):
            found.append((guard, follow(document, at(written, "schema"))))
    found = [(guard, schema) for guard, schema in found if not isinstance(schema, Absent)]
    return listed(found, is_open=unknown is not FALSE)


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
