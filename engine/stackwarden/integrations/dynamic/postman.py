"""The APIs of the surface as a Postman collection whose requests test what the template declares.

For each protected route there is a call without credentials and one with bad ones, which have to be turned away; for
each route that is open to everybody, a call that must not be. What pages of other origins may do, that the API speaks
TLS, and (where it is asked for) throttling are further requests. What the template leaves open about a
route (its protection depends on a parameter) is not tested, and told.

Sources: Postman Collection Format 2.1.0; Fetch Standard, *CORS-preflight request*; AWS General Reference, *Create a
signed AWS API request*; API Gateway Developer Guide, *Throttle requests to your REST APIs* (limits are targets, so one
may be overrun).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Final

from stackwarden.integrations.dynamic import postman_scripts as scripts
from stackwarden.integrations.dynamic.surface import (
    ANY_METHODS,
    Api,
    Cors,
    Credential,
    Json,
    Limit,
    Missing,
    Route,
    Surface,
    Variable,
    Words,
    filled,
    variables_of,
)
from stackwarden.run.when import when_in_words

__all__ = ["collection", "untested"]

_Object = dict[str, Json]

_SCHEMA: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_FOREIGN: Final = "https://stackwarden.invalid"
_SAMPLE: Final = "stackwarden"
"""What stands for a path parameter of which nothing is known."""

_PARAMETER: Final = re.compile(r"\{[^{}]*\}")
_MOST: Final = 200
"""Requests that a test of throttling may send at once."""

_BODIES: Final = ("POST", "PUT", "PATCH")
_BAD: Final = "stackwarden-bad-credentials"
_BAD_TOKEN: Final = "Bearer c3RhY2t3YXJkZW4.YmFk.c2lnbmF0dXJl"
_SWITCHES: Final = (
    ("runThrottling", "false", "`true` also sends bursts of requests that have to be throttled"),
    ("checkPublic", "true", "`false` leaves out that open routes must let everybody in"),
    ("plainUrl", "", "an address with `http:` that must redirect to HTTPS or refuse; empty: not tested"),
)


def collection(surface: Surface, server: str = "") -> _Object:
    """The collection of all APIs, a folder for each; `server` is a base URL to use for each of them."""
    variables: dict[str, tuple[str, str]] = {}
    folders: list[Json] = []
    for api in surface.apis:
        base = "baseUrl" if len(surface.apis) == 1 else f"baseUrl_{_word(api.name)}"
        words = _base(api)
        variables[base] = (server or filled(words, _in_braces), f"where {api.name} answers")
        if not server:
            _add(variables, words)
        items = list(_items(api, base, variables))
        if items:
            about = f"when {when_in_words(api.when)}" if api.when else ""
            folders.append({"name": api.title, "description": about, "item": items})
    variables.update((name, (value, description)) for name, value, description in _SWITCHES)
    left_out = [one.sentence for one in untested(surface)]
    description = "\n".join((f"Made from {surface.file} by stackwarden.", *left_out))
    return {
        "info": {"name": surface.file, "description": description, "schema": _SCHEMA},
        "auth": {"type": "noauth"},
        "variable": [
            {"key": name, "value": value, "type": "string", "description": told}
            for name, (value, told) in variables.items()
        ],
        "item": folders,
    }


def untested(surface: Surface) -> tuple[Missing, ...]:
    """What the collection does not test, and why."""
    found = list(surface.missing)
    for api in surface.apis:
        for route in api.routes:
            if route.refuses is None:
                settings = [when_in_words(one.when) for one in route.protections if one.when]
                why = f"depends: {'; '.join(settings)}" if settings else "is not determined by the template"
                name = f"{route.method} {filled(route.path, lambda variable: '{' + variable.name + '}')}"
                found.append(Missing(api.name, name, f"whether it is protected {why}"))
        for cors in api.cors:
            if cors.origins is None:
                found.append(Missing(api.name, "CORS", "its origins are not determined by the template"))
        limited = [(route, route.limit) for route in api.routes if route.limit is not None]
        if limited and not any(_is_open_and_small(route, limit) for route, limit in limited):
            why = f"no open route has a limit below {_MOST} requests"
            found.append(Missing(api.name, "throttling", why))
    return tuple(dict.fromkeys(found))


def _items(api: Api, base: str, variables: dict[str, tuple[str, str]]) -> Iterator[Json]:
    own = {(route.method, route.path) for route in api.routes}
    authorization: list[Json] = []
    throttling: list[Json] = []
    for route in api.routes:
        _add(variables, route.path)
        for method in _methods(route, own):
            authorization.extend(_authorization(api, route, method, base))
            throttling.extend(_throttling(route, method, base))
    cross_origin = [item for cors in api.cors for item in _cross_origin(api, cors, base)]
    for name, items in (("authorization", authorization), ("cross-origin requests", cross_origin)):
        if items:
            yield {"name": name, "item": items}
    if api.is_encrypted and api.routes:
        secure = _request("TLS", "GET", _url(base, api.routes[0]), (), scripts.encrypted())
        plain = _request("plain HTTP", "GET", "{{plainUrl}}", (), scripts.answers_nothing())
        yield {"name": "transport", "item": [secure, _only_where(scripts.only_with_plain_url(), plain)]}
    if throttling:
        yield {"name": "throttling", "item": throttling}


def _methods(route: Route, own: set[tuple[str, Words]]) -> tuple[str, ...]:
    """The methods to test a route with: preflight requests are answered by themselves."""
    if route.method == "ANY":
        return tuple(method for method in ANY_METHODS if method != "OPTIONS" and (method, route.path) not in own)
    return () if route.method == "OPTIONS" else (route.method,)


def _authorization(api: Api, route: Route, method: str, base: str) -> Iterator[Json]:
    url = _url(base, route)
    name = f"{method} {_shown(route)}"
    if route.refuses is None:
        return
    if not route.refuses:
        yield _request(name, method, url, (), scripts.answers())
        return
    redirects = any(protection.redirects for protection in route.protections)
    # without credentials, a REST API says the same of a signed route as of none
    signed = any(protection.authorization == "AWS_IAM" for protection in route.protections)
    must_exist = api.kind == "rest" and not signed
    script = scripts.refuses("without credentials", redirects=redirects, must_exist=must_exist)
    yield _request(f"{name} without credentials", method, url, (), script)
    script = scripts.refuses("with bad credentials", redirects=redirects, must_exist=must_exist)
    for credentials in dict.fromkeys(protection.credentials for protection in route.protections):
        yield _request(f"{name} with bad credentials", method, url, credentials, script)


def _throttling(route: Route, method: str, base: str) -> Iterator[Json]:
    limit = route.limit
    if limit is not None and _is_open_and_small(route, limit):
        script = scripts.throttles(limit, _url(base, route), method)
        item = _request(f"{method} {_shown(route)} in a burst", method, _url(base, route), (), script)
        yield _only_where(scripts.only_throttling(), item)


def _only_where(script: list[str], item: _Object) -> _Object:
    """An item that a script before its request may leave out."""
    return {**item, "event": [_event("prerequest", script), *_list(item["event"])]}


def _is_open_and_small(route: Route, limit: Limit) -> bool:
    """Whether throttling can be tested: without credentials, and with a number of requests that harms nobody."""
    return route.refuses is False and route.method != "ANY" and 2 * limit.burst + limit.rate < _MOST


def _cross_origin(api: Api, cors: Cors, base: str) -> Iterator[Json]:
    """Preflight requests from an origin that is let in and from one that is not."""
    if not cors.origins:
        return
    path = cors.path or (api.routes[0].path if api.routes else ("/",))
    url = f"{{{{{base}}}}}{_sampled(path)}"
    asked = next((method for method in cors.methods if method not in ("*", "OPTIONS")), "GET")
    first = filled(cors.origins[0], _in_braces)
    origin = _FOREIGN if first == "*" else first.replace("*", _SAMPLE)
    name = filled(path, lambda variable: f"{{{variable.name}}}") if cors.path else "any path"
    headers = [("Origin", origin), ("Access-Control-Request-Method", asked)]
    script = scripts.allows(cors.methods, credentials=cors.credentials)
    yield _request(f"preflight of {name} from {origin}", "OPTIONS", url, (), script, headers)
    if all(_keeps_out(one) for one in cors.origins):
        headers = [("Origin", _FOREIGN), ("Access-Control-Request-Method", asked)]
        yield _request(f"preflight of {name} from elsewhere", "OPTIONS", url, (), scripts.keeps_out(), headers)


def _keeps_out(origin: Words) -> bool:
    """Whether an origin, which may have wildcards, is certainly not the foreign one."""
    return len(origin) == 1 and isinstance(origin[0], str) and not fnmatchcase(_FOREIGN, origin[0])


def _request(
    name: str,
    method: str,
    url: str,
    credentials: Sequence[Credential],
    script: list[str],
    headers: Sequence[tuple[str, str]] = (),
) -> _Object:
    sent = list(headers)
    for credential in credentials:
        sent.extend(_bad_headers(credential))
        if credential.place == "query":
            url = f"{url}{'&' if '?' in url else '?'}{credential.name}={_BAD}"
    request: _Object = {
        "method": method,
        "header": [{"key": key, "value": value} for key, value in sent],
        "url": url,
    }
    if method in _BODIES:
        request["header"] = [*_list(request["header"]), {"key": "Content-Type", "value": "application/json"}]
        request["body"] = {"mode": "raw", "raw": "{}"}
    return {
        "name": name,
        "protocolProfileBehavior": {"followRedirects": False},
        "request": request,
        "event": [_event("test", script)],
    }


def _event(listen: str, script: list[str]) -> _Object:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": list(script)}}


def _bad_headers(credential: Credential) -> Iterator[tuple[str, str]]:
    """Headers with credentials that nobody has given out."""
    match credential.kind:
        case "bearer":
            yield credential.name, _BAD_TOKEN
        case "signature":
            scope = f"20250101/us-east-1/{credential.service}/aws4_request"
            signed = f"Credential=STACKWARDEN/{scope}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
            yield credential.name, f"AWS4-HMAC-SHA256 {signed}"
            yield "X-Amz-Date", "20250101T000000Z"
        case "session":
            yield "Cookie", f"{credential.name}={_BAD}"
        case "key" | "value":
            if credential.place == "header":
                yield credential.name, _BAD


def _base(api: Api) -> Words:
    return api.servers[0].url if api.servers else ()


def _url(base: str, route: Route) -> str:
    return f"{{{{{base}}}}}{_sampled(route.path)}"


def _sampled(path: Words) -> str:
    """A path with something put for its parameters; what the template leaves open is a variable of the collection."""
    return "".join(_PARAMETER.sub(_SAMPLE, part) if isinstance(part, str) else _in_braces(part) for part in path)


def _shown(route: Route) -> str:
    return filled(route.path, lambda variable: f"{{{variable.name}}}")


def _in_braces(variable: Variable) -> str:
    return f"{{{{{variable.name}}}}}"


def _add(variables: dict[str, tuple[str, str]], words: Words) -> None:
    for variable in variables_of(words):
        variables.setdefault(variable.name, (variable.default or "", variable.description))


def _word(name: str) -> str:
    return "".join(char if char.isalnum() else "_" for char in name)


def _list(value: Json) -> list[Json]:
    assert isinstance(value, list)
    return value
