"""Templates by URLs, in fsspec's store in memory and on disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.test_commands import MAIN, run
from stackwarden.resolve.locations import beside
from stackwarden.run.discover import discover
from stackwarden.run.objects import is_url
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session

PARENT = """\
Resources:
  Down: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./below/child.yaml, Parameters: {Auth: NONE}}}
"""
CHILD = """\
Parameters: {Auth: {Type: String}}
Resources:
  Url: {Type: AWS::Lambda::Url, Properties: {AuthType: !Ref Auth, TargetFunctionArn: f}}
"""


@pytest.fixture
def store() -> str:
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pipe("/stacks/app.yaml", PARENT.encode())
    system.pipe("/stacks/below/child.yaml", CHILD.encode())
    system.pipe("/stacks/values.yaml", b"replicas: 3\n")
    system.pipe("/stacks/readme.md", b"Resources: {A: {Type: AWS::SNS::Topic}}\n")
    system.pipe("/stacks/latin.yaml", "Resources: {Ä: {Type: AWS::SNS::Topic}}".encode("latin-1"))
    return "memory://stacks"


def found(*urls: str) -> tuple[list[str], list[str], int]:
    """Findings as `file resource`, errors as `file: message`, and the number of files."""
    session = open_session(SessionOptions(rules=("lambda-url-auth-none",)))
    assert isinstance(session, Session)
    discovered = discover(urls)
    report = scan(session, discovered.files, errors=discovered.errors)
    findings = [f"{one.file} {'/'.join((*one.through, one.resource))}" for one in report.findings]
    return findings, [f"{error.file}: {error.message}" for error in report.errors], report.files


def test_a_folder_is_its_templates_and_nested_stacks_are_followed(store: str) -> None:
    findings, errors, files = found(store)
    assert findings == ["memory:///stacks/below/child.yaml Down/Url"]
    assert len(errors) == 1 and "not UTF-8" in errors[0]
    assert files == 3  # what is no template is passed over


def test_a_glob_is_what_it_fits(store: str) -> None:
    findings, errors, files = found(f"{store}/a*.yaml")
    assert (findings, errors, files) == (["memory:///stacks/below/child.yaml Down/Url"], [], 1)
    assert found(f"{store}/**/*.yaml", f"{store}/*.yaml")[2] == 3  # each once


def test_an_object_that_is_named_has_to_be_a_template(store: str) -> None:
    assert found(f"{store}/below/child.yaml")[0] == [f"{store}/below/child.yaml Url"]
    _, errors, _ = found(f"{store}/values.yaml", f"{store}/nothing.yaml")
    assert len(errors) == 2
    assert f"{store}/nothing.yaml: no such object or folder" in errors
    assert f"{store}/values.yaml: " in "".join(errors)


def test_stores_that_cannot_be_used_are_told() -> None:
    _, errors, _ = found("nowhere://bucket/app.yaml", "s3://bucket/app.yaml")
    assert errors[0] == "nowhere://bucket/app.yaml: cannot be opened: Protocol not known: nowhere"
    assert errors[1].startswith("s3://bucket/app.yaml: ")


@pytest.mark.parametrize(
    ("library", "arguments"),
    [
        ("fsspec", ("memory://stacks",)),
        ("distributed", ("app.yaml", "--executor", "dask", "--scheduler", "tcp://127.0.0.1:9")),
    ],
)
def test_a_missing_library_is_told_with_what_to_install(
    library: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "app.yaml").write_text(PARENT, encoding="utf-8")
    hidden = f"import sys; sys.modules['{library}'] = None; {MAIN}"
    done = subprocess.run(
        [sys.executable, "-c", hidden, "scan", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert 'pip install "stackwarden[distributed]"' in done.stderr


def test_objects_are_not_written(tmp_path: Path) -> None:
    done = run(tmp_path, "scan", "memory://stacks", "--fix")
    assert done.returncode == 2
    assert "--fix and --diff are for files, not for URLs" in done.stderr


def test_urls_are_told_from_paths() -> None:
    assert all(map(is_url, ("s3://b/x", "memory://x", "file:///x", "zip::s3://b/x.zip", "simplecache::s3://b/x")))
    assert not any(map(is_url, ("a/b.yaml", "C:\\x.yaml", "./s3:/b", "-", "", "://x")))


@given(st.sampled_from(["", "s3://bucket/", "file:///"]), st.lists(st.sampled_from(["a", "b", ".."]), max_size=4))
def test_a_name_beside_a_file_is_below_the_same_store(scheme: str, parts: list[str]) -> None:
    name = beside(f"{scheme}one/two/app.yaml", "/".join([*parts, "x.yaml"]))
    assert name.startswith(scheme.partition("://")[0])
    assert name.count("://") == (1 if scheme else 0)
    assert name.endswith("x.yaml")
