"""What tests of hooks share: a server for payloads, and the environment of a function."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integration.hook_events import Serve, served


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    with served() as function:
        yield function


@pytest.fixture
def hook_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("STACKWARDEN_LOOK_UP", "false")
    monkeypatch.setenv("STACKWARDEN_SKIP", "ec2-*")  # as any setting may be there
