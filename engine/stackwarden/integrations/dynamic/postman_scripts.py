"""The tests of a Postman collection: what runs once a response has come, in JavaScript.

Each is a list of lines. What a script needs of the template stands in it as JSON, so nothing of a template is code.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from stackwarden.integrations.dynamic.surface import Json, Limit

__all__ = [
    "allows",
    "answers",
    "answers_nothing",
    "encrypted",
    "keeps_out",
    "only_throttling",
    "only_with_plain_url",
    "refuses",
    "throttles",
]

Lines = list[str]

_MISSING: Final = "MissingAuthenticationTokenException"
"""What a REST API says of a path that it does not have, with the status 403."""


def _constant(name: str, value: Json) -> str:
    return f"const {name} = {json.dumps(value, ensure_ascii=True)};"


def refuses(what: str, *, redirects: bool, must_exist: bool) -> Lines:
    """A call is turned away. `must_exist`: the answer of a REST API that has no such route does not count."""
    lines = [
        _constant("what", what),
        "pm.test(`refuses a call ${what}`, () => {",
        "    const code = pm.response.code;",
    ]
    if redirects:
        lines += [
            "    if (code >= 300 && code < 400) {  // to sign in, which is never at the API itself",
            "        const target = pm.response.headers.get('Location') || '';",
            "        const own = pm.request.url.getRemote();",
            "        pm.expect(target, 'where it redirects to').to.match(/^https:/);",
            "        pm.expect(target.split('/')[2], 'the host that it redirects to').to.not.equal(own);",
            "        return;",
            "    }",
        ]
    lines += ["    pm.expect(code, 'status').to.be.oneOf([401, 403]);", "});"]
    if must_exist:
        lines += [
            "pm.test('has this route', () => {",
            "    const kind = pm.response.headers.get('x-amzn-ErrorType') || '';",
            f"    pm.expect(kind).to.not.include('{_MISSING}');",
            "});",
        ]
    return lines


def answers() -> Lines:
    """A call without credentials is let in."""
    return [
        "if (pm.variables.get('checkPublic') !== 'false') {",
        "    pm.test('lets everybody in', () => {",
        "        pm.expect(pm.response.code, 'status').to.not.be.oneOf([401, 403]);",
        "    });",
        "}",
    ]


def allows(methods: Sequence[str], *, credentials: bool) -> Lines:
    """The answer to a preflight request lets a page of the request's own origin in."""
    lines = [
        "const origin = pm.request.headers.get('Origin');",
        "pm.test(`lets pages of ${origin} in`, () => {",
        "    const allowed = pm.response.headers.get('Access-Control-Allow-Origin');",
        "    pm.expect(allowed, 'Access-Control-Allow-Origin').to.be.oneOf([origin, '*']);",
        "});",
    ]
    if methods:
        lines += [
            _constant("methods", list(methods)),
            "pm.test('allows the methods that are declared, and no others', () => {",
            "    const told = pm.response.headers.get('Access-Control-Allow-Methods') || '';",
            "    const allowed = told.split(',').map((word) => word.trim().toUpperCase()).filter(Boolean);",
            "    if (!methods.includes('*')) {",
            "        pm.expect(allowed).to.not.include('*');",
            "        for (const method of allowed) pm.expect(methods).to.include(method);",
            "    }",
            "    if (!allowed.includes('*')) {",
            "        const asked = pm.request.headers.get('Access-Control-Request-Method');",
            "        pm.expect(allowed).to.include(asked);",
            "    }",
            "});",
        ]
    lines += [
        f"pm.test('{'lets' if credentials else 'does not let'} pages send credentials', () => {{",
        "    const allowed = pm.response.headers.get('Access-Control-Allow-Credentials') || 'false';",
        f"    pm.expect(allowed).to.equal('{'true' if credentials else 'false'}');",
        "});",
    ]
    return lines


def keeps_out() -> Lines:
    """The answer to a preflight request keeps a page of a foreign origin out."""
    return [
        "pm.test('keeps pages of other origins out', () => {",
        "    const allowed = pm.response.headers.get('Access-Control-Allow-Origin') || '';",
        "    pm.expect(allowed).to.not.equal('*');",
        "    pm.expect(allowed).to.not.equal(pm.request.headers.get('Origin'));",
        "});",
    ]


def encrypted() -> Lines:
    """The API answers over TLS; that its certificate is trusted, newman and Postman see to themselves."""
    return [
        "pm.test('answers over TLS', () => {",
        "    pm.expect(pm.request.url.protocol, 'protocol of the base URL').to.equal('https');",
        "});",
    ]


def only_with_plain_url() -> Lines:
    """Before a request: it is left out unless `plainUrl` has an address.

    newman counts a connection that is refused, the best of answers, as a failure, so it has to be asked for.
    """
    return ["if (!pm.variables.get('plainUrl')) pm.execution.skipRequest();"]


def answers_nothing() -> Lines:
    """An address answers nothing in plain text: it redirects to HTTPS or refuses."""
    return [
        "pm.test('answers nothing in plain text', () => {",
        "    pm.expect(pm.request.url.protocol, 'protocol of plainUrl').to.equal('http');",
        "    const target = pm.response.headers.get('Location') || '';",
        "    const moved = pm.response.code >= 300 && pm.response.code < 400 && target.startsWith('https:');",
        "    const refused = [400, 403, 426].includes(pm.response.code);",
        "    pm.expect(moved || refused, `status ${pm.response.code}`).to.equal(true);",
        "});",
    ]


def only_throttling() -> Lines:
    """Before a request: it is left out unless `runThrottling` asks for it."""
    return ["if (pm.variables.get('runThrottling') !== 'true') pm.execution.skipRequest();"]


def throttles(limit: Limit, url: str, method: str) -> Lines:
    """More requests at once than a stage lets through are not all answered."""
    return [
        _constant("count", 2 * limit.burst + int(limit.rate) + 1),
        _constant("method", method),
        _constant("url", url),
        "const codes = [];",
        "for (let sent = 0; sent < count; sent += 1) {",
        "    pm.sendRequest({url: pm.variables.replaceIn(url), method}, (error, response) => {",
        "        codes.push(error ? 0 : response.code);",
        "        if (codes.length === count) {",
        "            pm.test(`throttles ${count} requests at once`, () => {",
        "                pm.expect(codes).to.include(429);",
        "            });",
        "        }",
        "    });",
        "}",
    ]
