"""Which route of a template a request was for: by its method and the path of its URL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from stackwarden.integrations.dynamic.surface import Api, Route, Surface, Variable, Words

__all__ = ["Match", "Matcher"]

_PARAMETER = re.compile(r"\{([^{}]*)\}")


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
            base = urlsplit(self._server)
            rest = path.removeprefix(base.path)
            if f"{base.scheme}://{base.netloc}" == origin and path.startswith(base.path) and rest[:1] in ("", "/"):
                yield True, rest or "/"
            return
        for server in api.servers:
            found = re.fullmatch(rf"({_url(server.url)})(/.*)?", f"{origin}{path}", re.DOTALL)
            if found is not None:
                yield True, found.groups()[-1] or "/"
                continue
            # some other host, such as one for tests: with the stage or base path, or without
            prefix = _url(_path_of(server.url))
            found = re.fullmatch(rf"(?:{prefix})(/.*)?", path, re.DOTALL)
            if found is not None:
                yield False, found.groups()[-1] or "/"
            yield False, path


def _url(words: Words) -> str:
    """A pattern of a text; what the template leaves open is one of its values, or one label or segment."""
    return "".join(re.escape(part) if isinstance(part, str) else _values(part) for part in words)


def _values(variable: Variable) -> str:
    return f"(?:{'|'.join(map(re.escape, variable.values))})" if variable.values else "[^/]+"


def _path_of(url: Words) -> Words:
    """The part of a base URL after its host."""
    seen = ""
    for index, part in enumerate(url):
        if not isinstance(part, str):
            seen += "?"
            continue
        before = len(seen)
        seen += part
        slash = seen.find("/", seen.find("://") + 3)
        if slash >= 0:
            return (part[slash - before :], *url[index + 1 :])
    return ()


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
