"""Explanations of the rules in `explained/rules.warden` on a template, as golden files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from stackwarden.config import Settings
from stackwarden.run.discover import Found
from stackwarden.run.explain import explain
from stackwarden.run.opened import Asked
from stackwarden.run.session import Session, SessionOptions, open_session

_HERE = Path(__file__).parent / "explained"


def asked(name: str) -> Asked:
    return Asked(Found(name, Path(name), True))


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(_HERE)
    opened = open_session(SessionOptions(policies=("rules.warden",), shipped=False, cache=False))
    assert isinstance(opened, Session), [one.message() for one in opened]
    return opened


@pytest.mark.parametrize("rule", ["open-url", "protected-stage", "many-statements"])
def test_the_tree_of_every_subject(rule: str, session: Session, golden: Callable[[str, str], None]) -> None:
    explained = explain(session, rule, asked("template.yaml"))
    assert not explained.wrong and not explained.faults
    golden(f"explain/{rule}.txt", explained.text)


def test_a_template_without_subjects(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}\n", encoding="utf-8")
    explained = explain(session, "protected-stage", asked(str(path)))
    assert explained.text == (
        "protected-stage: A stage has a web ACL\n\nnothing to look at: the template has no AWS::ApiGateway::Stage\n"
    )


@pytest.mark.usefixtures("session")
def test_given_parameters_decide() -> None:
    opened = open_session(
        SessionOptions(policies=("rules.warden",), shipped=False, cache=False, parameters={"Stage": "prod"})
    )
    assert isinstance(opened, Session)
    explained = explain(opened, "open-url", asked("template.yaml"), "Open")
    assert "url.AuthType = AWS_IAM (template.yaml:12)\n" in explained.text
    tree, *trails = explained.text.split("how it comes about")
    assert trails and "IsProd" not in tree


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "`{path}` cannot be read: No such file or directory"),
        (b"\xff\xfe", "not UTF-8"),
        (b"Resources:\n  A: {Type: AWS::SNS::Topic\n", "expected `,` or `}` in the mapping that starts on line 2"),
        (b"replicas: 3\n", "Resources"),
    ],
)
def test_a_file_that_cannot_be_read(content: bytes | None, message: str, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    if content is not None:
        path.write_bytes(content)
    found = explain(session, "open-url", asked(str(path)))
    assert not found.text and not found.wrong
    assert any(message.replace("{path}", str(path)) in one.message() for one in found.faults), found.faults


def test_an_unknown_rule_is_a_bug_of_the_caller(session: Session) -> None:
    with pytest.raises(KeyError):
        explain(session, "open-urls", asked("template.yaml"))


def test_one_resource(session: Session) -> None:
    explained = explain(session, "open-url", asked("template.yaml"), "Conditional")
    assert [line for line in explained.text.split("\n") if line.startswith("url = ")] == [
        "url = Conditional (AWS::Lambda::Url) (template.yaml:19) when IsDev is true"
    ]
    other = explain(session, "open-url", asked("template.yaml"), "Api")
    assert other.text.endswith("nothing to look at: Api is no AWS::Lambda::Url, and has none\n")


def test_a_resource_that_is_not_there(session: Session) -> None:
    explained = explain(session, "open-url", asked("template.yaml"), "Opne")
    assert (explained.text, explained.faults) == ("", ())
    assert [(one.message(), one.help()) for one in explained.wrong] == [
        ("there is no resource `Opne`", "did you mean `Open`?")
    ]


@pytest.mark.usefixtures("session")
def test_each_environment_is_explained() -> None:
    named = Settings(environments=(("dev", ("Stage=dev",)), ("prod", ("Stage=prod",))))
    opened = open_session(SessionOptions(policies=("rules.warden",), shipped=False, cache=False, settings=named))
    assert isinstance(opened, Session)
    both = explain(opened, "open-url", asked("template.yaml"), "Conditional").text
    assert both.index("\nin dev:\n") < both.index("verdict: fails") < both.index("\nin prod:\n")
    assert both.endswith("is never deployed\n")
    dev = explain(opened, "open-url", replace(asked("template.yaml"), environment="dev"), "Conditional")
    assert "in dev:" in dev.text and "in prod:" not in dev.text
    (wrong,) = explain(opened, "open-url", replace(asked("template.yaml"), environment="prd")).wrong
    assert (wrong.message(), wrong.help()) == ("there is no environment `prd`", "did you mean `prod`?")


@pytest.mark.usefixtures("session")
def test_parameters_that_are_not_there_or_not_allowed() -> None:
    for given, wrong, faults in (
        ({"Stag": "dev"}, ["there is no parameter `Stag`"], []),
        ({"Stage": "qa"}, [], ["parameter `Stage` does not allow `qa`"]),
    ):
        opened = open_session(SessionOptions(policies=("rules.warden",), shipped=False, cache=False, parameters=given))
        assert isinstance(opened, Session)
        explained = explain(opened, "open-url", asked("template.yaml"))
        assert [one.message() for one in explained.wrong] == wrong
        assert [one.message() for one in explained.faults] == faults


def test_a_nested_template_is_explained_through_its_parent(session: Session) -> None:
    others = (Found("trails/parent.yaml", Path("trails/parent.yaml"), False),)
    child = Asked(Found("trails/child.yaml", Path("trails/child.yaml"), True), others)
    for name in ("Passed", "Net/Passed"):
        text = explain(session, "open-url", child, name).text
        assert "url = Net/Passed (AWS::Lambda::Url) (trails/child.yaml:8) when IsProd is true\n" in text
        assert "Net is passed Auth = NONE  (trails/parent.yaml:11:39)" in text
    every = explain(session, "open-url", child).text
    assert [line.split()[2] for line in every.split("\n") if line.startswith("url = ")] == [
        "Net/Passed",
        "Net/ByDefault",
    ]
    alone = explain(session, "open-url", asked("trails/child.yaml"), "Passed").text
    assert "url = Passed (AWS::Lambda::Url) (trails/child.yaml:8)\n" in alone
