"""Kept results: they save the work, and are never anything but what a scan would give."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from stackwarden.config import Settings, Waiver
from stackwarden.run import scan as scanning
from stackwarden.run.discover import discover
from stackwarden.run.finding import Report
from stackwarden.run.scan import scan
from stackwarden.run.session import Session, SessionOptions, open_session

_TEMPLATE = """\
Parameters:
  Stage: {Type: String, AllowedValues: [dev, prod]}
  Password: {Type: String, NoEcho: true, Default: hunter2-secret}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Open:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: !If [IsProd, AWS_IAM, NONE]
      TargetFunctionArn: arn:aws:lambda:eu-west-1:111122223333:function:f
  Waived:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: NONE  # stackwarden: ignore[url-open] reason="public by design" until=2030-01-31
      TargetFunctionArn: arn:aws:lambda:eu-west-1:111122223333:function:g
  Topic:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !Ref Nobody}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a template, and a cache of its own."""
    monkeypatch.setenv("STACKWARDEN_CACHE", str(tmp_path / "cache"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    Path("app.yaml").write_text(_TEMPLATE, encoding="utf-8")
    Path("own.warden").write_text(_RULES, encoding="utf-8")
    return work


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Grows by the name of each template that is really scanned."""
    names: list[str] = []
    original = scanning.scan_source

    def counting(source: object, *arguments: object, **options: object) -> object:
        names.append(source.name)  # type: ignore[attr-defined]
        return original(source, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(scanning, "scan_source", counting)
    yield names


_RULES = """\
rule url-open {
    title "t" severity high
    for url in AWS::Lambda::Url
    require url.AuthType != "NONE" else "{url} is open"
}
rule url-role {
    title "t" severity low
    for url in AWS::Lambda::Url
    require url.Qualifier is present
}
"""
_OPTIONS = SessionOptions(policies=("own.warden",), shipped=False)


def report(options: SessionOptions = _OPTIONS, *names: str, today: date = date(2026, 3, 1)) -> Report:
    """The report of a run on some files, without what no two runs share."""
    session = open_session(options)
    assert isinstance(session, Session), session
    made = scan(session, discover(names or ("app.yaml",)).files, today=today)
    return replace(made, duration_ms=0, stats=None, finished_at="")


def kept(folder: Path) -> list[Path]:
    results = folder.parent / "cache" / "results"
    return sorted(results.iterdir()) if results.is_dir() else []


def test_the_kept_result_is_the_result(scans: list[str]) -> None:
    first = report()
    assert {one.resource for one in first.findings} == {"Open", "Waived"}
    assert any(one.waived for one in first.findings) and any(one.when for one in first.findings)
    assert first.errors and "hunter2" not in first.sources["app.yaml"].text
    assert report() == first == report(replace(_OPTIONS, cache=False))
    assert scans == ["app.yaml"] * 2


def test_no_cache_neither_reads_nor_writes(folder: Path, scans: list[str]) -> None:
    report(replace(_OPTIONS, cache=False))
    assert kept(folder) == []
    report()
    report(replace(_OPTIONS, cache=False))
    assert len(scans) == 3


_SETTINGS = Settings(Path("stackwarden.toml"))


@pytest.mark.parametrize(
    "other",
    [
        replace(_OPTIONS, rules=("url-open",)),
        replace(_OPTIONS, parameters={"Stage": "prod"}),
        replace(_OPTIONS, pseudo={"AWS::Region": "eu-west-1"}),
        replace(_OPTIONS, settings=_SETTINGS),
        replace(_OPTIONS, settings=replace(_SETTINGS, environments=(("prod", ("Stage=prod",)),))),
        replace(_OPTIONS, settings=replace(_SETTINGS, waivers=(Waiver("url-*", "**", "Open", "r", None),))),
    ],
)
def test_what_a_result_depends_on_counts(other: SessionOptions, scans: list[str]) -> None:
    report()
    made = report(other)
    assert len(scans) == 2
    assert made == report(replace(other, cache=False))


def test_text_name_and_day_count(scans: list[str]) -> None:
    chosen = replace(_OPTIONS, rules=("url-open",))
    assert [one.resource for one in report(chosen).findings if one.counts] == ["Open"]
    assert [one.resource for one in report(chosen, today=date(2031, 1, 1)).findings if one.counts] == ["Open", "Waived"]
    Path("app.yaml").write_text(_TEMPLATE.replace("Open:", "Wide:"), encoding="utf-8")
    assert {one.resource for one in report().findings} == {"Wide", "Waived"}
    Path("app.yaml").rename("other.yaml")
    assert {one.file for one in report(_OPTIONS, "other.yaml").findings} == {"other.yaml"}
    assert len(scans) == 4


_PARENT = """\
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: app.yaml, Parameters: {Stage: dev}}
"""


def test_what_other_files_decide_is_not_kept(folder: Path, scans: list[str]) -> None:
    Path("parent.yaml").write_text(_PARENT, encoding="utf-8")
    chosen = replace(_OPTIONS, rules=("url-open",))
    first = report(chosen, "parent.yaml")
    assert {one.file for one in first.findings} == {"app.yaml"}
    assert kept(folder) == []
    Path("app.yaml").write_text(_TEMPLATE.replace("NONE", "AWS_IAM"), encoding="utf-8")
    assert not report(chosen, "parent.yaml").findings
    assert scans == ["parent.yaml"] * 2


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other"])
def test_a_damaged_result_is_made_anew(folder: Path, damage: str, scans: list[str]) -> None:
    first = report()
    (path,) = kept(folder)
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(
        {
            "cut": content[:middle],
            "flip": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
            "empty": b"",
            "other": b"no result at all" * 9,
        }[damage]
    )
    assert report() == first
    assert len(scans) == 2
    assert path.read_bytes() == content


def test_results_of_a_run_that_failed_inside_are_not_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stackwarden.run import scan_template

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(scan_template, "evaluate", broken)
        assert "a bug" in report().errors[0].message
    assert kept(folder) == []
    assert not any("a bug" in one.message for one in report().errors)


def test_old_results_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stackwarden.run import results

    monkeypatch.setattr(results, "_MOST_KEPT", 2)
    for number in range(4):
        Path("app.yaml").write_text(f"# {number}\n{_TEMPLATE}", encoding="utf-8")
        report()
    assert len(kept(folder)) == 2


def _scan_often(_: int) -> int:
    return sum(len(report().findings) for _ in range(5))


def test_several_processes_share_the_cache() -> None:
    expected = 5 * len(report().findings)
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert set(pool.map(_scan_often, range(3))) == {expected}
