"""Secrets that stand in a template: they are masked before anything can show them.

A secret is the value of a parameter with `NoEcho`, a text under a key whose name says that it is one (`SecretString`,
`MasterUserPassword`, `DB_PASSWORD`; also as `Name` beside its `Value`, and within functions), and what has the form of
a key of a well-known service or follows `password=`. Of a masked text every character is replaced, so that places stay
what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnlyMapping
from dataclasses import dataclass, replace
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.source import Source
from stackwarden.template.model import Parameter, Snippet, Template
from stackwarden.template.nodes import Mapping, Node, Scalar, Sequence

__all__ = [
    "MASK",
    "NO_SECRETS",
    "Secrets",
    "hide",
    "is_hidden",
    "masked",
    "masked_faults",
    "masked_snippet",
    "names_a_secret",
    "starred",
]

_NAME: Final = re.compile(
    r"(?i)(?:pass(?:word|wd|phrase|code)?|pwd|secret|secret_?-?string|secret_?-?(?:access_?-?)?key|private_?-?key|"
    r"(?:auth|access|api|bearer|session|webhook|github|slack)?_?-?token|api_?-?key|credentials?)\d*$"
)
_FORMS: Final = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"
    r"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----[^-]*(?:-----END (?:[A-Z]+ )?PRIVATE KEY-----)?"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_[A-Za-z0-9_]{22,}|\bglpat-[A-Za-z0-9_-]{20,}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}|\b[rs]k_live_[A-Za-z0-9]{10,}"
    r"|\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"
    r"|(?<=://)[^/@:\s]+:[^/@\s]+(?=@)"
    r"|(?i:(?<=password=)|(?<=passwd=)|(?<=pwd=))[^\s;&,\"'<>$*{}\\]{3,}"
)
_NAME_HINTS: Final = (
    *("noecho", "pass", "pwd", "secret", "token", "credential"),
    *(f"{word}{mark}key" for word in ("access", "private", "api") for mark in ("", "_", "-")),
)
"""Words in names of what holds secrets, in lower case; to look for words is much cheaper than for a pattern."""

_REST_OF_NAME: Final = re.compile(r"[a-z0-9_-]*['\"]?[ \t]*(?:[:,}\]#\r\n]|$)")
_PAIR: Final = re.compile(r"([\w-]+)['\"]?[ \t]*:[ \t]+(?!!|\{\{resolve:)([^\s\[\]{},#][^\r\n,}]*)")
"""A key with a text after it on its line."""
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
    "k_live_",
    *("word=", "wd=", "WORD=", "WD="),
)
_URL_WITH_PASSWORD: Final = re.compile(r"://[^/@:\s]+:[^/@\s]+@")

_PLAIN: Final = re.compile(
    r"(?i)(?:true|false|yes|no|on|off|none|null|[0-9.]{1,6}|arn:.*|https?://[^@]*|\{\{resolve:.*|)", re.DOTALL
)
"""What is no secret, whatever it is called: switches, small numbers, ARNs, addresses, dynamic references."""

MASK: Final = "****"
_NAMED: Final = ("Name", "Key")
"""Keys of the name in a pair of name and `Value`: environment variables of tasks and builds, parameters, tags."""
_PASSING: Final = {
    "Fn::Base64": (0,),
    "Fn::If": (1, 2),
    "Fn::Join": (1,),
    "Fn::Select": (1,),
    "Fn::Sub": (0,),
}
"""Functions whose result is made of texts in these arguments."""
_HOLE: Final = re.compile(r"\$\{[^}]*\}")
_SHORTEST_PIECE: Final = 6
"""Of a text with `${}`, shorter pieces say little of what is secret in it."""
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
        elements = (element.strip() for value in more for element in value.split(","))
        return Secrets(self.values | more | frozenset(elements), self.parameters) if more else self

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
    parameters = frozenset(name for name, parameter in template.parameters.items() if is_hidden(parameter.node))
    if source is template.source and not parameters:
        return template, NO_SECRETS
    notes = tuple(_shown_in(source, one) for one in template.diagnostics)
    return replace(template, source=source, diagnostics=notes), Secrets(values, parameters)


def masked_snippet(snippet: Snippet) -> tuple[Snippet, Secrets]:
    """The snippet with a source in which its secrets are masked, and the secrets."""
    source, values = _masked(snippet.source, snippet.root, {})
    return replace(snippet, source=source), Secrets(values)


def masked_faults(faults: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Faults of a text that cannot be read, with the lines that they show masked as far as names tell without nodes."""
    return tuple(one if one.span is None else _shown_in(_masked_by_names(one.span.source), one) for one in faults)


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
    values = frozenset(value for node in nodes for value in _values(node)) | frozenset(found[0] for found in forms)
    return Source(source.name, starred(text, spans)), values


def _shown_in(source: Source, diagnostic: Diagnostic) -> Diagnostic:
    """The diagnostic over a source whose text is as long."""
    span = diagnostic.span
    return diagnostic if span is None else replace(diagnostic, span=replace(span, source=source))


def _masked_by_names(source: Source) -> Source:
    named = (found.span(2) for found in _PAIR.finditer(source.text) if names_a_secret(found[1]))
    forms = (found.span() for found in _FORMS.finditer(source.text))
    return Source(source.name, starred(source.text, [*named, *forms]))


def names_a_secret(key: str) -> bool:
    """Whether the name of a key says that a secret stands under it."""
    return _NAME.search(key) is not None


def _may_name_a_secret(lower: str) -> bool:
    """Whether a text in lower case has a name that may be one of a secret."""
    for word in _NAME_HINTS:
        found = lower.find(word)
        while found >= 0:
            if _REST_OF_NAME.match(lower, found + len(word)) is not None:
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
        if is_hidden(parameter.node)
        for key in ("Default", "AllowedValues")
        for node in _scalars(parameter.node.get(key))
    ]
    yield from hidden
    values = frozenset(node.text for node in hidden)
    seen: set[tuple[str, int]] = set()
    todo: list[tuple[str, Node]] = [(entry.key, entry.value) for entry in root if entry.key != "Parameters"]
    while todo:
        name, node = todo.pop()
        if isinstance(node, Scalar):
            if node.text in values or (names_a_secret(name) and _may_be_secret(node)):
                yield node
        elif (name, id(node)) not in seen:
            seen.add((name, id(node)))  # aliases share nodes
            todo.extend(_inside(name, node))


def _inside(name: str, node: Sequence | Mapping) -> Iterator[tuple[str, Node]]:
    """What a collection holds, each with the name of what it is the value of."""
    if isinstance(node, Sequence):
        yield from (("", item) for item in node.items)
        return
    called = next((one.text for key in _NAMED if isinstance(one := node.get(key), Scalar)), "")
    for entry in node:
        places = _PASSING.get(entry.key) if len(node.entries) == 1 else None
        if places is None:
            yield (called if entry.key == "Value" and called else entry.key), entry.value
            continue
        arguments = entry.value.items if isinstance(entry.value, Sequence) else [entry.value]
        for place, argument in enumerate(arguments):
            if place not in places:
                yield "", argument
            elif isinstance(argument, Sequence):
                yield from ((name, item) for item in argument.items)
            else:
                yield name, argument


def _values(node: Scalar) -> Iterator[str]:
    """What a secret text shows up as: whole, as an element of a list, between what is put into it."""
    yield node.text
    yield from (element for one in node.text.split(",") if len(element := one.strip()) >= _SHORTEST_PIECE)
    yield from (piece for piece in _HOLE.split(node.text) if len(piece) >= _SHORTEST_PIECE)


def hide(template: Template, values: frozenset[str]) -> Source:
    """The source with all scalars masked that are one of the values."""
    spans = [(node.start, node.end) for node in _scalars(template.root) if node.text in values]
    return template.source.with_text(starred(template.source.text, spans)) if spans else template.source


def is_hidden(parameter: Mapping) -> bool:
    """Whether a parameter has `NoEcho`."""
    hidden = parameter.get("NoEcho")
    return isinstance(hidden, Scalar) and str(hidden.data).lower() == "true"


def _scalars(top: Node | None) -> Iterator[Scalar]:
    """The texts in a node; what aliases share comes once."""
    seen: set[int] = set()
    todo = [] if top is None else [top]
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Scalar):
            if node.text:
                yield node
        elif isinstance(node, Sequence):
            todo.extend(node.items)
        else:
            todo.extend(entry.value for entry in node)


def _may_be_secret(node: Scalar) -> bool:
    return isinstance(node.data, str) and _PLAIN.fullmatch(node.data) is None
