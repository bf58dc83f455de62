"""Starting on an old code base: baselines, comparing with a revision of a real git repository, lists of waivers."""

from __future__ import annotations

import json
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.test_commands import run
from integration.checkout import GIT_ENVIRONMENT, commit_all

_URL = "  {name}: {{Type: AWS::Lambda::Url, Properties: {{AuthType: NONE, TargetFunctionArn: f}}}}\n"
_RULE = ("--rule", "lambda-url-auth-none")
_TOMORROW = (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011 - the day of the user, as the command takes it


def _template(*names: str, above: str = "") -> str:
    return above + "Resources:\n" + "".join(_URL.format(name=name) for name in names)


def _scan(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = run(folder, "scan", ".", "--no-config", *_RULE, "-f", "json", *arguments)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


def _known(report: dict[str, Any]) -> dict[str, bool]:
    return {f"{one['file']}:{one['resource']}": one["known"] for one in report["findings"]}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a.yaml").write_text(_template("One", "Two"), encoding="utf-8")
    return tmp_path


class TestBaseline:
    def test_what_is_known_does_not_count(self, project: Path) -> None:
        done = run(project, "baseline", ".", "--no-config")
        assert (done.returncode, "in `stackwarden-baseline.json`" in done.stderr) == (0, True)
        code, report = _scan(project, "--baseline", "stackwarden-baseline.json")
        assert code == 0
        assert _known(report) == {"a.yaml:One": True, "a.yaml:Two": True}
        assert (report["summary"]["high"], report["summary"]["known"]) == (0, 2)

    def test_lines_move_files_are_renamed_and_what_is_new_counts(self, project: Path) -> None:
        run(project, "baseline", ".", "--no-config")
        (project / "a.yaml").unlink()
        (project / "b.yaml").write_text(_template("New", "One", above="# moved\n\n"), encoding="utf-8")
        code, report = _scan(project, "--baseline", "stackwarden-baseline.json")
        assert code == 1
        assert _known(report) == {"b.yaml:New": False, "b.yaml:One": True}

    def test_a_copy_is_new(self, project: Path) -> None:
        run(project, "baseline", ".", "--no-config")
        (project / "copy.yaml").write_text(_template("One"), encoding="utf-8")
        _, report = _scan(project, "--baseline", "stackwarden-baseline.json")
        assert _known(report) == {"a.yaml:One": True, "a.yaml:Two": True, "copy.yaml:One": False}

    def test_the_summary_says_what_is_new_and_what_is_gone(self, project: Path) -> None:
        run(project, "baseline", ".", "--no-config")
        (project / "a.yaml").write_text(_template("One", "Three"), encoding="utf-8")
        done = run(project, "scan", ".", "--no-config", *_RULE, "--baseline", "stackwarden-baseline.json")
        assert "1 new finding: 1 high" in done.stdout
        assert "1 known from baseline `stackwarden-baseline.json`" in done.stdout
        assert "1 finding of baseline `stackwarden-baseline.json` is gone" in done.stdout

    def test_entries_end_on_their_last_day(self, project: Path) -> None:
        run(project, "baseline", ".", "--no-config", "--until", "2020-01-31")
        done = run(project, "scan", ".", "--no-config", *_RULE, "--baseline", "stackwarden-baseline.json")
        assert done.returncode == 1
        assert "ended and count again" in done.stdout
        run(project, "baseline", ".", "--no-config", "-o", "valid.json", "--until", _TOMORROW)
        assert _scan(project, "--baseline", "valid.json")[0] == 0

    def test_pruning_adds_nothing(self, project: Path) -> None:
        run(project, "baseline", ".", "--no-config")
        (project / "a.yaml").write_text(_template("One", "Three"), encoding="utf-8")
        run(project, "baseline", ".", "--no-config", "--prune")
        entries = json.loads((project / "stackwarden-baseline.json").read_text(encoding="utf-8"))["findings"]
        assert {one["resource"] for one in entries} == {"One"}

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (None, "no such file"),
            ("{", "is no JSON"),
            ("[]", "is no baseline of version 1"),
            ('{"version": "1", "findings": [{"rule": 3}]}', "finding 1 of baseline `b.json` is damaged"),
        ],
    )
    def test_what_is_no_baseline(self, text: str | None, words: str, project: Path) -> None:
        if text is not None:
            (project / "b.json").write_text(text, encoding="utf-8")
        done = run(project, "scan", "a.yaml", "--no-config", "--baseline", "b.json")
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr


class TestDiff:
    @pytest.fixture
    def repository(self, project: Path) -> Path:
        (project / "templates").mkdir()
        (project / "a.yaml").rename(project / "templates" / "a.yaml")
        commit_all(project)
        return project

    def test_only_what_the_revision_did_not_have_counts(self, repository: Path) -> None:
        (repository / "templates" / "a.yaml").write_text(_template("Two", "Three", above="# c\n"), encoding="utf-8")
        code, report = _scan(repository, "--diff", "HEAD")
        assert code == 1
        assert _known(report) == {"templates/a.yaml:Three": False, "templates/a.yaml:Two": True}
        inside = run(repository / "templates", "scan", "a.yaml", "--no-config", *_RULE, "-f", "json", "--diff", "HEAD")
        assert {one["resource"]: one["known"] for one in json.loads(inside.stdout)["findings"]} == {
            "Three": False,
            "Two": True,
        }

    def test_a_renamed_file_and_a_deleted_one(self, repository: Path) -> None:
        _git(repository, "mv", "templates/a.yaml", "renamed.yaml")
        assert _scan(repository, "--diff", "HEAD")[0] == 0

    def test_the_rules_and_the_configuration_are_those_of_now(self, repository: Path) -> None:
        (repository / "stackwarden.toml").write_text(
            'select = ["lambda-url-auth-none"]\n[parameters]\n"templates/*" = "p.json"\n', encoding="utf-8"
        )
        (repository / "p.json").write_text('{"Auth": "NONE"}', encoding="utf-8")
        (repository / "templates" / "a.yaml").write_text(
            "Parameters: {Auth: {Type: String}}\nResources:\n  U:\n    Type: AWS::Lambda::Url\n"
            "    Properties: {TargetFunctionArn: f, AuthType: !Ref Auth}\n",
            encoding="utf-8",
        )
        _git(repository, "add", "-A")
        _git(repository, "commit", "-qm", "parameter")
        done = run(repository, "scan", ".", "-f", "json", "--diff", "HEAD")
        assert (done.returncode, _known(json.loads(done.stdout))) == (0, {"templates/a.yaml:U": True})

    def test_nested_stacks_of_then_are_followed(self, repository: Path) -> None:
        parent = (
            "Resources:\n  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: templates/a.yaml}}\n"
        )
        (repository / "parent.yaml").write_text(parent, encoding="utf-8")
        _git(repository, "add", "-A")
        _git(repository, "commit", "-qm", "parent")
        (repository / "templates" / "a.yaml").write_text(_template("One", "Two", "Three"), encoding="utf-8")
        _, report = _scan(repository, "--diff", "HEAD")
        assert _known(report) == {
            "templates/a.yaml:One": True,
            "templates/a.yaml:Two": True,
            "templates/a.yaml:Three": False,
        }

    def test_sarif_tells_the_state(self, repository: Path) -> None:
        (repository / "templates" / "a.yaml").write_text(_template("One", "Three"), encoding="utf-8")
        done = run(repository, "scan", ".", "--no-config", *_RULE, "-f", "sarif", "--diff", "HEAD")
        results = json.loads(done.stdout)["runs"][0]["results"]
        assert [one["baselineState"] for one in results] == ["unchanged", "new"]

    @pytest.mark.parametrize(
        ("revision", "words"), [("nowhere", "there is no revision `nowhere`"), ("--all", "--diff")]
    )
    def test_no_such_revision(self, revision: str, words: str, repository: Path) -> None:
        done = run(repository, "scan", ".", "--no-config", f"--diff={revision}")
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr

    def test_no_repository(self, project: Path) -> None:
        done = run(project, "scan", ".", "--no-config", "--diff", "HEAD")
        assert (done.returncode, "--diff HEAD: " in done.stderr) == (2, True), done.stderr


class TestWaivers:
    @pytest.fixture
    def marked(self, tmp_path: Path) -> Path:
        (tmp_path / "a.yaml").write_text(
            "Resources:\n"
            '  # stackwarden: ignore[lambda-url-auth-none] reason="signed by the sender" owner=payments\n'
            "  One: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: f}}\n"
            '  Two: {Type: AWS::SNS::Topic} # stackwarden: ignore[iam-*] reason="never needed"\n'
            '  # stackwarden: ignore[lambda-url-auth-none] reason="until the move" until=2020-01-31\n'
            "  Three: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: f}}\n",
            encoding="utf-8",
        )
        (tmp_path / "stackwarden.toml").write_text(
            '[[waivers]]\nrule = "s3-*"\nreason = "none here"\nowner = "platform"\n', encoding="utf-8"
        )
        return tmp_path

    def test_all_are_listed_with_what_they_cover(self, marked: Path) -> None:
        done = run(marked, "waivers", "-f", "json")
        states = {one["source"]: (one["state"], one["owner"], one["findings"]) for one in json.loads(done.stdout)}
        assert done.returncode == 0
        assert states == {
            "a.yaml:2": ("used", "payments", 1),
            "a.yaml:4": ("unused", None, 0),
            "a.yaml:5": ("ended", None, 0),
            f"{marked / 'stackwarden.toml'}:1": ("unused", "platform", 0),
        }

    def test_check_fails_where_something_is_to_be_done(self, marked: Path) -> None:
        done = run(marked, "waivers", "--check")
        assert done.returncode == 1
        assert "4 waivers: 2 cover nothing, 1 are over" in done.stdout
        (marked / "stackwarden.toml").unlink()
        run(marked, "waivers", "--prune")
        assert run(marked, "waivers", "--check").returncode == 0

    def test_prune_takes_comments_out_and_leaves_the_rest(self, marked: Path) -> None:
        done = run(marked, "waivers", "--prune")
        text = (marked / "a.yaml").read_text(encoding="utf-8")
        assert text == (
            "Resources:\n"
            '  # stackwarden: ignore[lambda-url-auth-none] reason="signed by the sender" owner=payments\n'
            "  One: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: f}}\n"
            "  Two: {Type: AWS::SNS::Topic}\n"
            "  Three: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: f}}\n"
        )
        assert "took 2 waivers out of a.yaml" in done.stderr
        assert "stackwarden.toml:1 yourself: s3-*" in done.stderr


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, env=GIT_ENVIRONMENT, check=True)
