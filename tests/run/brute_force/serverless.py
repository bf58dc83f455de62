"""Serverless templates under one assignment: every function evaluated, then translated by AWS's own translator.

What the translator makes of values that are all written out is what the stack has; it is judged like any other stack.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from itertools import product
from typing import Any, Final, cast
from unittest.mock import patch

import boto3
from hypothesis import strategies as st
from samtranslator.parser.parser import Parser
from samtranslator.translator import translator as translator_module
from samtranslator.translator.translator import Translator

from run.brute_force.concrete import Stack, section
from run.brute_force.rules import Claim, Compare, Count, Exactly, IsState, Path, Rule
from run.brute_force.values import Data, Hole, Pieces, Value
from run.brute_force.world import Domain, World

__all__ = ["policy_templates_once", "rules_for", "serverless_templates", "serverless_worlds"]

Draw = st.DrawFn
_GONE: Final = "\0gone"
_BOOLEAN: Final = (True, False)

# The translator leaves functions alone that it does not have to look into. Where it does, it takes a function for a
# value of its own, and what it makes differs from what it makes of the value, here and when AWS runs it. For `AuthType`
# of a function URL behind `Fn::If`, it leaves out the permission for the public; permissions are not judged then. These
# are not generated:
# - `Tracing` of a function behind `Fn::If`: the policy for AWS X-Ray is left out of the role;
# - `StageName`, `Name` and `Path` behind a function: they become part of logical ids and of documents;
# - `Auth` and `Cors` behind a function: they are refused, or copied into the document as they are.


@st.composite
def serverless_templates(draw: Draw) -> dict[str, Data]:
    """A template with two parameters and conditions, two functions, APIs and tables."""
    parameters: dict[str, Data] = {}
    for index in range(2):
        parameters[f"P{index}"] = {"Type": "String", "AllowedValues": ["a", "b"]}
    conditions: dict[str, Data] = {"C0": {"Fn::Equals": [{"Ref": "P0"}, "a"]}}
    conditions["C1"] = {"Fn::Equals": [{"Ref": draw(st.sampled_from(("P1", "P0")))}, draw(st.sampled_from(("b", "a")))]}
    parts = _Parts(draw, sorted(conditions))
    template: dict[str, Data] = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Parameters": parameters,
        "Conditions": conditions,
        "Resources": parts.resources(),
    }
    if draw(st.integers(0, 2)) == 0:
        template["Globals"] = parts.defaults()
    return template


class _Parts:
    """Makes the parts of one template; `conditions` are the names that it has."""

    def __init__(self, draw: Draw, conditions: list[str]) -> None:
        self._draw = draw
        self._conditions = conditions

    def resources(self) -> dict[str, Data]:
        resources: dict[str, Data] = {}
        if self._some():
            resources["Rest"] = self._resource("Api", self._rest())
        if self._some():
            resources["Http"] = self._resource("HttpApi", self._http())
        for index in range(2):
            function = self._resource("Function", self._function())
            condition = function.get("Condition")
            there = [name for name, api in resources.items() if cast("Any", api).get("Condition") in (None, condition)]
            self._add_events(function, index, there)
            resources[f"Fn{index}"] = function
        if self._some():
            resources["Table"] = self._resource("SimpleTable", self._table())
        return resources

    def defaults(self) -> dict[str, Data]:
        """The `Globals` section."""
        return {
            "Function": {"Timeout": self._value(3, 20)},
            "Api": {"TracingEnabled": self._value(*_BOOLEAN)},
        }

    def _some(self) -> bool:
        return self._draw(st.booleans())

    def _value(self, first: Data, second: Data) -> Data:
        """One of two values, or a choice by a condition."""
        if self._some():
            return self._draw(st.sampled_from((first, second)))
        return {"Fn::If": [self._draw(st.sampled_from(self._conditions)), first, second]}

    def _resource(self, kind: str, properties: dict[str, Data]) -> dict[str, Data]:
        resource: dict[str, Data] = {"Type": f"AWS::Serverless::{kind}", "Properties": properties}
        if self._some():
            resource["Condition"] = self._draw(st.sampled_from(self._conditions))
        return resource

    def _rest(self) -> dict[str, Data]:
        properties: dict[str, Data] = {"StageName": "live"}
        if self._some():
            properties["TracingEnabled"] = self._value(*_BOOLEAN)
        if self._some():
            log: dict[str, Data] = {"DestinationArn": "arn:aws:logs:us-east-1:111111111111:log-group:x", "Format": "x"}
            properties["AccessLogSetting"] = self._value(cast("Data", log), {"Ref": "AWS::NoValue"})
        if self._some():
            properties["Auth"] = {"DefaultAuthorizer": "AWS_IAM"}
        return properties

    def _http(self) -> dict[str, Data]:
        properties: dict[str, Data] = {}
        if self._some():
            log: dict[str, Data] = {"DestinationArn": "arn:aws:logs:us-east-1:111111111111:log-group:x", "Format": "x"}
            properties["AccessLogSettings"] = self._value(cast("Data", log), {"Ref": "AWS::NoValue"})
        return properties

    def _function(self) -> dict[str, Data]:
        properties: dict[str, Data] = {"InlineCode": "x", "Handler": "index.handler", "Runtime": "python3.13"}
        if self._some():
            properties["Timeout"] = self._value(3, 20)
        if self._some():
            properties["Description"] = {"Ref": "P0"}
        if self._some():
            properties["FunctionUrlConfig"] = {"AuthType": self._value("NONE", "AWS_IAM")}
        if self._some():
            properties["Tracing"] = "Active"
        return properties

    def _add_events(self, function: dict[str, Data], index: int, resources: list[str]) -> None:
        """API events of a function; it may name those of the resources that are APIs, else an API is made for it."""
        events: dict[str, Data] = {}
        for kind, logical_id, name in (("Api", "Rest", "RestApiId"), ("HttpApi", "Http", "ApiId")):
            if self._some():
                event: dict[str, Data] = {"Path": f"/{index}", "Method": "get"}
                if logical_id in resources and self._some():
                    event[name] = {"Ref": logical_id}
                events[kind] = {"Type": kind, "Properties": event}
        if events:
            section(function, "Properties")["Events"] = events

    def _table(self) -> dict[str, Data]:
        return {"SSESpecification": {"SSEEnabled": self._value(*_BOOLEAN)}} if self._some() else {}


def _claims() -> Iterator[tuple[str, Claim]]:
    def is_(resource_type: str, *names: str, value: str | int) -> tuple[str, Claim]:
        numbers = isinstance(value, int) and not isinstance(value, bool)
        return resource_type, Compare("==", Path("x", names), Exactly(value), numbers)

    def present(resource_type: str, *names: str) -> tuple[str, Claim]:
        return resource_type, IsState(Path("x", names), "present")

    yield is_("AWS::ApiGateway::Stage", "TracingEnabled", value=True)
    yield present("AWS::ApiGateway::Stage", "AccessLogSetting")
    yield present("AWS::ApiGatewayV2::Stage", "AccessLogSettings")
    yield is_("AWS::DynamoDB::Table", "SSESpecification", "SSEEnabled", value=True)
    yield "AWS::IAM::Role", Compare(">=", Count(Path("x", ("ManagedPolicyArns",))), Exactly(2), True)
    yield is_("AWS::Lambda::Function", "Timeout", value=20)
    yield is_("AWS::Lambda::Function", "Description", value="a")
    yield is_("AWS::Lambda::Function", "TracingConfig", "Mode", value="Active")
    yield is_("AWS::Lambda::Permission", "Principal", value="*")
    yield present("AWS::Lambda::Permission", "SourceArn")
    yield is_("AWS::Lambda::Url", "AuthType", value="NONE")


_RULES: Final = tuple(
    Rule(None, tuple(claim for kind, claim in _claims() if kind == resource_type), resource_type)
    for resource_type in dict.fromkeys(kind for kind, _ in _claims())
)
"""Rules about types that the translator makes."""


def rules_for(template: Mapping[str, Data]) -> Iterator[Rule]:
    """The rules whose outcome does not hang on the translator's looking into a function."""
    urls = [
        cast("Any", resource)["Properties"].get("FunctionUrlConfig", {}).get("AuthType", "")
        for resource in section(template, "Resources").values()
    ]
    for rule in _RULES:
        if rule.resource_type != "AWS::Lambda::Permission" or all(isinstance(one, str) for one in urls):
            yield rule


# --- worlds


def serverless_worlds(template: Mapping[str, Data]) -> list[World]:
    """The template under every assignment, translated."""
    known = {
        name: Domain(tuple(values), frozenset(values), closed=True)
        for name, declared in section(template, "Parameters").items()
        if isinstance(values := cast("dict[str, Any]", declared)["AllowedValues"], list)
    }
    found: list[World] = []
    for values in product(*(domain.values for domain in known.values())):
        assignment = dict(zip(known, values, strict=True))
        stack = Stack(template, dict(assignment), {}, {})
        made = json.loads(_translated(json.dumps(_written_out(stack))))
        given: dict[str, Value] = {**assignment, **{name: Pieces((Hole(name),)) for name in _PSEUDO}}
        conditions = {"Conditions": section(template, "Conditions")}  # of the author, by which findings are told
        found.append(World({"": Stack({**made, **conditions}, given, {}, {})}, known, assignment))
    return found


_PSEUDO: Final = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackName", "AWS::URLSuffix")


def _written_out(stack: Stack) -> dict[str, Data]:
    """The template without conditions and parameters: with the resources that are there, and the values that hold."""
    resources: dict[str, Data] = {}
    for logical_id in section(stack.template, "Resources"):
        if stack.deployed(logical_id):
            resource = {key: value for key, value in stack.resource(logical_id).items() if key != "Condition"}
            resources[logical_id] = _plain(resource, stack)
    globals_ = _plain(section(stack.template, "Globals"), stack)
    return {"Transform": stack.template["Transform"], "Globals": globals_, "Resources": resources}


def _plain(data: Data, stack: Stack) -> Data:
    match data:
        case {"Fn::If": [str(name), then, otherwise]}:
            return _plain(then if stack.condition(name) else otherwise, stack)
        case {"Ref": "AWS::NoValue"}:
            return _GONE
        case {"Ref": str(name)} if name in stack.given:
            return cast("str", stack.given[name])
        case dict():
            pairs = ((key, _plain(value, stack)) for key, value in data.items())
            return {key: value for key, value in pairs if value != _GONE}
        case list():
            return [item for item in (_plain(one, stack) for one in data) if item != _GONE]
        case _:
            return data


@lru_cache(maxsize=5000)
def _translated(document: str) -> str:
    """What the translator makes of a document, both as JSON text."""
    template = json.loads(document)
    if not template["Resources"]:  # which the translator would refuse, as CloudFormation does
        return json.dumps({"Resources": {}})
    logging.getLogger("samtranslator").setLevel(logging.CRITICAL + 1)
    translator = Translator({}, Parser(), None, _session())
    made = translator.translate(template, {})
    translator.metrics.publish()
    return json.dumps(made)


@contextmanager
def policy_templates_once() -> Iterator[None]:
    """The translator checks the policy templates that come with it anew for each template, and that takes longest."""
    with patch.object(translator_module, _MAKE_PLUGIN, cache(getattr(translator_module, _MAKE_PLUGIN))):
        yield


_MAKE_PLUGIN: Final = "make_policy_template_for_function_plugin"


@cache
def _session() -> boto3.Session:
    return boto3.Session(region_name="us-east-1")
