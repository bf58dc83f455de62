"""What a template's APIs look like to a caller, as plain data that documents are written from.

A text that only the deployment decides in part (an id that AWS makes up, an open parameter) keeps a `Variable` there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from stackwarden.run.finding import Place, When

__all__ = [
    "ANY_METHODS",
    "METHODS",
    "Api",
    "Body",
    "Cors",
    "Credential",
    "Json",
    "Limit",
    "Missing",
    "Parameter",
    "Protection",
    "Route",
    "Server",
    "Surface",
    "Variable",
    "Words",
    "file_name",
    "filled",
    "variables_of",
]

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]

ANY_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
"""What a route for any method answers: the methods that API Gateway, Lambda and load balancers all take."""

METHODS: Final = (*ANY_METHODS, "TRACE", "ANY")
"""The methods that routes may have, `ANY` for all."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A part of a text that the template leaves open.

    `default` is the parameter's own default (None: it has none, or the value is no parameter's), `values` are those
    that its `AllowedValues` have.
    """

    name: str
    description: str
    default: str | None = None
    values: tuple[str, ...] = ()


Words = tuple[str | Variable, ...]
"""A text with variables in it."""


def filled(words: Words, fill: Callable[[Variable], str]) -> str:
    """The text with something put for each of its variables."""
    return "".join(part if isinstance(part, str) else fill(part) for part in words)


def variables_of(words: Words) -> tuple[Variable, ...]:
    """The variables in a text, each once."""
    return tuple(dict.fromkeys(part for part in words if isinstance(part, Variable)))


@dataclass(frozen=True, slots=True)
class Credential:
    """What a caller has to bring along, and where.

    `kind` tells what it is: a bearer token, a request signed with AWS credentials (`service` is what it is signed
    for), an API key, the cookie of a session, or a value that a function looks at.
    """

    kind: Literal["bearer", "signature", "key", "session", "value"]
    place: Literal["header", "query", "cookie"]
    name: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class Protection:
    """What protects a route under some settings.

    `authorization` is that of `api.Route`, or empty where the template does not determine it; `api_key` is None where
    that is so of the API key. `authorizer` is what the template calls the authorizer. `redirects` tells that strangers
    are sent to sign in rather than refused.
    """

    authorization: str
    authorizer: str
    scopes: tuple[str, ...]
    api_key: bool | None
    credentials: tuple[Credential, ...]
    redirects: bool
    when: When

    @property
    def refuses(self) -> bool | None:
        """Whether a call without credentials is turned away; None where the template does not determine it."""
        if self.api_key or self.authorization not in ("", "NONE"):
            return True
        return None if self.authorization == "" or self.api_key is None else False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a route in the query, a header or a cookie; `schema` is empty where nothing is known of it."""

    name: str
    place: Literal["query", "header", "path", "cookie"]
    required: bool
    schema: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Body:
    """A body that a route takes."""

    content_type: str
    schema: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Limit:
    """How many requests are let through: a burst at once, and so many each second from then on."""

    burst: int
    rate: float


@dataclass(frozen=True, slots=True)
class Route:
    """A method of a path. `path` is a template with `{name}` for its parameters, whose names are `path_names`.

    `greedy` are those of them that stand for several segments. `method` may be `ANY`. `protections` are those under
    the settings that the template leaves open: one, unless they differ. `logical_id` and `resource_type` are those of
    the resource that makes the route, at `place`.
    """

    method: str
    path: Words
    path_names: tuple[str, ...]
    greedy: tuple[str, ...]
    protections: tuple[Protection, ...]
    parameters: tuple[Parameter, ...]
    bodies: tuple[Body, ...]
    limit: Limit | None
    is_preflight: bool
    when: When
    logical_id: str
    resource_type: str
    place: Place

    @property
    def refuses(self) -> bool | None:
        """Whether a call without credentials is turned away under every setting, or under none; None otherwise."""
        answers = {protection.refuses for protection in self.protections}
        return answers.pop() if len(answers) == 1 else None


@dataclass(frozen=True, slots=True)
class Cors:
    """What pages of other origins may do. `path` and `method` are empty where it is about the whole API.

    `origins` is None where they are not all known.
    """

    path: Words
    origins: tuple[Words, ...] | None
    methods: tuple[str, ...]
    credentials: bool
    when: When


@dataclass(frozen=True, slots=True)
class Server:
    """Where an API answers: scheme, host and the path before that of its routes."""

    url: Words
    description: str
    when: When


@dataclass(frozen=True, slots=True)
class Api:
    """An API: `name` is its logical id, or how its id is written where another stack has it.

    `schemas` are those that the schemas of its routes refer to, by name.
    """

    name: str
    title: str
    kind: str
    resource_type: str
    servers: tuple[Server, ...]
    routes: tuple[Route, ...]
    cors: tuple[Cors, ...]
    schemas: Mapping[str, Json]
    when: When

    @property
    def is_encrypted(self) -> bool:
        """Whether it answers over TLS only, as all servers but the plain listeners of load balancers do."""
        return all(str(server.url[0]).startswith("https://") for server in self.servers if server.url)


def file_name(api: Api) -> str:
    """What the document of an API is called, without the ending: `Orders.openapi`."""
    return f"{re.sub('[^A-Za-z0-9._-]+', '_', api.name)}.openapi"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that no document has, and why. `api` is the name of the API that it belongs to."""

    api: str
    what: str
    why: str

    @property
    def sentence(self) -> str:
        """`Chat: the routes of a WebSocket API are not exported`."""
        about = f"{self.api}: {self.what}" if self.what else self.api
        return f"{about}: {self.why}"


@dataclass(frozen=True, slots=True)
class Surface:
    """The APIs of a template in the order of the text, and what is left out of documents about them."""

    file: str
    apis: tuple[Api, ...]
    missing: tuple[Missing, ...]

    def missing_of(self, api: Api) -> tuple[Missing, ...]:
        """What is missing of an API."""
        return tuple(one for one in self.missing if one.api == api.name)
