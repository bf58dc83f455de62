"""`Fn::ImportValue` meets `Export` where both templates are in the same run."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackwarden.run.discover import discover
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session

IMPORTER = """
Resources:
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: !ImportValue auth, TargetFunctionArn: f}}
"""


def verdicts(folder: Path, monkeypatch: pytest.MonkeyPatch, *exporters: str) -> set[tuple[str, str]]:
    (folder / "importer.yaml").write_text(IMPORTER, encoding="utf-8")
    for index, text in enumerate(exporters):
        (folder / f"exporter{index}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    session = open_session(SessionOptions(rules=("lambda-url-auth-none",)))
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
    ],
    ids=["nothing", "fails", "passes", "other name", "parameter", "open name", "part known", "twice"],
)
def test_imports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: tuple[str, ...], expected: set[tuple[str, str]]
) -> None:
    assert verdicts(tmp_path, monkeypatch, *texts) == expected
