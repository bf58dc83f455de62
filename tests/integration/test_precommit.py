"""The hooks under the real pre-commit, installed from a repository as users do; this needs a package index."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from integration.checkout import GIT_ENVIRONMENT, ROOT, commit_all, copy_project

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="pre-commit needs git")

GOOD = """\
Resources:
  Events:
    Type: AWS::Logs::LogGroup
    Properties: {RetentionInDays: 30, KmsKeyId: arn:aws:kms:eu-west-1:111122223333:key/1}
"""
BAD = """\
Resources:
  Open:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: NONE
      TargetFunctionArn: arn:aws:lambda:eu-west-1:111122223333:function:handler
"""


def pre_commit(*arguments: str, folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=folder,
        env={**GIT_ENVIRONMENT, "PRE_COMMIT_HOME": str(home), "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_project(tmp_path_factory.mktemp("hooks") / "stackwarden")
    commit_all(folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pre-commit")  # shared, so that the hook is installed once


def repository(folder: Path, files: dict[str, str], hooks: Path, hook: str) -> Path:
    """A repository whose configuration names the hook at the commit that `hooks` is at."""
    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=hooks, env=GIT_ENVIRONMENT, capture_output=True, encoding="utf-8", check=True
    ).stdout.strip()
    folder.mkdir()
    config = f"repos:\n  - repo: {hooks}\n    rev: {revision}\n    hooks:\n      - id: {hook}\n"
    for name, text in {**files, ".pre-commit-config.yaml": config}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    commit_all(folder)
    return folder


def test_the_manifest_is_valid(tmp_path: Path) -> None:
    result = pre_commit("validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"), folder=tmp_path, home=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


def test_try_repo_blocks_a_bad_template(tmp_path: Path, hooks: Path, home: Path) -> None:
    files = {"good.yaml": GOOD, "infra/bad one.template": BAD, "values.yaml": "replicas: 3\n", "data.json": "[1]\n"}
    folder = repository(tmp_path / "project", files, hooks, "stackwarden")
    result = pre_commit("try-repo", str(hooks), "stackwarden", "--all-files", "-v", folder=folder, home=home)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "infra/bad one.template:5" in result.stdout
    assert "exit code: 1" in result.stdout
    assert "good.yaml" not in result.stdout
    assert "values.yaml" not in result.stdout


def test_good_templates_and_other_files_pass(tmp_path: Path, hooks: Path, home: Path) -> None:
    files = {"good.yaml": GOOD, "values.yaml": "replicas: 3\n", "data.json": "[1]\n"}
    folder = repository(tmp_path / "project", files, hooks, "stackwarden")
    result = pre_commit("run", "--all-files", folder=folder, home=home)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Passed" in result.stdout


def test_the_other_hook_looks_at_the_whole_repository(tmp_path: Path, hooks: Path, home: Path) -> None:
    folder = repository(tmp_path / "project", {"bad.yaml": BAD, "readme.md": "x\n"}, hooks, "stackwarden-all")
    result = pre_commit("run", "--files", "readme.md", folder=folder, home=home)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "bad.yaml:5" in result.stdout
