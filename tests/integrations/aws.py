"""Clients that check each request against the model of its API, and remember it."""

from __future__ import annotations

import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.model import OperationModel

from aws_shapes import problems_of_input

__all__ = ["ACCOUNT", "Aws", "Request"]

ACCOUNT = "123456789012"
"""The account that moto has."""


@cache
def _session() -> boto3.Session:
    return boto3.Session(region_name="us-east-1")


@dataclass(frozen=True, slots=True)
class Request:
    """A call that was made."""

    service: str
    operation: str
    parameters: Mapping[str, Any]


@dataclass(slots=True)
class Aws:
    """Gives clients of the server at a URL."""

    url: str
    requests: list[Request] = field(default_factory=list)
    _clients: dict[str, BaseClient] = field(default_factory=dict)

    def __call__(self, service: str) -> BaseClient:
        if service not in self._clients:
            config = Config(retries={"total_max_attempts": 1})
            client = _session().client(
                service,
                endpoint_url=self.url,
                config=config,
                aws_access_key_id="testing",
                aws_secret_access_key="testing",
            )
            client.meta.events.register("before-parameter-build", self._note)
            self._clients[service] = client
        return self._clients[service]

    def reset(self) -> None:
        """Empties the account, and forgets what was sent."""
        self.requests.clear()
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/moto-api/reset", method="POST")).read()

    def sent(self, *operations: str) -> list[Mapping[str, Any]]:
        """The parameters of the calls of some operations."""
        return [one.parameters for one in self.requests if one.operation in operations]

    def _note(self, params: dict[str, Any], model: OperationModel, **_: object) -> None:
        assert problems_of_input(model.service_model.service_name, model.name, params) == []
        self.requests.append(Request(model.service_model.service_name, model.name, dict(params)))
