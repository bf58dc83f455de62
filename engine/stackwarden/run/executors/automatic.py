"""The choice between this process and several: by how fast the work goes.

Nobody can tell beforehand what a scan costs (a result may be at hand from an earlier run, a machine may be slow), so
the work begins here. Once it has shown its pace and what is left would take longer here than with more processes,
their start included, they take over.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final, TypeVar

from stackwarden.run.executors.job import ExecutorFault, Failure, Job, Unit, attempt

__all__ = ["Automatic", "cores"]

R = TypeVar("R")

_START: Final = 1.0
"""Seconds until other processes have done as much as this one would have meanwhile.

Measured on 2 cores: 0.45 s until the fork server has loaded the engine, 0.15 s until two workers have the policies,
0.35 s for each worker to make the checks that it needs.
"""
_TRIAL: Final = 0.3  # seconds after which the pace is known well enough
_GAIN: Final = 1.3  # processes have to be faster by this factor: the estimate is rough


@dataclass(frozen=True, slots=True)
class Automatic:
    """Does a job here, or in up to `most` processes where that is faster."""

    most: int

    def map(self, job: Job[R], units: Sequence[Unit], /) -> Generator[tuple[int, R | Failure], None, None]:
        """The results: first those of the files that were tried here."""
        work = job.start()
        started = time.perf_counter()
        done = 0.0
        whole = sum(unit.cost for unit in units)
        for index, unit in enumerate(units):
            yield index, attempt(work, unit.found)
            done += unit.cost
            spent = time.perf_counter() - started
            if spent >= _TRIAL and done > 0 and self._pays(spent * (whole - done) / done):
                first = index + 1
                break
        else:
            return
        from stackwarden.run.executors.processes import Processes

        left = dict(enumerate(units[first:]))
        results = Processes(self.most).map(job, units[first:])
        try:
            with closing(results):
                for index, result in results:
                    del left[index]
                    yield first + index, result
        except ExecutorFault:  # this machine allows no processes, and nobody has insisted on them
            for index, unit in left.items():
                yield first + index, attempt(work, unit.found)

    def _pays(self, left: float) -> bool:
        """Whether processes are done sooner with what would take this process so many seconds."""
        return self.most > 1 and left > _GAIN * (_START + left / self.most)


def cores() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
