"""A run gives the same report wherever it is worked on, and what strikes at one file costs no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import chdir
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stackwarden
from cli.test_commands import MAIN
from run.executors.templates import as_json, kills, raises, session, write_templates
from stackwarden.cli import _executors
from stackwarden.run.discover import Found, discover
from stackwarden.run.executors import automatic
from stackwarden.run.executors.automatic import Automatic
from stackwarden.run.executors.chunks import chunks
from stackwarden.run.executors.job import Executor, ExecutorFault, Unit
from stackwarden.run.executors.processes import Processes
from stackwarden.run.finding import Report
from stackwarden.run.scan import Refine, scan

SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Handler: a.b, Runtime: python3.12, InlineCode: pass,
      FunctionUrlConfig: {AuthType: NONE}}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("templates")
    write_templates(made)
    (made / "sam.yaml").write_text(SAM, encoding="utf-8")
    (made / "latin.yaml").write_bytes("Resources: {Ä: {Type: AWS::SNS::Topic}}".encode("latin-1"))
    return made


def run(*paths: str, executor: Executor | None = None, refine: Refine | None = None) -> Report:
    return scan(session(), discover(paths or (".",)).files, executor=executor, refine=refine)


@pytest.fixture(scope="module")
def scanned_here(folder: Path) -> Report:
    with chdir(folder):
        return run()


@pytest.fixture
def here(folder: Path, scanned_here: Report, monkeypatch: pytest.MonkeyPatch) -> Report:
    """The report of this process alone, from the folder that it is about."""
    monkeypatch.chdir(folder)
    return scanned_here


def test_the_report_does_not_depend_on_the_number_of_processes(here: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(here.findings) > 30 and len(here.errors) > 6
    assert {one.through for one in here.findings} == {(), ("Down",)}
    assert "hunter" not in as_json(here)
    monkeypatch.setattr(automatic, "_TRIAL", 0)
    monkeypatch.setattr(Automatic, "_pays", lambda *_: True)
    for executor in (Processes(2), Processes(3), Automatic(2)):
        there = run(executor=executor)
        assert as_json(there) == as_json(here)
        changing = {"duration_ms": 0, "finished_at": "", "stats": None}
        assert replace(there, **changing) == replace(here, **changing)  # type: ignore[arg-type]


def test_a_template_is_masked_by_what_it_reads_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    alone = [one for one in run("004.yaml", "003.yaml").findings if one.file == "004.yaml"]
    among = [one for one in run().findings if one.file == "004.yaml"]
    assert alone == among
    assert any(one.when == ({"Parameters.Pass": "NONE"},) for one in alone)  # `Pass` is a secret in other templates


def test_few_files_start_no_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(Processes, "map", lambda *_: pytest.fail("processes were started"))
    assert as_json(run("000.yaml", "001.yaml", executor=Automatic(64))) == as_json(run("000.yaml", "001.yaml"))
    assert not Automatic(64)._pays(1.0)  # seconds of work that are left
    assert Automatic(64)._pays(5.0)
    assert not Automatic(1)._pays(3600.0)


def test_where_no_process_can_be_started_the_work_is_done_here(here: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> NoReturn:
        raise OSError("no more processes")

    monkeypatch.setattr(automatic, "_TRIAL", 0)
    monkeypatch.setattr(Automatic, "_pays", lambda *_: True)
    monkeypatch.setattr("multiprocessing.context.ForkServerProcess.start", refused)
    assert as_json(run(executor=Automatic(2))) == as_json(here)
    with pytest.raises(ExecutorFault, match="no process can be started"):
        run(executor=Processes(2))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_templates(tmp_path, 12)
    return tmp_path


def without(report: Report, name: str) -> str:
    errors = tuple(error for error in report.errors if error.file != name)
    findings = tuple(one for one in report.findings if one.file != name)
    return as_json(replace(report, errors=errors, findings=findings))


def test_a_killed_process_costs_only_the_file_that_killed_it(project: Path) -> None:
    for name in ("kills.yaml", "kills-once.yaml"):
        (project / name).write_bytes((project / "000.yaml").read_bytes())
    plain = run()
    struck = run(executor=Processes(2), refine=kills)
    told = [error for error in struck.errors if error.file == "kills.yaml"]
    assert [error.message for error in told] == ["its scan ended the process (killed by SIGKILL)"]
    assert told[0].fatal and told[0].help is not None
    assert without(struck, "kills.yaml") == without(plain, "kills.yaml")
    assert any(one.file == "kills-once.yaml" for one in struck.findings)
    assert not any(one.file == "kills.yaml" for one in struck.findings)


def test_a_file_with_an_exception_is_tried_once_more_in_another_process(project: Path) -> None:
    for name in ("raises.yaml", "raises-once.yaml"):
        (project / name).write_bytes((project / "000.yaml").read_bytes())
    plain = run()
    struck = run(executor=Processes(2), refine=raises)
    told = [error.message for error in struck.errors if error.file == "raises.yaml"]
    assert len(told) == 1
    assert told[0].startswith("internal error: ZeroDivisionError: struck (templates.py:")
    assert without(struck, "raises.yaml") == without(plain, "raises.yaml")
    for name in ("raises.yaml", "raises-once.yaml"):
        first, second = (project / f"{name}.tried").read_text(encoding="utf-8").split()
        assert first != second


def test_no_process_imports_from_the_folder_that_is_scanned(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in ("multiprocessing", "pickle", "yaml", "stackwarden"):
        (project / f"{name}.py").write_text("open('imported', 'w')\n", encoding="utf-8")
    script = tmp_path_factory.mktemp("script") / "main.py"  # as an installed command: its own folder comes first
    script.write_text(f"if __name__ == '__main__':\n    {MAIN}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script), "scan", "000.yaml", "003.yaml", "--jobs", "2"],
        env={**os.environ, "PYTHONPATH": str(Path(stackwarden.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert not (project / "imported").exists()


@given(st.lists(st.floats(0.1, 500.0), max_size=60), st.integers(1, 8))
def test_portions_hold_every_file_once(costs: list[float], workers: int) -> None:
    units = [Unit(Found(str(index), None, True), cost) for index, cost in enumerate(costs)]
    made = chunks(units, workers=workers, longest=200.0)
    assert sorted(index for portion in made for index in portion) == list(range(len(units)))
    assert all(len(portion) == 1 or sum(costs[index] for index in portion) <= 200.0 for portion in made)
    most = [sum(costs[index] for index in portion) for portion in made]
    assert most == sorted(most, reverse=True)


def members(group: int) -> list[int]:
    """The living processes of a process group."""
    listed = subprocess.run(["ps", "-eo", "pid,pgid,stat"], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in listed.splitlines()[1:])
    return [int(pid) for pid, own, state in rows if int(own) == group and not state.startswith("Z")]


def eventually(holds: Callable[[], bool], what: str) -> None:
    """Waits until something holds; how long that takes is up to the machine."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail(what)


@pytest.mark.parametrize("how", ["interrupted", "killed"])
def test_no_process_outlives_the_scan(how: str, tmp_path: Path) -> None:
    write_templates(tmp_path, 400)
    scanning = subprocess.Popen(
        [sys.executable, "-c", MAIN, "scan", ".", "--jobs", "2", "-f", "json", "-o", "report.json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(stackwarden.__file__).parents[1])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    eventually(lambda: len(members(scanning.pid)) >= 5, "no workers were started")  # with fork server and tracker
    if how == "interrupted":
        os.killpg(scanning.pid, signal.SIGINT)
    else:
        scanning.kill()
    _, told = scanning.communicate(timeout=60)
    assert scanning.returncode == (130 if how == "interrupted" else -signal.SIGKILL)
    assert b"Traceback" not in told
    assert not (tmp_path / "report.json").exists()
    eventually(lambda: not members(scanning.pid), "processes are left")


def test_a_bar_shows_how_far_a_long_run_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with _executors.progress_bar() as progress:
        assert progress is None  # this is no terminal
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with _executors.progress_bar() as progress:
        assert progress is not None
        progress(1, 4)
    assert capsys.readouterr().err == ""  # it is soon over
    monkeypatch.setattr(_executors, "_SOON", 0)
    with _executors.progress_bar() as progress:
        assert progress is not None
        progress(3, 4)
    assert "3/4" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--jobs", "0"), "0 is not in the range x>=1"),
        (("--executor", "dask"), "needs the cluster's --scheduler"),
        (("--scheduler", "tcp://127.0.0.1:1"), "--scheduler is for --executor dask"),
        (("--executor", "dask", "--scheduler", "tcp://127.0.0.1:1", "--jobs", "2"), "--jobs is for this machine"),
    ],
)
def test_options_that_do_not_go_together(arguments: tuple[str, ...], told: str) -> None:
    done = subprocess.run([sys.executable, "-c", MAIN, "scan", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert told in done.stderr.replace("\n", " ")
