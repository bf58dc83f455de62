"""Judging a part of a deployment: what is not in it may be elsewhere, and nothing rests on its absence."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from stackwarden.graph.stack import Excerpt
from stackwarden.run.excerpt import Judged, judge
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.source import Source

RULES = """
rule own-logged {
    title "Function has no log group"
    severity low
    for function in AWS::Lambda::Function
    require some group in AWS::Logs::LogGroup satisfies group.LogGroupName == "log"
}
rule own-not-logged {
    title "Function has a log group"
    severity low
    for function in AWS::Lambda::Function
    require no group in AWS::Logs::LogGroup satisfies group.LogGroupName == "log"
}
rule own-role {
    title "Function has a role of its own"
    severity low
    for function in AWS::Lambda::Function
    require no role in target(function.Role) satisfies role@type == "AWS::IAM::Role"
}
rule own-certain {
    title "Function is certainly slow"
    severity low
    for function in AWS::Lambda::Function
    require not certainly(function.Timeout == 900)
}
rule own-name {
    title "Function has another name"
    severity low
    for function in AWS::Lambda::Function
    require function.FunctionName == "f"
}
"""
FUNCTION = """
    Resources:
      Function:
        Type: AWS::Lambda::Function
        Properties: {FunctionName: %s, Role: %s, Timeout: !ImportValue timeout}
"""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    file: Path = tmp_path_factory.mktemp("policies") / "own.warden"
    file.write_text(RULES)
    made = open_session(SessionOptions(policies=(str(file),), shipped=False))
    assert isinstance(made, Session)
    return made


def told(session: Session, text: str, *whole: str, rules: tuple[str, ...] | None = None) -> dict[str, str]:
    """What came of each rule."""
    judged = judge(Source("part.yaml", dedent(text)), session, Excerpt(frozenset(whole)), rules=rules)
    assert judged.problems == ()
    return {**dict.fromkeys(judged.passed, "pass"), **{one.rule.id: one.verdict for one in judged.findings}}


def test_what_rests_on_absence_is_undecided(session: Session) -> None:
    text = FUNCTION % ("f", "arn:aws:iam::111122223333:role/worker")
    assert told(session, text) == {
        "own-logged": "maybe",
        "own-not-logged": "maybe",
        "own-role": "maybe",
        "own-certain": "maybe",
        "own-name": "pass",
    }


def test_what_an_excerpt_is_whole_in_is_decided(session: Session) -> None:
    verdicts = told(session, FUNCTION % ("g", "r"), "AWS::Logs::LogGroup")
    assert (verdicts["own-logged"], verdicts["own-not-logged"], verdicts["own-name"]) == ("fail", "pass", "fail")


def test_what_aws_provides_is_nowhere_else(session: Session) -> None:
    assert told(session, FUNCTION % ("f", "arn:aws:iam::aws:role/service"))["own-role"] == "pass"


def test_only_chosen_rules_run(session: Session) -> None:
    assert told(session, FUNCTION % ("f", "r"), rules=("own-name", "own-unknown")) == {"own-name": "pass"}


def test_a_text_that_is_no_template_is_told(session: Session) -> None:
    judged = judge(Source("part.yaml", "Resources: [1]"), session, Excerpt())
    assert judged == Judged(problems=judged.problems)
    assert [one.message() for one in judged.problems] == ["`Resources` must be a mapping, not a list"]
