"""Calls of AWS APIs: what they refuse is told in words that say what to do. boto3 is an extra (`stackwarden[aws]`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from botocore.client import BaseClient

__all__ = ["CallFailed", "Clients", "call", "client"]

Clients = Callable[[str], "BaseClient"]
"""Gives the client of a service by its name in boto3."""

_DENIED: Final = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError")


class CallFailed(Exception):  # noqa: N818 - it says what happened
    """A call that AWS refused or that did not reach it. `code` is AWS's error code, empty where there is no answer."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code


def client(service: str) -> BaseClient:
    """A client of the function's own region. Raises CallFailed where boto3 or a region is missing."""
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ImportError as error:
        raise CallFailed(
            "boto3 is missing; install `stackwarden[aws]`, or run on a Lambda runtime of Python"
        ) from error
    try:
        return boto3.client(service, config=Config(retries={"mode": "standard", "max_attempts": 5}))
    except BotoCoreError as error:
        raise CallFailed(f"cannot make a client of `{service}`: {error}") from error


def call(of: BaseClient, operation: str, **parameters: object) -> dict[str, Any]:
    """The answer of an operation (`put_evaluations`). Raises CallFailed with the reason and what to do about it."""
    from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

    service = of.meta.service_model.service_name
    name = of.meta.method_to_api_mapping[operation]
    try:
        answer: dict[str, Any] = getattr(of, operation)(**parameters)
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _DENIED:
            text = f"`{service}:{name}` is denied; allow it in the policy of the function's role ({error})"
        else:
            text = f"`{service}:{name}` was refused: {error}"
        raise CallFailed(text, code) from error
    except EndpointConnectionError as error:
        raise CallFailed(f"no way to {service}: {error}; a function in a VPC needs an endpoint or a NAT") from error
    except BotoCoreError as error:
        raise CallFailed(f"`{service}:{name}` failed: {error}") from error
    return answer
