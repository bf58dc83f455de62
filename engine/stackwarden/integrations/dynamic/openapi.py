"""An API of the surface as an OpenAPI 3.0 document.

Sources: OpenAPI Specification 3.0.3; API Gateway Developer Guide, *x-amazon-apigateway-authtype*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import stackwarden
from stackwarden.integrations.dynamic.surface import (
    ANY_METHODS,
    Api,
    Credential,
    Json,
    Protection,
    Route,
    Surface,
    filled,
    variables_of,
)
from stackwarden.run.finding import When
from stackwarden.run.when import when_in_words

__all__ = ["document"]

_Object = dict[str, Json]

_WHEN: Final = "x-stackwarden-when"
_PROTECTION: Final = "x-stackwarden-protection"
_RESERVED: Final = ("accept", "content-type", "authorization")
"""Headers that the standard wants told elsewhere than among the parameters."""
_BODILESS: Final = ("GET", "HEAD", "DELETE", "TRACE")
"""Methods whose body has no meaning; OpenAPI 3.0 ignores what is said of it."""


def document(surface: Surface, api: Api, server: str = "") -> _Object:
    """The OpenAPI document of an API; `server` is the base URL to use instead of what the template says."""
    schemes: _Object = {}
    paths: _Object = {}
    for route in sorted(api.routes, key=lambda one: one.method == "ANY"):  # a method of its own comes before any
        path = filled(route.path, lambda variable: f"{{{variable.name}}}")
        item = paths.setdefault(path, {})
        assert isinstance(item, dict)
        for method in _methods(route):
            item.setdefault(method.lower(), _operation(route, method, path, schemes))
    made: _Object = {
        "openapi": "3.0.3",
        "info": {
            "title": api.title,
            "version": "1",
            "description": f"{api.name} of {surface.file}, as stackwarden {stackwarden.__version__} reads it.",
            **_when(api.when),
        },
        "servers": [{"url": server}] if server else [_server(one) for one in _servers(api)],
        "paths": paths,
    }
    components: _Object = {}
    if schemes:
        components["securitySchemes"] = schemes
    if api.schemas:
        components["schemas"] = dict(api.schemas)
    if components:
        made["components"] = components
    missing = surface.missing_of(api)
    if missing:
        made["x-stackwarden-not-exported"] = [one.sentence for one in missing]
    return made


def _methods(route: Route) -> tuple[str, ...]:
    if route.method == "ANY":
        return ANY_METHODS
    return (route.method,)


def _servers(api: Api) -> Sequence[tuple[str, str, When, list[tuple[str, _Object]]]]:
    found = []
    for server in api.servers:
        variables: list[tuple[str, _Object]] = []
        for variable in variables_of(server.url):
            told: _Object = {
                # a server variable has to have a default; without one of the template's own it is to be replaced
                "default": variable.default if variable.default is not None else variable.name,
                "description": variable.description,
            }
            if variable.values:
                told["enum"] = list(variable.values)
                if told["default"] not in variable.values:
                    told["default"] = variable.values[0]
            variables.append((variable.name, told))
        url = filled(server.url, lambda variable: f"{{{variable.name}}}")
        found.append((url, server.description, server.when, variables))
    return found


def _server(server: tuple[str, str, When, list[tuple[str, _Object]]]) -> _Object:
    url, description, when, variables = server
    made: _Object = {"url": url, "description": description, **_when(when)}
    if variables:
        made["variables"] = dict(variables)
    return made


def _operation(route: Route, method: str, path: str, schemes: _Object) -> _Object:
    made: _Object = {
        "operationId": f"{method} {path}",
        "parameters": list(_parameters(route)),
        "responses": _responses(route),
        "x-stackwarden-resource": route.logical_id,
        "x-stackwarden-place": f"{route.place.span.source.name}:{route.place.span.begin.line}",
        **_when(route.when),
    }
    if not made["parameters"]:
        del made["parameters"]
    if route.bodies and method not in _BODILESS:
        content: _Object = {}
        for body in route.bodies:
            content.setdefault(body.content_type, {"schema": dict(body.schema)})
        made["requestBody"] = {"content": content}
    security = [_requirement(one, schemes) for one in route.protections]
    made["security"] = [*_distinct(security)] if any(security) else []
    if any(one is None for one in (protection.refuses for protection in route.protections)):
        made["security"] = [*_distinct([*security, {}])]
    if len(route.protections) > 1 or any(one.refuses is None for one in route.protections):
        made[_PROTECTION] = [_in_words(one) for one in route.protections]
    if route.limit is not None:
        made["x-stackwarden-throttling"] = {"burst": route.limit.burst, "rate": route.limit.rate}
    return made


def _parameters(route: Route) -> Iterator[Json]:
    declared = {parameter.name: parameter for parameter in route.parameters if parameter.place == "path"}
    for name in route.path_names:
        own = declared.get(name)
        schema: _Object = dict(own.schema) if own is not None else {}
        made: _Object = {"name": name, "in": "path", "required": True, "schema": schema or {"type": "string"}}
        if name in route.greedy:
            made["description"] = "stands for one or more segments"
        yield made
    for variable in variables_of(route.path):
        of_variable: _Object = {"type": "string"}
        if variable.values:
            of_variable["enum"] = list(variable.values)
        if variable.default is not None:
            of_variable["default"] = variable.default
        yield {
            "name": variable.name,
            "in": "path",
            "required": True,
            "description": variable.description,
            "schema": of_variable,
        }
    seen: set[tuple[str, str]] = set()
    for parameter in route.parameters:
        key = (parameter.place, parameter.name)
        if parameter.place == "path" or key in seen:
            continue
        if parameter.place == "header" and parameter.name.lower() in _RESERVED:
            continue
        seen.add(key)
        yield {
            "name": parameter.name,
            "in": parameter.place,
            "required": parameter.required,
            "schema": dict(parameter.schema) or {"type": "string"},
        }


def _responses(route: Route) -> _Object:
    made: _Object = {}
    if route.refuses is not False:
        made["401"] = {"description": "without credentials, or with bad ones"}
        made["403"] = {"description": "without credentials, with bad ones, or with those of someone who may not"}
    if any(protection.redirects and protection.refuses for protection in route.protections):
        made["302"] = {"description": "to sign in"}
    if route.limit is not None:
        made["429"] = {"description": "more requests than the stage lets through"}
    made["default"] = {"description": "what stands behind the route decides"}
    return made


def _requirement(protection: Protection, schemes: _Object) -> _Object:
    """The security requirement of a protection; its schemes are added to those of the document."""
    made: _Object = {}
    for credential in protection.credentials:
        name = _scheme_name(protection, credential)
        schemes.setdefault(name, _scheme(credential))
        made[name] = []
    return made


def _scheme_name(protection: Protection, credential: Credential) -> str:
    if credential.kind == "key":
        return "api-key"
    if credential.kind == "signature":
        return "signed"
    own = "".join(char if char.isalnum() or char in "._-" else "_" for char in protection.authorizer)
    base = own or protection.authorization.lower()
    several = sum(one.kind not in ("key", "signature") for one in protection.credentials) > 1
    return f"{base}-{credential.name}" if several else base


def _scheme(credential: Credential) -> _Object:
    if credential.kind == "bearer" and credential.name.lower() == "authorization":
        return {"type": "http", "scheme": "bearer"}
    made: _Object = {"type": "apiKey", "in": credential.place, "name": credential.name}
    if credential.kind == "signature":
        made["x-amazon-apigateway-authtype"] = "awsSigv4"
        made["description"] = f"AWS Signature Version 4, for the service {credential.service}"
    return made


def _in_words(protection: Protection) -> _Object:
    made: _Object = {"authorization": protection.authorization or "not determined by the template"}
    if protection.api_key is None:
        made["api_key"] = "not determined by the template"
    elif protection.api_key:
        made["api_key"] = True
    return {**made, **_when(protection.when)}


def _when(when: When) -> _Object:
    return {_WHEN: when_in_words(when)} if when else {}


def _distinct(requirements: Sequence[_Object]) -> list[Json]:
    found: list[Json] = []
    for one in requirements:
        if one not in found:
            found.append(one)
    return found
