"""Secrets that stand in a template: they are masked before anything can show them.

A secret is the value of a parameter with `NoEcho`, a text under a key whose name says that it is one (`SecretString`,
`MasterUserPassword`, `DB_PASSWORD`), and what has the form of a key of a well-known service. Of a masked text every
character is replaced, so that places stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnlyMapping
from dataclasses import dataclass, replace
from typing import Final

from stackwarden.source import Source
from stackwarden.template.model import Parameter, Snippet, Template
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["MASK", "NO_SECRETS", "Secrets", "masked", "masked_snippet", "names_a_secret", "starred"]

_NAME: Final = re.compile(
    r"(?i)(?:password|passwd|passphrase|secret|secret_?-?string|secret_?-?(?:access_?-?)?key|private_?-?key|"
    r"(?:auth|access|api|bearer|session|webhook|github|slack)?_?-?token|api_?-?key|credentials?)$"
)
_FORMS: Final = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[^-]*(?:-----END (?:[A-Z]+ )?PRIVATE KEY-----)?"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{22,}|\bglpat-[A-Za-z0-9_-]{20,}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"
    r"|(?<=://)[^/@:\s]+:[^/@\s]+(?=@)"
)
_NAME_HINTS: Final = (
    *("noecho", "password", "passwd", "passphrase", "secret", "token", "credential"),
    *(f"{word}{mark}key" for word in ("access", "private", "api") for mark in ("", "_", "-")),
)
"""Words in the names of keys that hold secrets, in lower case; to look for words is much cheaper than for a pattern."""

_REST_OF_KEY: Final = re.compile(r"[a-z_-]*['\"]?[ \t]*:")
_FORM_HINTS: Final = (
    "AKIA",
    "ASIA",
    "-----BEGIN",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xox",
    "eyJ",
)
_URL_WITH_PASSWORD: Final = re.compile(r"://[^/@:\s]+:[^/@\s]+@")

_PLAIN: Final = re.compile(
    r"(?i)(?:true|false|yes|no|on|off|none|null|[0-9.]{1,6}|arn:.*|https?://[^@]*|\{\{resolve:.*|)", re.DOTALL
)
"""What is no secret, whatever it is called: switches, small numbers, ARNs, addresses, dynamic references."""

MASK: Final = "****"
_SHORTEST: Final = 3
"""Shorter values are masked where they stand, but not wherever the same letters are."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Values that must not be shown, and the names of the parameters that hold secrets."""

    values: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.values or self.parameters)

    def __or__(self, other: Secrets) -> Secrets:
        return Secrets(self.values | other.values, self.parameters | other.parameters)

    def given(self, values: ReadOnlyMapping[str, str]) -> Secrets:
        """These and the values that are given for the parameters."""
        more = frozenset(values[name] for name in self.parameters if values.get(name))
        return Secrets(self.values | more, self.parameters) if more else self

    def mask(self, text: str) -> str:
        """A text without the secrets in it."""
        for value in sorted(self.values, key=len, reverse=True):
            if len(value) >= _SHORTEST and value in text:
                text = text.replace(value, MASK)
        return _FORMS.sub(MASK, text)


NO_SECRETS: Final = Secrets()


def masked(template: Template) -> tuple[Template, Secrets]:
    """The template with a source in which its secrets are masked, and the secrets; the template itself without any."""
    source, values = _masked(template.source, template.root, template.parameters)
    parameters = frozenset(name for name, parameter in template.parameters.items() if _is_hidden(parameter.node))
    if source is template.source and not parameters:
        return template, NO_SECRETS
    return replace(template, source=source), Secrets(values, parameters)


def masked_snippet(snippet: Snippet) -> tuple[Snippet, Secrets]:
    """The snippet with a source in which its secrets are masked, and the secrets."""
    source, values = _masked(snippet.source, snippet.root, {})
    return replace(snippet, source=source), Secrets(values)


def _masked(
    source: Source, root: Mapping, parameters: ReadOnlyMapping[str, Parameter]
) -> tuple[Source, frozenset[str]]:
    """A text with its secrets masked, and the secrets; the text itself without any."""
    text = source.text
    nodes = list(_secret_nodes(root, parameters)) if _may_name_a_secret(text.lower()) else []
    may_have_forms = any(word in text for word in _FORM_HINTS) or _URL_WITH_PASSWORD.search(text) is not None
    forms = list(_FORMS.finditer(text)) if may_have_forms else []
    spans = [(node.start, node.end) for node in nodes] + [found.span() for found in forms]
    if not spans:
        return source, frozenset()
    values = frozenset(node.text for node in nodes) | frozenset(found[0] for found in forms)
    return Source(source.name, starred(text, spans)), values


def names_a_secret(key: str) -> bool:
    """Whether the name of a key says that a secret stands under it."""
    return _NAME.search(key) is not None


def _may_name_a_secret(lower: str) -> bool:
    """Whether a text in lower case has a key that may hold a secret."""
    for word in _NAME_HINTS:
        found = lower.find(word)
        while found >= 0:
            if _REST_OF_KEY.match(lower, found + len(word)) is not None:
                return True
            found = lower.find(word, found + 1)
    return False


def starred(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with `*` for each character of the spans but line ends and blanks, which layout depends on."""
    characters = list(text)
    for start, end in spans:
        for index in range(start, end):
            if not characters[index].isspace():
                characters[index] = "*"
    return "".join(characters)


def _secret_nodes(root: Mapping, parameters: ReadOnlyMapping[str, Parameter]) -> Iterator[Scalar]:
    """The values of hidden parameters, wherever they are written again, and what stands under telling keys."""
    hidden = [
        node
        for parameter in parameters.values()
        if _is_hidden(parameter.node)
        for key in ("Default", "AllowedValues")
        for node in _scalars(parameter.node.get(key))
    ]
    yield from hidden
    values = frozenset(node.text for node in hidden)
    seen: set[int] = set()
    todo: list[tuple[str, Node]] = [(entry.key, entry.value) for entry in root if entry.key != "Parameters"]
    while todo:
        key, node = todo.pop()
        if isinstance(node, Scalar):
            if node.text in values or (names_a_secret(key) and _may_be_secret(node)):
                yield node
        elif id(node) not in seen:
            seen.add(id(node))  # aliases share nodes
            if isinstance(node, Sequence):
                todo.extend(("", item) for item in node.items)
            else:
                todo.extend((entry.key, entry.value) for entry in node)


def _is_hidden(parameter: Mapping) -> bool:
    hidden = parameter.get("NoEcho")
    return isinstance(hidden, Scalar) and str(hidden.data).lower() == "true"


def _scalars(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        if node.text:
            yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)


def _may_be_secret(node: Scalar) -> bool:
    return isinstance(node.data, str) and _PLAIN.fullmatch(node.data) is None
