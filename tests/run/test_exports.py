"""`Fn::ImportValue` meets `Export` where both templates are in the same run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stackwarden.config import Settings
from stackwarden.run.discover import discover
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session

IMPORTER = """
Parameters: {Net: {Type: String, Default: net}, Free: {Type: String}}
Resources:
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: !ImportValue auth, TargetFunctionArn: f}}
"""


def verdicts(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *exporters: str,
    imported: str = "auth",
    options: SessionOptions | None = None,
) -> set[tuple[str, str]]:
    text = IMPORTER.replace("!ImportValue auth", f"{{'Fn::ImportValue': {imported}}}")
    (folder / "importer.yaml").write_text(text, encoding="utf-8")
    for index, text in enumerate(exporters):
        (folder / f"exporter{index}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    session = open_session(replace(options or SessionOptions(), rules=("lambda-url-auth-none",)))
    assert isinstance(session, Session)
    report = scan(session, discover((".",)).files)
    assert not report.errors
    return {(one.resource, one.verdict) for one in report.findings}


def exporter(value: str, name: str = "auth", parameters: str = "{}") -> str:
    return f"""
Parameters: {parameters}
Resources: {{Topic: {{Type: AWS::SNS::Topic}}}}
Outputs: {{Out: {{Value: {value}, Export: {{Name: {name}}}}}}}
"""


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ((), {("Url", "maybe")}),
        ((exporter("NONE"),), {("Url", "fail")}),
        ((exporter("AWS_IAM"),), set()),
        ((exporter("NONE", name="other"),), {("Url", "maybe")}),
        ((exporter("!Ref P", parameters="{P: {Type: String, Default: NONE}}"),), {("Url", "maybe")}),
        ((exporter("NONE", name="!Sub '${AWS::StackName}-x'"),), {("Url", "maybe")}),
        ((exporter("!Sub 'AWS_${Topic}'"),), set()),
        ((exporter("NONE"), exporter("AWS_IAM")), {("Url", "maybe")}),
        ((exporter("NONE"), exporter("NONE")), {("Url", "fail")}),
        ((exporter("NONE", name="!Ref P", parameters="{P: {Type: String}}"),), {("Url", "maybe")}),
        ((exporter("NONE"), exporter("AWS_IAM", name="!Sub '${AWS::StackName}h'")), {("Url", "fail")}),
    ],
    ids=[
        "nothing",
        "fails",
        "passes",
        "other name",
        "parameter",
        "other open name",
        "part known",
        "twice",
        "twice the same",
        "any name",
        "exact before open",
    ],
)
def test_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: tuple[str, ...], expected: set[tuple[str, str]]
) -> None:
    assert verdicts(tmp_path, monkeypatch, *texts) == expected


STACK = "!Sub '${AWS::StackName}-auth'"
STAGE = "!Sub '${Stage}-auth'"
STAGES = "{Stage: {Type: String, AllowedValues: [dev, prod]}}"
BY_STAGE = "!If [IsProd, AWS_IAM, NONE]"
CONDITIONS = "Conditions: {IsProd: !Equals [!Ref Stage, prod]}\n"


@pytest.mark.parametrize(
    ("imported", "texts", "expected"),
    [
        ("net-auth", (exporter("NONE", STACK),), {("Url", "fail")}),
        ("net-auth", (exporter("AWS_IAM", STACK),), set()),
        ("net-other", (exporter("NONE", STACK),), {("Url", "maybe")}),
        ("net-auth", (exporter("NONE", STACK), exporter("AWS_IAM", STACK)), {("Url", "maybe")}),
        ("net-auth", (exporter("AWS_IAM", STACK), exporter("AWS_IAM", STACK)), set()),
        ("net-auth", (exporter("NONE", STACK), exporter("AWS_IAM", "net-auth")), set()),
        ("!Sub '${Net}-auth'", (exporter("NONE", STACK),), {("Url", "fail")}),
        ("!Sub '${Free}-auth'", (exporter("AWS_IAM", STACK),), set()),
        ("!Sub '${Free}-auth'", (exporter("AWS_IAM", STACK), exporter("NONE", "x-auth")), {("Url", "maybe")}),
        ("!Sub '${Free}-auth'", (exporter("AWS_IAM", "x-auth"),), {("Url", "maybe")}),
        ("!Sub 'x-${Free}-auth'", (exporter("AWS_IAM", STACK),), {("Url", "maybe")}),
        ("!Ref Free", (exporter("AWS_IAM", STACK),), {("Url", "maybe")}),
        ("prod-auth", (CONDITIONS + exporter(BY_STAGE, STAGE, STAGES),), set()),
        ("dev-auth", (CONDITIONS + exporter(BY_STAGE, STAGE, STAGES),), {("Url", "fail")}),
        ("test-auth", (CONDITIONS + exporter(BY_STAGE, STAGE, STAGES),), {("Url", "maybe")}),
        ("net-auth", (CONDITIONS + exporter(BY_STAGE, STACK, STAGES),), {("Url", "maybe")}),
    ],
)
def test_imports_of_names_that_the_deployment_decides(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    imported: str,
    texts: tuple[str, ...],
    expected: set[tuple[str, str]],
) -> None:
    assert verdicts(tmp_path, monkeypatch, *texts, imported=imported) == expected


def test_parameters_given_for_the_run_count_for_the_exporter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = exporter("!Ref Auth", parameters="{Auth: {Type: String, Default: NONE}}")
    given = SessionOptions(parameters={"Auth": "AWS_IAM"})
    assert verdicts(tmp_path, monkeypatch, text, options=given) == set()
    named = Settings(environments=(("dev", ("Auth=NONE",)), ("prod", ("Auth=AWS_IAM",))))
    assert verdicts(tmp_path, monkeypatch, text, options=SessionOptions(settings=named)) == {("Url", "fail")}


def test_an_output_under_a_condition_is_exported_where_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (CONDITIONS + exporter(BY_STAGE, "auth", STAGES)).replace("Out: {", "Out: {Condition: IsProd, ")
    assert verdicts(tmp_path, monkeypatch, text) == set()
