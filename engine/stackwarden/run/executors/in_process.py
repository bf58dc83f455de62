"""Work in this process, one file after the other."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TypeVar

from stackwarden.run.executors.job import Failure, Job, Unit, attempt

__all__ = ["InProcess"]

R = TypeVar("R")


class InProcess:
    """Does a job right here."""

    def map(self, job: Job[R], units: Sequence[Unit], /) -> Generator[tuple[int, R | Failure], None, None]:
        """The results in the order of the units."""
        work = job.start()
        for index, unit in enumerate(units):
            yield index, attempt(work, unit.found)
