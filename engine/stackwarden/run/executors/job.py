"""What a scan and its executors agree on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar

from stackwarden.run.discover import Found

__all__ = [
    "INTERNAL",
    "PLEASE_REPORT",
    "Executor",
    "ExecutorFault",
    "Failure",
    "Job",
    "Unit",
    "attempt",
    "internal_error",
]

R = TypeVar("R")

INTERNAL: Final = "internal error:"
PLEASE_REPORT: Final = "please report this with the template"


@dataclass(frozen=True, slots=True)
class Unit:
    """A file to work on, and how long that takes, estimated in milliseconds."""

    found: Found
    cost: float


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result for a file, and what to do about it."""

    reason: str
    help: str | None = PLEASE_REPORT


class ExecutorFault(Exception):  # noqa: N818 - a fault of the call, as the diagnostics are
    """The executor cannot work at all; the text says why and what to do."""


class Job(Protocol[R]):
    """Work to do for each of many files. A job is pickled and sent to each worker once."""

    def start(self) -> Callable[[Found], R]:
        """Makes what the work needs once, and gives the function that does it for a file."""

    def pack(self, result: R) -> bytes:
        """A result as a worker sends it back."""

    def unpack(self, data: bytes) -> R:
        """A result that a worker sent."""


class Executor(Protocol):
    """Does a job for files, each for itself: an exception or a dead worker costs no file but the one it struck at."""

    def map(self, job: Job[R], units: Sequence[Unit], /) -> Generator[tuple[int, R | Failure], None, None]:
        """One result for each unit, with its index, as they come. Closing the iterator ends all that was started.

        Raises `ExecutorFault` where nothing can be done at all.
        """


def attempt(work: Callable[[Found], R], found: Found) -> R | Failure:
    """The result for a file, or the exception that struck."""
    try:
        return work(found)
    except Exception as error:  # a bug must not keep the other files from being worked on; it is told, exit code 3
        return Failure(internal_error(error))


def internal_error(error: Exception) -> str:
    """An internal error as people see it: what struck, and where in stackwarden."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = (
        f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else "unknown place"
    )
    return f"{INTERNAL} {type(error).__name__}: {error} ({where})"
