"""Paths of routes as OpenAPI templates: parameters in braces, each with a name of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from stackwarden.integrations.dynamic.surface import Words

__all__ = ["PathTemplate", "path_template"]

_PARAMETER: Final = re.compile(r"\{([^{}/]+?)(\+?)\}")
_WILDCARD: Final = re.compile(r"[*?]")


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """A path with `{name}` for each of `names`; `greedy` are those that stand for several segments."""

    words: Words
    names: tuple[str, ...]
    greedy: tuple[str, ...]


def path_template(kind: str, path: Words) -> PathTemplate:
    """The template of a path as a kind of API writes it.

    API Gateway has `{id}` and, for the rest of a path, `{proxy+}`; load balancers have `*` and `?`. The route
    `$default` of an HTTP API takes all paths that no other route takes.
    """
    if path == ("$default",):
        path = ("/{default+}",)
    names: list[str] = []
    greedy: list[str] = []

    def parameter(match: re.Match[str]) -> str:
        name = _free(match[1], names)
        names.append(name)
        if match[2]:
            greedy.append(name)
        return f"{{{name}}}"

    def wildcard(match: re.Match[str]) -> str:
        name = _free("any" if match[0] == "*" else "character", names)
        names.append(name)
        if match[0] == "*":
            greedy.append(name)
        return f"{{{name}}}"

    pattern, put = (_WILDCARD, wildcard) if kind == "load-balancer" else (_PARAMETER, parameter)
    words = tuple(pattern.sub(put, part) if isinstance(part, str) else part for part in path)
    if not words or not (isinstance(words[0], str) and words[0].startswith("/")):
        words = ("/" + words[0], *words[1:]) if words and isinstance(words[0], str) else ("/", *words)
    return PathTemplate(words, tuple(names), tuple(greedy))


def _free(name: str, taken: list[str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}{number}", number + 1
    return free
