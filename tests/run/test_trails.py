"""How values came about: explanations over templates with each kind of step, as golden files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest

from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.logic import YES
from stackwarden.run.derive import derive
from stackwarden.run.discover import Found
from stackwarden.run.evaluate import subjects
from stackwarden.run.explain import explain
from stackwarden.run.opened import Asked, open_file
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.run.steps import Derivation, FromParameter, Passed, Step, Trail

_HERE = Path(__file__).parent / "explained" / "trails"
_OTHERS = tuple(Found(name, Path(name), False) for name in ("exporter.yaml", "parent.yaml"))
_TEMPLATES = ("buckets", "included", "loops", "parameters", "parent", "serverless")


def asked(name: str) -> Asked:
    return Asked(Found(name, Path(name), True), _OTHERS)


def opened_session(**given: str) -> Session:
    session = open_session(SessionOptions(policies=("rules.warden",), shipped=False, cache=False, parameters=given))
    assert isinstance(session, Session), [one.message() for one in session]
    return session


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(_HERE)


@pytest.mark.parametrize("name", _TEMPLATES)
def test_the_trails_below_a_verdict(name: str, golden: Callable[[str, str], None]) -> None:
    rule = "closed-bucket" if name == "buckets" else "closed-url"
    explained = explain(opened_session(), rule, asked(f"{name}.yaml"))
    assert not explained.wrong and not explained.faults
    golden(f"explain/trails/{name}.txt", explained.text)


def derivations(name: str, **given: str) -> Iterator[tuple[str, Derivation]]:
    """The derivations of all subjects that do not pass, by logical id."""
    session = opened_session(**given)
    check = session.find("closed-bucket" if name == "buckets" else "closed-url")
    assert check is not None
    (opened,) = open_file(asked(f"{name}.yaml"), session.options).stacks
    for subject, env in subjects(opened.stack, check):
        where = YES if check.rule.where is None else check.compiler.truth(check.rule.where)(env)
        for require in check.rule.requires:
            claim = check.compiler.truth(require.condition)(env)
            failing = subject.guard & where.true & claim.false
            guard = failing if failing is not FALSE else subject.guard & ~where.false & ~claim.true
            if guard is FALSE or subject.resource is None:
                continue
            derived = derive(opened.stack, check, require, subject, env, guard, opened.exports.places)
            yield subject.resource.resource.logical_id, derived


def steps_of(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        yield from steps_of(getattr(step, "below", ()))


def test_every_kind_of_step_occurs() -> None:
    found = {
        type(step)
        for name in _TEMPLATES
        for _, derivation in derivations(name)
        for trail in derivation.trails
        for step in steps_of(trail.steps)
    }
    assert {kind.__name__ for kind in get_args(Step)} - {kind.__name__ for kind in found} == {"NotKnown"}


def test_each_step_stands_where_it_says() -> None:
    """A parameter's place is its name, what is passed is the text that the parent has there."""
    for name in _TEMPLATES:
        for _, derivation in derivations(name):
            for trail in derivation.trails:
                for step in steps_of(trail.steps):
                    if isinstance(step, FromParameter):
                        assert step.source.text == step.name
                    if isinstance(step, Passed):
                        assert (step.source.source.name, step.source.text) == ("parent.yaml", "NONE")


def trail(name: str, logical_id: str, label: str, **given: str) -> Trail:
    (found,) = (
        trail for one, derivation in derivations(name, **given) if one == logical_id for trail in derivation.trails
        if trail.label == label
    )  # fmt: skip
    return found


def test_a_given_parameter_is_told_as_given() -> None:
    (step,) = trail("parameters", "Default", "url.AuthType", Auth="NONE", Any="x").steps
    assert isinstance(step, FromParameter) and step.given and step.value == "NONE"


def test_facts_that_do_not_matter_have_their_default() -> None:
    """Whether the bucket is tagged depends on Tag; Block has no part in it."""
    setting = {name: dict(derivation.setting) for name, derivation in derivations("buckets")}
    assert setting == {"Bucket": {"Parameters.Tag": "public"}}


def test_a_stack_that_takes_its_own_output_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "outer.yaml").write_text(
        """
Resources:
  In: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: in.yaml, Parameters: {P: !GetAtt In.Outputs.O}}}
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: f, AuthType: !GetAtt In.Outputs.O}}
""",
        encoding="utf-8",
    )
    (tmp_path / "in.yaml").write_text(
        "Parameters: {P: {Type: String}}\nResources: {T: {Type: 'AWS::SNS::Topic'}}\nOutputs: {O: {Value: !Ref P}}\n",
        encoding="utf-8",
    )
    session = opened_session()
    monkeypatch.chdir(tmp_path)
    explained = explain(session, "closed-url", Asked(Found("outer.yaml", Path("outer.yaml"), True)))
    assert "it depends on itself  (in.yaml:3:22)" in explained.text
