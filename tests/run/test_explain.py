"""Explanations of the rules in `explained/rules.warden` on a template, as golden files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from stackwarden.run.explain import explain
from stackwarden.run.session import Session, SessionOptions, open_session

_HERE = Path(__file__).parent / "explained"


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.chdir(_HERE)
    opened = open_session(SessionOptions(policies=("rules.warden",), shipped=False, cache=False))
    assert isinstance(opened, Session), [one.message() for one in opened]
    return opened


@pytest.mark.parametrize("rule", ["open-url", "protected-stage", "many-statements"])
def test_the_tree_of_every_subject(rule: str, session: Session, golden: Callable[[str, str], None]) -> None:
    explained = explain(session, rule, "template.yaml")
    assert isinstance(explained, str)
    golden(f"explain/{rule}.txt", explained)


def test_a_template_without_subjects(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}\n", encoding="utf-8")
    explained = explain(session, "protected-stage", str(path))
    assert explained == (
        "protected-stage: A stage has a web ACL\n\nnothing to look at: the template has no AWS::ApiGateway::Stage\n"
    )


@pytest.mark.usefixtures("session")
def test_given_parameters_decide() -> None:
    opened = open_session(
        SessionOptions(policies=("rules.warden",), shipped=False, cache=False, parameters={"Stage": "prod"})
    )
    assert isinstance(opened, Session)
    explained = explain(opened, "open-url", "template.yaml")
    assert isinstance(explained, str)
    assert "url.AuthType = AWS_IAM (template.yaml:12)\n" in explained
    assert "IsProd" not in explained


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
    found = explain(session, "open-url", str(path))
    assert isinstance(found, tuple)
    assert any(message.replace("{path}", str(path)) in one.message() for one in found), found[0].message()


def test_an_unknown_rule_is_a_bug_of_the_caller(session: Session) -> None:
    with pytest.raises(KeyError):
        explain(session, "open-urls", "template.yaml")
