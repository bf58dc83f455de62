"""OpenAPI definitions of APIs: where they stand, and the operations in them.

A definition stands in `Body`, perhaps with `AWS::Include`, or in a file beside the template that packaging uploads
(`BodyS3Location: openapi.yaml`, `DefinitionUri: openapi.yaml`). A file goes to API Gateway as it is, so functions in
it are not evaluated; everything in it stands, for a reader of the template, where the template names it.

Sources: CloudFormation Template Reference, `AWS::ApiGateway::RestApi` and `AWS::ApiGatewayV2::Api` (`Body`,
`BodyS3Location`); API Gateway Developer Guide, *OpenAPI extensions for API Gateway*; Swagger 2.0 and OpenAPI 3.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Final

from stackwarden.apis.reading import maps
from stackwarden.graph.stack import Stack
from stackwarden.iam.json_text import read_json
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.reading import at
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import (
    Absent,
    Item,
    Known,
    ListValue,
    MapValue,
    Plain,
    ResourceValue,
    Text,
    Unknown,
    Value,
    bind,
)
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = [
    "GRAPHQL_API",
    "HTTP_API",
    "REST_API",
    "Document",
    "Operation",
    "definition_of",
    "documents",
    "follow",
    "operations",
    "undefined",
]

REST_API: Final = "AWS::ApiGateway::RestApi"
HTTP_API: Final = "AWS::ApiGatewayV2::Api"
GRAPHQL_API: Final = "AWS::AppSync::GraphQLApi"

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_ANY: Final = "x-amazon-apigateway-any-method"


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A definition of an API that can be read, and the guard under which the API has it.

    `followed` remembers where references within it lead, `authorizations` what its security schemes come to.
    """

    api: ResourceValue
    root: MapValue
    guard: Guard
    followed: dict[str, Value] = field(default_factory=dict, repr=False)
    authorizations: dict[str, Value] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """A method of a path. `method` is in capitals, `ANY` for all that have none of their own.

    `item` is the object of the path, `node` that of the method.
    """

    document: Document
    path: str
    method: str
    item: MapValue
    node: MapValue
    guard: Guard


@dataclass(slots=True)
class _Read:
    """What was read: definitions, the operations in them, and where an API has more than can be read."""

    documents: list[Document] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    unknown: dict[str, tuple[ResourceValue, Guard]] = field(default_factory=dict)

    def miss(self, api: ResourceValue, guard: Guard) -> None:
        """Notes that an API may have more under a guard."""
        if guard is not FALSE:
            earlier = self.unknown.get(api.resource.logical_id, (api, FALSE))[1]
            self.unknown[api.resource.logical_id] = (api, earlier | guard)


def documents(stack: Stack) -> list[Document]:
    """The definitions of the template's REST and HTTP APIs that can be read."""
    return _read(stack).documents


def operations(stack: Stack) -> list[Operation]:
    """Every operation of every definition, in the order of the text."""
    return _read(stack).operations


def undefined(stack: Stack) -> list[tuple[ResourceValue, Guard]]:
    """The APIs whose definitions cannot be read, or not wholly, each with the guard under which that is so."""
    return list(_read(stack).unknown.values())


def _read(stack: Stack) -> _Read:
    return stack.once("apis.documents", lambda: _read_all(stack))


def _read_all(stack: Stack) -> _Read:
    read = _Read()
    for api in stack.resources((REST_API, HTTP_API)):
        roots, unread = maps(definition_of(stack, api), api.guard)
        read.miss(api, unread)
        for guard, root in roots:
            document = Document(api, root, guard)
            read.documents.append(document)
            _read_paths(read, document)
    return read


def _read_paths(read: _Read, document: Document) -> None:
    found, unread = maps(document.root.get("paths"), document.guard)
    for guard, paths in found:
        for path in paths.names():
            items, more = maps(follow(document, paths.get(path)), guard)
            unread = unread | more
            for inner, item in items:
                unread = unread | _read_methods(read, document, path, item, inner)
    read.miss(document.api, unread)


def _read_methods(read: _Read, document: Document, path: str, item: MapValue, under: Guard) -> Guard:
    """Adds the operations of a path; gives where there are some that cannot be read."""
    unread: Guard = FALSE
    for name in item.names():
        lower = name.lower()
        if lower in _METHODS or lower == _ANY:
            method = "ANY" if lower == _ANY else name.upper()
            found, more = maps(follow(document, item.get(name)), under)
            read.operations.extend(Operation(document, path, method, item, node, guard) for guard, node in found)
            unread = unread | more
    return unread


def definition_of(stack: Stack, api: ResourceValue) -> Value:
    """What defines an API besides resources of their own: an object, unknown, or absent."""
    return stack.once(f"apis.definition {api.resource.logical_id}", lambda: _definition(stack, api))


def _definition(stack: Stack, api: ResourceValue) -> Value:
    elsewhere = _in_a_file(stack, api)
    cloned = at(api, "CloneFrom")

    def other(plain: Plain) -> Value:
        if not isinstance(plain, Absent):
            return _parsed(plain)
        return bind(elsewhere, lambda file: _copied(cloned) if isinstance(file, Absent) else file)

    return bind(at(api, "Body"), other)


def _parsed(body: Plain) -> Value:
    """A body as it stands, or the object that a JSON text denotes."""
    return read_json(body) if isinstance(body, Known | Text) else body


def _copied(cloned: Value) -> Value:
    def one(plain: Plain) -> Value:
        return plain if isinstance(plain, Absent) else Unknown("the API is a copy of another", plain.origin)

    return bind(cloned, one)


def _in_a_file(stack: Stack, api: ResourceValue) -> Value:
    template, logical_id = stack.template_of(api.resource.logical_id)
    written = template.written.get(logical_id)
    if written is not None and isinstance(written.properties, Mapping):
        uri = written.properties.get("DefinitionUri")
        if isinstance(uri, Scalar) and _is_local(uri.data):
            return _file(stack, api, uri, "DefinitionUri")

    def one(plain: Plain) -> Value:
        if isinstance(plain, Absent):
            return plain
        if isinstance(plain, Known) and isinstance(plain.origin, Scalar) and _is_local(plain.data):
            return _file(stack, api, plain.origin, "BodyS3Location")
        return Unknown("the definition is not in the template", plain.origin)

    return bind(at(api, "BodyS3Location"), one)


def _is_local(location: object) -> bool:
    return isinstance(location, str) and location != "" and "://" not in location


def _file(stack: Stack, api: ResourceValue, node: Scalar, name: str) -> Value:
    resolver = _resolver_of(stack, api)
    if resolver.snippets is None:
        return Unknown("the definition is in a file", node)
    folder = posixpath.dirname(resolver.template.source.name)
    file = posixpath.normpath(posixpath.join(folder, node.text))
    snippet = resolver.snippets(file)
    if snippet is None:
        return resolver.malformed(name, node, f"names `{file}`, which is no readable OpenAPI document")
    return _Literal(node).resolve(snippet.root)


def _resolver_of(stack: Stack, api: ResourceValue) -> Resolver:
    prefix = api.resource.logical_id.rpartition("/")[0]
    return next(one for one in stack.resolvers if one.prefix.rstrip("/") == prefix)


class _Literal:
    """The values of a file in which nothing is evaluated; all of it stands at one place of the template."""

    def __init__(self, place: Node) -> None:
        self._place = place
        self._values: dict[int, Value] = {}

    def resolve(self, node: Node) -> Value:
        """What a node says; the same object at every call."""
        value = self._values.get(id(node))
        if value is None:
            value = self._values[id(node)] = self._resolve(node)
        return value

    def _resolve(self, node: Node) -> Value:
        match node:
            case Scalar(data=None):
                return Absent(self._place)
            case Scalar():
                return Known(node.data, self._place, None if isinstance(node.data, str) else node.text)
            case Sequence():
                items = tuple(Item(self.resolve(item)) for item in node.items)
                return ListValue(items, origin=self._place)
            case Mapping():
                value = MapValue(node, self)
                value.origin = self._place
                return value


def follow(document: Document, value: Value) -> Value:
    """What a value is once references within the document (`$ref: "#/…"`) are followed.

    A reference that leads out of the document or in a circle is unknown.
    """

    def one(plain: Plain) -> Value:
        if not isinstance(plain, MapValue) or "$ref" not in plain.node.entries:
            return plain
        return bind(plain.get("$ref"), lambda target: _referred(document, target))

    return bind(value, one)


def _referred(document: Document, target: Plain) -> Value:
    unknown = Unknown("what is referred to is not in the document", target.origin)
    if not isinstance(target, Known) or not target.text.startswith("#/"):
        return unknown
    known = document.followed.get(target.text)
    if known is not None:
        return known
    document.followed[target.text] = unknown  # while it is followed: whoever comes back here goes in a circle
    value: Value = document.root
    for part in target.text.removeprefix("#/").split("/"):
        value = follow(document, at(value, part.replace("~1", "/").replace("~0", "~")))
    document.followed[target.text] = value
    return value
