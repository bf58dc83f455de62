"""Templates that are no files here: objects that fsspec reaches by an URL, as in `s3://bucket/templates/app.yaml`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from stackwarden.diagnostics import Diagnostic, Message

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

__all__ = ["is_url", "list_objects", "missing_library", "read_object"]

_URL: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*::)*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_GLOB: Final = re.compile(r"[*?\[]")


def is_url(name: str) -> bool:
    """Whether a name is an URL, and not a path."""
    return _URL.match(name) is not None


def missing_library(name: str) -> str:
    """What to do where the libraries for clusters and object stores are not there; `name` is what needs them."""
    return f'{name} needs more libraries: pip install "stackwarden[distributed]"'


def list_objects(url: str, suffixes: Sequence[str]) -> tuple[tuple[str, ...], bool] | Diagnostic:
    """The URLs of the objects that an URL means, and whether it names a single one.

    That is the object itself, all that a glob fits, or those below a folder whose names end with one of `suffixes`.
    """
    opened = _opened(url)
    if isinstance(opened, Diagnostic):
        return opened
    system, path = opened
    try:
        if _GLOB.search(path):
            names = [name for name, about in _described(system, path).items() if about.get("type") != "directory"]
        elif system.isdir(path):
            names = [name for name in system.find(path) if name.lower().endswith(tuple(suffixes))]
        elif system.exists(path):
            return (url,), True
        else:
            return Message(None, "no such object or folder")
    except Exception as error:  # every store has errors of its own
        return _refused(error)
    return tuple(system.unstrip_protocol(name) for name in sorted(names)), False


def read_object(url: str, limit: int) -> bytes | Diagnostic | None:
    """The first bytes of an object, `limit` at most; None where there is none."""
    opened = _opened(url)
    if isinstance(opened, Diagnostic):
        return opened
    system, path = opened
    try:
        with system.open(path, "rb") as file:
            data = file.read(limit)
            return data if isinstance(data, bytes) else bytes(data)
    except FileNotFoundError:
        return None
    except Exception as error:  # every store has errors of its own
        return _refused(error)


def _described(system: AbstractFileSystem, path: str) -> dict[str, Any]:
    found: dict[str, Any] = system.glob(path, detail=True)
    return found


def _opened(url: str) -> tuple[AbstractFileSystem, str] | Diagnostic:
    """The store that an URL is in, and the path there."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        return Message(None, missing_library("an URL"))
    try:
        system, path = url_to_fs(url)
    except (ImportError, ValueError) as error:  # fsspec names the library for the protocol, or does not know that
        return Message(None, f"cannot be opened: {error}")
    except Exception as error:  # every store has errors of its own
        return _refused(error)
    return system, path


def _refused(error: Exception) -> Message:
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return Message(None, f"cannot be read: {reason}")
