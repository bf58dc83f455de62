"""The routes of a template, API by API: each method of a path once, with all that may protect it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product

from stackwarden.apis.balancers import LISTENER
from stackwarden.apis.reading import is_among, named_resource
from stackwarden.apis.routes import routes
from stackwarden.graph.stack import Stack
from stackwarden.integrations.dynamic.credentials import API_KEY, credentials_of
from stackwarden.integrations.dynamic.paths import PathTemplate, path_template
from stackwarden.integrations.dynamic.surface import METHODS, Missing, Protection, Variable, Words, filled
from stackwarden.integrations.dynamic.words import Wording
from stackwarden.resolve.guards import FALSE, TRUE, Guard
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Known, ListValue, Plain, Record, ResourceValue, Value, cases_of
from stackwarden.run.verdict import Ways

__all__ = ["Entry", "Group", "gather", "protections_of"]

_NO_PATH = "its path is not determined by the template"
_NO_METHOD = "its method is not determined by the template"


@dataclass(slots=True)
class Entry:
    """A method of a path: the record that makes it first, and what protects it under which guards."""

    method: str
    path: PathTemplate
    record: Record
    guard: Guard = FALSE
    protected: dict[Protection, Guard] = field(default_factory=dict)


@dataclass(slots=True)
class Group:
    """The routes of one API. `api` is absent where another stack has it; `written_id` is how its id is written.

    For load balancers the group is a listener, as what a path does differs from one to the next.
    """

    name: str
    kind: str
    api: Plain
    written_id: Value
    record: Record
    guard: Guard = FALSE
    entries: dict[tuple[str, Words], Entry] = field(default_factory=dict)


def gather(stack: Stack, wording: Wording) -> tuple[list[Group], list[Missing]]:
    """The routes of each API, and those that no document can have."""
    groups: dict[tuple[str, str], Group] = {}
    missing: list[Missing] = []
    for item in routes(stack).items:
        record = item.value
        if not isinstance(record, Record):
            continue
        for guard, kind, name, api in _places(stack, wording, record, item.guard & stack.resolver.assumptions):
            reason = _left_out(stack, record, kind)
            if reason:
                missing.append(Missing(name, _name(wording, record) if kind == "websocket" else "", reason))
                continue
            key = (name, kind)
            group = groups.setdefault(key, Group(name, kind, api, record.get("api_id"), record))
            group.guard = group.guard | guard
            missing.extend(Missing(name, what, why) for what, why in _add(stack, wording, group, record, guard))
    return list(groups.values()), list(dict.fromkeys(missing))


def _places(stack: Stack, wording: Wording, record: Record, under: Guard) -> Iterator[tuple[Guard, str, str, Plain]]:
    """The kind, the name and the resource of the API that a route belongs to, case by case."""
    for (first, kind), (second, api) in product(cases_of(record.get("kind")), cases_of(record.get("api"))):
        guard = under & first & second
        if guard is FALSE:
            continue
        word = kind.text if isinstance(kind, Known) else ""
        if word == "load-balancer":
            listener, name = _listener(stack, wording, record)
            yield guard, word, name, listener
        elif isinstance(api, ResourceValue):
            yield guard, word, api.resource.logical_id, api
        else:
            yield guard, word, _told(wording, record.get("api_id")), api


def _listener(stack: Stack, wording: Wording, record: Record) -> tuple[Plain, str]:
    owner = record.resource
    assert owner is not None  # a route is a resource's
    if owner.resource.resource_type == LISTENER:
        return owner, owner.resource.logical_id
    for _, plain in cases_of(at(owner, "ListenerArn")):
        named = named_resource(plain)
        resource = stack.resource(named[0]) if named is not None else None
        if resource is not None:
            return resource, resource.resource.logical_id
        return plain, _told(wording, plain)
    raise AssertionError("a value has at least one case")


def _left_out(stack: Stack, record: Record, kind: str) -> str:
    """Why no document can have a route; empty where it can."""
    if is_among(stack, record.get("is_known"), "false").true is TRUE:
        return "its definition, or part of it, is not in the template"
    if kind == "websocket":
        return "WebSocket APIs are not exported"
    return "" if kind else "which kind of API it belongs to is not determined by the template"


def _add(stack: Stack, wording: Wording, group: Group, record: Record, under: Guard) -> Iterator[tuple[str, str]]:
    """Adds a route to its API; what of it cannot be added, and why."""
    for (first, method), (second, path) in product(cases_of(record.get("method")), wording.cases(record.get("path"))):
        guard = under & first & second
        if guard is FALSE:
            continue
        if not isinstance(method, Known) or path is None:
            yield _name(wording, record), _NO_METHOD if path is not None else _NO_PATH
            continue
        if method.text not in METHODS:
            yield _name(wording, record), "OpenAPI has no such method"
            continue
        template = path_template(group.kind, path)
        key = (method.text, template.words)
        entry = group.entries.setdefault(key, Entry(method.text, template, record))
        entry.guard = entry.guard | guard
        for there, protection in _protections(stack, wording, group.kind, record, guard):
            entry.protected[protection] = entry.protected.get(protection, FALSE) | there


def _protections(
    stack: Stack, wording: Wording, kind: str, record: Record, under: Guard
) -> Iterator[tuple[Guard, Protection]]:
    fields = (record.get("authorization"), record.get("authorizer"), record.get("scopes"))
    key = is_among(stack, record.get("api_key_required"), "true", "True")
    for (first, kind_of), (second, authorizer), (third, scopes) in product(*(cases_of(one) for one in fields)):
        authorization = kind_of.text if isinstance(kind_of, Known) else ""
        for has_key, answer in ((key.true, True), (key.false, False), (key.unknown, None)):
            guard = under & first & second & third & has_key
            if guard is FALSE:
                continue
            credentials = credentials_of(kind, authorization, authorizer)
            yield (
                guard,
                Protection(
                    authorization=authorization,
                    authorizer=_told(wording, at(authorizer, "name")) if isinstance(authorizer, Record) else "",
                    scopes=_scopes(wording, scopes),
                    api_key=answer,
                    credentials=(*credentials, API_KEY) if answer and API_KEY not in credentials else credentials,
                    redirects=kind == "load-balancer" and authorization != "JWT",
                    when=None,
                ),
            )


def _scopes(wording: Wording, scopes: Plain) -> tuple[str, ...]:
    if not isinstance(scopes, ListValue):
        return ()
    return tuple(_told(wording, item.value) for item in scopes.items)


def protections_of(entry: Entry, ways: Ways) -> tuple[Protection, ...]:
    """What protects a route, with the settings under which it does where there are several."""
    if len(entry.protected) == 1:
        return tuple(entry.protected)
    return tuple(replace(one, when=ways.of(guard)) for one, guard in entry.protected.items())


def _name(wording: Wording, record: Record) -> str:
    return _told(wording, record.get("name"))


def _told(wording: Wording, value: Value) -> str:
    """A value in words, `{Name}` for what the template leaves open."""
    for _, words in wording.cases(value):
        if words:
            return filled(words, _in_braces)
    return "a value that is not known"


def _in_braces(variable: Variable) -> str:
    return f"{{{variable.name}}}"
