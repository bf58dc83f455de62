"""What comes with a stack or a change set: its template, the one before, and the resources that change.

CloudFormation gives a presigned address of S3. Whoever has the address can read the template, so no message shows it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from stackwarden.integrations.hooks.request import BadEventError, field_of

__all__ = ["Change", "Payload", "UnreachableError", "read_payload"]

_LARGEST: Final = 32 * 1024 * 1024
"""Bytes. A template has at most 1 MB; there may be two, and what changes, all of it escaped."""

_TIMEOUT: Final = 5.0  # seconds
_ATTEMPTS: Final = 2
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class UnreachableError(Exception):
    """The payload could not be fetched; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Change:
    """A resource that a change set changes, and its properties as they will be, resolved (None: not told)."""

    logical_id: str
    resource_type: str
    action: str
    properties: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Payload:
    """Texts of templates (`previous`: empty where there is none); `changes` is None where nobody says what changes."""

    template: str
    previous: str
    changes: tuple[Change, ...] | None


def read_payload(payload: str | Mapping[str, object] | None) -> Payload:
    """The payload at an address, or as given. Raises BadEventError for one that is none, UnreachableError."""
    if payload is None:
        raise BadEventError("`requestData` has no `payload`")
    data = _fetched(payload) if isinstance(payload, str) else payload
    template = _template(field_of(data, "template"))
    if not template:
        raise BadEventError("the payload has no `template`")
    listed = field_of(data, "changedResources")
    if listed is not None and not isinstance(listed, list):
        raise BadEventError("`changedResources` of the payload is no list")
    changes = None if listed is None else tuple(_change(one) for one in listed)
    return Payload(template, _template(field_of(data, "previousTemplate")), changes)


def _template(value: object) -> str:
    """A template as a text; one that is an object already is as good."""
    return json.dumps(value, indent=2) if isinstance(value, Mapping) else value if isinstance(value, str) else ""


def _change(data: object) -> Change:
    if not isinstance(data, Mapping):
        raise BadEventError("`changedResources` of the payload has an element that is no object")
    logical_id = field_of(data, "logicalResourceId", "logicalId")
    if not isinstance(logical_id, str):
        raise BadEventError("`changedResources` of the payload has an element without `logicalResourceId`")
    resource_type, action = field_of(data, "resourceType", "typeName"), field_of(data, "action")
    after = field_of(data, "afterContext", "resourceProperties")
    return Change(
        logical_id,
        resource_type if isinstance(resource_type, str) else "",
        action.upper() if isinstance(action, str) else "",
        _properties(after),
    )


def _properties(context: object) -> Mapping[str, object] | None:
    """Properties from a context, which is a text of JSON or an object, of a whole resource or of its properties."""
    if isinstance(context, str):
        try:
            context = json.loads(context)
        except ValueError:
            return None
    if not isinstance(context, Mapping):
        return None
    inner = context.get("Properties")
    return inner if isinstance(inner, Mapping) else context


def _fetched(address: str) -> Mapping[str, object]:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise BadEventError("`requestData.payload` is no https address")
    try:
        data = json.loads(_download(address, f"{parts.hostname}{parts.path}"))
    except ValueError as error:  # of JSON, or of an encoding
        raise BadEventError(f"the payload is not JSON: {error}") from None
    if not isinstance(data, Mapping):
        raise BadEventError("the payload is no JSON object")
    return data


def _download(address: str, shown: str) -> bytes:
    """The bytes at an address. Redirections are not followed: they would lead away from S3."""
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import (
        HTTPDefaultErrorHandler,
        HTTPErrorProcessor,
        HTTPHandler,
        HTTPSHandler,
        OpenerDirector,
        ProxyHandler,
    )

    opener = OpenerDirector()
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor):
        opener.add_handler(handler())
    reason = ""
    for _ in range(_ATTEMPTS):
        try:
            with opener.open(address, timeout=_TIMEOUT) as response:
                content: bytes = response.read(_LARGEST + 1)
        except HTTPError as error:
            error.close()
            reason = f"it answers {error.code}"
            if error.code in (400, 403, 404):
                reason += "; the address may have expired, so start the operation again"
            if error.code < 500:
                break
        except (URLError, HTTPException, TimeoutError, OSError) as error:
            reason = str(getattr(error, "reason", "") or error) or type(error).__name__
        else:
            if len(content) > _LARGEST:
                raise BadEventError(f"the payload is larger than {_LARGEST // 1024 // 1024} MB")
            return content
    raise UnreachableError(f"the payload at {shown} cannot be fetched: {reason}")
