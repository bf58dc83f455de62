"""A copy of this project as a git repository of its own, whatever is committed in the real one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

__all__ = ["GIT_ENVIRONMENT", "ROOT", "commit_all", "copy_project"]

ROOT = Path(__file__).parents[2]
_PARTS = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "engine", "grammar", "policies")

GIT_ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT", "PYTHONPATH"))},
    "GIT_AUTHOR_NAME": "tests",
    "GIT_AUTHOR_EMAIL": "tests@localhost",
    "GIT_COMMITTER_NAME": "tests",
    "GIT_COMMITTER_EMAIL": "tests@localhost",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def copy_project(target: Path) -> Path:
    """What a wheel is built from, without what running it left behind."""
    target.mkdir()
    for part in _PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target / part)
    return target


def commit_all(folder: Path) -> None:
    """Makes a folder a repository with one commit of everything in it."""
    commands: Sequence[Sequence[str]] = (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "-m", "all"))
    for command in commands:
        subprocess.run(["git", *command], cwd=folder, env=GIT_ENVIRONMENT, check=True)
