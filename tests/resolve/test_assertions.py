"""The `Rules` section and parameter constraints against brute force over all assignments."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stackwarden.run.finding import When
from stackwarden.run.scan import scan_source
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.source import Source

VALUES = ("NONE", "AWS_IAM", "other")
NAMES = ("A", "B", "C")
Assignment = Mapping[str, str]
Condition = tuple[Any, Callable[[Assignment], bool]]
"""A condition function as JSON, and what it means for an assignment, written from the Template Reference."""


def equals() -> st.SearchStrategy[Condition]:
    def make(name: str, value: str) -> Condition:
        return {"Fn::Equals": [{"Ref": name}, value]}, lambda given: given[name] == value

    return st.builds(make, st.sampled_from(NAMES), st.sampled_from(VALUES))


def contains() -> st.SearchStrategy[Condition]:
    def make(name: str, values: list[str]) -> Condition:
        return {"Fn::Contains": [values, {"Ref": name}]}, lambda given: given[name] in values

    return st.builds(make, st.sampled_from(NAMES), st.lists(st.sampled_from(VALUES), min_size=1, max_size=2))


def negated(inner: Condition) -> Condition:
    return {"Fn::Not": [inner[0]]}, lambda given: not inner[1](given)


def joined(function: str, parts: list[Condition]) -> Condition:
    every = all if function == "Fn::And" else any
    return {function: [part[0] for part in parts]}, lambda given: every(part[1](given) for part in parts)


CONDITIONS = st.recursive(
    equals() | contains(),
    lambda inner: (
        inner.map(negated)
        | st.builds(joined, st.sampled_from(["Fn::And", "Fn::Or"]), st.lists(inner, min_size=2, max_size=3))
    ),
    max_leaves=4,
)
RULES = st.lists(st.tuples(st.none() | CONDITIONS, CONDITIONS), max_size=3)
PATTERNS = {"any": ".*", "no iam": "NONE|other", "short": "[A-Za-z]{4,5}"}
ALLOWED = {"any": VALUES, "no iam": ("NONE", "other"), "short": ("NONE", "other")}


def template(rules: list[tuple[Condition | None, Condition]], patterns: list[str]) -> str:
    section = {}
    for index, (applies, claim) in enumerate(rules):
        rule: dict[str, Any] = {"Assertions": [{"Assert": claim[0]}]}
        if applies is not None:
            rule["RuleCondition"] = applies[0]
        section[f"R{index}"] = rule
    parameters = {
        name: {"Type": "String", "AllowedValues": VALUES, "AllowedPattern": PATTERNS[pattern]}
        for name, pattern in zip(NAMES, patterns, strict=True)
    }
    urls = {
        f"Url{name}": {"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": "f", "AuthType": {"Ref": name}}}
        for name in NAMES
    }
    return json.dumps({"Parameters": parameters, "Rules": section, "Resources": urls})


def deployable(rules: list[tuple[Condition | None, Condition]], patterns: list[str]) -> list[dict[str, str]]:
    worlds = [
        dict(zip(NAMES, values, strict=True))
        for values in itertools.product(*(ALLOWED[pattern] for pattern in patterns))
    ]
    return [
        world
        for world in worlds
        if all((applies and not applies[1](world)) or claim[1](world) for applies, claim in rules)
    ]


def holds(when: When, world: Assignment) -> bool:
    if when is None:
        return True
    for way in when:
        settings = [(world[key.removeprefix("Parameters.")], setting) for key, setting in way.items()]
        if all(value == setting or (isinstance(setting, tuple) and value in setting) for value, setting in settings):
            return True
    return False


def opened() -> Session:
    session = open_session(SessionOptions(rules=("lambda-url-auth-none",)))
    assert isinstance(session, Session)
    return session


SESSION = opened()


@given(RULES, st.lists(st.sampled_from(sorted(PATTERNS)), min_size=3, max_size=3))
def test_only_deployable_assignments_count(
    rules: list[tuple[Condition | None, Condition]], patterns: list[str]
) -> None:
    worlds = deployable(rules, patterns)
    if not worlds:  # rules that contradict each other restrict nothing
        return
    scanned = scan_source(Source("t.json", template(rules, patterns)), SESSION)
    assert not scanned.errors
    found = {finding.resource: finding for finding in scanned.findings}
    for name in NAMES:
        failing = [world for world in worlds if world[name] == "NONE"]
        finding = found.get(f"Url{name}")
        assert (finding is not None) == bool(failing)
        if finding is not None:
            assert finding.verdict == "fail"
            assert [world for world in worlds if holds(finding.when, world)] == failing
