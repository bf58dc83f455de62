"""Work in several processes of this machine.

The processes are those of `multiprocessing`, each behind a connection of its own. The pools of the standard library
share their queues: when a process of theirs dies, all work in progress is lost and nobody knows whose fault it was,
and their processes outlive a killed parent. Here the file that a process died of is known, and processes end with
their parent.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sys
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from signal import Signals
from typing import Final, TypeVar

from stackwarden.run.executors.chunks import chunks
from stackwarden.run.executors.job import ExecutorFault, Failure, Job, Unit
from stackwarden.run.executors.worker import serve

__all__ = ["Processes", "context"]

R = TypeVar("R")

_LONGEST: Final = 200.0  # milliseconds of work that are handed out at once
_AHEAD: Final = 2  # portions that a worker has at a time, so that it need not wait for the next one
_ATTEMPTS: Final = 2
_PRELOADED: Final = ["stackwarden.run.scan", "stackwarden.run.scan_template", "stackwarden.run.executors.worker"]


def context() -> BaseContext:
    """How processes are started: never by a mere fork, which is not safe in a program with threads.

    A fork server loads the engine once, and each worker is there some milliseconds later; where there is none
    (Windows) every worker loads the engine by itself.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(_PRELOADED)
    return made


@dataclass(frozen=True, slots=True)
class Processes:
    """Does a job in `jobs` processes."""

    jobs: int

    def map(self, job: Job[R], units: Sequence[Unit], /) -> Generator[tuple[int, R | Failure], None, None]:
        """The results as they come. A file whose worker dies or fails is tried once more in another process."""
        pool = _Pool(pickle.dumps(job, pickle.HIGHEST_PROTOCOL), units, min(self.jobs, len(units)))
        try:
            for index, answer in pool.answers():
                yield index, answer if isinstance(answer, Failure) else job.unpack(answer)
        finally:
            pool.close()


@dataclass(slots=True, eq=False)
class _Worker:
    """A process and the files that it has been given and has not answered, in portions."""

    process: BaseProcess
    connection: Connection
    ready: bool = False
    portions: deque[deque[int]] = field(default_factory=deque)


@dataclass(slots=True)
class _Portion:
    """Files to hand out; `spare` is the worker that has failed at them."""

    indices: tuple[int, ...]
    spare: _Worker | None = None


class _Pool:
    """Workers and what there is to do."""

    def __init__(self, job: bytes, units: Sequence[Unit], jobs: int) -> None:
        self._job = job
        self._units = units
        self._jobs = jobs
        self._context = context()
        self._folder = os.getcwd()  # noqa: PTH109 - as text for a pipe
        self._workers: list[_Worker] = []
        self._waiting = deque(_Portion(one) for one in chunks(units, workers=max(jobs, 1), longest=_LONGEST))
        self._left = set(range(len(units)))
        self._failures: dict[int, int] = {}
        self._lost_starts = 0

    def answers(self) -> Iterator[tuple[int, bytes | Failure]]:
        """The answer for each unit, as they come."""
        while self._left:
            self._start()
            by_connection = {worker.connection: worker for worker in self._workers}
            for connection in wait(list(by_connection)):
                worker = by_connection[connection]  # type: ignore[index]  # `wait` gives what it was given
                try:
                    message = worker.connection.recv()
                except (EOFError, OSError, pickle.UnpicklingError):  # the process is gone, perhaps in mid-sentence
                    yield from self._died(worker)
                else:
                    yield from self._heard(worker, message)
            for worker in self._workers:
                if worker.ready:
                    self._give(worker)

    def close(self) -> None:
        """Ends all processes."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.connection.close()
            worker.process.join()
            worker.process.close()
        self._workers.clear()

    def _start(self) -> None:
        """Starts workers as far as there is work for them."""
        wanted = min(self._jobs, len(self._waiting) + sum(bool(one.portions) for one in self._workers))
        while len(self._workers) < wanted:
            try:
                self._workers.append(self._started())
            except OSError as error:
                raise ExecutorFault(
                    f"no process can be started ({error}); `--jobs 1` works without further processes"
                ) from error

    def _started(self) -> _Worker:
        here, there = self._context.Pipe()
        process = self._context.Process(  # type: ignore[attr-defined]  # every context has its own class
            target=serve, args=(there, self._folder), daemon=True
        )
        with _safe_path():
            process.start()
        there.close()  # so that the end of the process is the end of the connection
        with suppress(OSError):  # it died already, which shows when it is listened to
            here.send_bytes(self._job)
        return _Worker(process, here)

    def _heard(self, worker: _Worker, message: object) -> Iterator[tuple[int, bytes | Failure]]:
        if not worker.ready:
            if isinstance(message, Failure):
                raise ExecutorFault(f"a process cannot work: {message.reason}")
            worker.ready = True
            self._lost_starts = 0
        else:
            assert isinstance(message, tuple)
            index, answer = message
            portion = worker.portions[0]
            portion.remove(index)
            if not portion:
                worker.portions.popleft()
            if isinstance(answer, Failure):
                yield from self._failed(index, answer, worker)
            else:
                self._left.discard(index)
                yield index, answer

    def _give(self, worker: _Worker) -> None:
        """Hands a worker portions, rather those that it has not failed at."""
        while len(worker.portions) < _AHEAD and self._waiting:
            others = any(one is not worker for one in self._workers)
            chosen = next((one for one in self._waiting if one.spare is not worker), None)
            if chosen is None and (others or worker.portions):
                return
            portion = chosen or self._waiting[0]
            self._waiting.remove(portion)
            worker.portions.append(deque(portion.indices))
            with suppress(OSError):  # it died, which shows when it is listened to
                worker.connection.send([(index, self._units[index].found) for index in portion.indices])

    def _died(self, worker: _Worker) -> Iterator[tuple[int, bytes | Failure]]:
        """What a dead worker was working on has failed; what it was to do next has not."""
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.join()
        how = _ending(worker.process.exitcode)
        worker.process.close()
        if not worker.ready:
            self._lost_starts += 1
            if self._lost_starts > _ATTEMPTS * self._jobs:
                raise ExecutorFault(f"processes end before they can work ({how}); `--jobs 1` works without them")
        for position, portion in enumerate(worker.portions):
            if position == 0:
                struck = portion.popleft()
                yield from self._failed(struck, Failure(f"its scan ended the process ({how})", _MEMORY), worker)
            if portion:
                self._waiting.appendleft(_Portion(tuple(portion)))

    def _failed(self, index: int, failure: Failure, worker: _Worker) -> Iterator[tuple[int, Failure]]:
        """Has a file tried once more by another worker; gives the failure where that was done."""
        self._failures[index] = self._failures.get(index, 0) + 1
        if self._failures[index] < _ATTEMPTS:
            self._waiting.appendleft(_Portion((index,), worker))
            return
        self._left.discard(index)
        yield index, failure


@contextmanager
def _safe_path() -> Iterator[None]:
    """Has Python processes started that import nothing from the working folder: what is there is only looked at.

    `multiprocessing` starts them with `python -c`, for which that folder comes first.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


_SAFE_PATH: Final = "PYTHONSAFEPATH"
_MEMORY: Final = "it was tried twice; the template may need more memory than there is, else please report this with it"


def _ending(code: int | None) -> str:
    """How a process ended."""
    if code is not None and code < 0 and sys.platform != "win32":
        with suppress(ValueError):
            return f"killed by {Signals(-code).name}"
    return f"exit code {code}"
