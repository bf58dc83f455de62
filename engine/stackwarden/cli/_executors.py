"""Where a command has its templates scanned, and what it shows meanwhile."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from stackwarden.cli._output import fail

if TYPE_CHECKING:
    from stackwarden.run.executors.job import Executor

__all__ = ["Place", "checked_place", "executor_for", "progress_bar"]


class Place(StrEnum):
    """Where templates are scanned."""

    LOCAL = "local"
    DASK = "dask"


def checked_place(place: Place, jobs: int | None, scheduler: str | None, paths: Sequence[str]) -> None:
    """Refuses options that do not go together, and what needs libraries that are not there."""
    if any("://" in path for path in paths) and find_spec("fsspec") is None:
        from stackwarden.run.objects import missing_library

        fail(missing_library("an URL"))
    if place is Place.DASK and scheduler is None:
        fail("--executor dask needs the cluster's --scheduler, such as `--scheduler tcp://10.0.0.5:8786`")
    if place is Place.LOCAL and scheduler is not None:
        fail("--scheduler is for --executor dask")
    if place is Place.DASK and jobs is not None:
        fail("--jobs is for this machine; a cluster has as many as it has workers")


def executor_for(jobs: int | None = None, scheduler: str | None = None) -> Executor:
    """The executor for the options: a cluster, so many processes, or as many as are faster than one."""
    if scheduler is not None:
        from stackwarden.run.objects import missing_library

        try:
            from stackwarden.run.executors.cluster import Cluster
        except ImportError as error:
            if (error.name or "").partition(".")[0] in ("dask", "distributed"):
                fail(missing_library("--executor dask"))
            raise
        return Cluster(scheduler)
    if jobs is None:
        from stackwarden.run.executors.automatic import Automatic, cores

        return Automatic(cores())
    if jobs == 1:
        from stackwarden.run.executors.in_process import InProcess

        return InProcess()
    from stackwarden.run.executors.processes import Processes

    return Processes(jobs)


_SOON: Final = 1.0  # seconds after which somebody starts to wonder
_A_SECOND: Final = 10  # updates of the bar


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None] | None]:
    """Shows on a terminal how far a long run is; gives the function to tell so (done, all), None without a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _Bar()
    try:
        yield bar.show
    finally:
        bar.close()


class _Bar:
    """A bar on standard error that appears after a while and leaves nothing behind."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _SOON
        self._progress: Any = None  # rich is loaded when the bar appears
        self._task: Any = None

    def show(self, done: int, total: int) -> None:
        """Draws the bar if it is time to."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + 1 / _A_SECOND
        if self._progress is None:
            self._open()
        self._progress.update(self._task, completed=done, total=total, refresh=True)

    def close(self) -> None:
        """Takes the bar away."""
        if self._progress is not None:
            self._progress.stop()

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn("scanning"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            auto_refresh=False,
        )
        self._progress.start()
        self._task = self._progress.add_task("scanning", total=None)
