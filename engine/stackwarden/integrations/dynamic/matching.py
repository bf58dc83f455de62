"""Which route of a template a request was for: by its method and the path of its URL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from stackwarden.integrations.dynamic.surface import Api, Route, Surface, Variable, Words

__all__ = ["Match", "Matcher"]

_PARAMETER: Final = re.compile(r"\{([^{}]*)\}")
_STAGE: Final = "[A-Za-z0-9_-]+"
"""What a stage may be called (API Gateway, *CreateStage*), so that `robots.txt` is none."""


@dataclass(frozen=True, slots=True)
class Match:
    """A route that a request was for, of an API of a template."""

    surface: Surface
    api: Api
    route: Route


@dataclass(frozen=True, slots=True)
class _Candidate:
    """How well a route fits: a host that is told, a method of its own and literal text count, in this order."""

    host: bool
    method: bool
    literal: int
    match: Match

    @property
    def rank(self) -> tuple[bool, bool, int]:
        return self.host, self.method, self.literal


class Matcher:
    """The routes of some templates. `server` is the base URL that was tested, in place of what they say."""

    def __init__(self, surfaces: Sequence[Surface], server: str = "") -> None:
        self._surfaces = surfaces
        self._server = server

    def find(self, method: str, uri: str) -> tuple[Match, ...]:
        """The routes that fit a request best, which are several only where the template does not tell them apart."""
        parts = urlsplit(uri)
        path = unquote(parts.path) or "/"
        found = list(self._candidates(method.upper(), f"{parts.scheme}://{parts.netloc}", path))
        best = max((one.rank for one in found), default=None)
        return tuple(one.match for one in found if one.rank == best)

    def _candidates(self, method: str, origin: str, path: str) -> Iterator[_Candidate]:
        for surface in self._surfaces:
            for api in surface.apis:
                for host, rest in set(self._below(api, origin, path)):
                    for route in api.routes:
                        own = route.method == method
                        if (own or route.method == "ANY") and _pattern(route).fullmatch(rest):
                            yield _Candidate(host, own, _literal(route.path), Match(surface, api, route))

    def _below(self, api: Api, origin: str, path: str) -> Iterator[tuple[bool, str]]:
        """The path below each base URL that the request may have been for, and whether the host is that one's."""
        if self._server:
            given = urlsplit(self._server)
            rest = path.removeprefix(given.path)
            if f"{given.scheme}://{given.netloc}" == origin and path.startswith(given.path) and rest[:1] in ("", "/"):
                yield True, rest or "/"
            return
        for server in api.servers:
            host, base = _divided(server.url)
            prefix = "".join(re.escape(part) if isinstance(part, str) else _values(part, _STAGE) for part in base)
            below = re.fullmatch(rf"(?:{prefix})(/.*)?", path, re.DOTALL)
            if below is not None and re.fullmatch(_text(host), origin):
                yield True, below[1] or "/"
                continue
            # some other host, such as one for tests: with the stage or base path, or without
            if below is not None:
                yield False, below[1] or "/"
            yield False, path


def _text(words: Words) -> str:
    """A pattern of a text; what the template leaves open is one of its values, or anything within a segment."""
    return "".join(re.escape(part) if isinstance(part, str) else _values(part) for part in words)


def _values(variable: Variable, otherwise: str = "[^/]+") -> str:
    return f"(?:{'|'.join(map(re.escape, variable.values))})" if variable.values else otherwise


def _divided(url: Words) -> tuple[Words, Words]:
    """A base URL as its scheme and host, and its path, which may be empty."""
    host: list[str | Variable] = []
    for index, part in enumerate(url):
        if isinstance(part, str):
            slash = part.find("/", part.find("://") + 3 if "://" in part else 0)
            if slash >= 0:
                return (*host, part[:slash]), (part[slash:], *url[index + 1 :])
        host.append(part)
    return tuple(host), ()


def _pattern(route: Route) -> re.Pattern[str]:
    made: list[str] = []
    for part in route.path:
        if isinstance(part, Variable):
            made.append(_values(part))
            continue
        for index, piece in enumerate(_PARAMETER.split(part)):
            made.append(re.escape(piece) if index % 2 == 0 else (".+" if piece in route.greedy else "[^/]+"))
    return re.compile("".join(made) + "/?", re.DOTALL)


def _literal(path: Words) -> int:
    return sum(len(_PARAMETER.sub("", part)) for part in path if isinstance(part, str))
