"""What is said of routes under conditions holds in each deployment: compared with the template as it is deployed."""

from __future__ import annotations

import json
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from stackwarden.apis import endpoints, routes
from stackwarden.graph.stack import Stack
from stackwarden.resolve.resolver import Resolver
from stackwarden.resolve.values import ListValue, Plain, Record, Unknown, Value, cases_of
from stackwarden.run.message import in_words
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

Json = dict[str, "Json"] | list["Json"] | str | bool

_FLAGS = ("A", "B")
_NO_VALUE: Json = {"Ref": "AWS::NoValue"}


def _maybe(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """A value as it is, or one of two under a condition."""
    branch = inner | st.just(_NO_VALUE)
    chosen = st.tuples(st.sampled_from(_FLAGS), branch, branch)
    return inner | chosen.map(lambda parts: {"Fn::If": [f"Is{parts[0]}", parts[1], parts[2]]})


_REQUIREMENT: st.SearchStrategy[Json] = st.sampled_from(
    [{"fn": []}, {"signed": []}, {"key": []}, {"oauth": []}, {"hidden": []}, {"varied": []}, {}, {"fn": [], "key": []}]
)
_SECURITY = _maybe(st.lists(_maybe(_REQUIREMENT), max_size=2).map(list))
_INTEGRATION: st.SearchStrategy[Json] = st.sampled_from([{"type": "mock"}, {"type": "http", "uri": "http://a.example"}])
_METHOD: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {}, optional={"security": _SECURITY, "x-amazon-apigateway-integration": _maybe(_INTEGRATION)}
)
_ITEM = _maybe(st.dictionaries(st.sampled_from(["get", "options", "post"]), _maybe(_METHOD), max_size=2))
_PATHS = _maybe(st.dictionaries(st.sampled_from(["/a", "/b"]), _ITEM, max_size=2))
_TYPES = _maybe(st.sampled_from(["PRIVATE", "EDGE"]))
_SCHEMES: Json = {
    "fn": {"type": "apiKey", "name": "A", "in": "header", "x-amazon-apigateway-authorizer": {"type": "token"}},
    "signed": {"type": "apiKey", "name": "A", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
    "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
    "oauth": {"type": "oauth2"},
    "hidden": {"Fn::ImportValue": "scheme"},
    "varied": {"Fn::If": ["IsA", {"x-amazon-apigateway-authtype": "awsSigv4"}, {"type": "http"}]},
}


def _template(paths: Json, security: Json, types: Json) -> str:
    body: Json = {"components": {"securitySchemes": _SCHEMES}, "security": security, "paths": paths}
    return json.dumps(
        {
            "Parameters": {flag: {"Type": "String", "AllowedValues": ["yes", "no"]} for flag in _FLAGS},
            "Conditions": {f"Is{flag}": {"Fn::Equals": [{"Ref": flag}, "yes"]} for flag in _FLAGS},
            "Resources": {
                "Api": {
                    "Type": "AWS::ApiGateway::RestApi",
                    "Properties": {"Body": body, "EndpointConfiguration": {"Types": [types]}},
                }
            },
        }
    )


def _stack(text: str, assignment: dict[str, str]) -> Stack:
    template = load(Source("t.json", text))
    assert isinstance(template, Template)
    return Stack(Resolver(template, assignment))


_FIELDS = ("is_known", "name", "authorization", "authorizer", "api_key_required", "schemes", "is_preflight")


def _deployed(listed: ListValue, fields: tuple[str, ...], assignment: dict[str, str]) -> list[str]:
    """The records of a list that are there under an assignment, with their fields."""
    facts = {f"Parameters.{name}": value for name, value in assignment.items()}
    found: list[str] = []
    for item in listed.items:
        if item.guard.holds(facts) and isinstance(item.value, Record):
            record = item.value
            found.append(", ".join(_words(record.get(name), facts) for name in fields))
    return sorted(found)


def _words(value: Value, facts: dict[str, str]) -> str:
    plain: Plain = next(plain for guard, plain in cases_of(value) if guard.holds(facts))
    if isinstance(plain, ListValue):
        return str(sorted(_words(item.value, facts) for item in plain.items if item.guard.holds(facts)))
    return "unknown" if isinstance(plain, Unknown) else in_words(plain)


@settings(max_examples=300, deadline=None)
@given(_PATHS, _SECURITY, _TYPES)
def test_routes_under_conditions(paths: Json, security: Json, types: Json) -> None:
    text = _template(paths, security, types)
    whole = _stack(text, {})
    for values in product(("yes", "no"), repeat=len(_FLAGS)):
        assignment = dict(zip(_FLAGS, values, strict=True))
        deployed = _stack(text, assignment)
        for make, fields in ((routes.routes, _FIELDS), (endpoints.endpoints, ("is_public", "is_open"))):
            symbolic = _deployed(make(whole), fields, assignment)
            assert symbolic == _deployed(make(deployed), fields, assignment)
