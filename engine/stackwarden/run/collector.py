"""The garbage collector while many templates are scanned."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["collector_paused"]

_FILES_A_COLLECTION: Final = 200


@contextmanager
def collector_paused() -> Iterator[Callable[[int], None]]:
    """Pauses the garbage collector: templates are big trees that it would walk again and again for nothing.

    What a scan leaves behind goes without it; every so many files it runs all the same, when the function that is
    given is told how many are done.
    """

    def collect(done: int) -> None:
        if done % _FILES_A_COLLECTION == 0:
            gc.collect()

    was_on = gc.isenabled()
    gc.disable()
    try:
        yield collect
    finally:
        if was_on:
            gc.enable()
