"""What a caller of a route has to bring along, from what protects the route.

Sources: API Gateway Developer Guide, *Control access to a REST API using Amazon Cognito user pools*, *Use API Gateway
Lambda authorizers* (identity sources), *Choose an API key source*; AppSync Developer Guide, *Configuring authorization
and authentication*; Elastic Load Balancing, *Authenticate users using an Application Load Balancer*.
"""

from __future__ import annotations

from typing import Final

from stackwarden.apis.reading import elements
from stackwarden.integrations.dynamic.surface import Credential
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Known, Plain

__all__ = ["API_KEY", "credentials_of"]

API_KEY: Final = Credential("key", "header", "x-api-key")
_BEARER: Final = Credential("bearer", "header", "Authorization")
_SESSION: Final = Credential("session", "cookie", "AWSELBAuthSessionCookie-0")
_SERVICES: Final = {"function-url": "lambda", "graphql": "appsync"}
_HEADERS: Final = ("method.request.header.", "$request.header.", "route.request.header.")
_QUERIES: Final = ("method.request.querystring.", "$request.querystring.", "route.request.querystring.")
_TOKENS: Final = ("COGNITO_USER_POOLS", "JWT", "OPENID_CONNECT")


def credentials_of(kind: str, authorization: str, authorizer: Plain) -> tuple[Credential, ...]:
    """The credentials for an authorization of a kind of API, where `authorizer` says they are looked for."""
    if authorization in ("", "NONE"):
        return ()
    if authorization == "AWS_IAM":
        return (Credential("signature", "header", "Authorization", _SERVICES.get(kind, "execute-api")),)
    if authorization == "API_KEY":
        return (API_KEY,)
    if kind == "load-balancer":
        return (_BEARER if authorization == "JWT" else _SESSION,)
    what: Final = "bearer" if authorization in _TOKENS else "value"
    found = [_of_source(source, what) for _, source in elements(at(authorizer, "identity_sources"))[0]]
    named = tuple(dict.fromkeys(one for one in found if one is not None))
    if named:
        return named
    return (_BEARER if what == "bearer" else Credential("value", "header", "Authorization"),)


def _of_source(source: Plain, what: str) -> Credential | None:
    """The credential at an identity source; None for what is no part of a request (a stage variable, the context)."""
    if not isinstance(source, Known):
        return None
    for prefixes, place in ((_HEADERS, "header"), (_QUERIES, "query")):
        for prefix in prefixes:
            if source.text.startswith(prefix) and len(source.text) > len(prefix):
                name = source.text.removeprefix(prefix)
                return Credential(
                    "bearer" if what == "bearer" else "value", "header" if place == "header" else "query", name
                )
    return None
