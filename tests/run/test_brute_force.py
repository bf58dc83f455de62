"""The central promise: one symbolic run gives what evaluating every assignment one by one gives.

For random templates and rules, the same requirements fail, may fail and pass; and `when` holds exactly in the worlds
(assignments) in which a finding comes about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from hypothesis import assume, given, note
from hypothesis import strategies as st

from run.brute_force.claims import claims, conditions_of_where
from run.brute_force.concrete import OTHER, Data, Link, World, worlds
from run.brute_force.rules import Claim, claim_text, truth
from run.brute_force.templates import templates
from stackwarden.diagnostics import Severity
from stackwarden.graph.stack import Stack
from stackwarden.language.check import check_files
from stackwarden.language.compile import Compiler
from stackwarden.language.typecheck.problems import NeverHolds
from stackwarden.resolve.resolver import Resolver
from stackwarden.run.evaluate import Check, evaluate
from stackwarden.run.finding import Finding, Setting
from stackwarden.run.session import info_of
from stackwarden.schema.registry import Registry
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

_MOST_WORLDS = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about Lambda functions: its `where`, and requirements that are told apart by their messages."""

    where: Claim | None
    requires: tuple[Claim, ...]

    def text(self) -> str:
        lines = ["rule r {", 'title "t"', "severity high", "for x in AWS::Lambda::Function"]
        if self.where is not None:
            lines.append(f"where {claim_text(self.where)}")
        for index, claim in enumerate(self.requires):
            lines.append(f'require {claim_text(claim)} else "{index}"')
        return "\n    ".join(lines) + "\n}\n"


rules = st.builds(
    Rule,
    st.none() | conditions_of_where(),
    st.lists(claims(), min_size=1, max_size=3).map(tuple),
)


@given(templates(), rules, st.booleans())
def test_one_run_says_what_all_assignments_say(template: dict[str, Data], rule: Rule, as_yaml: bool) -> None:
    every = worlds(template)
    assume(len(every) <= _MOST_WORLDS)
    text = yaml.safe_dump(template, sort_keys=False) if as_yaml else json.dumps(template, indent=1)
    note(json.dumps(template))
    note(rule.text())
    check = _compiled(rule.text())
    assume(check is not None)
    assert check is not None
    compare(template, rule, every, _findings(text, check))


def compare(template: Mapping[str, Data], rule: Rule, every: list[World], findings: list[Finding]) -> None:
    """Each requirement for each resource: verdict and `when` against the worlds, one by one."""
    found = {(finding.resource, int(finding.message)): finding for finding in findings}
    assert len(found) == len(findings), "one finding for each requirement and resource"
    resources = template["Resources"]
    assert isinstance(resources, dict)
    for logical_id in resources:
        for index, claim in enumerate(rule.requires):
            if not logical_id.startswith("Fn"):
                assert (logical_id, index) not in found
                continue
            outcomes = [_outcome(rule, claim, logical_id, world) for world in every]
            verdict = "fail" if "fail" in outcomes else "maybe" if "maybe" in outcomes else None
            finding = found.get((logical_id, index))
            assert (finding.verdict if finding else None) == verdict, (logical_id, claim_text(claim))
            if finding is not None:
                for world, outcome in zip(every, outcomes, strict=True):
                    assert _holds(finding, world) is (outcome == verdict), (logical_id, index, finding.when, world)


def _outcome(rule: Rule, claim: Claim, logical_id: str, world: World) -> str:
    if not world.deployed(logical_id):
        return "pass"
    env = {"x": Link(logical_id)}
    where = True if rule.where is None else truth(rule.where, env, world)
    answer = truth(claim, env, world)
    if where is True and answer is False:
        return "fail"
    return "pass" if where is False or answer is True else "maybe"


def _holds(finding: Finding, world: World) -> bool:
    """Whether one of the ways of `when` is met in a world."""
    if finding.when is None:
        return True
    return any(all(_met(key, setting, world) for key, setting in way.items()) for way in finding.when)


def _met(key: str, setting: Setting, world: World) -> bool:
    if isinstance(setting, bool):
        return world.condition(key) is setting
    value = world.assignment[key.removeprefix("Parameters.")]
    if isinstance(setting, Mapping):
        excluded = setting["not"]
        return value not in ((excluded,) if isinstance(excluded, str) else excluded)
    assert value == OTHER or value in world.known[key.removeprefix("Parameters.")][0]
    return value in ((setting,) if isinstance(setting, str) else setting)


@cache
def _registry() -> Registry:
    return Registry()


def _compiled(text: str) -> Check | None:
    """The rule, ready to run; None where the checker sees that its `where` never holds."""
    checked = check_files([(Path("r.warden"), Source("r.warden", text))], _registry())
    if any(isinstance(one, NeverHolds) for one in checked.diagnostics):
        return None
    assert checked.diagnostics == (), [one.message() for one in checked.diagnostics]
    (rule,) = checked.files[0].rules
    return Check(info_of(rule, "pack", "r.warden", Severity.HIGH), rule, Compiler({}, rule.lets))


def _findings(text: str, check: Check) -> list[Finding]:
    template = load(Source("t.yaml", text))
    assert isinstance(template, Template), [one.message() for one in template]
    assert template.diagnostics == ()
    return evaluate(Stack(Resolver(template)), [check])
