"""The wheel holds all that the program needs, and nothing of the checkout besides."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from email import message_from_string

import pytest

import stackwarden
from integration.checkout import GIT_ENVIRONMENT, ROOT, copy_project


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    project = copy_project(folder / "project")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(project)]
    subprocess.run(command, env=GIT_ENVIRONMENT, check=True)
    (file,) = folder.glob("*.whl")
    return zipfile.ZipFile(file)


def relative(folder: str, suffix: str) -> set[str]:
    return {path.relative_to(ROOT / folder).as_posix() for path in (ROOT / folder).rglob(f"*{suffix}")}


def test_it_carries_grammar_policies_and_modules(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    grammar, policies = relative("grammar", ".lark"), relative("policies", ".warden")
    modules = relative("engine/stackwarden", ".py")
    assert grammar
    assert policies
    assert {f"stackwarden/_grammar/{name}" for name in grammar} <= names
    assert {f"stackwarden/_policies/{name}" for name in policies} <= names
    assert {f"stackwarden/{name}" for name in modules} <= names


def test_it_carries_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    assert tops == {"stackwarden", f"stackwarden-{stackwarden.__version__}.dist-info"}


def test_its_metadata(wheel: zipfile.ZipFile) -> None:
    info = f"stackwarden-{stackwarden.__version__}.dist-info"
    metadata = message_from_string(wheel.read(f"{info}/METADATA").decode())
    assert metadata["Version"] == stackwarden.__version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert wheel.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    assert "stackwarden = stackwarden.cli.app:main" in wheel.read(f"{info}/entry_points.txt").decode()
