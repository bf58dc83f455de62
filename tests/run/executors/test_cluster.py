"""A real Dask cluster of processes on this machine, whose workers are killed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

import stackwarden
from cli.test_commands import MAIN
from run.executors.templates import as_json, kills, session, write_templates
from stackwarden.run.discover import discover
from stackwarden.run.executors.cluster import Cluster
from stackwarden.run.executors.job import ExecutorFault
from stackwarden.run.finding import Report
from stackwarden.run.scan import Refine, scan

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning", "default::DeprecationWarning")

_PYTHONPATH = os.pathsep.join((str(Path(stackwarden.__file__).parents[1]), str(Path(__file__).parents[2])))


class Workers:
    """A scheduler in this process and workers without a nanny, which stay dead when they are killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._scheduler = LocalCluster(
            n_workers=0, dashboard_address=None, protocol="tcp://", host="127.0.0.1", silence_logs="critical"
        )
        self.address = self._scheduler.scheduler_address
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, number: int) -> None:
        """Starts workers, and waits for so many to be there."""
        for _ in range(number):
            command = [
                sys.executable,
                "-m",
                "distributed.cli.dask_worker",
                self.address,
                "--no-nanny",
                "--no-dashboard",
            ]
            self.processes.append(
                subprocess.Popen(
                    [*command, "--nthreads", "1", "--local-directory", str(self.folder)],
                    cwd=self.folder,
                    env={**os.environ, "PYTHONPATH": _PYTHONPATH},
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(sum(one.poll() is None for one in self.processes), timeout=60)

    def allow_no_failure(self) -> None:
        """Has Dask give up a task as soon as a worker has died of it."""
        scheduler = self._scheduler.scheduler
        assert scheduler is not None
        scheduler.allowed_failures = 0

    def close(self) -> None:
        for one in self.processes:
            one.kill()
            one.wait()
        self._scheduler.close()


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workers]:
    made = Workers(tmp_path_factory.mktemp("workers"))
    try:
        made.start(2)
        yield made
    finally:
        made.close()


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_templates(tmp_path)
    return tmp_path


def run(*paths: str, executor: Cluster | None = None, refine: Refine | None = None) -> Report:
    return scan(session(), discover(paths or (".",)).files, executor=executor, refine=refine)


def test_a_worker_is_killed_half_way_and_nothing_is_lost(workers: Workers) -> None:
    killed: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if not killed and done >= total / 3:
            workers.processes[0].kill()
            killed.append(done)

    plain = run()
    spread = scan(session(), discover((".",)).files, executor=Cluster(workers.address), progress=kill_one)
    assert killed and workers.processes[0].wait() != 0
    assert as_json(spread) == as_json(plain)
    changing = {"duration_ms": 0, "finished_at": "", "stats": None}
    assert replace(spread, **changing) == replace(plain, **changing)  # type: ignore[arg-type]


def test_the_command_reports_objects_by_their_urls(project: Path, workers: Workers) -> None:
    (project / "values.yaml").write_text("replicas: 3\n", encoding="utf-8")
    url = f"file://{project}/*.yaml"
    options = ("--rule", "lambda-url-*", "--rule", "s3-*", "--executor", "dask", "--scheduler", workers.address)
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "scan", url, "-f", "json", *options],
        cwd=workers.folder,
        env={**os.environ, "PYTHONPATH": _PYTHONPATH},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert re.sub('"duration_ms": [0-9]+', '"duration_ms": 0', done.stdout) == as_json(run(url))
    assert f'"file": "file://{project}/002.yaml"' in done.stdout


def test_a_file_that_kills_workers_is_told_and_no_other(project: Path, workers: Workers) -> None:
    workers.allow_no_failure()  # Dask's default is that four workers have to die
    workers.start(2)  # one that it kills with others in its portion, and one that it kills alone
    (project / "kills.yaml").write_bytes((project / "000.yaml").read_bytes())
    plain = run()
    struck = run(executor=Cluster(workers.address), refine=kills)
    told = [error for error in struck.errors if error.file == "kills.yaml"]
    assert [error.message for error in told] == ["its scan ended every worker that tried"]
    others = replace(struck, errors=tuple(error for error in struck.errors if error not in told))
    expected = replace(plain, findings=tuple(one for one in plain.findings if one.file != "kills.yaml"))
    assert as_json(others) == as_json(expected)


def test_a_cluster_without_workers_is_told_for_each_file(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stackwarden.run.executors.cluster._TICK", 0.2)
    for one in workers.processes:
        one.kill()
        one.wait()
    report = run("000.yaml", "003.yaml", executor=Cluster(workers.address, patience=0.1))
    assert [error.file for error in report.errors] == ["000.yaml", "003.yaml"]
    assert {error.message for error in report.errors} == {
        "was not scanned: the cluster is gone (no worker for 0 seconds)"
    }


def test_no_scheduler_is_a_fault_of_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stackwarden.run.executors.cluster._ANSWER", 0.2)
    with pytest.raises(ExecutorFault, match="no Dask scheduler answers at `tcp://127"):
        run("000.yaml", executor=Cluster("tcp://127.0.0.1:9"))
