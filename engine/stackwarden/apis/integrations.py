"""What a route leads to: the integration of a method, of an HTTP or WebSocket route, or of an operation.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::Method` (`Integration`) and
`AWS::ApiGatewayV2::Integration`; API Gateway Developer Guide, *x-amazon-apigateway-integration*.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from stackwarden.apis.documents import Document, follow
from stackwarden.apis.reading import Later, default, in_upper, named_resource
from stackwarden.graph.references import targets
from stackwarden.graph.stack import Stack
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import (
    Absent,
    Known,
    ListValue,
    Plain,
    Record,
    ResourceValue,
    Text,
    Unknown,
    Value,
    bind,
    cases_of,
)

__all__ = [
    "INTEGRATION",
    "INTEGRATION_FIELDS",
    "INTEGRATION_TYPE",
    "of_method",
    "of_operation",
    "of_resource",
    "quick",
    "unseen_integration",
]

INTEGRATION: Final = "api.Integration"
INTEGRATION_TYPE: Final = "AWS::ApiGatewayV2::Integration"
INTEGRATION_FIELDS: Final = (
    "type",
    "uri",
    "http_method",
    "service",
    "subtype",
    "connection_type",
    "connection",
    "credentials",
    "timeout_ms",
    "passthrough",
    "request_templates",
    "request_parameters",
    "responses",
    "cache_keys",
    "server_name",
    "skips_verification",
    "targets",
    "api",
    "owner",
)

_FORMS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    # field: in an AWS::ApiGateway::Method, in an AWS::ApiGatewayV2::Integration, in an OpenAPI operation
    "type": (("Type",), ("IntegrationType",), ("type",)),
    "uri": (("Uri",), ("IntegrationUri",), ("uri",)),
    "http_method": (("IntegrationHttpMethod",), ("IntegrationMethod",), ("httpMethod",)),
    "subtype": ((), ("IntegrationSubtype",), ("integrationSubtype",)),
    "connection_type": (("ConnectionType",), ("ConnectionType",), ("connectionType",)),
    "connection": (("ConnectionId",), ("ConnectionId",), ("connectionId",)),
    "credentials": (("Credentials",), ("CredentialsArn",), ("credentials",)),
    "timeout_ms": (("TimeoutInMillis",), ("TimeoutInMillis",), ("timeoutInMillis",)),
    "passthrough": (("PassthroughBehavior",), ("PassthroughBehavior",), ("passthroughBehavior",)),
    "request_templates": (("RequestTemplates",), ("RequestTemplates",), ("requestTemplates",)),
    "request_parameters": (("RequestParameters",), ("RequestParameters",), ("requestParameters",)),
    "responses": (("IntegrationResponses",), (), ("responses",)),
    "cache_keys": (("CacheKeyParameters",), (), ("cacheKeyParameters",)),
    "server_name": ((), ("TlsConfig", "ServerNameToVerify"), ("tlsConfig", "serverNameToVerify")),
    "skips_verification": (
        ("TlsConfig", "InsecureSkipVerification"),
        (),
        ("tlsConfig", "insecureSkipVerification"),
    ),
}
_METHOD, _RESOURCE, _OPERATION = range(3)
_CAPITALS: Final = frozenset({"type", "connection_type", "http_method", "passthrough"})


def of_method(stack: Stack, method: ResourceValue, api: Value) -> Value:
    """The integration of an `AWS::ApiGateway::Method`; absent where it has none."""
    return bind(at(method, "Integration"), partial(_made, stack, _METHOD, method, api))


def of_resource(stack: Stack, integration: ResourceValue, api: Value) -> Record:
    """An `AWS::ApiGatewayV2::Integration`."""
    fields = _fields(stack, _RESOURCE, integration, api, integration)
    return Record(INTEGRATION, fields, integration, integration.origin)


def of_operation(stack: Stack, document: Document, node: Value) -> Value:
    """The integration of an operation of a definition; absent where it has none."""
    written = follow(document, at(node, "x-amazon-apigateway-integration"))
    return bind(written, partial(_made, stack, _OPERATION, document.api, document.api))


def unseen_integration(reason: str, resource: ResourceValue | None) -> Record:
    """An integration of which nothing is known."""
    unknown: Value = Unknown(reason, written=False)
    owner = unknown if resource is None else resource
    return Record(INTEGRATION, {**dict.fromkeys(INTEGRATION_FIELDS, unknown), "owner": owner}, resource, None)


def _made(stack: Stack, form: int, resource: ResourceValue, api: Value, written: Plain) -> Value:
    match written:
        case Absent():
            return written
        case Unknown() | Text():
            return unseen_integration("the integration is not known", resource)
        case _:
            return Record(INTEGRATION, _fields(stack, form, written, api, resource), resource, written.origin)


def _fields(stack: Stack, form: int, written: Value, api: Value, resource: ResourceValue) -> Later:
    makers = {name: partial(_field, written, name, paths[form]) for name, paths in _FORMS.items()}
    fields = Later(
        {"api": api, "owner": resource},
        **makers,
        service=lambda: default(_service_of_subtype(fields["subtype"]), bind(fields["uri"], partial(_service, stack))),
        targets=lambda: targets(stack, default(fields["uri"], ListValue(())), ()),
    )
    return fields


def _field(owner: Value, name: str, path: tuple[str, ...]) -> Value:
    value = at(owner, *path) if path else Absent(None)
    if name == "connection_type":
        value = default(value, Known("INTERNET"))
    return in_upper(value) if name in _CAPITALS else value


def _service(stack: Stack, uri: Plain) -> Value:
    """The service that an integration calls: `sqs` for `arn:aws:apigateway:REGION:sqs:path/queue`, or a resource's."""
    named = named_resource(uri)
    if named is not None and (resource := stack.resource(named[0])) is not None:
        return Known(resource.resource.resource_type.split("::")[1].lower(), uri.origin)
    match uri:
        case Known():
            text = uri.text
        case Text():
            text = "".join(part if isinstance(part, str) else "\0" for part in uri.parts)
        case Unknown():
            return Unknown("the target is not known", uri.origin, written=False)
        case _:
            return Absent(uri.origin)
    parts = text.split(":")
    if parts[0] != "arn":
        unclear = parts[0].startswith("\0")
        return Unknown("the target is not known", uri.origin, written=False) if unclear else Absent(uri.origin)
    if len(parts) < 5 or parts[2] != "apigateway":
        return Known(parts[2], uri.origin) if len(parts) > 2 and "\0" not in parts[2] else Absent(uri.origin)
    service = parts[4].rpartition(".")[2]
    return Unknown("the target is not known", uri.origin) if "\0" in service else Known(service, uri.origin)


def _service_of_subtype(subtype: Value) -> Value:
    """The service of a first-class integration: `sqs` for `SQS-SendMessage`."""

    def one(plain: Plain) -> Value:
        if isinstance(plain, Known):
            return Known(plain.text.partition("-")[0].lower(), plain.origin)
        return Unknown("the service is not known", plain.origin) if isinstance(plain, Text | Unknown) else plain

    return bind(subtype, one)


def quick(stack: Stack, api: ResourceValue, target: Value) -> Record:
    """The integration that quick create makes of an HTTP API's `Target`: a URL or a function."""

    def kind(plain: Plain) -> Value:
        is_url = isinstance(plain, Known) and plain.text.startswith("http")
        return Known("HTTP_PROXY" if is_url else "AWS_PROXY", plain.origin)

    origin = next((plain.origin for _, plain in cases_of(target)), None)
    fields: dict[str, Value] = {
        **dict.fromkeys(INTEGRATION_FIELDS, Absent(origin)),
        "api": api,
        "owner": api,
        "type": bind(target, kind),
        "uri": target,
        "connection_type": Known("INTERNET"),
        "credentials": at(api, "CredentialsArn"),
        "service": bind(target, partial(_service, stack)),
        "targets": targets(stack, target, ()),
    }
    return Record(INTEGRATION, fields, api, origin)
