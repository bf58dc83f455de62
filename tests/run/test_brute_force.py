"""The central promise: one symbolic run gives what evaluating every assignment one by one gives.

For random templates and rules, the same requirements fail, may fail and pass; and `when` holds exactly in the worlds
(assignments) in which a finding comes about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from hypothesis import assume, given, note
from hypothesis import strategies as st

from run.brute_force.claims import claims, conditions_of_where
from run.brute_force.loop_templates import loop_templates
from run.brute_force.nested_templates import nested_templates
from run.brute_force.rules import Claim, Rule, claim_text
from run.brute_force.serverless import (
    policy_templates_once,
    rules_for,
    serverless_templates,
    serverless_worlds,
)
from run.brute_force.templates import templates
from run.brute_force.truths import truth
from run.brute_force.values import OTHER, Data, Link
from run.brute_force.world import World
from run.brute_force.worlds import Templates, worlds
from stackwarden.diagnostics import Severity
from stackwarden.graph.stack import Stack
from stackwarden.language.check import check_files
from stackwarden.language.compile import Compiler
from stackwarden.language.typecheck.problems import NeverHolds
from stackwarden.resolve.transforms import open_template
from stackwarden.run.discover import Found
from stackwarden.run.evaluate import Check, evaluate
from stackwarden.run.finding import Finding, Setting
from stackwarden.run.session import info_of
from stackwarden.run.templates import DeployedFiles, TemplateFiles
from stackwarden.schema.registry import Registry
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

_MOST_WORLDS = 200
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # the first is many times as fast, and not everywhere


rules = st.builds(
    Rule,
    st.none() | conditions_of_where(),
    st.lists(conditions_of_where() | claims(), min_size=3, max_size=6).map(tuple),
)


@given(templates(), rules, st.booleans())
def test_one_run_says_what_all_assignments_say(template: dict[str, Data], rule: Rule, as_yaml: bool) -> None:
    agree(Templates(template), rule, as_yaml)


@given(loop_templates(), rules, st.booleans())
def test_loops_give_what_they_give_written_out(template: dict[str, Data], rule: Rule, as_yaml: bool) -> None:
    agree(Templates(template), rule, as_yaml)


@given(nested_templates(), rules, st.booleans())
def test_stacks_of_several_files_are_one_deployment(several: Templates, rule: Rule, as_yaml: bool) -> None:
    agree(several, rule, as_yaml)


@given(serverless_templates(), st.booleans())
def test_serverless_templates_are_what_the_translator_makes(template: dict[str, Data], as_yaml: bool) -> None:
    note(json.dumps(template))
    with policy_templates_once():
        every = serverless_worlds(template)
        stack = _stack(Source("t.yaml", _written(template, as_yaml)), None)
    for rule in rules_for(template):
        check = _compiled(rule.text())
        assert check is not None
        compare(rule, every, evaluate(stack, [check]))


def agree(several: Templates, rule: Rule, as_yaml: bool) -> None:
    """The findings of one run are those of all the worlds."""
    every = worlds(several, _MOST_WORLDS)
    assume(every)
    assert every is not None
    # A nested stack that compares what it is passed by `Fn::If` does not see that its parent compares the same: to the
    # engine these are two facts, which gives it more worlds than there are.
    assume(not any(world.shares_facts for world in every))
    note(json.dumps([several.main, several.files, several.others]))
    note(rule.text())
    check = _compiled(rule.text())
    assume(check is not None)
    assert check is not None
    compare(rule, every, _findings(several, check, as_yaml))


def compare(rule: Rule, every: list[World], findings: list[Finding]) -> None:
    """Each requirement for each resource: verdict and `when` against the worlds, one by one."""
    found = {("/".join((*one.through, one.resource)), int(one.message)): one for one in findings}
    assert len(found) == len(findings), "one finding for each requirement and resource"
    subjects = {one for world in every for one in world.paths() if world.resource(one)["Type"] == rule.resource_type}
    assert {path for path, _ in found} <= subjects
    nameless = any(world.nameless for world in every)  # a setting without a name is left out of `when`
    for path in sorted(subjects):
        for index, claim in enumerate(rule.requires):
            outcomes = [_outcome(rule, claim, path, world) for world in every]
            verdict = "fail" if "fail" in outcomes else "maybe" if "maybe" in outcomes else None
            finding = found.get((path, index))
            assert (finding.verdict if finding else None) == verdict, (path, claim_text(claim))
            if finding is not None:
                for world, outcome in zip(every, outcomes, strict=True):
                    holds = _holds(finding, world)
                    if outcome == verdict:
                        assert holds, (path, index, finding.when, world.assignment)
                    elif not nameless:
                        assert not holds, (path, index, finding.when, world.assignment)


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
    assert value == OTHER or value in world.known[key.removeprefix("Parameters.")].values
    return value in ((setting,) if isinstance(setting, str) else setting)


@lru_cache(maxsize=64)
def _compiled(text: str) -> Check | None:
    """The rule, ready to run; None where the checker sees that its `where` never holds."""
    checked = check_files([(Path("r.warden"), Source("r.warden", text))], _registry())
    if any(isinstance(one, NeverHolds) for one in checked.diagnostics):
        return None
    assert checked.diagnostics == (), [one.message() for one in checked.diagnostics]
    (rule,) = checked.files[0].rules
    return Check(info_of(rule, "pack", "r.warden", Severity.HIGH), rule, Compiler({}, rule.lets))


@cache
def _registry() -> Registry:
    return Registry()


def _findings(several: Templates, check: Check, as_yaml: bool) -> list[Finding]:
    if not several.files and not several.others:
        return evaluate(_stack(Source("t.yaml", _written(several.main, as_yaml)), None), [check])
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in several.files.items():
            (folder / file).write_text(_written(data, as_yaml), encoding="utf-8")
        others = [folder / f"other{index}.yaml" for index in range(len(several.others))]
        for path, data in zip(others, several.others, strict=True):
            path.write_text(_written(data, as_yaml), encoding="utf-8")
        files = TemplateFiles(Found(str(path), path, True) for path in others).under("", lambda _: {})
        return evaluate(_stack(Source(str(folder / "t.yaml"), _written(several.main, as_yaml)), files), [check])


def _written(data: Mapping[str, Data], as_yaml: bool) -> str:
    return yaml.dump(data, Dumper=_DUMPER, sort_keys=False) if as_yaml else json.dumps(data, indent=1)


def _stack(source: Source, files: DeployedFiles | None) -> Stack:
    template = load(source)
    assert isinstance(template, Template), [one.message() for one in template]
    assert template.diagnostics == ()
    resolver, refusals = open_template(template, {}, files)
    assert refusals == (), [one.message() for one in refusals]
    return Stack(resolver)
