"""`graph` as people call it: formats, where it writes, and the exit code of a wrong call or file."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from stackwarden.cli.app import app

TEMPLATE = """\
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: sqs, Endpoint: !GetAtt Queue.Arn}]}}
  Queue: {Type: AWS::SQS::Queue, Condition: IsProd}
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt Role.Arn}}
  Role: {Type: AWS::IAM::Role}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "app.yaml").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, ["graph", *arguments], input=stdin)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("app.yaml", "-f", "svgg"), 2, "there is no format `svgg`; did you mean `svg`?"),
        (("app.yaml", "-f", "pdf"), 2, "there is no format `pdf`; try dot, mermaid, svg, html"),
        (("app.yaml", "--kinds", "invokes,run_as"), 2, "there is no kind `run_as`; did you mean `runs_as`?"),
        (("app.yaml", "--focus", "Nobody"), 2, "there is no resource `Nobody` to focus on"),
        (("app.yaml", "--focus", "Fnn"), 2, "there is no resource `Fnn` to focus on"),
        (("app.yaml", "--parameters", "Stag=dev"), 2, "there is no parameter `Stag`"),
        (("app.yaml", "--parameters", "Stage=qa"), 3, "parameter `Stage` does not allow `qa`"),
        (("nowhere.yaml",), 3, "`nowhere.yaml` cannot be read"),
        (("app.yaml", "-o", "app.yaml/graph"), 2, "cannot write `app.yaml/graph`"),
    ],
)
def test_a_wrong_call(arguments: tuple[str, ...], code: int, told: str) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert told in result.stderr
    assert result.stdout == ""


def test_mermaid_on_standard_output() -> None:
    result = run("app.yaml")
    assert result.exit_code == 0
    assert result.stdout.startswith("flowchart LR\n")
    assert "invokes<br/>when IsProd is true" in result.stdout
    assert run("-", stdin=TEMPLATE).stdout == result.stdout


def test_parameters_decide() -> None:
    assert "when" not in run("app.yaml", "--parameters", "Stage=prod").stdout
    assert "invokes" not in run("app.yaml", "--parameters", "Stage=dev").stdout


def test_choices() -> None:
    assert "runs as" not in run("app.yaml", "--kinds", "invokes").stdout
    assert "Role" not in run("app.yaml", "--focus", "Topic").stdout
    assert run("app.yaml", "--exposure").stdout.count("-->") == 0


@pytest.mark.parametrize(("name", "start"), [("dot", "digraph"), ("svg", "<svg"), ("html", "<!doctype html>")])
def test_other_formats_in_files(name: str, start: str) -> None:
    result = run("app.yaml", "-f", name, "-o", f"made/graph.{name}")
    assert (result.exit_code, result.stdout) == (0, "")
    assert Path(f"made/graph.{name}").read_text(encoding="utf-8").startswith(start)


def test_the_page_has_the_findings() -> None:
    run("app.yaml", "-f", "html", "-o", "graph.html")
    assert "lambda-tracing" in Path("graph.html").read_text(encoding="utf-8")
