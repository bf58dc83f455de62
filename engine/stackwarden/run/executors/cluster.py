"""Work on a Dask cluster.

The job goes to every worker once, as a plug-in, which also workers get that join later; a task is some names of files.
Only so many tasks as keep the workers busy are on their way, so that neither the scheduler nor this process holds more
than it needs. Dask itself gives the task of a dead worker to another one, several times. It blames every task that the
worker had, also those that it had not begun, so the files of a task that Dask gives up are tried here once more, each
alone on the cluster: then it is known which of them ends workers.
"""

from __future__ import annotations

import os
import pickle
import time
import uuid
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import chdir, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

from distributed import Client, Future, WorkerPlugin, get_worker, wait

import stackwarden
from stackwarden.run.collector import collector_paused
from stackwarden.run.discover import Found
from stackwarden.run.executors.chunks import chunks
from stackwarden.run.executors.job import ExecutorFault, Failure, Job, Unit, attempt

__all__ = ["Cluster"]

R = TypeVar("R")

_LONGEST: Final = 2000.0  # milliseconds of work in a task; Dask itself needs about one for each
_AHEAD: Final = 2  # tasks on their way for each thread of the workers
_ANSWER: Final = 15  # seconds for the scheduler to answer
_TICK: Final = 5.0  # seconds after which the workers are counted, if nothing happens
_PATIENCE: Final = 120.0  # seconds without any worker: a cluster may still be growing

_Answer = bytes | Failure


@dataclass(frozen=True, slots=True)
class Cluster:
    """Does a job on the cluster of the Dask scheduler at an address, such as `tcp://10.0.0.5:8786`."""

    scheduler: str
    patience: float = _PATIENCE

    def map(self, job: Job[R], units: Sequence[Unit], /) -> Generator[tuple[int, R | Failure], None, None]:
        """The results as they come. A file that a worker fails at is tried once more, rather by another one."""
        try:
            client = Client(self.scheduler, timeout=_ANSWER, set_as_default=False)
        except (OSError, ValueError, RuntimeError) as error:
            raise ExecutorFault(f"no Dask scheduler answers at `{self.scheduler}`: {error}") from error
        plugin = _JobPlugin(pickle.dumps(job, pickle.HIGHEST_PROTOCOL), os.getcwd())  # noqa: PTH109 - a text to send
        name = f"stackwarden-{uuid.uuid4().hex}"
        with client:
            try:
                client.register_plugin(plugin, name=name)
            except Exception as error:  # whatever struck on a worker
                raise ExecutorFault(
                    f"the workers of `{self.scheduler}` cannot scan: {error}; they need the same stackwarden as this "
                    f"machine ({stackwarden.__version__})"
                ) from error
            try:
                for index, answer in _Run(client, name, units, self.patience).answers():
                    yield index, answer if isinstance(answer, Failure) else job.unpack(answer)
            finally:
                with suppress(Exception):  # the cluster may be gone
                    client.unregister_worker_plugin(name)


@dataclass(frozen=True, slots=True)
class _Portion:
    """Files of one task. `spare` is the address of a worker that failed at them; a suspect may have ended workers."""

    indices: tuple[int, ...]
    spare: str = ""
    is_suspect: bool = False


class _Run:
    """The tasks of one job."""

    def __init__(self, client: Client, plugin: str, units: Sequence[Unit], patience: float) -> None:
        self._client = client
        self._plugin = plugin
        self._units = units
        self._patience = patience
        self._left = set(range(len(units)))
        self._failed: set[int] = set()
        self._suspects: deque[int] = deque()
        self._flying: dict[Future[Any], _Portion] = {}
        self._seen = time.monotonic()
        portions = chunks(units, workers=max(len(self._workers()), 1), longest=_LONGEST)
        self._waiting = deque(_Portion(one) for one in portions)

    def answers(self) -> Iterator[tuple[int, _Answer]]:
        """The answer for each unit, as they come."""
        while self._left:
            try:
                done = self._wait()
            except Exception as error:  # the cluster is gone; which error says so depends on what was being done
                for index in sorted(self._left):
                    yield index, Failure(f"was not scanned: the cluster is gone ({error})", "scan it again")
                return
            for future in done:
                for index, answer in self._heard(future, self._flying.pop(future)):
                    self._left.discard(index)
                    yield index, answer

    def _wait(self) -> list[Future[Any]]:
        """Keeps the workers busy, and gives the tasks that are done, one way or another, after some waiting."""
        workers = self._workers()
        if workers:
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > self._patience:
            raise TimeoutError(f"no worker for {self._patience:.0f} seconds")
        self._fill(workers)
        with suppress(TimeoutError, CancelledError), self._client.as_current():
            wait(list(self._flying), timeout=_TICK, return_when="FIRST_COMPLETED")
        return [future for future in self._flying if future.status != "pending"]

    def _workers(self) -> dict[str, int]:
        """The threads of each worker, by its address."""
        if self._client.status != "running":
            raise ConnectionError("its scheduler does not answer")
        return dict(self._client.nthreads())

    def _fill(self, workers: dict[str, int]) -> None:
        """Sends tasks as far as the workers have use for them; a suspect only when there is nothing else."""
        while self._waiting and len(self._flying) < _AHEAD * max(sum(workers.values()), 1):
            portion = self._waiting.popleft()
            self._submit(portion, [address for address in workers if portion.spare not in ("", address)])
        if not self._waiting and not self._flying and self._suspects:
            self._submit(_Portion((self._suspects.popleft(),), is_suspect=True), [])

    def _submit(self, portion: _Portion, workers: list[str]) -> None:
        orders = [(index, self._units[index].found) for index in portion.indices]
        future = self._client.submit(
            *(_work, self._plugin, orders),
            pure=False,  # the same file may be tried again
            workers=workers or None,
            allow_other_workers=bool(workers),
        )
        self._flying[future] = portion

    def _heard(self, future: Future[Any], portion: _Portion) -> Iterator[tuple[int, _Answer]]:
        try:
            address, answers = future.result(timeout=_ANSWER)
        except Exception as error:  # what the task raised, the end of its workers, the loss of the scheduler
            if portion.is_suspect:
                yield portion.indices[0], _failure(error)
            else:
                self._suspects.extend(portion.indices)
            return
        finally:
            future.release()
        for index, answer in answers:
            if isinstance(answer, Failure) and not portion.is_suspect and index not in self._failed:
                self._failed.add(index)
                self._waiting.appendleft(_Portion((index,), address))
            else:
                yield index, answer


def _failure(error: Exception) -> Failure:
    if isinstance(error, CancelledError):
        return Failure("was not scanned: its task was cancelled", "scan it again")
    if type(error).__name__ == "KilledWorker":
        return Failure("its scan ended every worker that tried", "the template may need more memory than workers have")
    return Failure(f"was not scanned: {type(error).__name__}: {error}")


class _JobPlugin(WorkerPlugin):
    """The job on a worker: started at the first task, one task at a time, as a scan uses one core."""

    def __init__(self, job: bytes, folder: str) -> None:
        self._job = job
        self._folder = folder
        self._version = stackwarden.__version__

    def setup(self, worker: Any) -> None:
        """Refuses a worker that has another version: its findings would be others."""
        if self._version != stackwarden.__version__:
            raise RuntimeError(f"{worker.address} has stackwarden {stackwarden.__version__}")
        self._address = worker.address
        self._lock = Lock()
        self._started: tuple[Job[Any], Callable[[Found], Any]] | None = None

    def work(self, orders: Sequence[tuple[int, Found]]) -> tuple[str, list[tuple[int, _Answer]]]:
        """The worker's address, and the answer for each file by its number."""
        is_here = Path(self._folder).is_dir()
        with self._lock, chdir(self._folder) if is_here else nullcontext(), collector_paused():
            if self._started is None:
                made: Job[Any] = pickle.loads(self._job)
                self._started = made, made.start()
            job, scan = self._started
            return self._address, [
                (number, attempt(lambda one: job.pack(scan(one)), found) if is_here or found.is_object else self._away)
                for number, found in orders
            ]

    @property
    def _away(self) -> Failure:
        advice = "workers need the files at the same place as this machine; objects by URLs are reached from everywhere"
        return Failure(f"was not scanned: the worker {self._address} has no folder `{self._folder}`", advice)


def _work(plugin: str, orders: Sequence[tuple[int, Found]]) -> tuple[str, list[tuple[int, _Answer]]]:
    """A task: a function by its name, so that nothing of it has to be sent."""
    found = get_worker().plugins[plugin]
    assert isinstance(found, _JobPlugin)
    return found.work(orders)
