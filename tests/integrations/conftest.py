"""An AWS that answers: moto as a server, over a real connection, one for the whole run."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from integrations.aws import Aws


@pytest.fixture(scope="session")
def _server() -> Iterator[Aws]:
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield Aws(f"http://{host}:{port}")  # clients are slow to make, so they are shared
    server.stop()


@pytest.fixture
def aws(_server: Aws) -> Aws:
    """Clients of an empty account, which check and remember what they send."""
    _server.reset()
    return _server
