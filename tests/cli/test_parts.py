"""Parts of the command line that need no engine: pairing of formats, exit codes, lists of rules, `init`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import stackwarden
from cli.test_docs import commands
from report.reports import EMPTY, FULL, PORTS, URL, finding
from stackwarden.cli._engine import by_settings, merge
from stackwarden.cli._exit import exit_code, thresholds
from stackwarden.cli._formats import Target, pair
from stackwarden.cli._levels import Level
from stackwarden.cli.app import app
from stackwarden.cli.explain import rule_as_text
from stackwarden.cli.init import FILES
from stackwarden.cli.rules import MAPS, matching, rules_as_data, rules_as_text
from stackwarden.config import Settings, load_settings
from stackwarden.diagnostics import Severity
from stackwarden.run.finding import FileError, Report, Stats, Waived

COMMANDS = sorted(name for name, _ in commands(typer.main.get_command(app)))
LOW, MEDIUM, HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH


@pytest.mark.parametrize(
    ("order", "formats", "outputs", "expected"),
    [
        ("", "", "", [("pretty", None)]),
        ("f", "json", "", [("json", None)]),
        ("fo", "json", "a", [("json", "a")]),
        ("of", "json", "a", [("json", "a")]),
        ("ffo", "pretty json", "a", [("pretty", None), ("json", "a")]),
        ("fof", "json pretty", "a", [("json", "a"), ("pretty", None)]),
        ("fofo", "json sarif", "a b", [("json", "a"), ("sarif", "b")]),
        ("ffoo", "json sarif", "a b", [("json", "b"), ("sarif", "a")]),
        ("offo", "json sarif", "a b", [("json", "a"), ("sarif", "b")]),
    ],
)
def test_an_output_belongs_to_the_format_before_it(
    order: str, formats: str, outputs: str, expected: list[tuple[str, str | None]]
) -> None:
    names = ["formats" if letter == "f" else "outputs" for letter in order]
    assert pair(formats.split(), outputs.split(), names) == tuple(Target(*each) for each in expected)


@pytest.mark.parametrize(
    ("order", "formats", "outputs", "reason"),
    [
        ("o", "", "a", "needs a --format"),
        ("foo", "json", "a b", "no --format for `--output b`"),
        ("ff", "json sarif", "", "only one format"),
    ],
)
def test_a_pairing_that_cannot_be(order: str, formats: str, outputs: str, reason: str) -> None:
    names = ["formats" if letter == "f" else "outputs" for letter in order]
    result = pair(formats.split(), outputs.split(), names)
    assert isinstance(result, str)
    assert reason in result


ERROR = FileError("a.yaml", 1, 1, "broken")
WAIVED = Waived("reason", None, "a.yaml:1", "inSource")


@pytest.mark.parametrize(
    ("report", "fail_on", "with_maybe", "code"),
    [
        (EMPTY, LOW, True, 0),
        (replace(EMPTY, findings=(finding(severity=MEDIUM),)), MEDIUM, False, 1),
        (replace(EMPTY, findings=(finding(severity=LOW),)), MEDIUM, False, 0),
        (replace(EMPTY, findings=(finding(maybe=True),)), LOW, False, 0),
        (replace(EMPTY, findings=(finding(maybe=True),)), LOW, True, 1),
        (replace(EMPTY, findings=(finding(waived=WAIVED),)), LOW, True, 0),
        (replace(EMPTY, findings=(finding(),), errors=(ERROR,)), LOW, False, 3),
        (replace(EMPTY, errors=(ERROR,)), LOW, False, 3),
        (replace(EMPTY, errors=(replace(ERROR, fatal=False),)), LOW, False, 0),
    ],
)
def test_exit_code(report: Report, fail_on: Severity, with_maybe: bool, code: int) -> None:
    assert exit_code(report, fail_on, fail_on_maybe=with_maybe) == code


@pytest.mark.parametrize(
    ("fail_on", "shown", "expected"),
    [
        (None, None, (MEDIUM, LOW)),
        (None, HIGH, (HIGH, HIGH)),
        (None, Severity.INFO, (MEDIUM, Severity.INFO)),
        (Severity.INFO, None, (Severity.INFO, Severity.INFO)),
        (HIGH, None, (HIGH, LOW)),
        (LOW, HIGH, (LOW, HIGH)),
    ],
)
def test_what_fails_is_shown(
    fail_on: Severity | None, shown: Severity | None, expected: tuple[Severity, Severity]
) -> None:
    assert thresholds(fail_on, shown) == expected


def test_levels_are_the_severities() -> None:
    assert tuple(level.value for level in Level) == Severity.words()


def test_paths_are_grouped_by_their_configuration(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "t.yaml").touch()
    (tmp_path / "a" / "stackwarden.toml").write_text('fail-on = "high"', encoding="utf-8")
    paths = [str(tmp_path / name) for name in ("a/t.yaml", "b/t.yaml", "a")]
    plan = by_settings(paths, read=True)
    assert [
        (group.settings and group.settings.fail_on, [file.name for file in group.files]) for group in plan.groups
    ] == [
        (HIGH, [paths[0]]),
        (None, [paths[1]]),
    ]
    assert [[file.name for file in group.files] for group in by_settings(paths, read=False).groups] == [paths[:2]]
    (tmp_path / "b" / "stackwarden.toml").write_text("x = 1", encoding="utf-8")
    with pytest.raises(typer.Exit):
        by_settings(paths, read=True)


def test_the_nearest_configuration_counts_inside_a_folder(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for file in ("deep/inner.yaml", "outer.yaml"):
        (tmp_path / file).write_text("Resources: {A: {Type: 'AWS::SNS::Topic'}}", encoding="utf-8")
    (tmp_path / "stackwarden.toml").write_text('fail-on = "low"', encoding="utf-8")
    (tmp_path / "deep" / "stackwarden.toml").write_text('fail-on = "high"', encoding="utf-8")
    plan = by_settings([str(tmp_path)], read=True)
    counted = {file.name: group.settings and group.settings.fail_on for group in plan.groups for file in group.files}
    assert counted == {f"{tmp_path}/deep/inner.yaml": HIGH, f"{tmp_path}/outer.yaml": LOW}
    assert plan.order == (f"{tmp_path}/deep/inner.yaml", f"{tmp_path}/outer.yaml")


def test_merged_reports_keep_everything() -> None:
    other = replace(
        EMPTY, findings=(finding(),), errors=(ERROR,), notices=(*FULL.notices, "new"), stats=Stats({"read": 1.0}, {})
    )
    both = merge([replace(FULL, stats=Stats({"read": 2.0}, {"r": 1.0})), other])
    assert (both.files, len(both.rules), both.duration_ms) == (4, 2, 87.4)
    assert both.findings == (*FULL.findings, finding())
    assert both.errors == (*FULL.errors, ERROR)
    assert both.notices == (*FULL.notices, "new")
    assert both.stats == Stats({"read": 3.0}, {"r": 1.0})
    assert merge([FULL]) is FULL


def test_rules_are_found_by_words() -> None:
    assert matching((URL, PORTS), ()) == (URL, PORTS)
    assert matching((URL, PORTS), ("PASSWORDS",)) == (PORTS,)
    assert matching((URL, PORTS), ("ckv_aws_258", "lambda")) == (URL,)
    assert matching((URL, PORTS), ("lambda", "passwords")) == ()


def test_lists_of_rules(golden: Callable[[str, str], None]) -> None:
    data = rules_as_data((URL, PORTS))
    assert all(set(MAPS) <= set(each["maps"]) for each in data if isinstance(each["maps"], dict))
    golden("rules/rules.json", json.dumps(data, indent=2) + "\n")
    golden("rules/rules.txt", rules_as_text((URL, PORTS), colour=False, width=100))
    golden("rules/one.txt", rule_as_text(URL))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_help_has_an_example(command: str, flag: str) -> None:
    result = CliRunner().invoke(app, [*command.split(), flag])
    assert result.exit_code == 0
    assert f"    stackwarden {command}" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scan", "--set", "a"], "--set takes NAME=VALUE, not `a`"),
        (["scan", "-f", "jsn"], "did you mean `json`?"),
        (["scan", "-o", "x"], "--output needs a --format"),
        (["scan", "--parameters", "none.json"], "no such file"),
        (["scan", "--fail-on", "bad"], "bad"),
        (["scna"], "scan"),
        (["scan", "--unknown"], "--unknown"),
    ],
)
def test_a_wrong_call_is_exit_code_2(arguments: list[str], message: str) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert message in result.output


def test_init_writes_what_works_and_overwrites_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    result = CliRunner().invoke(app, ["init", str(folder)])
    assert result.exit_code == 0
    assert [name for name in FILES if (folder / name).read_text(encoding="utf-8") != FILES[name]] == []
    assert all(str(folder / name) in result.output for name in FILES)
    settings = load_settings(folder / "stackwarden.toml")
    assert isinstance(settings, Settings)
    assert settings.policies == (str(folder / "policies"),)
    (folder / "stackwarden.toml").write_text("# mine", encoding="utf-8")
    (folder / "buildspec.yml").unlink()
    again = CliRunner().invoke(app, ["init", str(folder)])
    assert again.exit_code == 0
    assert (folder / "stackwarden.toml").read_text(encoding="utf-8") == "# mine"
    assert f"wrote {folder / 'buildspec.yml'}" in again.output
    assert CliRunner().invoke(app, ["init", str(folder)]).exit_code == 2


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    source = str(Path(stackwarden.__file__).parents[1])
    variables = {**os.environ, "PYTHONPATH": source, **environment}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", env=variables, check=False
    )


def test_version_and_help_load_neither_engine_nor_rich() -> None:
    code = """
import sys
from stackwarden.cli.app import app
for arguments in (["--version"], ["scan", "-h"], ["-h"]):
    app(arguments, standalone_mode=False)
loaded = {"rich", "lark", "cfnlint", "samtranslator", "yaml", "stackwarden.run.finding"} & sys.modules.keys()
sys.exit(str(loaded) if loaded else 0)
"""
    result = run_python(code)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith(f"stackwarden {stackwarden.__version__}\n")


def test_an_internal_error_is_exit_code_3() -> None:
    code = """
import sys
from stackwarden.cli import app
def broken(): raise RuntimeError("a bug")
app.app.command("broken")(broken)
sys.argv = ["stackwarden", "broken"]
app.main()
"""
    result = run_python(code)
    assert result.returncode == 3
    assert "a bug" in result.stderr
    assert "internal error" in result.stderr
