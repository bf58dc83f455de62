"""What a worker process does: it takes a job, then files, and answers with one result for each file."""

from __future__ import annotations

import os
import pickle
import signal
from multiprocessing.connection import Connection

from stackwarden.run.collector import collector_paused
from stackwarden.run.discover import Found
from stackwarden.run.executors.job import Failure, Job, attempt, internal_error

__all__ = ["Answer", "Order", "Ready", "serve"]

Order = tuple[int, Found]
"""A file to work on and its number."""

Ready = Failure | None
"""A worker's first message: None, or why it cannot work."""

Answer = tuple[int, bytes | Failure]
"""The number of a file with its packed result."""


def serve(connection: Connection, folder: str) -> None:
    """Works until there is nobody to work for: the other end of the connection is closed, or its process has died.

    The first message is the pickled job, each further one some orders. `folder` is the one that names of files are
    seen from.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the first process ends the others
    try:
        received = connection.recv_bytes()
        try:
            os.chdir(folder)
            job: Job[object] = pickle.loads(received)
            work = job.start()
        except Exception as error:
            connection.send(Failure(internal_error(error)))
            return
        connection.send(None)
        with collector_paused() as collect:
            done = 0
            while True:
                orders: tuple[Order, ...] = connection.recv()
                for number, found in orders:
                    answer = attempt(lambda one: job.pack(work(one)), found)
                    connection.send((number, answer))
                    done += 1
                    collect(done)
    except (EOFError, OSError):  # nobody is there any more
        return
